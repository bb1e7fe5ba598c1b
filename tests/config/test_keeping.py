"""Tests of facecam.config.keeping: what is kept must make sense."""

import pytest

from facecam.config import Config, override
from facecam.errors import ConfigError


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("events", {"days": 0}),
        ("events", {"days": 5000}),
        ("events", {"gap": 0}),
        ("events", {"shortest": 60}),
        ("events", {"every": 0}),
        ("events", {"listed": 0}),
        ("inbox", {"hours": 0}),
        ("inbox", {"least_quality": 2}),
        ("inbox", {"settle": 100}),
        ("inbox", {"spacing": -1}),
        ("inbox", {"views": 0}),
        ("inbox", {"groups": 5000}),
        ("inbox", {"same": 0.9}),
        ("inbox", {"akin": 0.65}),
    ],
)
def test_a_value_out_of_range_is_an_error(section, values):
    (name,) = values
    with pytest.raises(ConfigError, match=name):
        override(Config(), {section: values})


def test_nothing_is_kept_by_default():
    assert not Config().events.keep
    assert not Config().inbox.keep
