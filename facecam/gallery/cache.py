"""Embeddings of one person's portraits, kept so that each is computed once.

A cache, never the truth: people/<id>/.cache/<fingerprint>.npz, one file per embedder,
by the digest of picture and face. Whatever is wrong with it, it is computed again.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from facecam.faces import Detections, Floats
from facecam.gallery.records import write_bytes

FOLDER = ".cache"


def digest(data: bytes, face: Detections | None, mirrored: bool) -> str:
    """Return what determines an embedding: the picture, the face in it, its copies."""
    hasher = hashlib.sha256(data)
    hasher.update(b"" if face is None else face.boxes.tobytes())
    hasher.update(b"mirrored" if mirrored else b"")
    return hasher.hexdigest()


def read(folder: Path, fingerprint: str) -> dict[str, Floats]:
    """Return the embeddings known by digest, (d,) each; none if the file is damaged."""
    try:
        data = io.BytesIO(_path(folder, fingerprint).read_bytes())
        with np.load(data, allow_pickle=False) as stored:
            digests, embeddings = stored["digests"].tolist(), stored["embeddings"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if embeddings.ndim != 2 or len(embeddings) != len(digests):
        return {}
    return dict(zip(digests, embeddings.astype(np.float32), strict=True))


def write(folder: Path, fingerprint: str, known: Mapping[str, Floats]) -> None:
    """Replace what is stored for an embedder.

    When a portrait has gone, the other embedders' files go too: they may hold it.
    """
    path = _path(folder, fingerprint)
    if read(folder, fingerprint).keys() - known.keys():
        for stale in path.parent.glob("*.npz"):
            stale.unlink(missing_ok=True)
    if not known:
        return
    buffer = io.BytesIO()
    np.savez(buffer, digests=list(known), embeddings=np.stack(list(known.values())))
    path.parent.mkdir(exist_ok=True)
    write_bytes(path, buffer.getvalue())


def _path(folder: Path, fingerprint: str) -> Path:
    return folder / FOLDER / f"{fingerprint}.npz"
