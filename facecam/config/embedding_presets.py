"""Numbers of an embedder's training that go together for one purpose."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from facecam.config.embedding_training import EmbeddingTrainingConfig
from facecam.config.presets import Preset, applied

FULL, TRIAL = "full", "trial"
EMBEDDING_PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        FULL: Preset("a net to be used: hours to a night"),
        TRIAL: Preset(
            "a few minutes, to see that everything works",
            {"teacher": {"rounds": 1}, "fit": {"epochs": 2, "every": 50}},
        ),
    }
)


def with_embedding_preset(
    config: EmbeddingTrainingConfig, name: str
) -> EmbeddingTrainingConfig:
    """Return the numbers with those of a preset in their place.

    Raises:
        ConfigError: there is no such preset.
    """
    return applied(config, EMBEDDING_PRESETS, name, "embedding_training.")
