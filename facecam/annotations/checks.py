"""From labels as written to annotations that can be used, and a list of what cannot.

A picture or face that cannot be used is left out and becomes a Fault; the rest goes on.
Only what makes the whole set doubtful is an error: no picture is there at all, or the
boxes are written in another form than this layout has (see `mixups`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from facecam.annotations.annotation import AnnotatedSet, Annotation, Fault
from facecam.annotations.labels import LabelledFace, LabelledPicture
from facecam.errors import DatasetError, ImageError
from facecam.faces import Floats
from facecam.media import read_size

LEAST_INSIDE = 0.5
"""Share of a box that must lie within its picture; faces are cut by its edges."""
BESIDE = 0.5
"""Points may lie this share of the box's sides beside it; boxes are drawn tightly."""


def annotated_set(
    root: Path, layout: str, labelled: Iterable[LabelledPicture]
) -> AnnotatedSet:
    """Check every picture and face, keep what can be used.

    Raises:
        DatasetError: no picture can be used.
    """
    pictures = _merged(labelled)
    faults: list[Fault] = []
    annotations = []
    for picture in pictures:
        size = _size(picture, faults)
        if size is not None:
            annotations.append(_annotation(picture, size, faults))
    if not annotations:
        raise DatasetError(_none_usable(root, layout, pictures, faults))
    return AnnotatedSet(root, layout, tuple(annotations), tuple(faults))


def _merged(labelled: Iterable[LabelledPicture]) -> list[LabelledPicture]:
    """Join what is said of one picture in several places: lists name a face a line."""
    pictures: dict[Path, LabelledPicture] = {}
    for picture in labelled:
        first = pictures.get(picture.path)
        if first is not None:
            picture = LabelledPicture(
                first.path,
                first.where,
                first.faces + picture.faces,
                first.complete and picture.complete,
                first.split,
            )
        pictures[picture.path] = picture
    return list(pictures.values())


def _size(picture: LabelledPicture, faults: list[Fault]) -> tuple[int, int] | None:
    """Return width and height of a picture; None, and a fault, if it is not there."""
    if not picture.path.is_file():
        reason = (
            f"The picture {picture.path} is missing. Copy it there or remove it here."
        )
        faults.append(Fault(picture.where, reason, picture.path))
        return None
    try:
        return read_size(picture.path)
    except ImageError as error:
        faults.append(Fault(picture.where, str(error), picture.path))
        return None


def _none_usable(
    root: Path,
    layout: str,
    pictures: Sequence[LabelledPicture],
    faults: Sequence[Fault],
) -> str:
    if not pictures:
        return f"{root} ({layout}) lists no pictures. Unpack or download it again."
    return (
        f"None of the {len(pictures)} pictures listed in {root} ({layout}) can be "
        f"used. The first, {faults[0].where}: {faults[0].reason}"
    )


def _annotation(
    picture: LabelledPicture, size: tuple[int, int], faults: list[Fault]
) -> Annotation:
    kept = []
    for face in picture.faces:
        reason = _unusable(face, size)
        if reason is None:
            kept.append(face)
        else:
            faults.append(Fault(face.where, reason, picture.path))
    landmarks = [_landmarks(face, picture.path, faults) for face in kept]
    names = kept[0].attributes if kept else ()
    return Annotation(
        path=picture.path,
        boxes=np.array([face.box for face in kept], np.float32).reshape(-1, 4),
        ignored=np.array([face.ignored for face in kept], np.bool_),
        landmarks=np.array(landmarks, np.float32).reshape(-1, 5, 2),
        attributes={
            name: np.array([face.attributes[name] for face in kept], np.int8)
            for name in names
        },
        complete=picture.complete,
        split=picture.split,
        where=picture.where,
    )


def _unusable(face: LabelledFace, size: tuple[int, int]) -> str | None:
    """Say why a box cannot be used; None if it can."""
    x1, y1, x2, y2 = face.box
    w, h = x2 - x1, y2 - y1
    if w <= 0 or h <= 0:
        return f"The box is {w:g}×{h:g} pixels. Correct or remove it."
    inside_w = min(x2, size[0]) - max(x1, 0)
    inside_h = min(y2, size[1]) - max(y1, 0)
    if max(inside_w, 0) * max(inside_h, 0) < LEAST_INSIDE * w * h:
        return (
            f"The box from ({x1:g}, {y1:g}) to ({x2:g}, {y2:g}) lies outside the "
            f"picture, which is {size[0]}×{size[1]} pixels. Correct or remove it."
        )
    return None


def _landmarks(face: LabelledFace, path: Path, faults: list[Fault]) -> Floats:
    """Return the points of a face, (5, 2); NaN where there are none or wrong ones."""
    unknown = np.full((5, 2), np.nan, np.float32)
    if face.points is None:
        return unknown
    points = np.array(face.points, np.float32)
    corners = np.array(face.box, np.float32).reshape(2, 2)
    margin = BESIDE * (corners[1] - corners[0])
    if ((points < corners[0] - margin) | (points > corners[1] + margin)).any():
        reason = (
            "A point lies far outside the box of its face: the box is used, the points "
            "are not. Correct or remove them."
        )
        faults.append(Fault(face.where, reason, path))
        return unknown
    return points
