"""Embedders of the user's own: trained here, kept in the home, whole or not at all.

    <home>/models/embedder/<name>/
        manifest.json  CARD.md  cohort.npz  probe.npy    as a shipped one has them
        installed/                                       the same, ready to run

A folder is filled under a hidden name and renamed; what a crash leaves is hidden, and
swept by the next who adds or deletes one.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from facecam import files
from facecam.artifacts import shipped
from facecam.artifacts.running import KIND, running
from facecam.artifacts.shipped import Manifest
from facecam.config import Config
from facecam.errors import ModelError

UNFINISHED = "unfinished"
"""Ending of a hidden folder that is being filled or deleted."""
LOCK = ".own.lock"
PATIENCE = 30.0
"""Seconds to wait for another program that adds or deletes one."""
LONGEST = 60
"""Characters of a name."""
FALLBACK = "own"
"""Name of one whose run has a name of other characters alone."""


@contextlib.contextmanager
def adding(config: Config, wanted: str) -> Iterator[tuple[str, Path]]:
    """Give a folder to fill, which becomes an own embedder when the block ends.

    After an error, or a crash, there is no such embedder.

    Args:
        config: says where it will live.
        wanted: its name; a number is put behind it if that is taken.

    Yields:
        The name it will have, and an empty folder.

    Raises:
        ModelError: another program is at it, or the disk refuses.
    """
    with _alone(config) as parent:
        name = _free(config, parent, wanted)
        folder = _hidden(parent, name)
        try:
            folder.mkdir()
            yield name, folder
            _settle(folder)
            folder.rename(parent / name)
            files.settle(parent)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def delete(config: Config, name: str) -> Manifest:
    """Delete an own embedder that is not in use; return what it was.

    Raises:
        ModelError: there is none of that name, it ships, it is in use, another program
            is at it, or the disk refuses.
    """
    manifest = shipped.find(name, KIND, config)
    if not manifest.own:
        raise ModelError(
            f"{name} ships with facecam and is not one of your own. To delete what is "
            f"installed of it: facecam models remove {name}"
        )
    with _alone(config) as parent:
        if name in (running(config), config.embedder.model):
            raise ModelError(
                f"{name} is in use. Use another one first: facecam models use NAME"
            )
        gone = _hidden(parent, name)
        manifest.folder.rename(gone)
        files.settle(parent)
        shutil.rmtree(gone, ignore_errors=True)  # what is left the next one sweeps
    return manifest


def slug(text: str) -> str:
    """Return a name of ASCII letters, digits, dots and hyphens that is like a text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", plain)
    return words.strip("-._")[:LONGEST].rstrip("-._") or FALLBACK


def _free(config: Config, parent: Path, wanted: str) -> str:
    """Return a name that no model has, nor any folder, whatever the case."""
    taken = {manifest.name.casefold() for manifest in shipped.catalogue(config)}
    taken |= {path.name.casefold() for path in parent.iterdir()}
    taken |= set(shipped.KINDS)  # commands take these for the one in use
    name = first = slug(wanted)
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{first}-{number}"
    return name


def _hidden(parent: Path, name: str) -> Path:
    return parent / f".{name}.{secrets.token_hex(4)}.{UNFINISHED}"


@contextlib.contextmanager
def _alone(config: Config) -> Iterator[Path]:
    """Let one program at a time change which own embedders there are."""
    from filelock import FileLock, Timeout  # not needed to open the window

    parent = config.models / KIND
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with FileLock(parent / LOCK, timeout=PATIENCE):
            for left in parent.glob(f".*.{UNFINISHED}"):
                shutil.rmtree(left, ignore_errors=True)
            yield parent
    except Timeout as error:
        raise ModelError(
            f"Another program is changing the embedders in {parent}. Try again when it "
            "is done."
        ) from error
    except OSError as error:
        raise ModelError(
            f"{parent} cannot be written: {error}. Close other copies of facecam, or "
            "make room on the disk."
        ) from error


def _settle(folder: Path) -> None:
    """Make sure that the files of a folder are on the disk before its name is."""
    for path in [*folder.rglob("*")]:
        if path.is_file():
            with path.open("r+b") as file:
                os.fsync(file.fileno())
        else:
            files.settle(path)
    files.settle(folder)
