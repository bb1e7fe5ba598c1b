"""What a detector misses and what it takes for a face, one by one, to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.faces import Detections, Floats
from facecam.training import metrics
from facecam.training.detector.evaluation import trial
from facecam.vision.boxes import iou, longer_sides

Seen: TypeAlias = Sequence[tuple[Annotation, Detections]]
"""Pictures as labelled, and what one detector found in them."""


@dataclass(frozen=True, eq=False, slots=True)
class Mistake:
    """A face that was missed, or something that was taken for one."""

    picture: int
    """Position among the pictures looked at."""
    box: Floats  # (4,)
    score: float | None
    """Of a false alarm; None for a miss."""


@dataclass(frozen=True, eq=False, slots=True)
class Mistakes:
    """What one detector does wrong at the score from which it shows faces."""

    missed: tuple[Mistake, ...]
    """The largest face first."""
    false: tuple[Mistake, ...]
    """The highest score first."""


def mistakes(seen: Seen, config: TrialConfig) -> Mistakes:
    """Return everything a detector does wrong.

    Args:
        seen: pictures and findings; of those not wholly labelled, only misses count.
        config: what is asked for, and the score faces are shown from.
    """
    missed = [m for n, pair in enumerate(seen) for m in _missed(n, *pair, config)]
    false = [
        m
        for n, pair in enumerate(seen)
        if pair[0].complete
        for m in _false(n, *pair, config)
    ]
    return Mistakes(
        tuple(sorted(missed, key=lambda one: -_side(one.box))),
        tuple(sorted(false, key=lambda one: -(one.score or 0.0))),
    )


def without(
    some: Iterable[Mistake], others: Sequence[Mistake], iou_from: float
) -> tuple[Mistake, ...]:
    """Return the mistakes that are not among others: no such box in that picture.

    Args:
        some: of one detector.
        others: of another one, in the same pictures.
        iou_from: overlap from which two boxes mean the same thing.
    """
    by_picture: dict[int, list[Floats]] = {}
    for other in others:
        by_picture.setdefault(other.picture, []).append(other.box)
    return tuple(
        one
        for one in some
        if not _among(one.box, by_picture.get(one.picture, []), iou_from)
    )


def _missed(
    picture: int, annotation: Annotation, found: Detections, config: TrialConfig
) -> Iterable[Mistake]:
    asked = ~trial.not_asked(annotation, config)
    asked[trial.hits(annotation, found, config)[1]] = False
    return [Mistake(picture, box, None) for box in annotation.boxes[asked]]


def _false(
    picture: int, annotation: Annotation, found: Detections, config: TrialConfig
) -> Iterable[Mistake]:
    out = trial.not_asked(annotation, config)
    kinds, _ = metrics.match_boxes(found.boxes, annotation.boxes, out, config.iou)
    wrong = (kinds == metrics.FALSE) & (found.scores >= config.shown)
    pairs = zip(found.boxes[wrong], found.scores[wrong].tolist(), strict=True)
    return [Mistake(picture, box, score) for box, score in pairs]


def _among(box: Floats, boxes: Sequence[Floats], iou_from: float) -> bool:
    if not boxes:
        return False
    return bool((iou(box[None], np.stack(boxes)) >= iou_from).any())


def _side(box: Floats) -> float:
    return float(longer_sides(box[None])[0])
