"""Turning the protection of the people on or off: every file is sealed or unsealed.

It may be interrupted at any moment and begun again: vault.json says what is wanted,
each file says by its first bytes what it is, and both kinds are read all the while.
Other programs may go on: what they write is of the wanted kind already.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from facecam import database, files, vault
from facecam.config import Config
from facecam.errors import GalleryError
from facecam.forgetting import markers
from facecam.forgetting.places import Kind, Place, owned
from facecam.gallery import Gallery
from facecam.gallery.index import MIGRATIONS
from facecam.gallery.layout import HISTORY, IDENTIFIER, INDEX
from facecam.vault import MAGIC, Unlocked, Vault

Report = Callable[[str, float], None]
"""What is being done, and the share that is done, 0…1. It may raise, to stop."""
SEALED = (Kind.PERSON, Kind.BACKUP, Kind.INBOX)
"""What holds data of somebody in files of their own."""
LISTED = 5
"""At most so many files are named in an error."""


def convert(
    config: Config, opened: Vault, on: bool, report: Report | None = None
) -> None:
    """Seal or unseal every file, then say in vault.json that it is done.

    What undo would need goes, and the classifiers: both are made of everybody's data.

    Args:
        config: of the home.
        opened: its vault, with the passphrase given.
        on: whether the people shall be protected.
        report: told how far it is; if it raises, the rest can be done later.

    Raises:
        GalleryError: a file cannot be read or written, or a forgetting is unfinished.
    """
    home = config.home
    if not isinstance(opened, Unlocked):
        raise GalleryError("The people are not protected. Choose a passphrase first.")
    if markers.pending(home):
        raise GalleryError(
            "Forgetting somebody was interrupted. Finish it first: "
            "facecam forget --finish"
        )
    vault.settle(home, "turning on" if on else "turning off")
    gallery = Gallery(config.people, config=config.gallery, vault=opened)
    with gallery.locked():
        shutil.rmtree(config.people / HISTORY, ignore_errors=True)
        shutil.rmtree(config.people / IDENTIFIER, ignore_errors=True)
        _convert_index(config.people / INDEX, opened, on)
    broken = _convert_files(home, gallery, opened, on, report or _quiet)
    if broken:
        names = ", ".join(path.relative_to(home).as_posix() for path in broken[:LISTED])
        raise GalleryError(
            f"{len(broken)} files could not be read: {names}. Put back copies or "
            "delete them, then do this again."
        )
    vault.settle(home, "on") if on else vault.remove(home)


def unprotected(home: Path) -> list[Path]:
    """Return files of people that are not sealed, as pictures put there by hand."""
    places = (place.path for place in owned(home) if place.kind in SEALED)
    return [path for path in places if path.name[0] != "." and not _sealed(path)]


def _sealed(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
    return True  # it went away meanwhile


def _convert_files(
    home: Path, gallery: Gallery, opened: Unlocked, on: bool, report: Report
) -> list[Path]:
    """Convert file by file, the owners one after the other; return what is broken."""
    places = [place for place in owned(home) if place.kind in SEALED]
    total, done, broken = max(len(places), 1), 0, []
    for owner, group in groupby(places, key=lambda place: (place.kind, place.owner)):
        report("Protecting" if on else "Ending the protection", done / total)
        with _alone(home, gallery, owner[0]):
            for place in group:
                done += 1
                try:
                    _convert(place, opened, on)
                except FileNotFoundError:  # it went away meanwhile
                    continue
                except (OSError, GalleryError):
                    broken.append(place.path)
    return broken


def _convert(place: Place, opened: Unlocked, on: bool) -> None:
    if files.is_partial(place.path):  # a kill left it; it may be what was not sealed
        files.shred(place.path)
        return
    data = place.path.read_bytes()
    if data.startswith(MAGIC) == on or place.path.name.startswith("."):
        return
    if on:
        files.write(place.path, opened.sealed_for(place.owner, data))
    else:
        files.write(place.path, opened.unseal(data, place.owner))


def _convert_index(path: Path, opened: Unlocked, on: bool) -> None:
    """Convert the embeddings where they are; a damaged index is made again later."""
    if not path.exists():
        return
    try:
        with contextlib.closing(database.connect(path, MIGRATIONS)) as connection:
            with connection, database.telling(path):
                rows = connection.execute(
                    "SELECT owner, digest, fingerprint, vector FROM views"
                ).fetchall()
                changed = [
                    (_turned(vector, owner, opened, on), owner, digest, fingerprint)
                    for owner, digest, fingerprint, vector in rows
                    if vector.startswith(MAGIC) != on
                ]
                connection.executemany(
                    "UPDATE views SET vector = ? "
                    "WHERE owner = ? AND digest = ? AND fingerprint = ?",
                    changed,
                )
            database.scrub(connection)
    except GalleryError:
        database.delete(path)


def _turned(vector: bytes, owner: str, opened: Unlocked, on: bool) -> bytes:
    return opened.sealed_for(owner, vector) if on else opened.unseal(vector, owner)


@contextlib.contextmanager
def _alone(home: Path, gallery: Gallery, kind: Kind) -> Iterator[None]:
    """Keep other programs from changing what is converted right now."""
    if kind is not Kind.INBOX:
        with gallery.locked():
            yield
        return
    from filelock import FileLock

    from facecam.inbox.store import FOLDER, LOCK, PATIENCE

    with FileLock(home / FOLDER / LOCK, timeout=PATIENCE):
        yield


def _quiet(text: str, share: float) -> None:
    """Report to nobody."""
