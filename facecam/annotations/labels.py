"""What readers hand over: the faces of a picture in the numbers of its file.

Nothing is judged or converted here; `checks.annotated_set` does that, once for all
layouts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Numbers: TypeAlias = tuple[float, float, float, float]
Points: TypeAlias = tuple[tuple[float, float], ...]
"""Five, in the order of `facecam.faces`, pixels."""
Size: TypeAlias = tuple[int, int]
"""Width and height, pixels."""


@dataclass(frozen=True, slots=True)
class LabelledFace:
    """One face as a file says it."""

    where: str
    """File and line."""
    box: Numbers
    """Pixels, in the form of its layout (see `forms`)."""
    ignored: bool = False
    points: Points | None = None
    attributes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One picture and its faces as a file says them."""

    path: Path
    where: str
    """File and line."""
    faces: tuple[LabelledFace, ...] = ()
    complete: bool = True
    split: str = ""
    size: Size | None = None
    """The size the file says it has; None where it says nothing."""
