"""Numbers that go together for one purpose, as overrides of `RetrainingConfig`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from facecam.config.overrides import override
from facecam.config.retraining import RetrainingConfig
from facecam.errors import ConfigError

C = TypeVar("C")
NETS = ("pnet", "rnet", "onet")


@dataclass(frozen=True)
class Preset:
    """Numbers for one purpose."""

    purpose: str
    values: Mapping[str, Any] = field(default_factory=dict)


GENTLE = {"landmark_rounds": 1, "turned": 10.0}
"""Where the landmarks are known already."""


def _each(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return overrides that are the same for all three nets."""
    return dict.fromkeys(NETS, values)


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "full": Preset("everything, from scratch"),
        "fine-tune": Preset(
            "a detector that works, led to other pictures by small steps",
            {
                "pnet": {"samples": GENTLE, "fit": {"rate": 1e-3}},
                "rnet": {"samples": GENTLE, "fit": {"rate": 5e-4, "steps": 5000}},
                "onet": {"samples": GENTLE, "fit": {"rate": 3e-4, "steps": 1000}},
            },
        ),
        "trial": Preset(
            "a few minutes, to see that everything works",
            {
                "index": {"share": 0.25},
                "gate": {"recall": (0.0, 0.0, 0.0)},
                **_each(
                    {
                        "samples": {"wanted": 3000, "most_rounds": 1},
                        "fit": {"steps": 300, "every": 100},
                    }
                ),
            },
        ),
    }
)


def with_preset(config: RetrainingConfig, name: str) -> RetrainingConfig:
    """Return the numbers with those of a preset in their place.

    Raises:
        ConfigError: there is no such preset.
    """
    return applied(config, PRESETS, name, "retraining.")


def applied(config: C, presets: Mapping[str, Preset], name: str, where: str) -> C:
    """Return the numbers of any configuration with those of a preset in their place.

    Args:
        config: a dataclass.
        presets: those that suit it.
        name: of one of them.
        where: the configuration's section, for what is said of a mistake.

    Raises:
        ConfigError: there is no such preset.
    """
    if name not in presets:
        raise ConfigError(f"There is no preset {name}. Known: {', '.join(presets)}.")
    return override(config, dict(presets[name].values), where)
