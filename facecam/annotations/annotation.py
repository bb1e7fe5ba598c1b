"""Ground truth: which faces a picture shows, and where that is written.

An Annotation says what somebody labelled, in our words: boxes as corners, five points,
what is to be ignored. How the file said it is the business of its reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam.faces import Floats

ATTRIBUTES = ("blur", "expression", "illumination", "occlusion", "pose")
"""What WIDER FACE says of a face, 0 being the plain case of each."""


@dataclass(frozen=True, eq=False, slots=True)
class Annotation:
    """The m labelled faces of one picture."""

    path: Path
    boxes: Floats  # (m, 4)
    ignored: NDArray[np.bool_]  # (m,), neither a face to find nor background
    landmarks: Floats  # (m, 5, 2), NaN where unknown
    attributes: Mapping[str, NDArray[np.int8]] = field(default_factory=dict)
    """By name (see ATTRIBUTES), (m,); absent where the set says nothing of it."""
    complete: bool = True
    """Every face of the picture is labelled: what lies outside is background."""
    split: str = ""
    """"train", "val" or "test" as the set itself divides it; "" if it does not."""
    where: str = ""
    """File and line that say so, for messages."""
    background: Floats = field(default_factory=lambda: np.empty((0, 4), np.float32))
    """(k, 4), places that are known to show no face, also where others may."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something labelled that cannot be used, and was left out."""

    where: str
    """File and line."""
    reason: str
    """What is wrong and what to do."""
    path: Path | None = None
    """The picture, where it is known."""


@dataclass(frozen=True, eq=False, slots=True)
class AnnotatedSet:
    """A data set as read: what can be used, and what had to be left out."""

    root: Path
    layout: str
    """What it was recognised as, such as "WIDER FACE"."""
    annotations: tuple[Annotation, ...]
    faults: tuple[Fault, ...] = ()
