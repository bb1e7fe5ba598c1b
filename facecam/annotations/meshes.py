"""Faces with 68 points: .pts files beside their pictures, as of 300-W, Helen and AFW.

    version: 1
    n_points: 68
    {
    197.00 248.39
    …
    }

The head may be missing. Eyes are the means of points 36–41 and 42–47, the tip of the
nose is 30, the corners of the mouth are 48 and 54, all counted from 0. The box encloses
the points: from the brows to the chin, so it lies lower than boxes of whole faces. One
face of each picture is labelled; there may be others. 300-W counts pixels from 1, which
is half a pixel off and left so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import AnnotatedSet
from facecam.annotations.checks import annotated_set
from facecam.annotations.labels import LabelledFace, LabelledPicture
from facecam.annotations.pictures import Finder
from facecam.annotations.text import numbers, read_lines
from facecam.errors import DatasetError

NAME = "68 points"
LOOKED_FOR = "*.pts beside pictures"

POINTS = 68
LEFT_EYE, RIGHT_EYE = slice(36, 42), slice(42, 48)
NOSE, LEFT_MOUTH, RIGHT_MOUTH = 30, 48, 54


def find(root: Path) -> list[Path]:
    """Return the files of points in a folder."""
    return sorted(root.glob("*.pts"))


def read(root: Path, files: Sequence[Path]) -> AnnotatedSet:
    """Read the points of every picture.

    Raises:
        DatasetError: a file does not hold 68 points, or there are no pictures.
    """
    finder = Finder(root)
    return annotated_set(root, NAME, [_picture(path, finder) for path in files])


def _picture(path: Path, finder: Finder) -> LabelledPicture:
    points = _points(path)
    five = (
        points[LEFT_EYE].mean(axis=0),
        points[RIGHT_EYE].mean(axis=0),
        *points[[NOSE, LEFT_MOUTH, RIGHT_MOUTH]],
    )
    x1, y1, x2, y2 = np.hstack([points.min(axis=0), points.max(axis=0)]).tolist()
    face = LabelledFace(
        str(path), (x1, y1, x2, y2), points=tuple((x, y) for x, y in five)
    )
    picture = finder.find(path.stem, path.parent)
    return LabelledPicture(picture, str(path), (face,), complete=False)


def _points(path: Path) -> NDArray[np.float64]:
    """Return the points of a file, (68, 2)."""
    rows = [
        numbers(line.text.split(), 2, line.where, "x y")
        for line in read_lines(path)
        if line.text not in "{}" and ":" not in line.text
    ]
    if len(rows) != POINTS:
        raise DatasetError(
            f"{path} holds {len(rows)} points, not {POINTS}. Remove it: other sets of "
            "points cannot be read."
        )
    return np.array(rows)
