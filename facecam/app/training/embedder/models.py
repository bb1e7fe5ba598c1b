"""Embedders as the page shows them: read from the catalogue and what is installed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from facecam import artifacts
from facecam.config import Config

DIMENSIONS = re.compile(r"\(n, (\d+)\)")


@dataclass(frozen=True)
class Embedder:
    """One embedder of the catalogue."""

    name: str
    title: str
    purpose: str
    licence: str
    training_set: str
    dimensions: int
    """Numbers in an embedding; 0 if the manifest does not say."""
    side: int
    """Of its crops, pixels."""
    size: int
    """Bytes of its weights."""
    download: bool
    """Whether they have to be fetched."""
    installed: bool
    bytes: int
    """Of the net that runs; 0 if it is not installed."""
    precision: str
    """Of the net that runs."""
    used: bool
    wanted: bool
    """Whether it is the one that was chosen: another may stand in for it."""


def read_embedders(config: Config) -> tuple[Embedder, ...]:
    """Return every embedder, the one in use first."""
    used = artifacts.running(config)
    found = [_read(config, one, used) for one in artifacts.embedders(config)]
    return tuple(sorted(found, key=lambda one: (not one.used, not one.installed)))


def time_of(config: Config, name: str) -> float:
    """Measure how long an installed embedder takes for one face, seconds.

    Raises:
        ModelError: it cannot be used.
    """
    from facecam import pipeline, switching
    from facecam.report.embedders import time_of_a_face

    coming = switching.using(config, switching.installed(config, name).name)
    return time_of_a_face(pipeline.build_embedder(coming, later=False))


def _read(config: Config, manifest: artifacts.Manifest, used: str) -> Embedder:
    where = config.models, manifest.kind, manifest.name
    there = bool(artifacts.stamp(*where))
    precision = config.runtime.precision
    folder = config.models / manifest.kind / manifest.name / artifacts.FINAL
    net = folder / f"{precision}.tflite"
    told = DIMENSIONS.search(str(manifest.output.get("embedding", "")))
    return Embedder(
        name=manifest.name,
        title=manifest.called,
        purpose=manifest.purpose,
        licence=manifest.licence,
        training_set=manifest.training_set,
        dimensions=int(told[1]) if told else 0,
        side=int(manifest.input["size"]),
        size=manifest.size,
        download=bool(manifest.url),
        installed=there,
        bytes=net.stat().st_size if net.is_file() else 0,
        precision=precision,
        used=there and manifest.name == used,
        wanted=manifest.name == config.embedder.model,
    )
