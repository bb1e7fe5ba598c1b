"""What is wrong with data before it is learned from, and what cures it.

An error means that the run cannot work, a warning that it will probably disappoint; a
note is worth knowing. Errors of form, such as corners written where sizes belong, are
found earlier, by the readers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import AnnotatedSet
from facecam.config.retraining import PreflightConfig, RetrainingConfig
from facecam.training.detector.census import Census, Divided, FaceTable, tabulate
from facecam.training.detector.estimates import RESERVE, Estimates
from facecam.training.detector.one_batch import Learned, enough
from facecam.training.detector.screening import Screening
from facecam.training.disk import in_words
from facecam.vision.boxes import iou

MOST = 0.5
"""Share of the faces from which something is wrong with the set, not with a face."""
MANY_FAULTS = 0.05
"""Share of the pictures above which those left out are worth a warning."""
USUAL_ASPECT = (0.45, 1.8)
"""Width by height of nearly every face anybody boxes."""
ODD_BOXES = 0.3
"""Share of boxes of another shape above which the form of the boxes is in doubt."""
LEAST_SPREAD = 0.005
"""Standard deviation of labelled points, in sides of the box; of hand-made ones, it is
ten times that."""
SAME_FACE = 0.85
"""Overlap of two boxes of a picture that can only be one face labelled twice."""
FEW_HELD_OUT = 200
"""Faces to measure on below which the uncertainty is worth a warning."""
SMALL_SHARE = 0.3
"""Share of the faces that is learned from, below which that is worth a warning."""


class Severity(StrEnum):
    """How a finding is to be taken."""

    ERROR = "error"
    """The run cannot work."""
    WARNING = "warning"
    """The run will probably disappoint."""
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing found, and what to do."""

    severity: Severity
    text: str
    cure: str = ""


def of_files(screening: Screening, faults: int) -> Iterator[Finding]:
    """Judge whether the pictures can be read.

    Args:
        screening: what the files are like.
        faults: pictures and faces left out.
    """
    pictures = len(screening.headers)
    if not pictures:
        text = "None of the pictures can be read."
        cure = "See quarantine.csv; copy or download them again."
        yield Finding(Severity.ERROR, text, cure)
    elif faults:
        grave = faults > MANY_FAULTS * pictures
        yield Finding(
            Severity.WARNING if grave else Severity.NOTE,
            f"Of what is labelled, {faults} pictures or faces cannot be used.",
            "They are left out; quarantine.csv names each, its line, and the reason.",
        )


def of_copies(screening: Screening, divided: Sequence[Divided]) -> Iterator[Finding]:
    """Judge what is there twice."""
    learned = [pair.labelled.path for each in divided for pair in each.training]
    held_out = [pair.labelled.path for each in divided for pair in each.held_out]
    headers = screening.headers
    by_mark = {headers[path].mark: path for path in learned}
    twins = [path for path in held_out if headers[path].mark in by_mark]
    if twins:
        copy = by_mark[headers[twins[0]].mark]
        yield Finding(
            Severity.WARNING,
            f"Of the pictures held out, {len(twins)} are also learned from, which "
            f"flatters the measurements: {twins[0]} is a copy of {copy}.",
            "Remove one of each two.",
        )
    copies = len(learned) - len(by_mark)
    if copies:
        text = f"Of the pictures to learn from, {copies} are copies of others."
        yield Finding(
            Severity.NOTE, text, "They count twice; remove them if that is not wanted."
        )


def of_amounts(census: Census, config: RetrainingConfig) -> Iterator[Finding]:
    """Judge whether there is enough of everything."""
    yield from _faces(census, config)
    yield from _landmarks(census, config)
    yield from _background(census)
    yield from _held_out(census, config)


def of_labels(each: AnnotatedSet) -> list[Finding]:
    """Judge the boxes and points of one set by what faces look like."""
    table = tabulate(each.annotations)
    table = table.keep(~table.ignored)
    return [*_shapes(each, table), *_points(each, table), *_twice(each, table)]


def of_learning(
    learned: Sequence[Learned], numbers: PreflightConfig
) -> Iterator[Finding]:
    """Judge how the nets took one batch."""
    for one in learned:
        name = f"{one.net[0].upper()}-Net"
        if not math.isfinite(one.least):
            yield Finding(
                Severity.ERROR,
                f"While {name} learned one batch, its loss stopped being a number "
                f"after {one.steps} steps.",
                "Look at the sheet of its samples: answers far outside of the crops "
                "are wrong.",
            )
        elif not enough(one, numbers):
            yield Finding(
                Severity.ERROR,
                f"{name} could not learn one batch in {one.steps} steps: its loss went "
                f"from {one.first:.2f} to {one.least:.2f}, and a face scored above a "
                f"background in {one.separation:.0%} of the cases.",
                "Look at the sheet of its samples: do the crops show what the headings "
                "say? If they do, raise preflight.steps.",
            )


def of_costs(costs: Estimates, folder: Path) -> Iterator[Finding]:
    """Judge whether this computer can carry the run.

    Args:
        costs: of the run.
        folder: on the disk that was looked at.
    """
    if costs.disk * RESERVE > costs.free_disk:
        yield Finding(
            Severity.ERROR,
            f"The run needs about {in_words(costs.disk)} of disk; "
            f"{in_words(costs.free_disk)} are free for {folder}.",
            "Free some, or give a folder on another disk.",
        )
    if costs.memory > costs.free_memory:
        yield Finding(
            Severity.WARNING,
            f"The run needs about {in_words(costs.memory)} of memory; "
            f"{in_words(costs.free_memory)} are free.",
            "Close other programs, or use fewer workers.",
        )


def _faces(census: Census, config: RetrainingConfig) -> Iterator[Finding]:
    found = census.training
    smallest = config.pnet.samples.smallest_face
    if not found.faces:
        yield Finding(
            Severity.ERROR,
            f"None of the {found.pictures} pictures to learn from shows a labelled "
            "face.",
            "Give a set with boxes around faces. Pictures that a set itself holds out "
            "are only measured on.",
        )
    elif not found.learned:
        yield Finding(
            Severity.ERROR,
            f"All {found.faces} faces are too small or too unclear to learn from: "
            f"none has a shorter side of {smallest:g} pixels.",
            "Give larger pictures, or lower samples.smallest_face of the stages.",
        )
    elif found.learned < config.preflight.faces:
        yield Finding(
            Severity.WARNING,
            f"{found.learned} faces are few to learn from.",
            "Add pictures, or start from the detector in use: --from deployed.",
        )
    elif found.learned < SMALL_SHARE * found.faces:
        yield Finding(
            Severity.WARNING,
            f"Only {found.learned} of {found.faces} faces are learned from: the others "
            f"are unclear, or their shorter side is below {smallest:g} pixels.",
            "Give larger pictures if they exist.",
        )


def _landmarks(census: Census, config: RetrainingConfig) -> Iterator[Finding]:
    found, enough = census.training, config.preflight.landmarks
    if not config.onet.fit.batch[3]:
        yield Finding(
            Severity.NOTE, "The O-Net will learn no landmarks, as configured."
        )
    elif not found.learned_points:
        yield Finding(
            Severity.ERROR,
            f"None of the {found.faces} faces has five points, so the O-Net cannot "
            "learn landmarks.",
            "Add a set with points: CelebA, a CNN_FacePoint list, .pts files, or COCO "
            "with five keypoints.",
        )
    elif found.learned_points < enough:
        yield Finding(
            Severity.WARNING,
            f"{found.learned_points} faces with five points are few.",
            "Add a set with points, or start from the detector in use: "
            "--from deployed.",
        )


def _background(census: Census) -> Iterator[Finding]:
    found = census.training
    if found.pictures and found.incomplete == found.pictures:
        yield Finding(
            Severity.ERROR,
            "Of no picture it is known that all its faces are labelled, so nothing in "
            "them can be taken for background.",
            "Add pictures with every face boxed, or pictures without any face: "
            "--negatives FOLDER.",
        )


def _held_out(census: Census, config: RetrainingConfig) -> Iterator[Finding]:
    faces = census.held_out.faces
    if census.training.faces and faces < FEW_HELD_OUT:
        points = 200 * (0.1 * 0.9 / max(faces, 1)) ** 0.5
        yield Finding(
            Severity.WARNING,
            f"There are {faces} faces to measure on: a recall of 90 % will be known "
            f"to ±{min(points, 90):.0f} points only.",
            f"Hold out more pictures than {config.index.held_out:.0%}: "
            "index.held_out. Sets that divide themselves do as they say.",
        )


def _shapes(each: AnnotatedSet, table: FaceTable) -> Iterator[Finding]:
    width, height = table.sides.T
    aspect = width / np.maximum(height, 1e-9)
    odd = (aspect < USUAL_ASPECT[0]) | (aspect > USUAL_ASPECT[1])
    if len(table) and odd.mean() > ODD_BOXES:
        yield Finding(
            Severity.ERROR if odd.mean() > MOST else Severity.WARNING,
            f"{odd.mean():.0%} of the boxes of {each.root} are not shaped like faces: "
            f"the first, {_where(each, table, odd)}, has "
            f"{width[odd][0]:g}×{height[odd][0]:g} pixels.",
            "See the sheet of boxes. If they miss the faces, check that the list is "
            f"in the form of {each.layout}: corners, or corner and size.",
        )


def _points(each: AnnotatedSet, table: FaceTable) -> Iterator[Finding]:
    table = table.keep(table.pointed)
    if not len(table):
        return
    eyes, mouth = table.landmarks[:, :2], table.landmarks[:, 3:]
    swapped = (eyes[:, 0, 0] > eyes[:, 1, 0]) | (mouth[:, 0, 0] > mouth[:, 1, 0])
    upside_down = eyes[..., 1].mean(axis=1) > mouth[..., 1].mean(axis=1)
    cure = (
        "See the sheet of faces. The points are meant as seen in the picture: left "
        "eye, right eye, nose, left and right mouth corner; x before y."
    )
    for wrong, what in (
        (swapped, "left and right changed"),
        (upside_down, "eyes below"),
    ):
        if wrong.mean() > MOST:
            yield Finding(
                Severity.ERROR,
                f"The points of {wrong.mean():.0%} of the faces of {each.root} have "
                f"{what}: the first is {_where(each, table, wrong)}.",
                cure,
            )
    places = (table.landmarks - table.boxes[:, None, :2]) / table.sides[:, None]
    if len(table) > 1 and places.std(axis=0).max() < LEAST_SPREAD:
        yield Finding(
            Severity.WARNING,
            f"The points of {each.root} lie at the same places of every box: they look "
            "computed, not labelled.",
            "A net learns nothing from such points: use another set for landmarks.",
        )


def _twice(each: AnnotatedSet, table: FaceTable) -> Iterator[Finding]:
    starts = np.searchsorted(table.pictures, np.arange(len(each.annotations) + 1))
    twice = []
    for picture in np.flatnonzero(np.diff(starts) > 1).tolist():
        boxes = table.boxes[starts[picture] : starts[picture + 1]]
        if np.triu(iou(boxes, boxes) > SAME_FACE, 1).any():
            twice.append(picture)
    if twice:
        yield Finding(
            Severity.NOTE,
            f"{len(twice)} pictures of {each.root} have a face labelled twice: the "
            f"first is {each.annotations[twice[0]].where}.",
            "It does little harm; remove one of the boxes if there are many.",
        )


def _where(each: AnnotatedSet, table: FaceTable, wrong: NDArray[np.bool_]) -> str:
    """Return file and line of the picture of the first face concerned."""
    first = table.pictures[np.flatnonzero(wrong)[0]]
    annotation = each.annotations[first]
    return annotation.where or str(annotation.path)
