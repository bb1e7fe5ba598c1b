"""Files that are there whole or not at all: written beside, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from facecam.errors import ImageError


def partial(path: Path) -> Path:
    """Return the hidden name a file has while it is written: same folder and suffix."""
    return path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")


def is_partial(path: Path) -> bool:
    """Tell whether a file has a name that `partial` gives."""
    return path.name.startswith(".") and ".partial" in path.name


def alike(path: Path) -> str:
    """Return what two paths have in common that may be one file on some system.

    Windows and macOS take capitals for small letters, macOS also an accented letter for
    the letter and its accent.
    """
    return unicodedata.normalize("NFC", str(path)).casefold()


def write(path: Path, data: bytes) -> None:
    """Write a file beside its target, make sure it is on the disk, rename it.

    Args:
        path: the target. Its folder is not made: one that is gone stays gone.
        data: all of it.

    Raises:
        OSError: the disk refuses; what was there before is still there.
    """
    beside = partial(path)
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Fill a folder beside its target; it gets its name when the block ends.

    After an error nothing is left.

    Args:
        target: empty or not there; its parents are made.

    Raises:
        ImageError: the target holds something.
        OSError: the disk refuses.
    """
    require_free(target)
    target = target.resolve()  # "." has no name
    beside = partial(target)
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
        if target.exists():
            target.rmdir()
        beside.replace(target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def require_free(target: Path) -> None:
    """Make sure that a folder is empty or not there.

    Raises:
        ImageError: it holds something, or is a file.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ImageError(f"{target} is not empty. Choose another folder.")


def shred(path: Path) -> None:
    """Overwrite a file where it lies, then delete it; one that is gone is no error.

    A solid-state disk, or a file system that copies on write, may keep the old blocks.

    Raises:
        OSError: the disk refuses.
    """
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make sure that names made or deleted in a folder are on the disk, too.

    Windows has no such call: NTFS keeps its own journal of names.
    """
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # some file systems cannot
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
