"""Looking at a pool of hard examples, and pruning it.

A line that is damaged is named and stays where it is; the others can be used. A picture
goes with the last example that names it, if it was added by facecam: its name says so.
What was taken away is handed back, and can be put back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from facecam import files
from facecam.annotations.text import Line, read_lines_if_any
from facecam.errors import DatasetError
from facecam.training.detector.hard_examples import (
    LIST,
    Corners,
    HardExample,
    Kind,
    alone,
    parse,
    refuse_beside_protected,
)

Said: TypeAlias = tuple[str, Corners, Kind, object]
"""What a line says, wherever it stands: picture, box, kind, landmarks."""

OURS = re.compile(r"[0-9a-f]{16}\.[a-z]{3,4}")
"""Names of pictures that were added, and go with the last line that names them."""


@dataclass(frozen=True)
class Listing:
    """What a pool holds."""

    examples: tuple[HardExample, ...] = ()
    """In the order they were added."""
    faults: tuple[str, ...] = ()
    """Lines that cannot be read: where, what was expected and what was found."""
    damaged: tuple[int, ...] = ()
    """Their numbers in the list, from 1."""

    @property
    def pictures(self) -> int:
        """How many pictures the examples are of."""
        return len({example.picture for example in self.examples})


@dataclass(frozen=True, eq=False)
class Removed:
    """What was taken out of a pool, in memory alone: enough to put it back."""

    lines: tuple[tuple[int, str], ...] = ()
    """Numbers of lines, from 0, and their text."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Files by their name, where nothing else named them."""


def listed(folder: Path) -> Listing:
    """Return what a pool holds, as far as it can be read; nothing if there is none.

    Raises:
        DatasetError: the list as a whole cannot be read.
    """
    path = folder / LIST
    if not path.exists():
        return Listing()
    examples, faults, damaged = list[HardExample](), list[str](), list[int]()
    for line in read_lines_if_any(path):
        try:
            examples.append(parse(folder, line))
        except DatasetError as error:
            faults.append(str(error))
            damaged.append(line.number)
    return Listing(tuple(examples), tuple(faults), tuple(damaged))


def remove(folder: Path, examples: Collection[HardExample]) -> Removed:
    """Take examples out of a pool, and pictures that nothing names any more.

    One that is not there, as another program took it out, is left alone.

    Raises:
        DatasetError: the list cannot be read, or the disk refuses.
    """
    wanted = [_said(example) for example in examples]

    def goes(example: HardExample | None) -> bool:
        said = None if example is None else _said(example)
        if said not in wanted:
            return False
        wanted.remove(said)
        return True

    return _take(folder, goes)


def mend(folder: Path) -> Removed:
    """Take out the lines that cannot be read.

    Raises:
        DatasetError: the list cannot be read at all, or the disk refuses.
    """
    return _take(folder, lambda example: example is None)


def restore(folder: Path, removed: Removed) -> None:
    """Put back what was taken out: the pictures, then the lines where they were.

    Raises:
        DatasetError: the disk refuses, or the people beside it are protected by now.
    """
    refuse_beside_protected(folder)
    with alone(folder, "put back into"):
        for name, data in removed.pictures.items():
            if not (folder / name).exists():
                files.write(folder / name, data)
        lines = _lines(folder)
        for number, text in removed.lines:
            lines.insert(min(number, len(lines)), text)
        _write(folder, lines)


def bring(folder: Path, other: Path) -> tuple[HardExample, ...]:
    """Add the examples of another pool, with their pictures; those here stay.

    Args:
        folder: the pool, which is made if need be.
        other: the pool to copy from.

    Returns:
        What is new here. Examples whose picture is missing are left out.

    Raises:
        DatasetError: the other is no pool, or the disk refuses.
    """
    refuse_beside_protected(folder)
    if not (other / LIST).is_file():
        raise DatasetError(
            f"{other} holds no hard examples: there is no {LIST} in it. Choose the "
            "folder of a pool."
        )
    lines = read_lines_if_any(other / LIST)
    with alone(folder, "add to"):
        known = [_said(example) for example in listed(folder).examples]
        brought, added = _lines(folder), list[HardExample]()
        for line in lines:
            text = _copied(folder, other, line)
            example = None if text is None else _parsed(folder, text)
            if text and example and _said(example) not in known:
                known.append(_said(example))
                brought.append(text)
                added.append(example)
        _write(folder, brought)
    return tuple(added)


def _copied(folder: Path, other: Path, line: Line) -> str | None:
    """Copy the picture of a line; return the line as it reads in the pool."""
    try:
        example = parse(other, line)
        data = example.picture.read_bytes()
    except (DatasetError, OSError):
        return None
    suffix = example.picture.suffix.lower()
    name = f"{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
    if OURS.fullmatch(example.picture.name):
        name = example.picture.name
    if not (folder / name).exists():
        files.write(folder / name, data)
    return _renamed(line.text, name)


def _renamed(text: str, name: str) -> str:
    return json.dumps({**json.loads(text), "picture": name})


def _take(folder: Path, goes: Callable[[HardExample | None], bool]) -> Removed:
    """Take lines out; a line that is written is written before a picture goes."""
    if not (folder / LIST).exists():
        return Removed()
    with alone(folder):
        gone, kept = list[tuple[int, str]](), list[str]()
        named, left = set[Path](), set[Path]()
        for number, text in enumerate(_lines(folder)):
            example = _parsed(folder, text)
            names = {example.picture} if example else set()
            if text.strip() and goes(example):
                gone.append((number, text))
                named |= names
            else:
                kept.append(text)
                left |= names
        if gone:
            _write(folder, kept)
        return Removed(tuple(gone), _drop(folder, sorted(named - left)))


def _drop(folder: Path, paths: Sequence[Path]) -> dict[str, bytes]:
    """Delete pictures that were added; return what was in them."""
    pictures = {}
    for path in paths:
        ours = path.parent == folder and OURS.fullmatch(path.name)
        if ours and path.is_file():
            pictures[path.name] = path.read_bytes()
            path.unlink()
    return pictures


def _lines(folder: Path) -> list[str]:
    path = folder / LIST
    text = path.read_text("utf-8-sig") if path.exists() else ""
    return text.removesuffix("\n").split("\n") if text else []


def _write(folder: Path, lines: Sequence[str]) -> None:
    files.write(folder / LIST, "".join(f"{line}\n" for line in lines).encode())


def _parsed(folder: Path, text: str) -> HardExample | None:
    try:
        return parse(folder, Line(text.strip(), folder / LIST, 0))
    except DatasetError:
        return None


def _said(example: HardExample) -> Said:
    return str(example.picture), example.box, example.kind, example.landmarks
