r"""Faces with points: the lists of CNN_FacePoint (Sun et al. 2013).

    trainImageList.txt, testImageList.txt, one face a line:
    lfw_5590\Abbas_Kiarostami_0001.jpg x1 x2 y1 y2, then x y of five points

Mind the order of the box: left, right, top, bottom. One face of each picture is listed;
there may be others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facecam.annotations.annotation import AnnotatedSet
from facecam.annotations.checks import annotated_set
from facecam.annotations.forms import Form
from facecam.annotations.labels import LabelledFace, LabelledPicture
from facecam.annotations.text import Line, numbers, read_lines

NAME = "CNN_FacePoint"
LOOKED_FOR = "trainImageList.txt"
SPLITS = {"trainImageList.txt": "train", "testImageList.txt": "test"}

FIELDS = 14
"""Four of the box, two of each of five points."""


def find(root: Path) -> list[Path]:
    """Return the lists in a folder."""
    return [root / name for name in SPLITS if (root / name).is_file()]


def read(root: Path, lists: Sequence[Path]) -> AnnotatedSet:
    """Read the lists. One list alone divides nothing: its pictures have no split.

    Raises:
        DatasetError: a list does not have this form, or there are no pictures.
    """
    divided = len(lists) > 1
    labelled = [
        _picture(root, line, SPLITS.get(path.name, "") if divided else "")
        for path in lists
        for line in read_lines(path)
    ]
    return annotated_set(root, NAME, labelled, Form.EDGES)


def _picture(root: Path, line: Line, split: str) -> LabelledPicture:
    name, *fields = line.text.rsplit(maxsplit=FIELDS)
    values = numbers(
        fields, FIELDS, line.where, "x1 x2 y1 y2 of the box, x y of five points"
    )
    left, right, top, bottom, *rest = values
    points = tuple(zip(rest[::2], rest[1::2], strict=True))
    face = LabelledFace(line.where, (left, right, top, bottom), points=points)
    path = root / name.replace("\\", "/")
    return LabelledPicture(path, line.where, (face,), complete=False, split=split)
