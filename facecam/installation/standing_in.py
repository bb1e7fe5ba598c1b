"""The embedder that ships, made ready where none is installed.

Its weights lie in the catalogue: names need no network, only some seconds once.
"""

from __future__ import annotations

import logging

from facecam import artifacts
from facecam.artifacts import Manifest
from facecam.config import Config
from facecam.errors import ModelError
from facecam.installation.converting import Report, quiet
from facecam.installation.installing import install

KIND = "embedder"

log = logging.getLogger(__name__)


def stand_in(config: Config) -> Manifest | None:
    """Return the embedder to make ready: None if one is there, or if none ships."""
    name = artifacts.running(config)
    if artifacts.stamp(config.models, KIND, name):
        return None
    shipped = (one for one in artifacts.embedders() if one.name == name)
    manifest = next(shipped, None)
    if manifest is None or not (manifest.folder / artifacts.WEIGHTS).is_file():
        return None
    return manifest


def ensure_embedder(config: Config, report: Report = quiet) -> bool:
    """Make the embedder ready that needs no network, if there is none.

    Without one faces are still found, so what fails is only logged.

    Args:
        config: says where models live, and which embedder is wanted.
        report: told about progress.

    Returns:
        Whether one was made ready.
    """
    manifest = stand_in(config)
    if manifest is None:
        return False
    try:
        install(config, manifest.name, report)
    except ModelError as error:
        log.warning("%s cannot be made ready: %s", manifest.called, error)
        return False
    return True
