"""The groups' files: read, written whole, sealed, removed, under a lock.

A record is written after the pictures it names and taken away before them, so a crash
leaves at most pictures nobody names, which go at the next change.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from facecam import files
from facecam.errors import GalleryError, VaultLocked
from facecam.inbox.records import RECORD, Group, decode, encode
from facecam.vault import Vault

FOLDER = "inbox"
LOCK = ".lock"
PATIENCE = 10.0
"""Seconds to wait for another facecam program that changes the inbox."""
DAMAGE = (OSError, ValueError, KeyError, TypeError, GalleryError)
"""What reading a group raises that is half deleted or damaged."""


class Store:
    """The folder of the inbox.

    Args:
        home: the folder facecam keeps its state in.
        vault: seals what is written.
    """

    def __init__(self, home: Path, vault: Vault) -> None:
        self.folder = home / FOLDER
        self._vault = vault
        self._known: dict[str, tuple[tuple[int, int], Group]] = {}

    def read(self) -> dict[str, Group]:
        """Return every group that can be read, by id; those unchanged from memory.

        Raises:
            VaultLocked: they are sealed, and the passphrase has not been given.
        """
        found: dict[str, tuple[tuple[int, int], Group]] = {}
        for folder in self.folders():
            try:
                stat = (folder / RECORD).stat()
                stamp = (stat.st_mtime_ns, stat.st_size)
                known = self._known.get(folder.name)
                if known is None or known[0] != stamp:
                    known = (stamp, self._load(folder))
                found[folder.name] = known
            except VaultLocked:
                raise
            except DAMAGE:
                continue
        self._known = found
        return {name: group for name, (_, group) in found.items()}

    def picture(self, group_id: str, file: str) -> bytes:
        """Return the JPEG of a view.

        Raises:
            GalleryError: it is gone, as after expiring.
        """
        try:
            data = (self.folder / group_id / file).read_bytes()
        except OSError as error:
            raise GalleryError(
                "This view is not kept any more. Look at the inbox again."
            ) from error
        return self._vault.unseal(data, owner(group_id))

    def write_picture(self, group_id: str, file: str, jpeg: bytes) -> None:
        """Write the picture of a view that a record will name."""
        sealed = self._vault.seal(owner(group_id), jpeg)
        files.write(self._made(group_id) / file, sealed)

    def write(self, group: Group) -> None:
        """Write a record, then delete the pictures it does not name."""
        folder = self._made(group.id)
        sealed = self._vault.seal(owner(group.id), encode(group))
        files.write(folder / RECORD, sealed)
        named = {RECORD, *(view.file for view in group.views)}
        for path in folder.iterdir():
            if path.name not in named:
                path.unlink(missing_ok=True)

    def remove(self, group_id: str) -> None:
        """Delete a group, its key first."""
        folder = self.folder / group_id
        self._vault.destroy(owner(group_id))
        (folder / RECORD).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            raise GalleryError(
                f"{folder} could not be deleted completely. Close the programs that "
                "use its files and delete it."
            )

    def folders(self) -> list[Path]:
        """Return the folders of the groups."""
        if not self.folder.is_dir():
            return []
        found = sorted(self.folder.iterdir())
        return [path for path in found if path.is_dir() and path.name[:1] != "."]

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold off other programs; explain what the disk refuses.

        Raises:
            GalleryError: another program takes too long, or the disk refuses.
        """
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self.folder / LOCK, timeout=PATIENCE):
                self._sweep()
                yield
        except Timeout as error:
            raise GalleryError(
                "Another facecam program is busy with the inbox. Try again in a moment."
            ) from error
        except OSError as error:
            raise GalleryError(
                f"Cannot change {self.folder}: {error.strerror or error}. "
                "Check the folder and its space."
            ) from error

    def _load(self, folder: Path) -> Group:
        data = (folder / RECORD).read_bytes()
        return decode(folder.name, self._vault.unseal(data, owner(folder.name)))

    def _made(self, group_id: str) -> Path:
        folder = self.folder / group_id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _sweep(self) -> None:
        """Delete folders without a record: a crash left them."""
        for folder in self.folders():
            if not (folder / RECORD).exists():
                self.remove(folder.name)


def owner(group_id: str) -> str:
    """Return whose key seals a group."""
    return f"{FOLDER}/{group_id}"
