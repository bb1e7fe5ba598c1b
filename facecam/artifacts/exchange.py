"""One installed folder put in the place of another, whatever moment the power goes.

    installed           what is used
    installed.previous  what was used before, for roll-back
    installed.next      complete, about to be `installed`; there only for a moment
    installed.last      what was `installed`, about to be `installed.previous`

A folder is written beside and renamed to `installed.next`: from then on it counts as
published, and whoever finds one left by a crash finishes the exchange.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from facecam import files
from facecam.errors import ModelError

FINAL = "installed"
PREVIOUS = "installed.previous"
NEXT = "installed.next"
LAST = "installed.last"
FOLDERS = (FINAL, PREVIOUS, NEXT, LAST)
LOCK = "installed.lock"
PATIENCE = 30.0
"""Seconds to wait for another program that exchanges the same model."""


def publish(partial: Path, final: Path) -> None:
    """Put a finished folder in the place of `final`; keep the one before beside it.

    Raises:
        ModelError: the disk refuses, or another program is at it; nothing has changed.
    """
    with _exchanging(final):
        _exchange(final)
        _settle(partial)
        _replace(partial, final)


def roll_back(final: Path) -> None:
    """Exchange an installed folder with the one before it.

    Raises:
        ModelError: there is none before it, the disk refuses, or another program is at
            it; nothing has changed.
    """
    with _exchanging(final):
        _exchange(final)
        previous = final.with_name(PREVIOUS)
        if not previous.is_dir():
            raise ModelError(f"There is no earlier version of {final} to go back to.")
        _replace(previous, final)


def finish(final: Path) -> None:
    """Finish an exchange that was interrupted.

    Raises:
        ModelError: the disk refuses, or another program is at it.
    """
    if final.with_name(NEXT).exists():
        with _exchanging(final):
            _exchange(final)


@contextlib.contextmanager
def _exchanging(final: Path) -> Iterator[None]:
    """Let one program at a time exchange a model; tell what the disk refuses."""
    from filelock import FileLock, Timeout  # not needed to open the window

    try:
        with FileLock(final.with_name(LOCK), timeout=PATIENCE):
            yield
    except Timeout as error:
        raise ModelError(
            f"Another program is changing {final}. Try again when it is done."
        ) from error
    except OSError as error:
        raise ModelError(
            f"{final} cannot be written: {error}. Close other copies of facecam."
        ) from error


def _settle(folder: Path) -> None:
    """Make sure that the files of a folder are on the disk before their names are."""
    for path in folder.iterdir():
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    files.settle(folder)


def _replace(folder: Path, final: Path) -> None:
    """Exchange `final` for another folder; where the disk refuses, take it back."""
    coming = final.with_name(NEXT)
    folder.rename(coming)
    try:
        _exchange(final)
    except OSError:
        for left in (final.with_name(LAST), final.with_name(PREVIOUS)):
            if left.exists() and not final.exists():
                left.rename(final)
        coming.rename(folder)
        raise


def _exchange(final: Path) -> None:
    """Let the folder that is to be `final` take its place, from wherever that stopped.

    What is used leaves first: where another program keeps a file open that fails, and
    has changed nothing.
    """
    coming, leaving = final.with_name(NEXT), final.with_name(LAST)
    if not coming.exists():
        return
    if final.exists():
        final.rename(leaving)
    if leaving.exists():
        previous = final.with_name(PREVIOUS)
        shutil.rmtree(previous, ignore_errors=True)
        leaving.rename(previous)
    coming.rename(final)
