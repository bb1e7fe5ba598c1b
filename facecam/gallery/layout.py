"""Where everything lies in a people folder, version 2.

    gallery.json              {"version": 2}
    <id>/person.json          the truth about somebody; see records
    <id>/portraits/x.jpg      region around the face: what embeddings are made from
    <id>/originals/x.jpg      the whole picture it was cut from
    <id>/aligned/x.jpg        the crop as the embedder sees it, also the thumbnail
    <id>/negatives/x.jpg      regions that show somebody else
    <id>/*.jpg                portraits dropped in by hand
    .index.sqlite             embeddings, a cache
    .identifier/              fitted classifiers, and what the last fit changed
    .history/<n>/             what undo needs
    .generation               how many changes there were
    .journal.json, .staged/   a change under way
    .lock                     held while anything is changed or several files are read

x is a digest of the picture and the face in it, the same in all three folders. What
else lies in portraits/ counts as put there by hand; elsewhere it is not looked at.
Names that facecam gives are lower-case ASCII: none collide where case is ignored.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from facecam.errors import GalleryError

VERSION = 2
MANIFEST = "gallery.json"
RECORD = "person.json"
PORTRAITS, ORIGINALS, ALIGNED = "portraits", "originals", "aligned"
NEGATIVES = "negatives"
MANAGED = (PORTRAITS, ORIGINALS, ALIGNED, NEGATIVES)
INDEX = ".index.sqlite"
IDENTIFIER = ".identifier"
"""Folder of the fitted classifiers, which hold something of every person."""
HISTORY = ".history"
GENERATION = ".generation"
JOURNAL = ".journal.json"
STAGED = ".staged"
LOCK = ".lock"
BEFORE = "-before-2"
"""Ending of the folder beside this one with the copy of version 1."""

_BELOW = tuple(f"{folder}/" for folder in MANAGED)
_OURS = re.compile(r"[0-9a-f]{16}\.[a-z0-9]+")


def beside(file: str, folder: str) -> str:
    """Return where the picture of the same face lies in another managed folder."""
    return f"{folder}/{PurePosixPath(file).stem}.jpg"


def managed(file: str) -> bool:
    """Tell whether a file of a person was put there by facecam."""
    return file.startswith(_BELOW)


def ours(path: Path) -> bool:
    """Tell whether a file of a managed folder has a name that facecam gives."""
    return _OURS.fullmatch(path.name) is not None


def kept_of(file: str) -> list[str]:
    """Return every file that is kept of one portrait or negative."""
    if file.startswith(f"{PORTRAITS}/"):
        return [file, beside(file, ORIGINALS), beside(file, ALIGNED)]
    return [file]


def people_folders(directory: Path) -> list[Path]:
    """Return the folders of people, sorted; hidden ones are never people."""
    try:
        with os.scandir(directory) as entries:
            found = [e.name for e in entries if e.name[0] != "." and e.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [directory / name for name in sorted(found)]


@contextlib.contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn what the disk refuses into an error for the user."""
    try:
        yield
    except OSError as error:
        raise GalleryError(
            f"{what}: {error.strerror or error}. Check the people folder and its space."
        ) from error
