"""How a group of the inbox lies on disk, and the nouns.

    inbox/<group>/group.json      fingerprint, when, and every view: file, place, vector
    inbox/<group>/<digest>.jpg    the views

Both are sealed for the owner "inbox/<group>" where people are protected. A folder
without group.json is what a crash left.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from facecam.faces import Floats, Image

RECORD = "group.json"


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """One view of somebody: a picture, which face is meant, and its vector."""

    image: Image
    """The region around the face, as large as the gallery keeps of a picture."""
    box: Floats  # (4,), pixels of `image`
    landmarks: Floats  # (5, 2)
    embedding: Floats  # (d,)
    quality: float
    """0…1."""
    taken: float
    """Seconds since 1970."""
    fingerprint: str
    """Of the embedder."""


@dataclass(frozen=True, eq=False, slots=True)
class Kept:
    """A view on record; its picture is read when it is shown."""

    file: str
    box: Floats  # (4,)
    landmarks: Floats  # (5, 2)
    embedding: Floats  # (d,)
    quality: float
    taken: float


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """The views of one stranger, best first."""

    id: str
    fingerprint: str
    views: tuple[Kept, ...]
    mean: Floats  # (d,), unit length: of the views, weighed by quality
    first: float
    """When they were first seen, seconds since 1970."""
    last: float
    """When they were last seen, or ignored."""
    ignored: bool = False
    """Pictures are not kept, and no further ones are taken."""
    expires: float = 0.0
    """When the last view will be deleted."""


def mean_of(views: tuple[Kept, ...]) -> Floats:
    """Return the mean of at least one view, weighed by quality, (d,)."""
    weights = np.array([max(view.quality, 0.05) for view in views], np.float32)
    total = weights @ np.stack([view.embedding for view in views])
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)


def kept(sight: Sight, jpeg: bytes) -> Kept:
    """Return the record of a view whose picture has these bytes."""
    file = f"{hashlib.sha256(jpeg).hexdigest()[:16]}.jpg"
    where = sight.box, sight.landmarks, sight.embedding
    return Kept(file, *where, sight.quality, sight.taken)


def encode(group: Group) -> bytes:
    """Return the content of group.json."""
    stored = {
        "fingerprint": group.fingerprint,
        "first": group.first,
        "last": group.last,
        "ignored": group.ignored,
        "mean": _packed(group.mean),
        "views": [
            {
                "file": view.file,
                "box": _packed(view.box),
                "landmarks": _packed(view.landmarks),
                "embedding": _packed(view.embedding),
                "quality": view.quality,
                "taken": view.taken,
            }
            for view in group.views
        ],
    }
    return json.dumps(stored).encode()


def decode(identity: str, data: bytes) -> Group:
    """Read what `encode` wrote.

    Raises:
        ValueError, KeyError, TypeError: it is damaged.
    """
    stored = json.loads(data)
    views = tuple(_view(view) for view in stored["views"])
    return Group(
        id=identity,
        fingerprint=str(stored["fingerprint"]),
        views=views,
        mean=_unpacked(stored["mean"]),
        first=float(stored["first"]),
        last=float(stored["last"]),
        ignored=bool(stored["ignored"]),
    )


def _view(stored: dict[str, Any]) -> Kept:
    return Kept(
        file=str(stored["file"]),
        box=_unpacked(stored["box"]).reshape(4),
        landmarks=_unpacked(stored["landmarks"]).reshape(5, 2),
        embedding=_unpacked(stored["embedding"]),
        quality=float(stored["quality"]),
        taken=float(stored["taken"]),
    )


def _packed(values: Floats) -> str:
    return base64.b64encode(np.asarray(values, np.float32).tobytes()).decode()


def _unpacked(text: str) -> Floats:
    return np.frombuffer(base64.b64decode(text), np.float32).copy()
