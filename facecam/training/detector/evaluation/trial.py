"""A detector measured on labelled pictures: how many faces, at how many false alarms.

    look      the detector finds what it finds in every picture
    judge     what it found is compared with what was labelled; a Trial comes out
    measure   both

A face is asked for when its longer side reaches `min_face` and nobody marked it as
ignored; the other faces are neither asked for nor wrong. The figures of one group of
faces (masked ones, large ones) treat all other faces the same way, so the false alarms
of every group are those of all pictures.

Pictures of which not every face is labelled say nothing of false alarms: they count in
`partly` and in the landmarks only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.errors import DatasetError
from facecam.faces import Detections, Floats
from facecam.media import read_image
from facecam.training import metrics
from facecam.training.detector.evaluation import difficulty
from facecam.training.detector.evaluation.figures import (
    Figures,
    Landmarks,
    Partly,
    Trial,
    figures,
)
from facecam.vision.boxes import longer_sides
from facecam.vision.detector import Detector

Report: TypeAlias = Callable[[int, int], None]
"""Told how many pictures are done, and of how many."""
Mask: TypeAlias = NDArray[np.bool_]

POOR_LANDMARKS = 0.1
"""Mean error, in eye distances, above which the landmarks of a face have failed; the
failure threshold of Burgos-Artizzu et al. 2013, "Robust face landmark estimation"."""


def measure(
    detector: Detector,
    annotations: Sequence[Annotation],
    config: TrialConfig,
    report: Report,
) -> Trial:
    """Measure a detector.

    Args:
        detector: should go down to `config.lowest` for the sake of the curves.
        annotations: the pictures; at least one face must be asked for.
        config: what is asked for.
        report: called after each picture.

    Raises:
        DatasetError: there is no face to look for.
        ImageError: a picture cannot be read.
    """
    return judge(annotations, look(detector, annotations, report), config)


def look(
    detector: Detector, annotations: Sequence[Annotation], report: Report
) -> list[Detections]:
    """Return what a detector finds in every picture."""
    found = []
    for n, annotation in enumerate(annotations, 1):
        found.append(detector.detect(read_image(annotation.path)))
        report(n, len(annotations))
    return found


def judge(
    annotations: Sequence[Annotation], found: Sequence[Detections], config: TrialConfig
) -> Trial:
    """Compare what was found in n pictures with what is labelled in them.

    Raises:
        DatasetError: there is no face to look for.
    """
    seen = list(zip(annotations, found, strict=True))
    whole = [pair for pair in seen if pair[0].complete]
    partly = [pair for pair in seen if not pair[0].complete]
    groups = {
        name: _figures(whole, outside, config)
        for name, outside in _groups([a for a, _ in whole], config).items()
    } | difficulty.judge(whole, config.shown)
    trial = Trial(
        len(whole),
        config.min_face,
        config.shown,
        {name: group for name, group in groups.items() if group.faces},
        _partly(partly, config),
        _landmarks(seen, config),
    )
    if not trial.groups and not (trial.partly and trial.partly.faces):
        raise DatasetError(
            f"None of the {len(seen)} pictures has a labelled face with a "
            f"side of {config.min_face} px. Give pictures with such faces to measure."
        )
    return trial


def not_asked(annotation: Annotation, config: TrialConfig) -> Mask:
    """Return which faces of a picture are neither asked for nor wrong, (m,)."""
    return annotation.ignored | (longer_sides(annotation.boxes) < config.min_face)


def hits(
    annotation: Annotation, found: Detections, config: TrialConfig
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the boxes that are shown and hit a face asked for.

    Returns:
        (k,) positions of the boxes, (k,) positions of the faces.
    """
    out = not_asked(annotation, config)
    kinds, partners = metrics.match_boxes(
        found.boxes, annotation.boxes, out, config.iou
    )
    places = np.flatnonzero((kinds == metrics.TRUE) & (found.scores >= config.shown))
    return places, partners[places]


def _groups(
    annotations: Sequence[Annotation], config: TrialConfig
) -> dict[str, list[Mask]]:
    """Return by group the faces of every picture that do not belong to it, k × (m,)."""
    out = [not_asked(annotation, config) for annotation in annotations]
    masked = [
        a.attributes.get("occlusion", np.zeros(len(a.boxes))) >= 1 for a in annotations
    ]
    groups = {"all": out}
    if any(mask[~rest].any() for mask, rest in zip(masked, out, strict=True)):
        groups["masked"] = _with(out, (~mask for mask in masked))
        groups["unmasked"] = _with(out, masked)
    edges = (float(config.min_face), *config.sizes, np.inf)
    for low, high in pairwise(edges):
        if low < high:
            sides = (longer_sides(annotation.boxes) for annotation in annotations)
            groups[_size_name(low, high)] = _with(
                out, ((side < low) | (side >= high) for side in sides)
            )
    return groups


def _with(out: Sequence[Mask], more: Iterable[Mask]) -> list[Mask]:
    return [a | b for a, b in zip(out, more, strict=True)]


def _size_name(low: float, high: float) -> str:
    return f"from {low:g} px" if np.isinf(high) else f"{low:g}–{high:g} px"


def _figures(
    seen: Sequence[tuple[Annotation, Detections]],
    outside: Sequence[Mask],
    config: TrialConfig,
) -> Figures:
    """Return the figures of the faces that are not outside of a group."""
    kinds = [
        metrics.match_boxes(found.boxes, annotation.boxes, out, config.iou)[0]
        for (annotation, found), out in zip(seen, outside, strict=True)
    ]
    faces = int(sum((~out).sum() for out in outside))
    if not faces:
        return Figures(0, 0.0, ())
    scores = np.concatenate([found.scores for _, found in seen])
    return figures(scores, np.concatenate(kinds), faces, len(seen), config.shown)


def _partly(
    seen: Sequence[tuple[Annotation, Detections]], config: TrialConfig
) -> Partly | None:
    if not seen:
        return None
    faces = sum(int((~not_asked(annotation, config)).sum()) for annotation, _ in seen)
    right = sum(len(hits(*pair, config)[0]) for pair in seen)
    return Partly(len(seen), faces, right / max(faces, 1))


def _landmarks(
    seen: Sequence[tuple[Annotation, Detections]], config: TrialConfig
) -> Landmarks | None:
    """Return how well landmarks lie, None where none are known of a face found."""
    boxes, points, true = [], [], []
    for annotation, found in seen:
        places, partners = hits(annotation, found, config)
        boxes.append(found.boxes[places])
        points.append(found.landmarks[places])
        true.append(annotation.landmarks[partners])
    if not seen:
        return None
    box, guess, truth = map(np.concatenate, (boxes, points, true))
    known = np.isfinite(truth).all(axis=(1, 2)) & np.isfinite(guess).all(axis=(1, 2))
    if not known.any():
        return None
    errors = metrics.landmark_error(guess[known], truth[known])
    average = metrics.landmark_error(
        _mean_shape(box[known], truth[known]), truth[known]
    )
    return Landmarks(
        len(errors),
        float(errors.mean()),
        float(np.median(errors)),
        float((errors > POOR_LANDMARKS).mean()),
        float(average.mean()),
    )


def _mean_shape(boxes: Floats, points: Floats) -> Floats:
    """Return the average of n × five points in their boxes, put into each box."""
    corner, size = boxes[:, None, :2], (boxes[:, 2:] - boxes[:, :2])[:, None]
    mean = ((points - corner) / size).mean(axis=0)  # (5, 2)
    return corner + mean * size
