"""Read a data set of faces, whatever its layout.

A layout is a module with NAME, LOOKED_FOR, `find(root)`, which returns its annotation
files in a folder, and `read(root, files)`. A new one is a module and a line in LAYOUTS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from facecam.annotations import celeba, coco, meshes, names, points, voc, wider, yolo
from facecam.annotations.annotation import AnnotatedSet, Annotation
from facecam.annotations.checks import annotated_set
from facecam.annotations.labels import LabelledPicture
from facecam.errors import DatasetError
from facecam.media import SUFFIXES, find_images

WITHOUT_FACES = "pictures without faces"
UNLABELLED = "pictures without labels"
TEXTS = frozenset(
    {
        ".csv",
        ".json",
        ".jsonl",
        ".mat",
        ".names",
        ".pts",
        ".txt",
        ".xml",
        ".yaml",
        ".yml",
    }
)
"""Files of annotations end so; archives left beside them do not count."""
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".bz2")
SHOWN = 6
"""Entries of a folder named in a message."""


class Layout(Protocol):
    """A form in which data sets are published."""

    NAME: str
    LOOKED_FOR: str
    """File by which it is recognised, for messages."""

    def find(self, root: Path) -> list[Path]:
        """Return the annotation files in a folder; [] if it has another layout."""

    def read(self, root: Path, files: Sequence[Path]) -> AnnotatedSet:
        """Read them."""


LAYOUTS: tuple[Layout, ...] = (wider, celeba, points, coco, yolo, voc, meshes)
"""In the order they are looked for: a list of boxes tells more than points do."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A set in one folder."""

    root: Path
    layout: Layout
    files: Sequence[Path]


def recognise(path: Path) -> str:
    """Return the name of the layout of a folder or file.

    Raises:
        DatasetError: it is none of LAYOUTS; says what was looked for and found.
    """
    return _found(path)[0].layout.NAME


def read(path: Path) -> AnnotatedSet:
    """Read the data set in a folder, in the folders in it, or of one file.

    Raises:
        DatasetError: its layout is unknown, or a file is not as it should be.
    """
    parts = [_read_part(found, path) for found in _found(path)]
    return AnnotatedSet(
        path,
        parts[0].layout,
        tuple(one for part in parts for one in part.annotations),
        tuple(fault for part in parts for fault in part.faults),
    )


def read_all(paths: Sequence[Path]) -> list[AnnotatedSet]:
    """Read several data sets."""
    return [read(path) for path in paths]


def without_faces(directory: Path) -> AnnotatedSet:
    """Return the pictures of a folder as pictures without any face.

    Raises:
        DatasetError: there is no picture, or they are a set of labelled faces.
    """
    _require_folder(directory)
    for found in _all_in(directory):
        part = _read_part(found, directory)
        if any(len(one.boxes) for one in part.annotations):
            raise DatasetError(
                f"{found.root} is a set of labelled faces ({found.layout.NAME}). "
                "Give it as data; its pictures without faces are used as such."
            )
    pictures = find_images(directory)
    if not pictures:
        raise DatasetError(
            f"{directory} holds no pictures. Give a folder of pictures without faces."
        )
    labelled = [LabelledPicture(path, str(path)) for path in pictures]
    return annotated_set(directory, WITHOUT_FACES, labelled)


def unlabelled(directory: Path) -> AnnotatedSet:
    """Return the pictures of a folder, whatever may be labelled in them.

    Raises:
        DatasetError: there is no picture.
    """
    _require_folder(directory)
    pictures = find_images(directory)
    if not pictures:
        raise DatasetError(f"{directory} holds no pictures. Give a folder of pictures.")
    labelled = [LabelledPicture(path, str(path)) for path in pictures]
    return annotated_set(directory, UNLABELLED, labelled)


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


def fingerprint(paths: Sequence[Path]) -> str:
    """Return 16 hex digits that change when something in these data sets does.

    They cover the content of the files of annotations, and the names and sizes of the
    pictures, which are too many to be read.

    Raises:
        DatasetError: a path does not exist.
    """
    digest = hashlib.sha256()
    for path in paths:
        root = path.parent if path.is_file() else path
        _require_folder(root)
        for file in sorted(root.rglob("*")):
            name = file.relative_to(root)
            content = "" if _is_hidden(name) else _content(file)
            if content:
                digest.update(f"{name.as_posix()}\n{content}\n".encode())
        digest.update(b"\n")
    return digest.hexdigest()[:16]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _content(file: Path) -> str:
    """Return what counts of a file; "" if nothing does."""
    suffix = file.suffix.lower()
    if suffix in SUFFIXES and file.is_file():
        return str(file.stat().st_size)
    if suffix not in TEXTS or not file.is_file():
        return ""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_part(found: _Found, path: Path) -> AnnotatedSet:
    """Read the set of one folder; if it lies in `path`, its name may be a split."""
    part = found.layout.read(found.root, found.files)
    split = names.SPLITS.get(found.root.name.lower(), "")
    if found.root == path or not split:
        return part
    divided = [
        one if one.split else replace(one, split=split) for one in part.annotations
    ]
    return replace(part, annotations=tuple(divided))


def _found(path: Path) -> list[_Found]:
    """Recognise what is in a folder, or else in the folders in it.

    Raises:
        DatasetError: nothing, or sets of several layouts.
    """
    if path.is_file():
        return [_found_file(path)]
    _require_folder(path)
    sets = _all_in(path)
    if not sets:
        raise DatasetError(_nothing_in(path))
    if len({found.layout.NAME for found in sets}) > 1:
        listed = ", ".join(f"{found.root.name} ({found.layout.NAME})" for found in sets)
        raise DatasetError(
            f"{path} holds several data sets: {listed}. Give each on its own."
        )
    return sets


def _all_in(path: Path) -> list[_Found]:
    """Recognise the set in a folder, or else those in the folders in it, if any."""
    here = _found_in(path)
    if here is not None:
        return [here]
    folders = sorted(folder for folder in path.iterdir() if folder.is_dir())
    return [found for folder in folders if (found := _found_in(folder)) is not None]


def _found_in(root: Path) -> _Found | None:
    for layout in LAYOUTS:
        files = layout.find(root)
        if files:
            return _Found(root, layout, files)
    return None


def _found_file(path: Path) -> _Found:
    """Recognise one file of annotations; its set lies in its folder or above."""
    for root in (path.parent, path.parent.parent):
        for layout in LAYOUTS:
            if path in layout.find(root):
                return _Found(root, layout, [path])
    raise DatasetError(f"{path} is no file of annotations. {_looked_for()}")


def _require_folder(path: Path) -> None:
    if not path.is_dir():
        raise DatasetError(f"There is no folder {path}. Check the name.")


def _nothing_in(path: Path) -> str:
    """Say what a folder holds instead of a data set."""
    entries = sorted(entry.name for entry in path.iterdir())
    if not entries:
        return f"The folder {path} is empty. Unpack a data set into it."
    held = ", ".join(entries[:SHOWN]) + (", …" if len(entries) > SHOWN else "")
    hint = _hint(path, entries)
    return f"{path} is no data set of faces: it holds {held}. {hint}{_looked_for()}"


def _hint(path: Path, entries: Sequence[str]) -> str:
    """Guess what somebody meant who gave this folder; "" if there is no telling."""
    if any(name.lower().endswith(ARCHIVES) for name in entries):
        return "Unpack its archives. "
    for above in path.absolute().parents[:2]:
        whole = _found_in(above)
        if whole is not None:
            return f"It is part of {above} ({whole.layout.NAME}): give that folder. "
    pictures = len(find_images(path))
    if pictures:
        return (
            f"Its {pictures} pictures have no annotations; pictures without any face "
            "are given as negatives. "
        )
    return ""


def _looked_for() -> str:
    kinds = "; ".join(f"{layout.LOOKED_FOR} ({layout.NAME})" for layout in LAYOUTS)
    return f"Looked for: {kinds}."
