"""Boxes as a detector draws them, instead of as each data set does.

Sets box faces differently: with the forehead or without, as squares, loosely. Trained
further, a detector would learn every new set's way of boxing, and whatever relies on
its boxes, such as the crop for the embedder, would suffer. So where the detector that a
run starts from finds a labelled face, its own box is what is taught; the other boxes of
the set are moved as those were, in the median. Landmarks stay as they were labelled.

Sets also miss faces: blurred people in the background. Taught as background, they would
cost the new detector what the old one knows, so faces that the old one is sure of, in
pictures that show labelled ones, are ignored.

Pictures to remember need no labels at all: what the detector is sure of in them is
taught again (self-distillation, or pseudo-rehearsal: Robins 1995).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.faces import Floats
from facecam.media import read_image
from facecam.training.detector.cascade import is_run
from facecam.training.detector.evaluation.contenders import installed, of_run
from facecam.training.workers import map_tasks
from facecam.vision.boxes import iou, share_inside
from facecam.vision.detector import Detector

MIN_IOU = 0.4
"""Overlap from which a detected box and a labelled one mean the same face."""
CERTAIN = 0.9
"""Score from which what the detector finds is taken for a face."""
SHOWN = 0.7
"""Score from which its box of a labelled face is taken over."""
LIKELY = 0.3
"""Score from which it is at least not taken for background, in pictures to remember."""
CLEAR = 0.3
"""Overlap with a labelled box below which a found face is another one."""
SMALLEST = 20
"""Smallest face looked for, pixels."""
ENOUGH = 10
"""Faces found in a set from which its other boxes are moved alike."""
CHUNK = 32
"""Pictures a worker takes at once."""


def conform(
    truths: Sequence[Annotation],
    start: Path,
    workers: int,
    report: Callable[[int], None],
) -> list[Annotation]:
    """Return annotations with boxes as a detector draws them.

    Args:
        truths: of one data set.
        start: an installed detector's folder, or that of a run.
        workers: processes.
        report: told how many pictures are done.
    """
    seen = _look_at_all(truths, start, workers, report)
    drawn = [_drawn(truth, faces) for truth, faces in zip(truths, seen, strict=True)]
    change = _median_change(truths, drawn)
    return [
        _with_ignored(
            replace(truth, boxes=_conformed(truth.boxes, boxes, change)),
            _unlabelled(truth, faces),
        )
        for truth, boxes, faces in zip(truths, drawn, seen, strict=True)
    ]


def remember(
    pictures: Sequence[Annotation],
    start: Path,
    workers: int,
    report: Callable[[int], None],
) -> list[Annotation]:
    """Return pictures with the faces that a detector finds in them.

    What lies outside is unknown, and what it is not sure of is ignored.

    Args:
        pictures: whatever is labelled in them is not looked at.
        start: an installed detector's folder, or that of a run.
        workers: processes.
        report: told how many pictures are done.
    """
    unknown = [replace(picture, complete=False) for picture in pictures]
    seen = _look_at_all(unknown, start, workers, report)
    return [
        _as_found(picture, faces) for picture, faces in zip(unknown, seen, strict=True)
    ]


def load_start(start: Path) -> Detector:
    """Load the detector to start from, looking for small and unlikely faces as well.

    Args:
        start: the folder of an installed detector, or that of a run.
    """
    found = of_run(start) if is_run(start) else installed(start)
    return found.searching(TrialConfig(min_face=SMALLEST, lowest=LIKELY))


_detector: list[Detector] = []
"""In a worker: the detector to start from."""


@dataclass(frozen=True, eq=False, slots=True)
class _Seen:
    """What the detector finds in one picture."""

    boxes: Floats  # (k, 4)
    scores: Floats  # (k,)


def _look_at_all(
    truths: Sequence[Annotation],
    start: Path,
    workers: int,
    report: Callable[[int], None],
) -> list[_Seen]:
    chunks = [truths[n : n + CHUNK] for n in range(0, len(truths), CHUNK)]
    results = map_tasks(
        _look,
        chunks,
        workers,
        lambda done: report(min(done * CHUNK, len(truths))),
        partial(_prepare, start),
    )
    return [seen for result in results for seen in result]


def _prepare(start: Path) -> None:
    _detector[:] = [load_start(start)]


def _look(truths: Sequence[Annotation]) -> list[_Seen]:
    """Detect the faces of some pictures, where it may matter."""
    (detector,) = _detector
    seen = []
    for truth in truths:
        faces = _Seen(np.empty((0, 4), np.float32), np.empty(0, np.float32))
        if len(truth.boxes) or not truth.complete:
            found = detector.detect(read_image(truth.path))
            faces = _Seen(found.boxes, found.scores)
        seen.append(faces)
    return seen


def _drawn(truth: Annotation, seen: _Seen) -> Floats:
    """Return the detector's box of each face, NaN where it finds none, (m, 4)."""
    boxes = np.full((len(truth.boxes), 4), np.nan, np.float32)
    found = seen.boxes[seen.scores >= SHOWN]
    if len(boxes) and len(found):
        overlap = iou(truth.boxes, found)  # (m, k)
        hit = overlap.max(axis=1) >= MIN_IOU
        boxes[hit] = found[overlap[hit].argmax(axis=1)]
    return boxes


def _unlabelled(truth: Annotation, seen: _Seen) -> Floats:
    """Return faces that are certain and that nobody has labelled, (j, 4).

    None where nobody labelled a face: such a picture is said to show none.
    """
    boxes = seen.boxes[seen.scores >= CERTAIN]
    if not (truth.complete and len(truth.boxes) and len(boxes)):
        return np.empty((0, 4), np.float32)
    labelled = iou(boxes, truth.boxes).max(axis=1) >= CLEAR
    denied = share_inside(boxes, truth.background).max(axis=1, initial=0) >= CLEAR
    return boxes[~labelled & ~denied]


def _as_found(picture: Annotation, seen: _Seen) -> Annotation:
    """Return a picture with what was found in it, and nothing else."""
    n = len(seen.boxes)
    return replace(
        picture,
        boxes=seen.boxes,
        ignored=seen.scores < CERTAIN,
        landmarks=np.full((n, 5, 2), np.nan, np.float32),
        attributes={},
        background=np.empty((0, 4), np.float32),
        split="train",
    )


def _with_ignored(truth: Annotation, boxes: Floats) -> Annotation:
    """Add regions that are neither face nor background."""
    n = len(boxes)
    unknown = np.full((n, 5, 2), np.nan, np.float32)
    attributes = {
        name: np.concatenate([values, np.zeros(n, values.dtype)])
        for name, values in truth.attributes.items()
    }
    return replace(
        truth,
        boxes=np.concatenate([truth.boxes, boxes]),
        ignored=np.concatenate([truth.ignored, np.ones(n, np.bool_)]),
        landmarks=np.concatenate([truth.landmarks, unknown]),
        attributes=attributes,
    )


def _median_change(truths: Sequence[Annotation], drawn: Sequence[Floats]) -> Floats:
    """Return the median move of the sides of labelled boxes, in their sizes, (4,)."""
    labelled = np.concatenate([truth.boxes for truth in truths])
    found = np.concatenate(list(drawn))
    known = np.isfinite(found).all(axis=1)
    if known.sum() < ENOUGH:
        return np.zeros(4, np.float32)
    change = (found - labelled)[known] / _sizes(labelled[known])
    return np.median(change, axis=0).astype(np.float32)


def _conformed(labelled: Floats, drawn: Floats, change: Floats) -> Floats:
    moved = labelled + change * _sizes(labelled)
    return np.where(np.isfinite(drawn), drawn, moved).astype(np.float32)


def _sizes(boxes: Floats) -> Floats:
    """Return width, height, width, height of each box, (n, 4)."""
    sides = boxes[:, 2:] - boxes[:, :2]
    return np.hstack([sides, sides])
