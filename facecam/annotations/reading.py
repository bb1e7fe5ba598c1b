"""Read a data set of faces, whatever its layout.

A layout is a module with NAME, LOOKED_FOR, `find(root)`, which returns its annotation
files in a folder, and `read(root, files)`. A new one is a module and a line in LAYOUTS.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from facecam.annotations import points, wider
from facecam.annotations.annotation import AnnotatedSet, Annotation
from facecam.annotations.checks import annotated_set
from facecam.annotations.labels import LabelledPicture
from facecam.errors import DatasetError
from facecam.media import find_images

WITHOUT_FACES = "pictures without faces"


class Layout(Protocol):
    """A form in which data sets are published."""

    NAME: str
    LOOKED_FOR: str
    """File by which it is recognised, for messages."""

    def find(self, root: Path) -> list[Path]:
        """Return the annotation files in a folder; [] if it has another layout."""

    def read(self, root: Path, files: Sequence[Path]) -> AnnotatedSet:
        """Read them."""


LAYOUTS: tuple[Layout, ...] = (wider, points)


def recognise(path: Path) -> str:
    """Return the name of the layout of a folder.

    Raises:
        DatasetError: it is none of LAYOUTS; says what was looked for and found.
    """
    return _layout(path)[0].NAME


def read(path: Path) -> AnnotatedSet:
    """Read the data set in a folder.

    Raises:
        DatasetError: its layout is unknown, or a file is not as it should be.
    """
    layout, files = _layout(path)
    return layout.read(path, files)


def read_all(paths: Sequence[Path]) -> list[AnnotatedSet]:
    """Read several data sets."""
    return [read(path) for path in paths]


def without_faces(directory: Path) -> AnnotatedSet:
    """Return the pictures of a folder as pictures without any face.

    Raises:
        DatasetError: there is no picture.
    """
    pictures = find_images(directory)
    if not pictures:
        raise DatasetError(
            f"{directory} holds no pictures. Give a folder of pictures without faces."
        )
    labelled = [LabelledPicture(path, str(path)) for path in pictures]
    return annotated_set(directory, WITHOUT_FACES, labelled)


def part(found: AnnotatedSet, split: str) -> tuple[Annotation, ...]:
    """Return the pictures of one split, or all of a set that does not divide itself.

    Args:
        found: the set.
        split: "train", "val", "test", or "all".

    Raises:
        DatasetError: the set has other splits only.
    """
    chosen = tuple(
        one for one in found.annotations if split == "all" or one.split in (split, "")
    )
    if not chosen:
        present = sorted({one.split for one in found.annotations})
        raise DatasetError(
            f"{found.root} ({found.layout}) has no pictures of the split {split}. It "
            f"has: {', '.join(present)}. Choose one of them, or all."
        )
    return chosen


def _layout(path: Path) -> tuple[Layout, list[Path]]:
    for layout in LAYOUTS:
        files = layout.find(path)
        if files:
            return layout, files
    looked_for = ", ".join(f"{layout.LOOKED_FOR} ({layout.NAME})" for layout in LAYOUTS)
    raise DatasetError(f"{path} holds none of {looked_for}.")
