"""The parts that ship, made ready for a command."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, warn
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.aligning import Alignment
    from facecam.faces import Floats
    from facecam.vision.detector import Detector


def ready_detector(config: Config, names: bool = True) -> Detector:
    """Return the detector; what ships is made ready first, see `make_ready`."""
    from facecam import pipeline

    make_ready(config, names)
    return pipeline.build_detector(config)


def make_ready(config: Config, names: bool = True) -> None:
    """Convert the nets that ship if need be; say so if there is no GPU to be had.

    Args:
        config: says which are used.
        names: whether faces are to be compared: else the detector is enough.
    """
    from facecam import installation, pipeline

    if config.runtime.device == "gpu":
        excuse = pipeline.choose_device(config).excuse
        if excuse:
            warn(f"The CPU does the work. {excuse}")
    if config.detector.kind == "mtcnn":
        with Progress("Preparing the detector") as progress:
            installation.ensure_detector(config, progress.share)
    embedder = installation.stand_in(config) if names else None
    if embedder is not None:
        with Progress(f"Preparing {embedder.called}") as progress:
            installation.ensure_embedder(config, progress.share)


def faces_of(
    folder: Path, said: bool, config: Config
) -> tuple[Detector, Alignment | None]:
    """Return what finds the faces of a folder, and how they were cut out if they were.

    Args:
        folder: of whole pictures or of faces.
        said: that it holds faces, even if nothing in it shows that.
        config: of the embedder and the detector.
    """
    from facecam import pipeline
    from facecam.aligning import Placed, recognised, supposed

    make_ready(config)
    alignment = supposed(folder) if said else recognised(folder)
    if alignment is None:
        return pipeline.build_detector(config), None
    return Placed(alignment, config.embedder), alignment


def embed(
    paths: list[Path],
    args: argparse.Namespace,
    config: Config,
    detector: Detector | None = None,
) -> tuple[Floats, dict[str, Any]]:
    """Embed pictures; return the embeddings and how they were made."""
    from facecam import artifacts, pipeline
    from facecam.training.evaluation import embed_pictures

    detector = detector or ready_detector(config)
    embedder = pipeline.build_embedder(config)
    with Progress("Embedding pictures") as progress:
        done = embed_pictures(paths, detector, embedder, progress, args.mirror)
    return done.embeddings, {
        "pictures": len(paths),
        "without_face": len(done.missed),
        "mirror": args.mirror,
        "precision": config.runtime.precision,
        "embedder": embedder.fingerprint,
        "model": (name := artifacts.running(config)),
        "title": artifacts.find(name, "embedder", config).called,
    }
