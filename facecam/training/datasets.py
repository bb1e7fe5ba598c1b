"""Data sets in the layouts they are published in: LFW, WIDER FACE, lists of points.

Readers return paths and ground truth; no picture is opened here. What does not fit
the layout is a DatasetError that names file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam.errors import DatasetError
from facecam.faces import Floats
from facecam.media import find_images

PAIRS = "pairs.txt"
PEOPLE = "identify_people.txt"
POINTS = "trainImageList.txt"
SPLITS = ("train", "val", "all")

SAME_FIELDS, DIFFERENT_FIELDS = 3, 4
"""Columns of pairs.txt: name, number, number; or name, number, name, number."""
WIDER_FIELDS = 10
"""x, y, width, height, blur, expression, illumination, invalid, occlusion, pose."""
WIDER_INVALID = 7
POINT_FIELDS = 15
"""Path, x1, x2, y1, y2, then x and y of five points."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, and whether they show the same person."""

    first: Path
    second: Path
    same: bool
    fold: int


@dataclass(frozen=True, eq=False, slots=True)
class BoxedImage:
    """A picture and the faces in it."""

    path: Path
    boxes: Floats  # (m, 4)
    ignored: NDArray[np.bool_]  # (m,), need not be found: marked invalid
    landmarks: Floats  # (m, 5, 2), NaN where unknown


def read_pairs(directory: Path) -> list[Pair]:
    """Read LFW's pairs.txt: a header "folds pairs", then the lines of each fold.

    Pictures lie in DIR/lfw…/<name>/<name>_0001.jpg or DIR/<name>/….
    """
    path = directory / PAIRS
    lines = _lines(path, "Download it from the site of LFW.")
    header = lines[0].split()
    if not all(field.isdigit() for field in header) or len(header) not in (1, 2):
        raise DatasetError(f"{path} must begin with the number of folds and of pairs.")
    folds, count = (1, int(header[0])) if len(header) == 1 else map(int, header)
    if len(lines) - 1 != folds * count * 2:
        raise DatasetError(
            f"{path} announces {folds} × 2 × {count} pairs but holds {len(lines) - 1}. "
            "Download it again."
        )
    pictures = people_root(directory)
    return [
        _pair(line, pictures, fold=n // (2 * count), where=f"{path}, line {n + 2}")
        for n, line in enumerate(lines[1:])
    ]


def read_people(directory: Path) -> dict[str, list[Path]]:
    """Return the pictures of every person: one folder each, named like the person."""
    root = people_root(directory)
    if not root.is_dir():
        raise DatasetError(f"There is no folder {root}. Check the name.")
    people: dict[str, list[Path]] = {}
    for path in find_images(root):
        if path.parent != root:
            people.setdefault(path.parent.name, []).append(path)
    if not people:
        raise DatasetError(
            f"{root} holds no pictures. Expected one folder of pictures per person."
        )
    return people


def read_names(path: Path) -> list[str]:
    """Read the names of the people to enrol, one per line."""
    return [line.strip() for line in _lines(path, "Expected one name per line.")]


def people_root(directory: Path) -> Path:
    """Return the folder that holds one folder per person: DIR/lfw… or DIR itself."""
    inside = [path for path in sorted(directory.glob("lfw*")) if path.is_dir()]
    return inside[0] if inside else directory


def read_detection(directory: Path, split: str = "val") -> list[BoxedImage]:
    """Read WIDER FACE's layout, or a folder with a list of boxes and points.

    Args:
        directory: holds wider_face_split/ and WIDER_val/, or trainImageList.txt.
        split: of WIDER FACE: "train", "val" or "all".
    """
    if (directory / POINTS).is_file():
        return _read_points(directory)
    if not (directory / "wider_face_split").is_dir():
        raise DatasetError(
            f"{directory} holds neither wider_face_split/ nor {POINTS}. Unpack the "
            "archives of WIDER FACE into one folder and give that folder."
        )
    chosen = SPLITS[:2] if split == "all" else (split,)
    return [image for part in chosen for image in _read_wider(directory, part)]


def without_faces(directory: Path) -> list[BoxedImage]:
    """Return the pictures of a folder as pictures without any face."""
    return [
        _boxed(path, np.empty((0, 4)), np.zeros(0, np.bool_))
        for path in find_images(directory)
    ]


def _pair(line: str, pictures: Path, fold: int, where: str) -> Pair:
    fields = line.split()
    if len(fields) == SAME_FIELDS:
        fields = [fields[0], fields[1], fields[0], fields[2]]
        same = True
    else:
        same = False
    if len(fields) != DIFFERENT_FIELDS or not (fields[1] + fields[3]).isdigit():
        raise DatasetError(f"{where}: expected two pictures, found {line!r}.")
    first = _picture(pictures, fields[0], int(fields[1]), where)
    return Pair(first, _picture(pictures, fields[2], int(fields[3]), where), same, fold)


def _picture(root: Path, name: str, number: int, where: str) -> Path:
    path = root / name / f"{name}_{number:04d}.jpg"
    for candidate in (path, path.with_suffix(".png")):
        if candidate.is_file():
            return candidate
    raise DatasetError(f"{where}: the picture {path} is missing. Unpack LFW again.")


def _read_wider(directory: Path, part: str) -> Iterator[BoxedImage]:
    path = directory / "wider_face_split" / f"wider_face_{part}_bbx_gt.txt"
    pictures = directory / f"WIDER_{part}" / "images"
    lines = _lines(path, "Unpack wider_face_split.zip here.")
    n = 0
    while n < len(lines):
        count = lines[n + 1].strip() if n + 1 < len(lines) else ""
        if not count.isdigit():
            raise DatasetError(
                f"{path}, line {n + 2}: expected the number of faces, found {count!r}."
            )
        rows = lines[n + 2 : n + 2 + int(count)]
        yield _wider_image(pictures / lines[n].strip(), rows, f"{path}, line {n + 3}")
        # A picture without faces has one line of zeros in the published files.
        zeros = int(count) == 0 and lines[n + 2 : n + 3] and _is_zeros(lines[n + 2])
        n += 2 + int(count) + bool(zeros)


def _wider_image(path: Path, rows: list[str], where: str) -> BoxedImage:
    table = _numbers([row.split() for row in rows], WIDER_FIELDS, where)
    _must_exist(path, where)
    boxes = np.hstack([table[:, :2], table[:, :2] + table[:, 2:4]])
    empty = (table[:, 2:4] <= 0).any(axis=1)  # the full set has a few of them
    return _boxed(path, boxes[~empty], table[~empty, WIDER_INVALID] == 1)


def _read_points(directory: Path) -> list[BoxedImage]:
    path = directory / POINTS
    return [
        _point_image(directory, line, f"{path}, line {n}")
        for n, line in enumerate(_lines(path, ""), 1)
    ]


def _point_image(directory: Path, line: str, where: str) -> BoxedImage:
    name, *values = line.rsplit(maxsplit=POINT_FIELDS - 1)
    table = _numbers([values], POINT_FIELDS - 1, where)
    picture = directory / name.replace("\\", "/")
    _must_exist(picture, where)
    boxes = table[:, [0, 2, 1, 3]]  # the lists hold x1, x2, y1, y2
    points = table[:, 4:].reshape(-1, 5, 2).astype(np.float32)
    boxed = _boxed(picture, boxes, np.zeros(1, np.bool_))
    return BoxedImage(picture, boxed.boxes, boxed.ignored, points)


def _boxed(
    path: Path, boxes: NDArray[np.float64], ignored: NDArray[np.bool_]
) -> BoxedImage:
    landmarks = np.full((len(boxes), 5, 2), np.nan, np.float32)
    return BoxedImage(path, boxes.astype(np.float32), ignored, landmarks)


def _numbers(rows: list[list[str]], width: int, where: str) -> NDArray[np.float64]:
    """Return rows of numbers as a table, (n, width)."""
    try:
        return np.array(rows, np.float64).reshape(len(rows), width)
    except ValueError as error:
        raise DatasetError(f"{where}: expected {width} numbers per face.") from error


def _is_zeros(line: str) -> bool:
    return set(line.split()) == {"0"}


def _must_exist(path: Path, where: str) -> None:
    if not path.is_file():
        raise DatasetError(f"{where}: the picture {path} is missing.")


def _lines(path: Path, advice: str) -> list[str]:
    """Return the lines of a text file that are not blank.

    Raises:
        DatasetError: the file is absent, empty or not text.
    """
    try:
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"Cannot read {path}: {error}. {advice}".strip()) from error
    if not lines:
        raise DatasetError(f"{path} is empty. {advice}".strip())
    return lines
