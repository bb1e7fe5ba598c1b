"""WIDER FACE as downloaded: wider_face_split.zip beside WIDER_train and WIDER_val.

    wider_face_split/wider_face_train_bbx_gt.txt
    WIDER_train/images/0--Parade/0_Parade_marchingband_1_849.jpg

A list holds, for each picture, its name, the number of faces, and a line per face:
x y width height blur expression illumination invalid occlusion pose. A picture without
faces has a line of zeros all the same. Invalid faces are to be ignored: whoever
labelled them could not tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from facecam.annotations.annotation import ATTRIBUTES, AnnotatedSet, Fault
from facecam.annotations.checks import annotated_set
from facecam.annotations.forms import Form
from facecam.annotations.labels import LabelledFace, LabelledPicture
from facecam.annotations.text import Line, numbers, read_lines
from facecam.errors import DatasetError

NAME = "WIDER FACE"
LOOKED_FOR = "wider_face_split/wider_face_*_bbx_gt.txt"
FOLDER = "wider_face_split"

FIELDS = (
    "x", "y", "width", "height",
    "blur", "expression", "illumination", "invalid", "occlusion", "pose",
)  # fmt: skip
HIGHEST = 9
"""Levels of attributes have one digit; a larger number stands in a wrong column."""


def find(root: Path) -> list[Path]:
    """Return the lists below a folder."""
    return sorted((root / FOLDER).glob("wider_face_*_bbx_gt.txt"))


def read(root: Path, lists: Sequence[Path]) -> AnnotatedSet:
    """Read the lists of the splits.

    A split whose pictures were not unpacked is one fault, not thousands.

    Raises:
        DatasetError: a list does not have this form, or there are no pictures.
    """
    labelled: list[LabelledPicture] = []
    absent: list[Fault] = []
    for path in lists:
        pictures = root / f"WIDER_{_split(path)}" / "images"
        if pictures.is_dir():
            labelled += _read_list(path, pictures)
        else:
            reason = (
                f"There is no folder {pictures}: this split is not used. Unpack "
                f"WIDER_{_split(path)}.zip into {root} to use it."
            )
            absent.append(Fault(str(path), reason))
    if not labelled:
        raise DatasetError(f"{absent[0].where}: {absent[0].reason}")
    return annotated_set(root, NAME, labelled, Form.SIZES, absent)


def _split(path: Path) -> str:
    return path.name.removeprefix("wider_face_").removesuffix("_bbx_gt.txt")


def _read_list(path: Path, pictures: Path) -> Iterator[LabelledPicture]:
    lines = read_lines(path)
    n = 0
    while n < len(lines):
        count = _count(lines, n)
        first = n + 2
        n = first + count
        if n > len(lines):
            raise DatasetError(
                f"{lines[first - 1].where}: {count} faces are announced but "
                f"{len(lines) - first} lines follow. Download the list again."
            )
        yield LabelledPicture(
            pictures / lines[first - 2].text,
            lines[first - 2].where,
            tuple(_face(line) for line in lines[first:n]),
            split=_split(path),
        )
        # A picture without faces has one line of zeros in the published files.
        n += count == 0 and n < len(lines) and _is_zeros(lines[n].text)


def _count(lines: Sequence[Line], n: int) -> int:
    """Return the number of faces, which stands in the line after the picture's."""
    if n + 1 == len(lines):
        raise DatasetError(
            f"{lines[n].where}: the list ends after the name of a picture, without "
            "the number of its faces. Download it again."
        )
    if not lines[n + 1].text.isdecimal():
        raise DatasetError(
            f"{lines[n + 1].where}: expected the number of faces of {lines[n].text}, "
            f"found {lines[n + 1].text!r}. Correct it or download the list again."
        )
    return int(lines[n + 1].text)


def _is_zeros(line: str) -> bool:
    return set(line.split()) == {"0"}


def _face(line: Line) -> LabelledFace:
    values = numbers(line.text.split(), len(FIELDS), line.where, " ".join(FIELDS))
    said = dict(zip(FIELDS, values, strict=True))
    for name in ATTRIBUTES:
        if abs(said[name]) > HIGHEST:
            raise DatasetError(
                f"{line.where}: {said[name]:g} is no level of {name}. Correct the "
                "line or download the list again."
            )
    return LabelledFace(
        line.where,
        (said["x"], said["y"], said["width"], said["height"]),
        ignored=said["invalid"] == 1,
        attributes={name: int(said[name]) for name in ATTRIBUTES},
    )
