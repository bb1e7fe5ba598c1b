"""Every file below home that facecam owns, and what it is there for.

Models are left out: they are published, or were trained to find faces, not to tell them
apart. So are training runs, which learn from pictures of the user's; those that learned
from a picture that is forgotten are found by their lists: see `pooled`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from facecam.gallery.layout import (
    BEFORE,
    GENERATION,
    HISTORY,
    IDENTIFIER,
    INDEX,
    LOCK,
    MANIFEST,
)
from facecam.vault import KEYS, NAME

MARKERS = "forgetting"
"""Folder of what is needed to finish a forgetting that was interrupted."""
RECEIPTS = "receipts"
HARD = "hard"
"""The pool of hard examples, as `Config.hard` has it."""
SHARED = "people"
"""Owner of what concerns several people, for the vault."""


class Kind(Enum):
    """What a file is there for; the value says it to the user."""

    PERSON = "the pictures of somebody else"
    INDEX = "the index of the people"
    CLASSIFIER = "fitted classifiers"
    HISTORY = "what undo needs"
    REST = "left by an interrupted change"
    BACKUP = "the copy of the people from before an update"
    EVENTS = "the list of events"
    INBOX = "the inbox"
    POOL = "pictures the detector learns from"
    RUN = "a training run that learned from such a picture"
    LOG = "a log"
    SETTINGS = "settings of the window"
    RECEIPT = "an earlier receipt"
    KEYS = "keys"
    FRAME = "files of facecam that hold nobody's data"
    USER = "your own file"


@dataclass(frozen=True, slots=True)
class Place:
    """One file."""

    path: Path
    kind: Kind
    owner: str
    """Who seals it, for the vault; empty where nothing is ever sealed."""


FRAME = (MANIFEST, GENERATION, LOCK)
FILES = {
    "events.sqlite": Kind.EVENTS,
    "window.ini": Kind.SETTINGS,
    "keeping.json": Kind.SETTINGS,
    NAME: Kind.KEYS,
    "facecam.toml": Kind.USER,
}
"""What lies in home itself, with all that is named like it: -wal, .lock …"""
FOLDERS = {
    "logs": Kind.LOG,
    RECEIPTS: Kind.RECEIPT,
    KEYS: Kind.KEYS,
    HARD: Kind.POOL,
    "snapshots": Kind.USER,
}


def owned(home: Path) -> Iterator[Place]:
    """Yield every file that facecam owns, and the pictures the user saved with it."""
    yield from _people(home / "people")
    yield from backups(home)
    inbox = home / "inbox"
    for path in _files(inbox):
        group = path.relative_to(inbox).parts[0]
        yield Place(path, Kind.INBOX, f"inbox/{group}")
    for folder, kind in FOLDERS.items():
        for path in _files(home / folder):
            yield Place(path, kind, "")
    yield from _beside(home)


def backups(home: Path) -> Iterator[Place]:
    """Yield the files in the copy of an older version."""
    before = home / f"people{BEFORE}"
    for path in _files(before):
        yield Place(path, Kind.BACKUP, path.relative_to(before).parts[0])


def belonging(home: Path, identity_id: str) -> Iterator[Place]:
    """Yield the files in the folders that are only about one person."""
    for folder, kind in (("people", Kind.PERSON), (f"people{BEFORE}", Kind.BACKUP)):
        for path in _files(home / folder / identity_id):
            yield Place(path, kind, identity_id)


def inside(home: Path, hidden: str) -> Iterator[Place]:
    """Yield the files of one of the hidden folders of the people."""
    kind = {IDENTIFIER: Kind.CLASSIFIER, HISTORY: Kind.HISTORY}[hidden]
    for path in _files(home / "people" / hidden):
        yield Place(path, kind, SHARED)


def _people(people: Path) -> Iterator[Place]:
    hidden = {IDENTIFIER: Kind.CLASSIFIER, HISTORY: Kind.HISTORY}
    for path in _files(people):
        top, *below = path.relative_to(people).parts
        if below and not top.startswith("."):
            yield Place(path, Kind.PERSON, top)
        elif top.startswith(INDEX):
            yield Place(path, Kind.INDEX, "")
        elif top in FRAME or not top.startswith("."):
            yield Place(path, Kind.FRAME, "")
        else:
            yield Place(path, hidden.get(top, Kind.REST), SHARED)


def _beside(home: Path) -> Iterator[Place]:
    """Yield what lies in home itself; other files there are not facecam's."""
    if not home.is_dir():
        return
    for path in sorted(home.iterdir()):
        name = path.name.removeprefix(".")
        known = (kind for file, kind in FILES.items() if _of(name, file))
        kind = next(known, None)
        if kind is not None and path.is_file():
            partial = ".partial" in name
            yield Place(path, Kind.REST if partial else kind, "")


def _of(name: str, file: str) -> bool:
    """Tell whether a name is that of a file, or of one beside it or half written."""
    stem = file.rpartition(".")[0]
    whole = name == file or name.startswith((f"{file}-", f"{file}."))
    return whole or (name.startswith(f"{stem}.") and ".partial" in name)


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(p for p in folder.rglob("*") if p.is_file())
