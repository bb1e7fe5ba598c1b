"""Tests of facecam.config.presets."""

import pytest

from facecam.config import RetrainingConfig
from facecam.config.presets import PRESETS, with_preset
from facecam.errors import ConfigError


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_made_of_numbers_there_are(name):
    assert isinstance(with_preset(RetrainingConfig(), name), RetrainingConfig)
    assert PRESETS[name].purpose


def test_the_full_preset_is_the_defaults():
    assert with_preset(RetrainingConfig(), "full") == RetrainingConfig()


def test_fine_tuning_takes_smaller_steps_than_learning_from_scratch():
    tuned, full = with_preset(RetrainingConfig(), "fine-tune"), RetrainingConfig()

    for net in ("pnet", "rnet", "onet"):
        assert getattr(tuned, net).fit.rate < getattr(full, net).fit.rate


def test_an_unknown_preset_names_those_there_are():
    with pytest.raises(ConfigError, match=r"no preset quick. Known: full, fine-tune"):
        with_preset(RetrainingConfig(), "quick")
