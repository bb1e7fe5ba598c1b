"""Do the boxes and points of a set look like faces at all?

Labels read in the wrong form still are numbers: what gives them away is the shape of
the boxes, the order of the points, and how little they vary.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import AnnotatedSet
from facecam.training.detector.checking.census import FaceTable, tabulate
from facecam.training.detector.checking.findings import Finding, Severity
from facecam.vision.boxes import iou

MOST = 0.5
"""Share of the faces from which something is wrong with the set, not with a face."""
USUAL_ASPECT = (0.45, 1.8)
"""Width by height of nearly every face anybody boxes."""
ODD_BOXES = 0.3
"""Share of boxes of another shape above which the form of the boxes is in doubt."""
LEAST_SPREAD = 0.005
"""Standard deviation of labelled points, in sides of the box; of hand-made ones, it is
ten times that."""
SAME_FACE = 0.85
"""Overlap of two boxes of a picture that can only be one face labelled twice."""


def of_labels(each: AnnotatedSet) -> list[Finding]:
    """Judge the boxes and points of one set by what faces look like."""
    table = tabulate(each.annotations)
    table = table.keep(~table.ignored)
    return [*_shapes(each, table), *_points(each, table), *_twice(each, table)]


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
        (swapped, "left and right exchanged"),
        (upside_down, "the eyes below the mouth"),
    ):
        if wrong.mean() > MOST:
            yield Finding(
                Severity.ERROR,
                f"The points of {wrong.mean():.0%} of the faces of {each.root} have "
                f"{what}. The first is {_where(each, table, wrong)}.",
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
            f"Pictures of {each.root} with a face labelled twice: {len(twice)}. The "
            f"first is {each.annotations[twice[0]].where}.",
            "It does little harm; remove one of the boxes if there are many.",
        )


def _where(each: AnnotatedSet, table: FaceTable, wrong: NDArray[np.bool_]) -> str:
    """Return file and line of the picture of the first face concerned."""
    first = table.pictures[np.flatnonzero(wrong)[0]]
    annotation = each.annotations[first]
    return annotation.where or str(annotation.path)
