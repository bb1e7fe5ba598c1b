"""Looking through every file for what would betray somebody, and cleaning up.

What facecam keeps for itself goes: copies, caches, leftovers. What belongs to somebody
else, or was saved by the user, stays and is told: the same picture enrolled twice is
also the other person's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from facecam import database
from facecam.errors import DatasetError, GalleryError
from facecam.forgetting.needles import COPY, DATA, Needles
from facecam.forgetting.places import HARD, Kind, Place, owned
from facecam.forgetting.reading import Reader
from facecam.gallery.layout import ALIGNED, HISTORY, INDEX, NEGATIVES, ORIGINALS
from facecam.vault import Vault

Report = Callable[[str, float], None]
"""What is being done, and the share that is done, 0…1."""


@dataclass(frozen=True, slots=True)
class Residue:
    """Something of the person was found in a file after everything was deleted."""

    path: str
    """Relative to home."""
    kind: Kind
    what: frozenset[str]
    """See `needles`: data, copy, name, id."""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look through all files has shown."""

    files: int
    size: int
    """Bytes."""
    residues: tuple[Residue, ...]
    unreadable: tuple[str, ...]
    """Files that could not be read, or not be unsealed; relative to home."""


DATABASES = (Kind.INDEX, Kind.EVENTS)
"""What may move from one file to another when it is cleaned."""


def scan(
    home: Path, needles: Needles, vault: Vault, report: Report | None = None
) -> Scan:
    """Look for a person in every file that facecam owns.

    Args:
        home: the folder everything is below.
        needles: what is looked for.
        vault: unseals what is sealed.
        report: told how far it is.
    """
    return _scan(home, list(owned(home)), (needles, Reader(vault)), report)


def scan_again(home: Path, before: Scan, needles: Needles, vault: Vault) -> Scan:
    """Look again where something was found; the rest has not changed since.

    Args:
        home: the folder everything is below.
        before: the first look.
        needles: what is looked for.
        vault: unseals what is sealed.
    """
    paths = {home / residue.path for residue in before.residues}
    places = [p for p in owned(home) if p.path in paths or p.kind in DATABASES]
    again = _scan(home, places, (needles, Reader(vault)), None)
    lost = tuple(path for path in before.unreadable if (home / path).exists())
    return replace(before, residues=again.residues, unreadable=lost)


def _scan(
    home: Path,
    places: Sequence[Place],
    with_: tuple[Needles, Reader],
    report: Report | None,
) -> Scan:
    needles, read = with_
    residues, size = list[Residue](), 0
    for number, place in enumerate(places):
        if report is not None and number % 64 == 0:
            report(f"Looking through {len(places):,} files", number / len(places))
        what = set(needles.kinds_in_path(place.path.relative_to(home).parts))
        for data in read.contents(place):
            size += len(data)
            what |= needles.kinds_in(data)
        if what:
            path = place.path.relative_to(home).as_posix()
            residues.append(Residue(path, place.kind, frozenset(what)))
    unreadable = tuple(p.relative_to(home).as_posix() for p in read.unreadable)
    return Scan(len(places), size, tuple(residues), unreadable)


def clean(
    home: Path,
    residues: Iterable[Residue],
    needles: Needles,
    known: frozenset[Path],
) -> None:
    """Remove what may be removed of what was found; look again afterwards.

    Args:
        home: the folder everything is below.
        residues: what was found.
        needles: what was looked for.
        known: the pictures that records of other people name: they stay.
    """
    done: set[Path] = set()
    for residue in residues:
        path = home / residue.path
        with contextlib.suppress(OSError, GalleryError, DatasetError, sqlite3.Error):
            _clean(home, path, residue, (needles, known, done))


def _clean(
    home: Path,
    path: Path,
    residue: Residue,
    with_: tuple[Needles, frozenset[Path], set[Path]],
) -> None:
    needles, known, done = with_
    kind = residue.kind
    if kind in (Kind.REST, Kind.CLASSIFIER, Kind.BACKUP):
        _unlink(path, home)
    elif kind is Kind.HISTORY:
        entry = path.relative_to(home / "people" / HISTORY).parts[0]
        shutil.rmtree(home / "people" / HISTORY / entry, ignore_errors=True)
    elif kind in (Kind.INDEX, Kind.EVENTS):
        _clean_database(path, kind, needles, done)
    elif kind is Kind.INBOX:
        group = path.relative_to(home / "inbox").parts[0]
        shutil.rmtree(home / "inbox" / group, ignore_errors=True)
    elif kind is Kind.POOL:
        _drop_picture(home, path)
    elif kind in (Kind.LOG, Kind.SETTINGS, Kind.RECEIPT):
        _clean_text(path, residue, needles)
    elif kind is Kind.PERSON and _stray(path, known):
        _unlink(path, home)


def _drop_picture(home: Path, path: Path) -> None:
    """Delete a picture the detector learns from, and what was said about it."""
    from facecam.forgetting import pooled

    pooled.drop(home / HARD, [path])


def _stray(path: Path, known: frozenset[Path]) -> bool:
    """Tell whether a file of somebody else can go without that person losing anything.

    The whole picture a portrait was cut from is only kept for later: where it shows
    the forgotten person as well, it goes.
    """
    folder = path.parent.name
    if folder == ORIGINALS:
        return True
    twin = path.parent.parent / "portraits" / path.name
    if folder == ALIGNED and twin in known:
        return False
    return path not in known and folder in (ALIGNED, NEGATIVES, "portraits")


def _clean_text(path: Path, residue: Residue, needles: Needles) -> None:
    """Write asterisks over names, in place: another program may have the file open.

    A log or a receipt with more than names in it is emptied or deleted.
    """
    if residue.what & {DATA, COPY}:
        if residue.kind is Kind.RECEIPT:
            path.unlink()
        elif residue.kind is Kind.LOG:
            os.truncate(path, 0)
        return
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.write(needles.without_texts(data))
        file.flush()
        os.fsync(file.fileno())


def _clean_database(path: Path, kind: Kind, needles: Needles, done: set[Path]) -> None:
    """Empty the free pages; delete an index in which something is left even then."""
    main = path.with_name(path.name.removesuffix("-wal").removesuffix("-shm"))
    main = main.with_name(main.name.removesuffix("-journal"))
    if main in done:
        return
    done.add(main)
    if not main.exists():
        path.unlink(missing_ok=True)
        return
    try:
        with contextlib.closing(sqlite3.connect(main, timeout=database.WAIT)) as opened:
            database.scrub(opened)
    except (sqlite3.Error, GalleryError):
        pass  # damaged, or no database: what follows decides
    left = any(needles.kinds_in(p.read_bytes()) for p in database.paths(main))
    if left and kind is Kind.INDEX:
        database.delete(main)


def _unlink(path: Path, home: Path) -> None:
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == home or folder.name in (INDEX, "people"):
            return
        try:
            folder.rmdir()
        except OSError:
            return
