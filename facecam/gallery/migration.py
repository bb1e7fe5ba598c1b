"""From version 1 of the people folder to version 2.

Version 1 kept portraits directly in a person's folder and embeddings in .cache/ below.
A copy of everything but the caches stays beside the folder, of hard links where the
disk has them; forgetting somebody erases there, too.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from facecam.errors import GalleryError
from facecam.gallery import records
from facecam.gallery.index import Key, Known
from facecam.gallery.journal import Step, link
from facecam.gallery.layout import PORTRAITS, RECORD, explained, ours, people_folders
from facecam.gallery.store import Store

CACHE = ".cache"
LEFTOVERS = (".gone-*", ".new-*", f"*/{CACHE}")
"""What version 2 has no use for; the first two a crash of version 1 left."""


def migrate(store: Store) -> None:
    """Convert a people folder of version 1, whole or not at all.

    Raises:
        GalleryError: the disk refuses; everything is as it was.
    """
    with explained("Cannot convert the people folder to the form of this facecam"):
        directory = store.directory
        _keep_copy(directory, directory / store.before)
        steps: list[Step] = []
        for folder in people_folders(directory):
            _import_caches(store, folder)
            steps += _steps(folder)
        found = (path for pattern in LEFTOVERS for path in directory.glob(pattern))
        left = [path.relative_to(directory).as_posix() for path in found]
        store.plain_change(steps, left)


def _keep_copy(directory: Path, copy: Path) -> None:
    """Copy what there is, unless an attempt before this one has."""
    if copy.exists():
        return
    partial = copy.with_name(f".{copy.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    hidden = shutil.ignore_patterns(".*")
    shutil.copytree(directory, partial, ignore=hidden, copy_function=_linked)
    partial.rename(copy)


def _linked(source: str, target: str) -> None:
    link(Path(source), Path(target))


def _steps(folder: Path) -> Iterator[Step]:
    """Move what facecam took to portraits/; a damaged record stays as it is."""
    try:
        record = records.parse((folder / RECORD).read_bytes())
    except (FileNotFoundError, GalleryError):
        return
    pictures = []
    for portrait in record.pictures:
        source = folder / portrait.file
        if ours(Path(portrait.file)) and source.is_file():
            moved = f"{PORTRAITS}/{portrait.file}"
            yield Step(f"{folder.name}/{moved}", source)
            yield Step(f"{folder.name}/{portrait.file}", None)
            pictures.append(replace(portrait, file=moved))
        else:
            pictures.append(portrait)
    new = replace(record, pictures=tuple(pictures))
    yield Step(f"{folder.name}/{RECORD}", records.dump(new))


def _import_caches(store: Store, folder: Path) -> None:
    """Take over embeddings: computing them anew takes a long time."""
    for path in (folder / CACHE).glob("*.npz"):
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
                digests, rows = stored["digests"].tolist(), stored["embeddings"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            continue
        known: dict[Key, Known] = {}
        for digest, row in zip(digests, rows.astype(np.float32), strict=False):
            known[folder.name, digest] = known[folder.name, digest[:16]] = Known(row)
        store.index.update(path.stem, known)
