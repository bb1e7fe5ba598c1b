"""Tests of the numbers a finished detector is measured with."""

import pytest

from facecam.config.retraining import TrialConfig
from facecam.errors import ConfigError


@pytest.mark.parametrize("name", ["iou", "lowest"])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_lie_between_0_and_1(name, share):
    with pytest.raises(ConfigError, match=f"trial.{name}"):
        TrialConfig(**{name: share})


def test_the_curve_goes_below_the_score_faces_are_shown_from():
    assert TrialConfig().lowest < TrialConfig().shown
