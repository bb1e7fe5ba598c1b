"""facecam.config.enrolment: numbers out of range are refused by name."""

import pytest

from facecam.config import Config, override
from facecam.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pictures", 0),
        ("nearest_side", 1.5),
        ("other_face", 0.0),
        ("sharpness", -0.1),
        ("still", 0.0),
        ("other_person", 0.9),
        ("darkest", 240.0),
        ("brightest", 255.0),
        ("straight", 0.0),
        ("turned", [45.0, 15.0]),
        ("raised", [35.0, 9.0]),
    ],
)
def test_a_number_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(ConfigError, match=r"enrolment"):
        override(Config(), {"enrolment": {name: value}})


def test_numbers_in_range_are_taken():
    config = override(Config(), {"enrolment": {"pictures": 3, "turned": [10.0, 50.0]}})

    assert config.enrolment.pictures == 3
    assert config.enrolment.turned == (10.0, 50.0)
