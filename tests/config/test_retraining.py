"""Tests of facecam.config.retraining; trial and preflight have their own files."""

import pytest

from facecam.config import Config, RetrainingConfig, override
from facecam.config.retraining import (
    FitConfig,
    GateConfig,
    IndexConfig,
    MiningConfig,
    SamplesConfig,
)
from facecam.errors import ConfigError


@pytest.mark.parametrize(
    ("part", "values", "words"),
    [
        (IndexConfig, {"held_out": 0.0}, r"index\.held_out"),
        (IndexConfig, {"held_out": 1.0}, r"index\.held_out"),
        (IndexConfig, {"share": 0.0}, r"index\.share"),
        (IndexConfig, {"share": 1.1}, r"index\.share"),
        (SamplesConfig, {"negative": 0.5}, "negative <= part < positive"),
        (SamplesConfig, {"part": 0.7}, "negative <= part < positive"),
        (SamplesConfig, {"positive": 1.0}, "negative <= part < positive"),
        (SamplesConfig, {"rounds": -1}, r"samples\.rounds"),
        (SamplesConfig, {"mirrored": 1.5}, r"samples\.mirrored"),
        (SamplesConfig, {"grey": -0.5}, r"samples\.grey"),
        (SamplesConfig, {"reduced": 2.0}, r"samples\.reduced"),
        (SamplesConfig, {"masked": -1.0}, r"samples\.masked"),
        (MiningConfig, {"min_face": 11}, r"mining\.min_face"),
        (MiningConfig, {"negatives": 0}, r"mining\.negatives"),
        (FitConfig, {"optimiser": "adam"}, r'fit\.optimiser: "adamw" or "sgd"'),
        (FitConfig, {"schedule": "linear"}, r'fit\.schedule: "cosine" or "steps"'),
        (FitConfig, {"precision": "float16"}, r"fit\.precision"),
        (FitConfig, {"hardest": 0.0}, r"fit\.hardest"),
        (FitConfig, {"hardest": 1.2}, r"fit\.hardest"),
        (FitConfig, {"steps": 0}, r"fit\.steps"),
        (FitConfig, {"every": 0}, r"fit\.every"),
        (FitConfig, {"patience": 0}, r"fit\.patience"),
        (FitConfig, {"keep": 0}, r"fit\.keep"),
        (FitConfig, {"rate": 0.0}, r"fit\.rate"),
        (FitConfig, {"average": 1.0}, r"fit\.average"),
        (FitConfig, {"average": -0.1}, r"fit\.average"),
        (FitConfig, {"batch": (64, 64, -1, 64)}, r"fit\.batch must hold no negative"),
        (FitConfig, {"batch": (0, 64, 64, 64)}, r"fit\.batch needs positives"),
        (FitConfig, {"batch": (64, 64, 0, 64)}, r"fit\.batch needs negatives"),
        (GateConfig, {"iou": 0.0}, r"gate\.iou"),
        (RetrainingConfig, {"seed": -1}, r"retraining\.seed"),
        (RetrainingConfig, {"workers": 0}, r"retraining\.workers"),
    ],
)
def test_numbers_without_a_meaning_are_refused_by_their_name(part, values, words):
    with pytest.raises(ConfigError, match=words):
        part(**values)


def test_a_setting_deep_down_changes_that_number_alone():
    changed = override(RetrainingConfig(), {"pnet": {"fit": {"steps": 7}}})

    assert changed.pnet.fit.steps == 7
    assert changed.pnet.samples == RetrainingConfig().pnet.samples
    assert changed.rnet == RetrainingConfig().rnet


def test_a_file_of_settings_reaches_the_numbers_of_retraining():
    config = override(Config(), {"retraining": {"onet": {"fit": {"steps": 9}}}})

    assert config.retraining.onet.fit.steps == 9


def test_landmarks_weigh_more_in_the_net_that_keeps_them():
    config = RetrainingConfig()

    assert config.pnet.fit.weights == config.rnet.fit.weights == (1.0, 0.5, 0.5)
    assert config.onet.fit.weights == (1.0, 0.5, 1.0)


def test_batches_hold_three_negatives_for_every_face():
    positives, parts, negatives, landmarks = FitConfig().batch

    assert (positives, parts, negatives, landmarks) == (64, 64, 192, 64)
