"""Tests of the numbers of the look before a training run."""

import pytest

from facecam.config.retraining import PreflightConfig
from facecam.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "value"),
    [("pictures", 0), ("samples", 0), ("fall", 0.0), ("fall", 1.0)],
)
def test_numbers_that_make_no_sense_are_refused_by_name(name, value):
    with pytest.raises(ConfigError, match=f"preflight.{name}"):
        PreflightConfig(**{name: value})


def test_the_batch_may_be_left_out():
    assert PreflightConfig(steps=0).steps == 0
