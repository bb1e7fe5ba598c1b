"""CelebA as downloaded: a box and five points of one face a picture.

    Anno/list_bbox_celeba.txt         000001.jpg 95 71 226 313          x y width height
    Anno/list_landmarks_celeba.txt    000001.jpg 165 184 244 176 …      five points
    Eval/list_eval_partition.txt      000001.jpg 0                0 train, 1 val, 2 test
    Img/img_celeba/000001.jpg         as found on the web

All of it may also lie in one folder. The aligned pictures (img_align_celeba) cannot be
used: the boxes are not theirs. One face of each picture is listed; there may be others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from facecam.annotations.annotation import AnnotatedSet
from facecam.annotations.checks import annotated_set
from facecam.annotations.forms import Form
from facecam.annotations.labels import LabelledFace, LabelledPicture, Points
from facecam.annotations.text import Line, numbers, read_lines
from facecam.errors import DatasetError

NAME = "CelebA"
LOOKED_FOR = "list_bbox_celeba.txt"

BOXES, LANDMARKS, PARTITION = (
    "list_bbox_celeba.txt",
    "list_landmarks_celeba.txt",
    "list_eval_partition.txt",
)
PICTURES = ("Img/img_celeba", "img_celeba", "images")
ALIGNED = ("Img/img_align_celeba", "img_align_celeba")
HEADER = 2
"""Lines above the table: the number of pictures, the names of the columns."""
SPLITS = ("train", "val", "test")


def find(root: Path) -> list[Path]:
    """Return the list of boxes and those that go with it."""
    lists = [
        path
        for folder, name in (("Anno", BOXES), ("Anno", LANDMARKS), ("Eval", PARTITION))
        for path in (root / folder / name, root / name)
        if path.is_file()
    ]
    return lists if any(path.name == BOXES for path in lists) else []


def read(root: Path, lists: Sequence[Path]) -> AnnotatedSet:
    """Read the boxes, with points and partition where their lists are there.

    Raises:
        DatasetError: a list does not have this form, or there are no pictures.
    """
    by_name = {path.name: path for path in lists}
    pictures = _pictures(root)
    points = dict(_points(by_name[LANDMARKS])) if LANDMARKS in by_name else {}
    splits = dict(_splits(by_name[PARTITION])) if PARTITION in by_name else {}
    labelled = []
    for line in _table(by_name[BOXES]):
        name, *fields = line.text.split()
        x, y, width, height = numbers(fields, 4, line.where, "x y width height")
        face = LabelledFace(line.where, (x, y, width, height), points=points.get(name))
        labelled.append(
            LabelledPicture(
                pictures / name, line.where, (face,), False, splits.get(name, "")
            )
        )
    return annotated_set(root, NAME, labelled, Form.SIZES)


def _pictures(root: Path) -> Path:
    for name in PICTURES:
        if (root / name).is_dir():
            return root / name
    if any((root / name).is_dir() for name in ALIGNED):
        raise DatasetError(
            f"{root} holds CelebA's aligned pictures, but boxes and points are those "
            f"of the pictures as found on the web. Unpack img_celeba.7z into {root}."
        )
    raise DatasetError(
        f"{root} holds CelebA's lists but none of {', '.join(PICTURES)}. Unpack "
        f"img_celeba.7z into {root}."
    )


def _points(path: Path) -> Iterator[tuple[str, Points]]:
    for line in _table(path):
        name, *fields = line.text.split()
        values = numbers(fields, 10, line.where, "x y of five points")
        yield name, tuple(zip(values[::2], values[1::2], strict=True))


def _splits(path: Path) -> Iterator[tuple[str, str]]:
    for line in read_lines(path):
        name, *fields = line.text.split()
        if fields not in (["0"], ["1"], ["2"]):
            raise DatasetError(
                f"{line.where}: expected a picture and 0, 1 or 2, found {line.text!r}. "
                "Download the list again."
            )
        yield name, SPLITS[int(fields[0])]


def _table(path: Path) -> list[Line]:
    """Return the lines below the header, as many as it announces."""
    lines = read_lines(path)
    announced, rows = lines[0], lines[HEADER:]
    if not announced.text.isdecimal() or int(announced.text) != len(rows):
        raise DatasetError(
            f"{announced.where}: the number of pictures, {announced.text!r}, is not "
            f"that of the lines below the names of the columns, {len(rows)}. Download "
            "the list again."
        )
    return rows
