"""A first look at folders of faces: whether people have names there, how many they are.

Nothing is decoded but the size of a few pictures, and nothing is judged: that is the
business of `expecting`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from facecam.aligning import alignment
from facecam.errors import DatasetError, ImageError
from facecam.media import find_images, read_size
from facecam.training.datasets import read_people
from facecam.training.embedder.index import LEAST_PEOPLE

PEOPLE, CROPS = "folders of people", "faces without names"
"""What a folder is recognised as."""
SIZED = 24
"""Pictures whose size is read."""
MANY_PEOPLE = 1000
"""People from whom an embedder can be learned without a teacher: a tenth of those of
CASIA-WebFace, from which such nets were first taught (Yi et al. 2014)."""
MANY_PICTURES = 2000
"""Pictures below which nothing but a trial is worth its time."""


@dataclass(frozen=True)
class SeenFaces:
    """What one folder holds."""

    folder: Path
    layout: str = ""
    """`PEOPLE` or `CROPS`; "" if it cannot be read."""
    pictures: int = 0
    people: int = 0
    """Folders of which each is a person with two pictures or more; 0 without names."""
    side: int = 0
    """Shorter side of a usual picture, pixels."""
    square: bool = True
    """Whether the pictures are squares, as faces cut out are."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Numbers that belong to how these faces were cut, by name."""
    error: str = ""
    """Why the folder cannot be read and what to do, or ""."""


@dataclass(frozen=True)
class Suggestion:
    """How to learn from what was found."""

    loss: str
    preset: str
    why: str


def look(
    folders: Sequence[Path], report: Callable[[Path, int], None] = lambda *_: None
) -> list[SeenFaces]:
    """Look at folders; what is wrong with one is said beside the others.

    Args:
        folders: of people, or of faces without names.
        report: told which folder is looked at, and its place, from 0.
    """
    seen = []
    for number, folder in enumerate(folders):
        report(folder, number)
        try:
            seen.append(_seen(folder))
        except (DatasetError, ImageError, OSError) as error:
            seen.append(SeenFaces(folder, error=str(error)))
    return seen


def suggest(sets: Sequence[SeenFaces]) -> Suggestion:
    """Return what is likely to work with what was found."""
    people = sum(one.people for one in sets)
    pictures = sum(one.pictures for one in sets)
    preset = "full" if pictures >= MANY_PICTURES else "trial"
    if people >= MANY_PEOPLE:
        why = f"{people:,} people are enough to learn from their names alone."
        return Suggestion("softmax+center", preset, why)
    names = f"{people:,} people are too few to learn from their names alone"
    why = (
        f"{names}; an embedder that knows"
        if people
        else "Without names, one that knows"
    )
    return Suggestion("distil", preset, f"{why} faces already has to teach.")


def _seen(folder: Path) -> SeenFaces:
    """Look at one folder.

    Raises:
        DatasetError: there is no picture, or its note is damaged.
        ImageError: there is no such folder.
    """
    found = find_images(folder)
    if not found:
        raise DatasetError(f"There is no picture in {folder}. Choose another folder.")
    people = _people(folder)
    some = found[:: max(len(found) // SIZED, 1)][:SIZED]
    sizes = [read_size(path) for path in some]
    squares = sum(width == height for width, height in sizes)
    noted = alignment.recognised(folder)
    grown = noted.margin if noted is not None else None
    return SeenFaces(
        folder,
        PEOPLE if people else CROPS,
        len(found),
        people,
        int(median(min(size) for size in sizes)),
        squares * 2 > len(sizes),
        {"people.grown": grown} if grown else {},
    )


def _people(folder: Path) -> int:
    """Return how many people have two pictures or more; 0 where nobody has a name."""
    try:
        known = read_people(folder)
    except DatasetError:
        return 0
    count = sum(len(pictures) > 1 for pictures in known.values())
    return count if count >= LEAST_PEOPLE else 0
