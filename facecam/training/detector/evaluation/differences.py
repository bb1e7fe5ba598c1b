"""Where two detectors differ, picture by picture: records, for whoever shows them.

    differences.json   the pictures with all their boxes; what differs in which of them

The pictures themselves stay where they are: they belong to somebody's data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from facecam import files
from facecam.errors import TrainingError

FILE = "differences.json"
MOST = 200
"""At most so many of a kind are kept; what weighs most comes first."""

Corners: TypeAlias = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""


class Kind(StrEnum):
    """What only one of the two does."""

    FOUND = "found"
    """A face only the new one finds."""
    LOST = "lost"
    """A face only the deployed one finds."""
    RAISED = "raised"
    """A false alarm only the new one gives."""
    CURED = "cured"
    """A false alarm only the deployed one gives."""


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A picture, what is labelled in it, and what the two detectors show."""

    path: str
    labelled: tuple[Corners, ...]
    new: tuple[Corners, ...]
    deployed: tuple[Corners, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One box that only one of the two is right about."""

    kind: Kind
    picture: int
    """Position among the pictures kept."""
    box: Corners
    score: float | None = None
    """Of a false alarm."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs, by kind, and how much there is of each."""

    pictures: tuple[SeenPicture, ...]
    differences: tuple[Difference, ...]
    totals: Mapping[Kind, int]
    """How many there are; `differences` holds at most `MOST` of a kind."""

    def of(self, kind: Kind) -> tuple[Difference, ...]:
        """Return those of a kind."""
        return tuple(one for one in self.differences if one.kind is kind)


def write(differences: Differences, path: Path) -> None:
    """Write what differs as JSON."""
    files.write(path, json.dumps(asdict(differences)).encode())


def read(path: Path) -> Differences:
    """Read it back.

    Raises:
        TrainingError: the file is missing, damaged or something else.
    """
    try:
        return _from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"Cannot read the pictures that differ in {path}: {error}. Delete that "
            "folder and run the same command again."
        ) from error


def _from_json(data: dict[str, Any]) -> Differences:
    pictures = tuple(
        SeenPicture(
            str(one["path"]),
            *(_boxes(one[key]) for key in ("labelled", "new", "deployed")),
        )
        for one in data["pictures"]
    )
    differences = tuple(
        Difference(
            Kind(one["kind"]), one["picture"], _corners(one["box"]), one["score"]
        )
        for one in data["differences"]
    )
    if not all(0 <= one.picture < len(pictures) for one in differences):
        raise ValueError("a picture is not listed")
    totals = {kind: int(data["totals"][kind]) for kind in Kind}
    return Differences(pictures, differences, totals)


def _boxes(rows: list[list[float]]) -> tuple[Corners, ...]:
    return tuple(map(_corners, rows))


def _corners(row: list[float]) -> Corners:
    x1, y1, x2, y2 = map(float, row)
    return x1, y1, x2, y2
