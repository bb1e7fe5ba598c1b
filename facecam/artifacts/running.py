"""Which embedder runs, and the configuration with the numbers that belong to it.

The one configured; while that is not installed and another is, that one; while none is,
the one that ships: faces get names at once, and the window offers the one wanted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from facecam.artifacts import shipped
from facecam.artifacts.exchange import FINAL
from facecam.artifacts.installations import (
    WEIGHTS,
    Installed,
    read_installed,
    stamp,
)
from facecam.config import Config, override
from facecam.config.belonging import EMBEDDER
from facecam.errors import ConfigError, WeightsCorrupt

KIND = "embedder"

log = logging.getLogger(__name__)


def embedders(config: Config | None = None) -> list[shipped.Manifest]:
    """Return every embedder: those shipped by name, then own ones.

    Args:
        config: says where own ones live; None for those shipped alone.
    """
    known = shipped.catalogue(config)
    return [manifest for manifest in known if manifest.kind == KIND]


def running(config: Config) -> str:
    """Return the name of the embedder that is used; it may not be installed either."""
    wanted = config.embedder.model
    known = embedders(config)
    names = [manifest.name for manifest in known]
    if wanted not in names or stamp(config.models, KIND, wanted):
        return wanted
    there = [one for one in known if stamp(config.models, KIND, one.name)]
    ready = (one.name for one in there if not one.own)
    own = (one.name for one in there if one.own)  # only where there is nothing else
    return next(ready, _at_hand(config) or next(own, wanted))


def fitted(config: Config) -> Config:
    """Return the configuration with what belongs to the embedder that is used.

    Numbers that facecam.toml says stay; those of an embedder used before go.
    """
    own = _settings(config, running(config))
    everybody = [_settings(config, manifest.name) for manifest in embedders(config)]
    usual = Config()
    values: dict[str, dict[str, Any]] = {}
    for section, name in _belonging():
        said = name in config.given.get(section, {})
        varies = any(name in one.get(section, {}) for one in everybody)
        if varies and not said:
            default = getattr(getattr(usual, section), name)
            value = own.get(section, {}).get(name, default)
            values.setdefault(section, {})[name] = value
    try:
        return override(config, values)
    except ConfigError as error:
        log.warning("The settings of %s are ignored: %s", running(config), error)
        return config


def _at_hand(config: Config) -> str:
    """Return the embedder that ships with its weights; "" without one."""
    if not config.embedder.stand_in:
        return ""
    shipped = [one.name for one in embedders() if (one.folder / WEIGHTS).is_file()]
    wanted = config.embedder.model
    return wanted if wanted in shipped else next(iter(shipped), "")


def _belonging() -> Iterator[tuple[str, str]]:
    for section, names in EMBEDDER.items():
        for name in names:
            yield section, name


def _settings(config: Config, name: str) -> Mapping[str, Any]:
    """Return the settings of an embedder: as installed, else as in the catalogue."""
    found = _installed(config, name)
    if found is not None and found.origin.settings:
        return found.origin.settings
    return shipped.settings(KIND, name, config)


def _installed(config: Config, name: str) -> Installed | None:
    try:
        return read_installed(config.models / KIND / name / FINAL)
    except WeightsCorrupt:
        return None
