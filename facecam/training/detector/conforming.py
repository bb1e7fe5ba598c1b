"""Boxes as a detector draws them, instead of as each data set does.

Sets box faces differently: with the forehead or without, as squares, loosely. Trained
further, a detector would learn every new set's way of boxing, and whatever relies on
its boxes, such as the crop for the embedder, would suffer. So where the detector that a
run starts from finds a labelled face, its own box is what is taught; the other boxes of
the set are moved as those were, in the median. Landmarks stay as they were labelled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from facecam.annotations.annotation import Annotation
from facecam.faces import Floats
from facecam.media import read_image
from facecam.training.detector.cascade import is_run
from facecam.training.detector.evaluation.contenders import installed, of_run
from facecam.training.workers import map_tasks
from facecam.vision.boxes import iou
from facecam.vision.detector import Detector

MIN_IOU = 0.4
"""Overlap from which a detected box and a labelled one mean the same face."""
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
    chunks = [truths[n : n + CHUNK] for n in range(0, len(truths), CHUNK)]
    results = map_tasks(
        _look,
        chunks,
        workers,
        lambda done: report(min(done * CHUNK, len(truths))),
        partial(_prepare, start),
    )
    drawn = [boxes for result in results for boxes in result]
    change = _median_change(truths, drawn)
    return [
        replace(truth, boxes=_conformed(truth.boxes, boxes, change))
        for truth, boxes in zip(truths, drawn, strict=True)
    ]


def load_start(start: Path) -> Detector:
    """Load the detector to start from, looking for small faces as well.

    Args:
        start: the folder of an installed detector, or that of a run.
    """
    found = of_run(start) if is_run(start) else installed(start)
    return replace(found, config=replace(found.config, min_face=SMALLEST)).detector()


_detector: list[Detector] = []
"""In a worker: the detector to start from."""


def _prepare(start: Path) -> None:
    _detector[:] = [load_start(start)]


def _look(truths: Sequence[Annotation]) -> list[Floats]:
    """Return the detector's box of each face, NaN where it finds none, (m, 4) each."""
    (detector,) = _detector
    drawn = []
    for truth in truths:
        boxes = np.full((len(truth.boxes), 4), np.nan, np.float32)
        found = detector.detect(read_image(truth.path)).boxes if len(boxes) else boxes
        if len(found):
            overlap = iou(truth.boxes, found)  # (m, n)
            hit = overlap.max(axis=1) >= MIN_IOU
            boxes[hit] = found[overlap[hit].argmax(axis=1)]
        drawn.append(boxes)
    return drawn


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
