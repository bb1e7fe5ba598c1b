"""What is done before a people folder is used: versions, leftovers."""

from __future__ import annotations

import contextlib
import json
import os
import shutil

from facecam.errors import GalleryError, VaultLocked
from facecam.gallery.layout import IDENTIFIER, MANIFEST, VERSION
from facecam.gallery.migration import migrate
from facecam.gallery.store import Store


def prepare(store: Store) -> None:
    """Bring a people folder to the present form and finish what a crash interrupted.

    Raises:
        GalleryError: it was written by a newer facecam, or cannot be converted.
    """
    directory = store.directory
    if not directory.is_dir():
        return
    with store.locked():
        if _version(store) < VERSION and os.access(directory, os.W_OK):
            migrate(store)  # one that is read-only can be read as it is
        with contextlib.suppress(VaultLocked):
            store.tidy()
        if not store.ids():  # deleted by hand: classifiers still remember somebody
            shutil.rmtree(directory / IDENTIFIER, ignore_errors=True)


def _version(store: Store) -> int:
    """Return the version of a folder; one without anybody has the present one."""
    path = store.directory / MANIFEST
    try:
        version = int(json.loads(path.read_bytes())["version"])
    except FileNotFoundError:
        return 1 if store.ids() else VERSION
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GalleryError(
            f"{path} is damaged ({error}). It should say "
            f'{{"version": {VERSION}}}: correct it.'
        ) from error
    if version > VERSION:
        raise GalleryError(
            f"{store.directory} was written by a newer facecam (version {version} of "
            f"the folder; this one knows {VERSION}). Install the newer one."
        )
    return version
