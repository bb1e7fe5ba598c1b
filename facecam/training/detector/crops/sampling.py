"""Crops around and beside labelled faces: one piece of code for 12, 24 and 48 pixels.

The kinds go by overlap with the faces; a crop that touches an ignored region by more
than `negative` teaches nothing. In a picture where only some faces are labelled, what
lies outside them is unknown, so negatives come from inside the labelled ones and from
places that are said to show no face.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import SamplesConfig
from facecam.faces import Floats, Image
from facecam.training.detector.crops.samples import (
    Kind,
    Samples,
    fractions,
    join,
    offsets,
    overlaps,
)
from facecam.vision.boxes import share_inside
from facecam.vision.image import Mips, cut

LEAST_SIDE = 12
"""Smallest crop, pixels: P-Net's input."""
ATTEMPTS = 10
"""Random squares drawn for each negative wanted; where no square is free of faces,
fewer are returned."""
INSIDE = 0.7
"""Share of a negative that must lie inside a labelled face, where others may be
unlabelled."""


def sample(
    image: Image,
    truth: Annotation,
    size: int,
    config: SamplesConfig,
    rng: np.random.Generator,
) -> Samples:
    """Cut all kinds of samples from one picture.

    Args:
        image: (h, w, 3).
        truth: its faces.
        size: side of the samples, pixels.
        config: overlaps and counts.
        rng: draws the places.
    """
    mips = Mips(image)
    around = crops_around(truth, config, rng)
    beside = random_squares(image, truth, config, rng)
    return join(
        [
            by_overlap(mips, np.concatenate([around, beside]), truth, size, config),
            landmark_samples(mips, truth, size, config, rng),
        ],
        size,
    )


def by_overlap(
    mips: Mips, crops: Floats, truth: Annotation, size: int, config: SamplesConfig
) -> Samples:
    """Cut squares and tell their kinds by overlap; what is of no kind is left out.

    Args:
        mips: of the picture.
        crops: (n, 4), squares, pixels.
        truth: the faces.
        size: side of the samples, pixels.
        config: overlaps.
    """
    kinds, partners = kinds_of(crops, truth, config)
    chosen = kinds >= 0
    crops, kinds, partners = crops[chosen], kinds[chosen], partners[chosen]
    if not len(crops):
        return Samples.none(size)
    targets = np.zeros((len(crops), 4), np.float32)
    placed = kinds != Kind.NEGATIVE
    targets[placed] = offsets(crops[placed], truth.boxes[partners[placed]])
    points = np.zeros((len(crops), 5, 2), np.float32)
    return Samples(kinds.astype(np.uint8), cut(mips, crops, size), targets, points)


def kinds_of(
    crops: Floats, truth: Annotation, config: SamplesConfig
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Tell what each crop teaches, and of which face.

    Args:
        crops: (n, 4).
        truth: m faces.
        config: overlaps.

    Returns:
        (n,) a Kind, or -1 for nothing; (n,) positions of faces.
    """
    best, partners = overlaps(crops, truth.boxes)
    kinds = np.full(len(crops), -1, np.intp)
    kinds[best < config.negative] = Kind.NEGATIVE
    kinds[best >= config.part] = Kind.PART
    kinds[best >= config.positive] = Kind.POSITIVE
    if len(truth.boxes):
        shorter = (truth.boxes[:, 2:] - truth.boxes[:, :2]).min(axis=1)
        teaching = ~truth.ignored & (shorter >= config.smallest_face)
        kinds[(kinds != Kind.NEGATIVE) & ~teaching[partners]] = -1
        hidden = _most_inside(crops, truth.boxes[truth.ignored]) >= config.negative
        kinds[(kinds == Kind.NEGATIVE) & hidden] = -1
    if not truth.complete:
        known = np.concatenate([truth.boxes, truth.background])
        unknown = _most_inside(crops, known) < INSIDE
        kinds[(kinds == Kind.NEGATIVE) & unknown] = -1
    return kinds, partners


def crops_around(
    truth: Annotation, config: SamplesConfig, rng: np.random.Generator
) -> Floats:
    """Draw squares around and near what is worth learning, (n, 4).

    Those are the faces, and places that are known to look like one.
    """
    faces = truth.boxes[~truth.ignored]
    sides = faces[:, 2:] - faces[:, :2]
    faces = faces[sides.min(axis=1, initial=np.inf) >= config.smallest_face]
    close = _jittered(faces, config.crops, config.shift, config, rng)
    near = _jittered(faces, config.near, 1.0, config, rng)
    known = _jittered(truth.background, config.crops, config.shift / 2, config, rng)
    return np.concatenate([close, near, known])


def random_squares(
    image: Image,
    truth: Annotation,
    config: SamplesConfig,
    rng: np.random.Generator,
) -> Floats:
    """Draw squares of any size and place that are free of faces, (n, 4).

    At most `config.negatives`; where the picture is full of faces, fewer or none.
    """
    height, width = image.shape[:2]
    if config.negatives == 0 or min(height, width) < 2 * LEAST_SIDE:
        return np.empty((0, 4), np.float32)
    count = config.negatives * ATTEMPTS
    largest = min(height, width) / 2
    sides = np.exp(rng.uniform(np.log(LEAST_SIDE), np.log(largest), count))
    left, top = rng.uniform(0, width - sides), rng.uniform(0, height - sides)
    squares = np.stack([left, top, left + sides, top + sides], axis=1)
    squares = squares.astype(np.float32)
    kinds, _ = kinds_of(squares, truth, config)
    return squares[kinds == Kind.NEGATIVE][: config.negatives]


def landmark_samples(
    mips: Mips,
    truth: Annotation,
    size: int,
    config: SamplesConfig,
    rng: np.random.Generator,
) -> Samples:
    """Cut faces whose landmarks are known, all five well inside the crop."""
    sides = truth.boxes[:, 2:] - truth.boxes[:, :2]
    known = np.isfinite(truth.landmarks).all(axis=(1, 2)) & ~truth.ignored
    known &= sides.max(axis=1, initial=0) >= config.smallest_landmarks
    which = np.repeat(np.flatnonzero(known), config.landmark_crops)
    if not len(which):
        return Samples.none(size)
    crops = _jittered(
        truth.boxes[known], config.landmark_crops, config.shift, config, rng
    )
    points = fractions(crops, truth.landmarks[which])
    best, _ = overlaps(crops, truth.boxes)
    inside = ((points > 0) & (points < 1)).all(axis=(1, 2)) & (best >= config.positive)
    crops, points = crops[inside], points[inside]
    if not len(crops):
        return Samples.none(size)
    kinds = np.full(len(crops), Kind.LANDMARK, np.uint8)
    targets = np.zeros((len(crops), 4), np.float32)
    return Samples(kinds, cut(mips, crops, size), targets, points)


def _jittered(
    faces: Floats,
    count: int,
    shift: float,
    config: SamplesConfig,
    rng: np.random.Generator,
) -> Floats:
    """Draw `count` squares about each face, (n * count, 4), face by face."""
    each = np.repeat(faces, count, axis=0).astype(np.float64)
    extent = each[:, 2:] - each[:, :2]
    smallest = config.sides[0] * extent.min(axis=1, initial=np.inf)
    largest = config.sides[1] * extent.max(axis=1, initial=0)
    sides = rng.uniform(smallest, np.maximum(largest, smallest))
    sides = np.maximum(sides, LEAST_SIDE)[:, None]
    centres = (each[:, :2] + each[:, 2:]) / 2
    centres = centres + rng.uniform(-shift, shift, centres.shape) * extent
    squares = np.hstack([centres - sides / 2, centres + sides / 2])
    return squares.astype(np.float32).reshape(-1, 4)


def _most_inside(crops: Floats, regions: Floats) -> Floats:
    """Return the largest share of each crop that lies in one region, (n,)."""
    return share_inside(crops, regions).max(axis=1, initial=0)
