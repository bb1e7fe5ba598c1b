"""What the engine's lane "work" owns, and how it gets another detector or embedder."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from facecam import artifacts
from facecam.app.tasks import Report
from facecam.config import Config, EmbedderConfig, chosen
from facecam.errors import WeightsMissing
from facecam.faces import Recognition

if TYPE_CHECKING:
    from facecam.gallery import Gallery, Person
    from facecam.recognizer import Recognizer
    from facecam.vision.embedder import Embedder


@dataclass
class Workshop:
    """Everything that belongs to the lane."""

    gallery: Gallery | None = None
    recognizer: Recognizer | None = None
    people: tuple[Person, ...] = field(default=())
    detector: bytes = b""
    """Stamp of the installed detector that both of them use."""
    embedder: tuple[str, bytes] = "", b""
    """Name of the embedder that both of them use, and stamp of its installation."""


def stamp(config: Config) -> bytes:
    """Return what tells the detector installed now from any other; b"" for none."""
    return artifacts.stamp(config.models, "detector", config.detector.model)


def embedder_stamp(config: Config) -> tuple[str, bytes]:
    """Return which embedder is used now, and what tells its installation from others.

    Another program may have chosen another one; facecam.toml wins over that.
    """
    name = artifacts.running(replace(config, embedder=_embedder(config)))
    return name, artifacts.stamp(config.models, "embedder", name)


def settled(config: Config, shop: Workshop) -> Config:
    """Return the configuration with the embedder chosen last and what belongs to it."""
    shop.embedder = embedder_stamp(config)
    return artifacts.fitted(replace(config, embedder=_embedder(config)))


def _embedder(config: Config) -> EmbedderConfig:
    said = config.given.get("embedder", {}).get("model")
    chosen_last = chosen.read(config.home).get("embedder", {}).get("model")
    model = said or chosen_last or config.embedder.model
    return replace(config.embedder, model=model)


def renew_detector(shop: Workshop, config: Config) -> str:
    """Give everybody who looks for faces the detector installed now.

    Returns:
        Where it comes from, for people.

    Raises:
        ModelError: it cannot be used; everybody keeps the one before.
    """
    from facecam import pipeline

    shop.detector = stamp(config)
    owners = [owner for owner in (shop.recognizer, shop.gallery) if owner is not None]
    detectors = [pipeline.build_detector(config) for _ in owners]  # on two threads
    for owner, detector in zip(owners, detectors, strict=True):
        owner.look_with(detector)
    model = artifacts.installed(config.models, "detector", config.detector.model)
    return model.source if model is not None else ""


def undecided(recognition: Recognition) -> Recognition:
    """Return a recognition that says of nobody who it is, not even "unknown"."""
    faces = tuple(replace(face, match=None) for face in recognition.faces)
    return replace(recognition, faces=faces)


def ready_detector(shop: Workshop, config: Config, report: Report) -> None:
    """Convert the detector's nets the first time, and remember which they are.

    Raises:
        ModelError: they cannot be made ready.
    """
    from facecam import installation

    def preparing(text: str, share: float) -> None:
        report(f"Preparing face detection, only this once: {text}", share)

    if config.detector.kind == "mtcnn":
        installation.ensure_detector(config, preparing)
    shop.detector = stamp(config)


def embedder_made_ready(shop: Workshop, config: Config, report: Report) -> bool:
    """Make the embedder that ships ready if there is none; tell whether it was done."""
    from facecam import installation

    def preparing(text: str, share: float) -> None:
        report(f"Preparing names, only this once: {text}", share)

    if not installation.ensure_embedder(config, preparing):
        return False
    shop.embedder = embedder_stamp(config)
    return True


def embedder_of_people(config: Config) -> Embedder | None:
    """Return what embeds their pictures, loaded when needed; None if there is none."""
    from facecam import pipeline

    try:
        return pipeline.build_embedder(config, later=True)
    except WeightsMissing:
        return None


def runtime(shop: Workshop, config: Config, recognizer: Recognizer) -> str:
    """Say which embedder compares faces, and what runs the nets."""
    if recognizer.embedder is None:
        return recognizer.runtime
    called = artifacts.find(shop.embedder[0], "embedder", config).called
    return f"{called} · {recognizer.runtime}"
