"""Who is on which picture: LFW's pairs, and one folder of pictures per person.

Readers return paths and ground truth; no picture is opened here. What does not fit
the layout is a DatasetError that names file and line. Sets of boxed faces are read by
`facecam.annotations.reading`.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from facecam.errors import DatasetError
from facecam.media import find_images

PAIRS = "pairs.txt"
PEOPLE = "identify_people.txt"

SAME_FIELDS, DIFFERENT_FIELDS = 3, 4
"""Columns of pairs.txt: name, number, number; or name, number, name, number."""


class _Absent(DatasetError):
    """A picture of the list is not there."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, and whether they show the same person."""

    first: Path
    second: Path
    same: bool
    fold: int


def read_pairs(directory: Path, listed: Path | None = None) -> list[Pair]:
    """Read LFW's pairs.txt: a header "folds pairs", then the lines of each fold.

    Pictures lie in DIR/lfw…/<name>/<name>_0001.jpg or DIR/<name>/….

    Args:
        directory: of the data set.
        listed: the list, if it is not the directory's pairs.txt.

    Raises:
        DatasetError: the list or a picture is absent, or the list has another layout.
    """
    pictures = people_root(directory)
    return [_pair(*line, pictures) for line in _listed(directory, listed)]


def read_pairs_there(
    directory: Path, listed: Path | None = None
) -> tuple[list[Pair], int]:
    """Read the pairs whose pictures are both there, and count the others.

    For folders of faces, which lack the pictures without one.

    Raises:
        DatasetError: as `read_pairs`; no picture of the list is there.
    """
    pictures = people_root(directory)
    lines = _listed(directory, listed)
    pairs = []
    for line in lines:
        with contextlib.suppress(_Absent):
            pairs.append(_pair(*line, pictures))
    if not pairs:
        raise DatasetError(
            f"No pair of the list is in {pictures}. Expected NAME/NAME_0001.png: "
            "one face of each picture of LFW."
        )
    return pairs, len(lines) - len(pairs)


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


def _listed(directory: Path, listed: Path | None) -> list[tuple[str, int, str]]:
    """Return the lines of a list of pairs, the fold of each, and where it stands."""
    path = listed or directory / PAIRS
    lines = _lines(path, "Download it from the site of LFW, or say where it is.")
    header = lines[0].split()
    if not all(field.isdigit() for field in header) or len(header) not in (1, 2):
        raise DatasetError(f"{path} must begin with the number of folds and of pairs.")
    folds, count = (1, int(header[0])) if len(header) == 1 else map(int, header)
    if len(lines) - 1 != folds * count * 2:
        raise DatasetError(
            f"{path} announces {folds} × 2 × {count} pairs but holds {len(lines) - 1}. "
            "Download it again."
        )
    return [
        (line, n // (2 * count), f"{path}, line {n + 2}")
        for n, line in enumerate(lines[1:])
    ]


def _pair(line: str, fold: int, where: str, pictures: Path) -> Pair:
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
    raise _Absent(f"{where}: the picture {path} is missing. Unpack LFW again.")


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
