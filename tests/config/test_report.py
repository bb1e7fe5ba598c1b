"""Tests of facecam.config.report."""

import pytest

from facecam.config.report import ReportConfig
from facecam.errors import ConfigError


@pytest.mark.parametrize(
    "wrong",
    [
        {"most_sittings": 0},
        {"person_shift": -0.1},
        {"widest": 0.0},
        {"thin_from": 0.5},
        {"same_moment": 0.0},
    ],
)
def test_numbers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ConfigError, match="report"):
        ReportConfig(**wrong)
