import pytest

from facecam.config import Config, EmbeddingTrainingConfig, override
from facecam.config.described import described
from facecam.config.embedding_presets import FULL, TRIAL, with_embedding_preset
from facecam.config.embedding_training import parse_rates
from facecam.errors import ConfigError

PUBLISHED = """\
# Learning rate schedule
# Maps an epoch number to a learning rate
0:  0.05
60: 0.005
80: 0.0005
91: -1
"""
"""As davidsandberg/facenet has them, data/learning_rate_schedule_….txt."""


def test_a_published_schedule_is_read():
    assert parse_rates(PUBLISHED) == ((0, 0.05), (60, 0.005), (80, 0.0005), (91, -1.0))
    assert parse_rates("0: 0.1, 5: -") == ((0, 0.1), (5, -1.0))
    assert parse_rates("") == ()


@pytest.mark.parametrize(
    "text",
    ["0 0.05", "0: fast", "x: 0.1", "0: 0.1, 0: 0.2", "5: 0.1", "0: -1", "0: nan"],
)
def test_what_is_no_schedule_is_refused(text):
    with pytest.raises(ConfigError, match="schedule"):
        parse_rates(text)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"network": "resnet"}, "compact"),
        ({"fit": {"people": 1}}, "fit.people"),
        ({"fit": {"keep_probability": 0.0}}, "keep_probability"),
        ({"fit": {"precision": "int8"}}, "mixed_bfloat16"),
        ({"fit": {"rates": "fast"}}, "schedule"),
        ({"altering": {"grey": 1.5}}, "altering.grey"),
        ({"people": {"held_out": 0.0}}, "people.held_out"),
        ({"teacher": {"rounds": 0}}, "teacher.rounds"),
        ({"workers": 0}, "workers"),
    ],
)
def test_values_out_of_range_are_refused_by_name(values, named):
    with pytest.raises(ConfigError, match=named):
        override(EmbeddingTrainingConfig(), values)


def test_it_is_a_section_of_the_configuration_with_every_number_explained():
    assert Config().embedding_training == EmbeddingTrainingConfig()

    def leaves(numbers):
        for one in numbers.values():
            yield from leaves(one["numbers"]) if "numbers" in one else [one]

    assert not [
        one["name"]
        for one in leaves(described(EmbeddingTrainingConfig()))
        if not one["about"]
    ]


def test_a_preset_changes_its_numbers_alone():
    usual = EmbeddingTrainingConfig()

    trial = with_embedding_preset(usual, TRIAL)

    assert with_embedding_preset(usual, FULL) == usual
    assert (trial.teacher.rounds, trial.fit.epochs) == (1, 2)
    assert trial.altering == usual.altering
    with pytest.raises(ConfigError, match="trial"):
        with_embedding_preset(usual, "tiral")
