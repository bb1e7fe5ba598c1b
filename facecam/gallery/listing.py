"""What lies in the folders of people, read again only where something has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from facecam.errors import GalleryError, VaultLocked
from facecam.faces import Identity
from facecam.gallery import records
from facecam.gallery.layout import MANAGED, NEGATIVES, PORTRAITS, RECORD, people_folders
from facecam.gallery.names import clean_name
from facecam.gallery.people import Person, Portrait
from facecam.gallery.records import Record
from facecam.media import SUFFIXES, find_images
from facecam.vault import Vault

RACY = 0.1
"""Seconds within which a folder may change again under the same time stamp."""

Stamp: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Listed:
    """The record of somebody and which files there are."""

    record: Record
    managed: frozenset[str]
    """Files in portraits/ and negatives/, by their names below the person's folder."""
    dropped: tuple[str, ...]
    """Pictures put there by hand, sorted."""
    nested: bool = False
    """Whether some lie in folders of their own, whose changes have no stamp here."""

    @property
    def empty(self) -> bool:
        """Whether it is no person: neither a record nor a picture."""
        return not (self.record.created or self.dropped or self.managed)


class Listing:
    """Reads folders of people and remembers them by their time stamps."""

    def __init__(self, directory: Path, vault: Vault) -> None:
        self._directory = directory
        self._vault = vault
        self._known: dict[str, tuple[Stamp, Listed | GalleryError]] = {}

    def all(self) -> dict[str, Listed | GalleryError]:
        """Return what there is of everybody, by id; an error where it is damaged."""
        folders = people_folders(self._directory)
        here = {folder.name for folder in folders}
        for gone in self._known.keys() - here:
            del self._known[gone]
        found = ((folder.name, self._look(folder)) for folder in folders)
        return {i: listed for i, listed in found if listed is not None}

    def one(self, identity_id: str) -> Listed:
        """Return what there is of one person; raises the error where it is damaged."""
        listed = self._look(self._directory / identity_id)
        if isinstance(listed, GalleryError):
            raise listed
        return listed or Listed(Record(identity_id), frozenset(), ())

    def _look(self, folder: Path) -> Listed | GalleryError | None:
        try:
            stamp = _stamp(folder)
            known = self._known.get(folder.name)
            if known is not None and known[0] == stamp:
                return known[1]
            listed = self._read(folder)
        except OSError:  # it went away meanwhile
            return None
        nested = isinstance(listed, Listed) and listed.nested
        self._known.pop(folder.name, None)
        if not nested and stamp[0] < time.time_ns() - RACY * 1e9:
            self._known[folder.name] = stamp, listed
        return listed

    def _read(self, folder: Path) -> Listed | GalleryError:
        try:
            return self._parsed(folder)
        except VaultLocked:
            raise
        except GalleryError as error:
            return error

    def _parsed(self, folder: Path) -> Listed:
        names = _names(folder)
        managed = frozenset(
            f"{below}/{name}"
            for below in (PORTRAITS, NEGATIVES)
            if below in names
            for name in _names(folder / below)
        )
        dropped, nested = _dropped(folder, names)
        if RECORD not in names:
            strays = _strays(managed)
            return Listed(
                Record(_name(folder)), frozenset(), (*strays, *dropped), nested
            )
        record = self._record(folder)
        noted = {portrait.file for portrait in record.pictures}  # as in version 1
        strays = _strays(managed - noted)
        by_hand = tuple(file for file in (*strays, *dropped) if file not in noted)
        return Listed(record, managed | (noted & {*dropped}), by_hand, nested)

    def _record(self, folder: Path) -> Record:
        """Read person.json; where that fails, the error says what to do."""
        path = folder / RECORD
        data = path.read_bytes()
        try:
            plain = self._vault.unseal(data, folder.name)
        except VaultLocked:
            raise
        except GalleryError as error:
            raise GalleryError(f"{path} cannot be read. {error}") from error
        try:
            return records.parse(plain)
        except GalleryError as error:
            raise GalleryError(
                f"{path} is damaged ({error}). Correct it, or delete it: the pictures "
                "beside it are then enrolled under the name of the folder."
            ) from error


def _name(folder: Path) -> str:
    """Return what somebody is called whose folder was made by hand."""
    try:
        return clean_name(folder.name)
    except GalleryError as error:
        raise GalleryError(f"{folder} is no name of a person. {error}") from error


def as_person(
    folder: Path, listed: Listed, quality: Callable[[str, Portrait], float | None]
) -> Person:
    """Return the person of a folder, with how good the portraits are."""
    record, identity_id = listed.record, folder.name

    def rated(portrait: Portrait) -> Portrait:
        found = quality(identity_id, portrait)
        if found is None:
            return portrait
        p = portrait
        return Portrait(p.file, p.face, p.capture, p.taken, found, p.of)

    taken = [rated(p) for p in record.pictures if p.file in listed.managed]
    by_hand = [rated(Portrait(file, capture=file)) for file in listed.dropped]
    return Person(
        Identity(identity_id, record.name),
        folder,
        (*taken, *by_hand),
        tuple(rated(n) for n in record.negatives if n.file in listed.managed),
        record.created,
        record.consent,
        record.cover,
    )


def _names(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _stamp(folder: Path) -> Stamp:
    """Return what differs after any change; the newest time comes first."""
    times = [folder.stat().st_mtime_ns]
    record = _status(folder / RECORD)
    for status in (record, _status(folder / PORTRAITS), _status(folder / NEGATIVES)):
        times.append(0 if status is None else status.st_mtime_ns)
    what = (0, 0) if record is None else (record.st_ino, record.st_size)
    return max(times), *times, *what


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _strays(files: Iterable[str]) -> list[str]:
    """Return the pictures among files that were put into portraits/ by hand.

    What systems leave in folders (.DS_Store, Thumbs.db), and files half written, are
    none.
    """
    paths = (PurePosixPath(file) for file in files if file.startswith(PORTRAITS))
    return sorted(
        path.as_posix()
        for path in paths
        if path.suffix.lower() in SUFFIXES and path.name[0] != "."
    )


def _dropped(folder: Path, names: list[str]) -> tuple[list[str], bool]:
    """Return the pictures put into a folder by hand, and whether some are deeper."""
    found, nested = [], False
    for name in sorted(names):
        path = folder / name
        if name.startswith(".") or name in (*MANAGED, RECORD):
            continue
        if path.suffix.lower() in SUFFIXES and path.is_file():
            found.append(name)
        elif not path.suffix and path.is_dir():
            nested = True
            below = find_images(path)
            found += [image.relative_to(folder).as_posix() for image in below]
    return found, nested
