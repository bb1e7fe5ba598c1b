"""What a run does to its disk: folders that appear and go whole, and a full disk.

Windows refuses to rename or delete what a scanner or a viewer has open for a moment,
so those are tried a few times.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from facecam import files

FULL = (errno.ENOSPC, errno.EDQUOT)
"""No space left on the device; the quota of this user is used up."""
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between two tries at a folder that somebody holds open."""
LEAST = 100_000_000
"""Bytes to free that are asked for at least: enough for any checkpoint."""
SYNCABLE = "r+b" if os.name == "nt" else "rb"
"""Mode in which a file is opened to bring it to the disk: Windows must write."""
RESERVE = ".reserve"
"""File that keeps room for the last words of a run whose disk is full."""
RESERVED = 16_384
"""Its bytes: a traceback and a few lines, on disks with large blocks, too."""
UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def is_full(error: BaseException | None) -> bool:
    """Tell whether a full disk is behind an error, whatever it was wrapped in."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def full(folder: Path, share: float) -> str:
    """Return what to tell somebody whose disk is full.

    Args:
        folder: what was being written into it counts.
        share: how much of the step was done, 0…1.
    """
    left = shutil.disk_usage(_existing(folder)).free
    missing = size(folder) * (1 / share - 1) if share > 0 else 0.0
    return (
        f"The disk is full: {in_words(left)} left for {folder}. What is done is kept. "
        f"Free about {in_words(max(missing, LEAST))} and run the same command again: "
        "it goes on from here."
    )


def size(folder: Path) -> int:
    """Return the bytes of all files in a folder; files that vanish do not count."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def in_words(count: float) -> str:
    """Return a number of bytes as somebody would say it: "1.3 GB"."""
    for unit, name in UNITS:
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count:.0f} bytes"


def reserve(folder: Path) -> None:
    """Keep some room in a folder for what is to be said when its disk is full.

    Raises:
        OSError: it is full already.
    """
    path = folder / RESERVE
    if not path.exists():
        files.write(path, bytes(RESERVED))


def release(folder: Path) -> None:
    """Give the reserved room back."""
    with contextlib.suppress(OSError):
        (folder / RESERVE).unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """Make sure that all files of a folder are on the disk, and leave none half.

    What `files.write` was writing when it was killed is deleted.
    """
    for path in list(folder.rglob("*")):
        if path.is_dir():
            files.settle(path)
        elif files.is_partial(path):
            path.unlink()
        else:
            with contextlib.suppress(PermissionError), path.open(SYNCABLE) as file:
                os.fsync(file.fileno())
    files.settle(folder)


def move(folder: Path, target: Path) -> None:
    """Rename a folder to a name that is free.

    Raises:
        OSError: somebody holds it open, or the disk refuses.
    """
    patiently(lambda: folder.rename(target))
    files.settle(target.parent)


def remove(folder: Path) -> None:
    """Delete a folder and all in it; one that is gone is no error.

    Raises:
        OSError: somebody holds it open, or the disk refuses.
    """
    if folder.exists():
        patiently(lambda: shutil.rmtree(folder))


def discard(folder: Path) -> None:
    """Delete a folder if nobody holds it open; the next one to pass tries again."""
    with contextlib.suppress(OSError):
        remove(folder)


def patiently(act: Callable[[], object]) -> None:
    """Do something to a folder; where somebody holds it open, a few times."""
    for pause in PAUSES:
        try:
            act()
        except PermissionError:
            time.sleep(pause)
        else:
            return
    act()


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)
