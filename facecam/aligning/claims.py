"""Who does what, among processes that know of each other only through a folder.

A picture is claimed by locking a file named after it: the system lets go of the lock
when its process ends, however that comes. What failed is noted in such a file, so that
nobody tries it again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from facecam import files

STATE = ".aligning"
"""The folder below the target with claims, failures, and what each process has cut."""


class Claims:
    """Claims, failures and journals of one target folder; used by one process.

    Args:
        target: the folder; it must exist.
    """

    def __init__(self, target: Path) -> None:
        self._folder = target / STATE
        self._folder.mkdir(exist_ok=True)
        name = f"{os.getpid()}-{secrets.token_hex(4)}.jsonl"
        self._journal = self._folder / name

    @contextlib.contextmanager
    def claimed(self, picture: str) -> Iterator[bool]:
        """Claim a picture; yield False if another process has it."""
        path = self._folder / f"{_digest(picture)}.lock"
        lock = FileLock(path, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            with contextlib.suppress(OSError):  # Windows deletes it when it is let go
                path.unlink()
            lock.release()

    def failed(self, picture: str) -> bool:
        """Tell whether a picture has failed."""
        return self._failure(picture).exists()

    def fail(self, picture: str, reason: str) -> None:
        """Note that a picture has failed, and why."""
        noted = {"picture": picture, "reason": reason}
        files.write(self._failure(picture), json.dumps(noted).encode())

    def forgive(self) -> None:
        """Forget what has failed, so that it is tried again."""
        for path in self._folder.glob("*.failed"):
            path.unlink(missing_ok=True)

    def failures(self) -> list[dict[str, Any]]:
        """Return every picture that failed, and why, by name."""
        found = []
        for path in self._folder.glob("*.failed"):
            with contextlib.suppress(OSError, ValueError):
                found.append(json.loads(path.read_bytes()))
        return sorted(found, key=lambda one: str(one["picture"]))

    def note(self, rows: list[dict[str, Any]]) -> None:
        """Note what is about to be written for a picture."""
        with self._journal.open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in rows)

    def noted(self) -> Iterator[dict[str, Any]]:
        """Yield what every process has noted; a line that was cut short is left out."""
        for path in sorted(self._folder.glob("*.jsonl"), key=_age):
            for line in path.read_text("utf-8", "replace").splitlines():
                with contextlib.suppress(ValueError):
                    yield json.loads(line)

    def alone(self) -> FileLock:
        """Return a lock for what one process does at a time."""
        return FileLock(self._folder / "lists.lock")

    def _failure(self, picture: str) -> Path:
        return self._folder / f"{_digest(picture)}.failed"


def _age(path: Path) -> int:
    return path.stat().st_mtime_ns


def _digest(picture: str) -> str:
    return hashlib.sha256(picture.encode("utf-8", "surrogateescape")).hexdigest()[:24]
