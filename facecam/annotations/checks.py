"""From labels as written to annotations that can be used, and a list of what cannot.

A picture or face that cannot be used is left out and becomes a Fault; the rest goes on.
Only what makes the whole set doubtful is an error: no picture can be used at all, or
the boxes are written in another form than this layout has (see `forms`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam.annotations import forms, seen
from facecam.annotations.annotation import AnnotatedSet, Annotation, Fault
from facecam.annotations.forms import Form
from facecam.annotations.labels import LabelledFace, LabelledPicture, Size
from facecam.annotations.pictures import is_there
from facecam.errors import DatasetError, ImageError
from facecam.faces import Floats
from facecam.media import read_header

LEAST_INSIDE = 0.5
"""Share of a box that must lie within its picture; faces are cut by its edges."""
BESIDE = 0.5
"""Points may lie this share of the box's sides beside it; boxes are drawn tightly."""
ENOUGH, MOST = 20, 0.5
"""Of so many boxes, at least this share must be usable."""


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """The n faces of all pictures, one below the other."""

    faces: Sequence[LabelledFace]
    boxes: Floats  # (n, 4), in the form of the layout, later corners
    landmarks: Floats  # (n, 5, 2), NaN where unknown
    sizes: Floats  # (n, 2), of their pictures
    paths: Sequence[Path]

    def faults(self, wrong: NDArray[np.bool_], reason: str) -> list[Fault]:
        """Return a fault for each face chosen by a mask (n,).

        `reason` may name the box {x1} … {y2}, its {w} and {h}, and the picture's
        {width} and {height}.
        """
        found = []
        for n in np.flatnonzero(wrong).tolist():
            x1, y1, x2, y2 = (f"{value:g}" for value in self.boxes[n].tolist())
            w, h = (f"{v:g}" for v in (self.boxes[n, 2:] - self.boxes[n, :2]).tolist())
            width, height = self.sizes[n].astype(int).tolist()
            text = reason.format(
                x1=x1, y1=y1, x2=x2, y2=y2, w=w, h=h, width=width, height=height
            )
            found.append(Fault(self.faces[n].where, text, self.paths[n]))
        return found


def annotated_set(
    root: Path,
    layout: str,
    labelled: Iterable[LabelledPicture],
    form: Form = Form.CORNERS,
    faults: Iterable[Fault] = (),
) -> AnnotatedSet:
    """Check every picture and face, keep what can be used.

    Args:
        root: folder of the set.
        layout: its name, for messages.
        labelled: its pictures, with boxes as written.
        form: what the four numbers of a box are.
        faults: what the reader had to leave out already.

    Raises:
        DatasetError: no picture can be used, or the boxes have another form.
    """
    pictures, sizes, missing = _present(_merged(labelled))
    left_out = [*faults, *missing]
    if not pictures:
        raise DatasetError(_none_usable(root, layout, left_out))
    written = _rows(pictures, sizes)
    _require_form(written, form)
    rows = replace(written, boxes=forms.to_corners(written.boxes, form))
    usable, wrong_boxes = _usable(rows)
    _require_most(usable, wrong_boxes, root)
    rows, wrong_points = _without_wrong_points(rows, usable)
    left_out += wrong_boxes + wrong_points
    ends = np.cumsum([0, *(len(picture.faces) for picture in pictures)])
    annotations = [
        _annotation(picture, rows, np.arange(first, end)[usable[first:end]])
        for picture, (first, end) in zip(pictures, pairwise(ends.tolist()), strict=True)
    ]
    return AnnotatedSet(root, layout, tuple(annotations), tuple(left_out))


def _merged(labelled: Iterable[LabelledPicture]) -> list[LabelledPicture]:
    """Join what is said of one picture in several places: lists name a face a line."""
    pictures: dict[Path, LabelledPicture] = {}
    for picture in labelled:
        first = pictures.get(picture.path)
        if first is not None:
            picture = replace(
                first,
                faces=first.faces + picture.faces,
                complete=first.complete and picture.complete,
            )
        pictures[picture.path] = picture
    return list(pictures.values())


def _present(
    pictures: Sequence[LabelledPicture],
) -> tuple[list[LabelledPicture], list[Size], list[Fault]]:
    """Return the pictures that can be read, their sizes, and a fault for the others."""
    present, sizes, faults = [], [], []
    for picture in pictures:
        try:
            size = _size(picture)
        except ImageError as error:
            faults.append(Fault(picture.where, str(error), picture.path))
        else:
            present.append(picture)
            sizes.append(size)
    return present, sizes, faults


def _size(picture: LabelledPicture) -> Size:
    """Return the size of a picture.

    Raises:
        ImageError: it is missing or damaged, or another one than was labelled.
    """
    if not is_there(picture.path):
        raise ImageError(
            f"The picture {picture.path} is missing. Copy it there, or remove it here."
        )
    header = read_header(picture.path)
    size = header.width, header.height
    if picture.size is None or min(picture.size) < 1 or picture.size == size:
        return size
    cure = (
        "Save the picture as it is shown, without a note of its orientation."
        if picture.size == size[::-1]
        else "Put the picture there that was labelled."
    )
    raise ImageError(
        f"The boxes are those of a picture of {picture.size[0]}×{picture.size[1]} "
        f"pixels, but {picture.path} has {size[0]}×{size[1]}. {cure}"
    )


def _none_usable(root: Path, layout: str, faults: Sequence[Fault]) -> str:
    if not faults:
        return f"{root} ({layout}) lists no pictures. Unpack or download it again."
    return (
        f"No picture of {root} ({layout}) can be used. The first of {len(faults)} "
        f"faults, {faults[0].where}: {faults[0].reason}"
    )


def _rows(pictures: Sequence[LabelledPicture], sizes: Sequence[Size]) -> _Rows:
    faces = [face for picture in pictures for face in picture.faces]
    counts = [len(picture.faces) for picture in pictures]
    landmarks = np.full((len(faces), 5, 2), np.nan, np.float32)
    for n, face in enumerate(faces):
        if face.points is not None:
            landmarks[n] = face.points
    return _Rows(
        faces,
        np.array([face.box for face in faces], np.float32).reshape(-1, 4),
        landmarks,
        np.repeat(np.array(sizes, np.float32), counts, axis=0),
        [picture.path for picture in pictures for _ in picture.faces],
    )


def _require_form(rows: _Rows, form: Form) -> None:
    counted = np.array([not face.ignored for face in rows.faces], np.bool_)
    forms.require_form(
        form,
        rows.boxes[counted],
        rows.sizes[counted],
        rows.landmarks[counted],
        [face.where for face in rows.faces if not face.ignored],
    )


def _usable(rows: _Rows) -> tuple[NDArray[np.bool_], list[Fault]]:
    """Say which boxes can be used, (n,), and what is wrong with the others."""
    corner, end = rows.boxes[:, :2], rows.boxes[:, 2:]
    sides = end - corner  # (n, 2)
    empty = np.any(sides <= 0, axis=1)
    inside = np.minimum(end, rows.sizes) - np.maximum(corner, 0)
    area = np.maximum(inside, 0).prod(axis=1)
    outside = ~empty & (area < LEAST_INSIDE * sides.prod(axis=1))
    faults = rows.faults(
        empty, "The box is {w}×{h} pixels. Correct it, or remove the face."
    ) + rows.faults(
        outside,
        "The box from ({x1}, {y1}) to ({x2}, {y2}) lies outside the picture, which is "
        "{width}×{height} pixels. Correct it, or remove the face.",
    )
    return ~(empty | outside), faults


def _require_most(
    usable: NDArray[np.bool_], faults: Sequence[Fault], root: Path
) -> None:
    """Refuse a set most of whose boxes would be left out.

    Raises:
        DatasetError: pictures and boxes seem not to belong together.
    """
    if len(usable) >= ENOUGH and usable.mean() < MOST:
        raise DatasetError(
            f"{len(faults)} of the {len(usable)} boxes of {root} cannot be used. The "
            f"first, {faults[0].where}: {faults[0].reason} If the pictures were "
            "replaced or resized after labelling, use those that were labelled."
        )


def _without_wrong_points(
    rows: _Rows, usable: NDArray[np.bool_]
) -> tuple[_Rows, list[Fault]]:
    """Return rows with points as seen in the image, and without points gone astray."""
    landmarks = seen.as_seen(rows.landmarks)
    corners = rows.boxes.reshape(-1, 2, 2)
    margin = BESIDE * (corners[:, 1:] - corners[:, :1])  # (n, 1, 2)
    low, high = corners[:, :1] - margin, corners[:, 1:] + margin
    astray = usable & np.any((landmarks < low) | (landmarks > high), axis=(1, 2))
    crossed = usable & seen.crossed(landmarks) & ~astray
    faults = rows.faults(
        astray,
        "A point of the face lies far outside its box, from ({x1}, {y1}) to "
        "({x2}, {y2}). The box is used, the points are not. Correct or remove them.",
    ) + rows.faults(
        crossed,
        "The points of the face have left and right exchanged, unlike the others here. "
        "The box is used, the points are not. Exchange them.",
    )
    known = np.where((astray | crossed)[:, None, None], np.float32(np.nan), landmarks)
    return replace(rows, landmarks=known), faults


def _annotation(
    picture: LabelledPicture, rows: _Rows, kept: NDArray[np.intp]
) -> Annotation:
    faces = [rows.faces[n] for n in kept]
    names = faces[0].attributes if faces else ()
    return Annotation(
        path=picture.path,
        boxes=rows.boxes[kept],
        ignored=np.array([face.ignored for face in faces], np.bool_),
        landmarks=rows.landmarks[kept],
        attributes={
            name: np.array([face.attributes[name] for face in faces], np.int8)
            for name in names
            if all(name in face.attributes for face in faces)
        },
        complete=picture.complete,
        split=picture.split,
        where=picture.where,
    )
