"""The faces of many pictures as vectors, each with where it was and how it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np

from facecam.errors import ImageError
from facecam.faces import Detections, Floats, Image
from facecam.gallery import subject
from facecam.media import read_image
from facecam.vision import image as images
from facecam.vision.boxes import to_square
from facecam.vision.detector import Detector
from facecam.vision.embedder import Embedder

BATCH = 16
"""Faces embedded in one call."""
THUMBNAIL = 64
"""Side of a thumbnail, pixels: 12 KB each, 250 MB for 20,000 faces."""
AROUND = 1.2
"""Side of what a thumbnail shows, as a multiple of the longer side of the box."""
NO_FACE = "no face was found"
NOTHING: Image = np.empty((0, 0, 3), np.uint8)
"""In the place of a crop that has been embedded; a part of it would keep it all."""

Report: TypeAlias = Callable[[int, int], None]
"""Told how many pictures are done, and of how many."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, eq=False)
class Gathered:
    """The n faces of some pictures, in the order of the pictures."""

    pictures: tuple[Path, ...]  # n; one picture may be there several times
    boxes: Floats  # (n, 4), pixels of the picture
    embeddings: Floats  # (n, d); (0, 0) without a face
    thumbnails: Image  # (n, 64, 64, 3), in natural proportions
    missed: tuple[tuple[Path, str], ...]
    """Pictures without a face, and why."""


@dataclass(frozen=True, eq=False)
class _One:
    picture: Path
    box: Floats  # (4,)
    crop: Image
    thumbnail: Image


def gather(
    pictures: Sequence[Path],
    detector: Detector,
    embedder: Embedder,
    every: bool = False,
    report: Report = silent,
) -> Gathered:
    """Find and embed the faces of pictures; those that cannot be read are `missed`.

    Args:
        pictures: n of them.
        detector: finds the faces; `aligning.Placed` for faces cut out before.
        embedder: crops and embeds them.
        every: all faces of a picture, not only the most prominent one.
        report: told how many pictures are done; may raise to end it.
    """
    missed: list[tuple[Path, str]] = []
    faces: list[_One] = []
    rows: list[Floats] = []

    def found() -> Iterator[_One]:
        for done, path in enumerate(pictures):
            report(done, len(pictures))
            try:
                yield from _faces(path, detector, embedder, every)
            except ImageError as error:
                missed.append((path, str(error)))
        report(len(pictures), len(pictures))

    source = found()
    while batch := list(islice(source, BATCH)):
        rows.extend(embedder.embed(np.stack([one.crop for one in batch])))
        faces += [replace(one, crop=NOTHING) for one in batch]
    there = {one.picture for one in faces} | {path for path, _ in missed}
    missed += [(path, NO_FACE) for path in pictures if path not in there]
    return Gathered(
        tuple(one.picture for one in faces),
        np.array([one.box for one in faces], np.float32).reshape(-1, 4),
        np.array(rows, np.float32) if rows else np.empty((0, 0), np.float32),
        _stacked([one.thumbnail for one in faces]),
        tuple(sorted(missed)),
    )


def thumbnails(image: Image, boxes: Floats) -> Image:
    """Cut faces for people to look at, in natural proportions, (k, 64, 64, 3)."""
    return images.align(image, to_square(boxes), THUMBNAIL, AROUND)


def _faces(
    path: Path, detector: Detector, embedder: Embedder, every: bool
) -> list[_One]:
    image = read_image(path)
    found: Detections = detector.detect(image)
    if len(found) and not every:
        found = found.keep(np.array([subject(found, image.shape[:2])]))
    crops = embedder.crop(image, found)
    shown = thumbnails(image, found.boxes)
    return [
        _One(path, box, crop, thumbnail)
        for box, crop, thumbnail in zip(found.boxes, crops, shown, strict=True)
    ]


def _stacked(thumbnails: Sequence[Image]) -> Image:
    shape = (0, THUMBNAIL, THUMBNAIL, 3)
    return np.stack(thumbnails) if thumbnails else np.empty(shape, np.uint8)
