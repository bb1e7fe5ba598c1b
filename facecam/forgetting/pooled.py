"""The pool of hard examples: pictures somebody who is forgotten may be on.

Nobody has said who is on them, so every face found in them is compared, and so is every
box that was drawn. What resembles the person goes, and what cannot be compared goes,
too. A face that the detector does not find and nobody has drawn cannot be ruled out:
the outcome says so. Runs that learned from what goes hold crops of it; they are named.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from facecam import media, pipeline
from facecam.config import Config
from facecam.errors import DatasetError, FacecamError
from facecam.faces import Floats
from facecam.gallery import Gallery, Shot
from facecam.training.detector import hard_pool
from facecam.training.detector.hard_pool import Listing

if TYPE_CHECKING:
    from facecam.forgetting.collecting import Traces
    from facecam.forgetting.scanning import Report
    from facecam.vision.detector import Detector

LEAST = 4.0
"""Least side of a box that can be compared, pixels."""
INDEXES = "*/*-index*/*.jsonl"
"""Below the runs: lists of the pictures a run learned from."""


@dataclass(frozen=True)
class Pooled:
    """What was done about a pool."""

    removed: int = 0
    """Pictures that showed the person, or may have."""
    left: int = 0
    """Pictures that were compared, and stay."""
    runs: tuple[str, ...] = ()
    """Names of runs that learned from pictures that are gone."""


@dataclass(frozen=True, eq=False)
class _Eye:
    """Looks for one person in pictures."""

    gallery: Gallery
    detector: Detector
    embeddings: Floats  # (n, d)
    akin: float

    def may_see(self, path: Path, drawn: Floats) -> bool:
        """Tell whether a picture shows the person, or cannot be looked at.

        Args:
            path: the picture.
            drawn: (k, 4), boxes in it; they need not be faces.
        """
        try:
            image = media.read_image(path)
            found = self.detector.detect(image)
            shots = [
                Shot(image, box, points)
                for box, points in zip(found.boxes, found.landmarks, strict=True)
            ]
            height, width, _ = image.shape
            inside = drawn.clip(0, (width, height, width, height))
            large = (inside[:, 2:] - inside[:, :2]).min(axis=1, initial=1e9) >= LEAST
            shots += [Shot(image, box) for box in inside[large]]
            seen = self.gallery.embed(shots)  # (m, d)
        except FacecamError:
            return True
        return bool(len(seen)) and float((seen @ self.embeddings.T).max()) >= self.akin


def forget(config: Config, gallery: Gallery, traces: Traces, report: Report) -> Pooled:
    """Delete the pictures of the pool that may show somebody.

    Args:
        config: of the home.
        gallery: embeds faces as those of the person were.
        traces: of the person.
        report: told how far it is.

    Raises:
        DatasetError: another program holds the pool, or the disk refuses.
    """
    folder = config.hard
    listing = _listing(folder)
    pictures = sorted({e.picture for e in listing.examples} | {*_files(folder)})
    if not pictures or (not len(traces.embeddings) and traces.fingerprint):
        return Pooled(left=len(pictures))
    eye, doubtful = _eye(config, gallery, traces), list[Path]()
    for number, path in enumerate(pictures):
        report("Looking through what the detector learns from", number / len(pictures))
        boxes = [e.box for e in listing.examples if e.picture == path]
        drawn = np.array(boxes, np.float32).reshape(-1, 4)
        if eye is None or eye.may_see(path, drawn):
            doubtful.append(path)
    runs = tuple(learned_from(config.runs, doubtful))
    drop(folder, doubtful)
    return Pooled(len(doubtful), len(pictures) - len(doubtful), runs)


def drop(folder: Path, pictures: Collection[Path]) -> None:
    """Delete pictures of a pool and the examples that name them.

    A picture that lies elsewhere and is only named in the pool stays where it is.

    Raises:
        DatasetError: another program holds the pool, or the disk refuses.
    """
    wanted = set(pictures)
    examples = [e for e in _listing(folder).examples if e.picture in wanted]
    if examples:
        hard_pool.remove(folder, examples)
    for path in wanted:
        if folder in path.parents:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise DatasetError(
                    f"Cannot delete {path}: {error.strerror or error}. It may show the "
                    "person: delete it, then run: facecam forget --finish"
                ) from error


def learned_from(runs: Path, pictures: Collection[Path]) -> Iterator[str]:
    """Yield the names of the runs that learned from one of some pictures."""
    names = [json.dumps(path.name)[1:-1].encode() for path in pictures]
    told = set[str]()
    for index in sorted(runs.glob(INDEXES)) if names else ():
        run = index.relative_to(runs).parts[0]
        if run not in told and any(name in index.read_bytes() for name in names):
            told.add(run)
            yield run


def _eye(config: Config, gallery: Gallery, traces: Traces) -> _Eye | None:
    """Return what can compare; None without the nets the person was embedded with."""
    if not traces.fingerprint or gallery.fingerprint != traces.fingerprint:
        return None
    try:
        detector = pipeline.build_detector(config)
    except FacecamError:
        return None
    return _Eye(gallery, detector, traces.embeddings, config.inbox.akin)


def _listing(folder: Path) -> Listing:
    """Return the examples; none where the list as a whole cannot be read."""
    try:
        return hard_pool.listed(folder)
    except DatasetError:
        return Listing()


def _files(folder: Path) -> Iterator[Path]:
    """Yield the pictures that lie in a pool, also those a crash left unnamed."""
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.suffix.lower() in media.SUFFIXES and path.is_file():
            yield path
