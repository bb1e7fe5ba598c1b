"""What readers hand over: the faces of one picture as its file lists them.

Nothing is judged here; `checks.annotated_set` does that. A reader collects Face after
Face into Labels, and needs to know nothing of arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Corners: TypeAlias = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""
Points: TypeAlias = tuple[tuple[float, float], ...]
"""Five, in the order of `facecam.faces`, pixels."""


@dataclass(frozen=True, slots=True)
class LabelledFace:
    """One face as a file says it."""

    where: str
    """File and line."""
    box: Corners
    ignored: bool = False
    points: Points | None = None
    attributes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One picture and its faces as a file says them."""

    path: Path
    where: str
    """File and line."""
    faces: tuple[LabelledFace, ...]
    complete: bool = True
    split: str = ""


def corners(x: float, y: float, width: float, height: float) -> Corners:
    """Return the corners of a box given by corner and size."""
    return (x, y, x + width, y + height)
