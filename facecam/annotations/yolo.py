"""YOLO: a text file for each picture, in shares of the picture's sides.

    images/train/a.jpg and labels/train/a.txt, or side by side
    data.yaml, classes.txt or obj.names    names of the classes; also one folder up

    0 0.512 0.430 0.120 0.200              class, centre x y, width, height
    0 0.512 0.430 0.120 0.200 0.49 0.41 …  … and x y, or x y v, of five points

A picture whose text file is empty shows no face. One without a text file may not have
been looked at: it is left out. Without names of classes, class 0 is the face.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from facecam.annotations import names
from facecam.annotations.annotation import AnnotatedSet, Fault
from facecam.annotations.checks import annotated_set
from facecam.annotations.forms import Form
from facecam.annotations.labels import LabelledFace, LabelledPicture, Points, Size
from facecam.annotations.text import Line, numbers, read_lines_if_any
from facecam.errors import DatasetError, ImageError
from facecam.media import SUFFIXES, find_images, read_header

NAME = "YOLO"
LOOKED_FOR = "labels/*.txt or a .txt beside each picture"

LABELS, IMAGES = "labels", "images"
LISTS = ("classes.txt", "obj.names")
FACE = "face"
BOX = "class, x y of the centre, width, height"
BOX_NUMBERS = 4
SEEN = 3
"""Numbers of a point with the one that says whether it can be seen."""
POINTS = {14: 2, 19: SEEN}
"""Numbers after the class, and numbers of each of five points among them."""
MOST = 1.5
"""A share above this is no share but pixels."""
QUOTES, BRACKETS = " \t'\"", " \t[]{}-"
"""What stands around names, and around items of lists, in YAML."""


@dataclass(frozen=True, slots=True)
class _Classes:
    """What the classes of a set are called, and which of them are faces."""

    names: Mapping[int, str]
    faces: set[str]

    def name(self, number: int) -> str:
        """Return the name of a class; without any names, class 0 is the face."""
        nameless = FACE if number == 0 and not self.names else ""
        return self.names.get(number, nameless)


def find(root: Path) -> list[Path]:
    """Return the text files of a folder that go with pictures."""
    if (root / LABELS).is_dir():
        files = (root / LABELS).rglob("*.txt")
        return sorted(path for path in files if path.name not in LISTS)
    texts = sorted(root.glob("*.txt"))
    beside = {path.stem for path in _pictures_in(root)} if texts else set()
    return [path for path in texts if path.stem in beside]


def read(root: Path, files: Sequence[Path]) -> AnnotatedSet:
    """Read the text files.

    Raises:
        DatasetError: a line does not have this form, the faces cannot be told, or
            there are no pictures.
    """
    classes = _classes(root)
    pictures = _pictures(root)
    labelled = []
    for path in files:
        key = _key(path, root)
        picture = pictures.pop(key, root / IMAGES / f"{key}.jpg")
        split = names.split_of_folders(path, root)
        labelled.append(_picture(path, picture, classes, split))
    return annotated_set(root, NAME, labelled, Form.CENTRES, _unlabelled(pictures))


def _key(path: Path, root: Path) -> str:
    """Return what a picture and its text have in common: "train/a"."""
    inside = [root / name for name in (LABELS, IMAGES)]
    folder = next((one for one in inside if path.is_relative_to(one)), root)
    return path.relative_to(folder).with_suffix("").as_posix()


def _pictures(root: Path) -> dict[str, Path]:
    """Return the pictures of a set by their keys."""
    if (root / IMAGES).is_dir():
        found = find_images(root / IMAGES)
    elif (root / LABELS).is_dir():
        found = find_images(root)
    else:
        found = _pictures_in(root)
    return {_key(path, root): path for path in found}


def _pictures_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder itself."""
    return sorted(
        path for path in folder.glob("*.*") if path.suffix.lower() in SUFFIXES
    )


def _unlabelled(pictures: Mapping[str, Path]) -> list[Fault]:
    """Return one fault for all pictures without a text file."""
    if not pictures:
        return []
    first = next(iter(pictures.values()))
    reason = (
        f"{len(pictures)} pictures such as this have no text file and are not used. If "
        "they show no face, put an empty text file in its place."
    )
    return [Fault(str(first), reason, first)]


def _picture(
    path: Path, picture: Path, classes: _Classes, split: str
) -> LabelledPicture:
    size = _size(picture)
    lines = read_lines_if_any(path) if size else []
    faces = [_face(line, size, classes) for line in lines] if size else []
    return LabelledPicture(
        picture, str(path), tuple(face for face in faces if face), split=split
    )


def _size(picture: Path) -> Size | None:
    """Return the size of a picture; None where there is none, a fault of its own."""
    try:
        header = read_header(picture)
    except ImageError:
        return None
    return header.width, header.height


def _face(line: Line, size: Size, classes: _Classes) -> LabelledFace | None:
    """Return the face of a line, or None if it is something else."""
    number, *fields = line.text.split()
    if len(fields) not in (BOX_NUMBERS, *POINTS):
        raise DatasetError(
            f"{line.where}: expected {BOX_NUMBERS + 1} numbers ({BOX}), or "
            f"{' or '.join(str(n + 1) for n in POINTS)} with five points, found "
            f"{len(fields) + 1}. Export the set as boxes."
        )
    shares = numbers(fields, len(fields), line.where, BOX)
    if not number.isdecimal():
        raise DatasetError(
            f"{line.where}: {number!r} is no number of a class. Export the set again."
        )
    if max(shares[:BOX_NUMBERS]) > MOST:
        raise DatasetError(
            f"{line.where}: {max(shares[:BOX_NUMBERS]):g} is no share of the picture. "
            "These look like pixels: divide x and width by the picture's width, y and "
            "height by its height, in all files."
        )
    name = classes.name(int(number))
    if name not in classes.faces:
        return None
    width, height = size
    x, y, w, h = shares[:BOX_NUMBERS]
    return LabelledFace(
        line.where,
        (x * width, y * height, w * width, h * height),
        points=_points(shares[BOX_NUMBERS:], size),
        attributes=names.occlusion(name, classes.faces),
    )


def _points(shares: Sequence[float], size: Size) -> Points | None:
    """Return five points in pixels; None where one of them is not labelled."""
    step = POINTS.get(BOX_NUMBERS + len(shares))
    if step is None:
        return None
    xs, ys, seen = shares[::step], shares[1::step], shares[2::step]
    if min(*xs, *ys) < 0 or (step == SEEN and min(seen) <= 0):
        return None
    return tuple((x * size[0], y * size[1]) for x, y in zip(xs, ys, strict=True))


def _classes(root: Path) -> _Classes:
    """Read the names of the classes, where some file lists them."""
    files = (
        path
        for folder in (root, root / LABELS, root.parent)
        for path in (*(folder / name for name in LISTS), *sorted(folder.glob("*.y*ml")))
        if path.is_file()
    )
    called: dict[int, str] = next(filter(None, map(_names, files)), {})
    faces = names.faces_among(set(called.values()), str(root)) if called else {FACE}
    return _Classes(called, faces)


def _names(path: Path) -> dict[int, str]:
    """Return the names in a list, or under "names:" of a YAML file; {} if it has none.

    YAML is read as far as exporting programs use it: [a, b], or a line for each name.
    """
    lines = read_lines_if_any(path)
    if path.name in LISTS:
        return {n: line.text for n, line in enumerate(lines)}
    found: dict[int, str] = {}
    for entry in _entries([line.text for line in lines]):
        number, _, name = entry.rpartition(":")
        key = number.strip(QUOTES)
        found[int(key) if key.isdecimal() else len(found)] = name.strip(QUOTES)
    return found


def _entries(lines: Sequence[str]) -> list[str]:
    """Return what stands between "names:" and the next key, item by item."""
    first = next((n for n, line in enumerate(lines) if line.startswith("names:")), None)
    if first is None:
        return []
    block = [lines[first].removeprefix("names:")]
    for line in lines[first + 1 :]:
        if re.match(r"[A-Za-z_]\w*\s*:", line):
            break
        block.append(line)
    items = ",".join(item.partition("#")[0] for item in block).split(",")
    return [entry for item in items if (entry := item.strip(BRACKETS))]
