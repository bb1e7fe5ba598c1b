"""What it takes to finish a forgetting that was interrupted, kept only until then.

    <home>/forgetting/<token>.npz   hashes, vectors and texts to look for

It is written before anything is deleted. Where people are sealed, it is sealed with a
key of its own; when everything is done, key and file are overwritten and deleted.
"""

from __future__ import annotations

import contextlib
import io
import json
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from facecam import files
from facecam.errors import GalleryError, VaultLocked
from facecam.forgetting.collecting import Traces
from facecam.forgetting.needles import Needles, Text
from facecam.forgetting.places import MARKERS
from facecam.vault import Vault


def write(home: Path, traces: Traces, vault: Vault) -> Path:
    """Keep what was collected; return where.

    Raises:
        GalleryError: the disk refuses, and nothing has been deleted yet.
    """
    wanted = traces.needles
    stored = {
        "id": traces.id,
        "name": traces.name,
        "fingerprint": traces.fingerprint,
        "counts": dict(traces.counts),
        "copies": sorted(wanted.copies),
        "texts": [asdict(text) for text in wanted.texts],
    }
    buffer = io.BytesIO()
    words = np.frombuffer(json.dumps(stored).encode(), np.uint8)
    np.savez(buffer, words=words, windows=wanted.windows, embeddings=traces.embeddings)
    token = secrets.token_hex(8)
    path = home / MARKERS / f"{token}.npz"
    try:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        files.write(path, vault.seal(_owner(path), buffer.getvalue()))
        files.settle(path.parent)
    except OSError as error:
        raise GalleryError(
            f"Cannot write {path}: {error.strerror or error}. Nothing has been "
            "forgotten. Check the folder and its space."
        ) from error
    return path


def pending(home: Path) -> list[Path]:
    """Return what interrupted forgettings have left, the oldest first."""
    found = (home / MARKERS).glob("[0-9a-f]*.npz")
    return sorted(found, key=lambda path: path.stat().st_mtime)


def read(path: Path, vault: Vault) -> Traces | None:
    """Return what was collected; None if it is damaged.

    Raises:
        VaultLocked: it is sealed, and the passphrase has not been given.
    """
    damage = OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile
    try:
        data = vault.unseal(path.read_bytes(), _owner(path))
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            words = json.loads(stored["words"].tobytes())
            windows, embeddings = stored["windows"], stored["embeddings"]
    except VaultLocked:
        raise
    except (*damage, GalleryError):
        return None
    texts = tuple(_text(text) for text in words["texts"])
    copies = frozenset((size, digest) for size, digest in words["copies"])
    return Traces(
        words["id"],
        words["name"],
        Needles(windows, copies, texts),
        embeddings,
        words["fingerprint"],
        words["counts"],
    )


def remove(path: Path, vault: Vault) -> None:
    """Overwrite and delete what was kept.

    Raises:
        GalleryError: the disk refuses.
    """
    vault.destroy(_owner(path))
    try:
        files.shred(path)
        for half in _half_written(path.parent):
            files.shred(half)
        with contextlib.suppress(OSError):  # another forgetting may be under way
            path.parent.rmdir()
    except OSError as error:
        raise GalleryError(
            f"Cannot delete {path}: {error.strerror or error}. It holds data of the "
            "person: delete it."
        ) from error


def _half_written(folder: Path) -> Iterator[Path]:
    yield from folder.glob(".*.partial.npz")


def _owner(path: Path) -> str:
    return f"{MARKERS}/{path.stem}"


def _text(stored: dict[str, object]) -> Text:
    within = stored["within"]
    assert isinstance(within, list)
    return Text(
        str(stored["kind"]),
        str(stored["text"]),
        tuple(map(str, within)),
        bool(stored["part"]),
    )
