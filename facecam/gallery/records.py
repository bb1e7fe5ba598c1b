"""How a person lies on disk: a folder of pictures and person.json beside them.

    {"name": "Ada", "created": "2026-01-31T12:00:00+00:00",
     "portraits": {"1f0c….jpg": {"box": [x1, y1, x2, y2], "landmarks": [[x, y], …]}}}

Everything is written beside its target and renamed, so nothing half is ever read.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from facecam import files
from facecam.errors import GalleryError
from facecam.faces import Detections, Floats, Identity
from facecam.media import find_images

RECORD = "person.json"
LONGEST_NAME = 80
INVISIBLE = frozenset(("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Unicode categories without a place in a name: controls, surrogates, line breaks …"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody enrolled."""

    identity: Identity
    portraits: tuple[Path, ...]
    """Those taken by facecam first, the oldest first; then those dropped in by hand."""


@dataclass(frozen=True, eq=False)
class Record:
    """The content of person.json."""

    name: str
    created: str
    """ISO 8601, UTC."""
    faces: Mapping[str, Detections]
    """By picture file: the one face that is meant, in pixels of that picture."""


def clean_name(text: str) -> str:
    """Return a name in composed form (NFC) without blanks around it.

    Raises:
        GalleryError: it is empty, too long or holds control characters.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not name:
        raise GalleryError("A person needs a name.")
    if len(name) > LONGEST_NAME:
        raise GalleryError(
            f"The name has {len(name)} characters; at most {LONGEST_NAME} are kept."
        )
    if any(unicodedata.category(character) in INVISIBLE for character in name):
        raise GalleryError(
            "The name holds a line break or another control character. Remove it."
        )
    return name


def new_id(name: str) -> str:
    """Return a fresh id, an ASCII folder name that still resembles the name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:24].strip("-")
    return f"{slug or 'person'}-{secrets.token_hex(4)}"


def new_record(name: str) -> Record:
    """Return the record of a person without portraits."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Record(clean_name(name), now, {})


def read_person(folder: Path) -> Person | None:
    """Return the person of a folder, None if it holds neither record nor picture.

    Raises:
        GalleryError: person.json is damaged.
    """
    record = read_record(folder)
    pictures = {path.name: path for path in find_images(folder)}
    if not pictures and not record.created:
        return None
    taken = [pictures.pop(file) for file in record.faces if file in pictures]
    identity = Identity(folder.name, record.name)
    return Person(identity, (*taken, *pictures.values()))


def read_record(folder: Path) -> Record:
    """Read person.json.

    A folder made by hand has none: its name is the person's name.

    Raises:
        GalleryError: the file is damaged.
    """
    path = folder / RECORD
    try:
        stored = json.loads(path.read_text("utf-8"))
        faces = stored["portraits"].items()
        return Record(
            clean_name(stored["name"]),
            str(stored["created"]),
            {str(file): _face(place) for file, place in faces},
        )
    except FileNotFoundError:
        return Record(clean_name(folder.name), "", {})
    except (
        *(OSError, ValueError, KeyError, TypeError, AttributeError),
        GalleryError,
    ) as error:
        raise GalleryError(
            f"{path} is damaged ({error}). Correct it, or delete it: the pictures "
            "beside it are then enrolled under the name of the folder."
        ) from error


def write_record(folder: Path, record: Record) -> None:
    """Write person.json."""
    portraits = {file: _place(face) for file, face in record.faces.items()}
    stored = {"name": record.name, "created": record.created, "portraits": portraits}
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    write_bytes(folder / RECORD, f"{text}\n".encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file of the people folder whole or not at all.

    Raises:
        GalleryError: the disk refuses.
    """
    try:
        files.write(path, data)
    except OSError as error:
        raise GalleryError(
            f"Cannot write {path}: {error.strerror or error}. "
            "Check the folder and its space."
        ) from error


@contextlib.contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn what the disk refuses into an error for the user."""
    try:
        yield
    except OSError as error:
        raise GalleryError(
            f"{what}: {error.strerror or error}. Check the people folder."
        ) from error


def one_face(box: Floats, landmarks: Floats | None = None) -> Detections:
    """Return a box (4,) and its points (5, 2), if known, as one detection."""
    points = np.full((5, 2), np.nan, np.float32) if landmarks is None else landmarks
    return Detections(
        np.asarray(box, np.float32).reshape(1, 4),
        np.ones(1, np.float32),
        np.asarray(points, np.float32).reshape(1, 5, 2),
    )


def _face(place: dict[str, Any]) -> Detections:
    """Read the place of a face; raises ValueError unless it has an extent."""
    points = place.get("landmarks")
    landmarks = None if points is None else np.array(points, np.float32)
    face = one_face(np.array(place["box"], np.float32), landmarks)
    x1, y1, x2, y2 = face.boxes[0].tolist()
    if not (np.isfinite(face.boxes).all() and x1 < x2 and y1 < y2):
        raise ValueError(f"{place['box']} is not a box")
    return face


def _place(face: Detections) -> dict[str, Any]:
    """Return what `_face` reads, in the shortest digits that give the same float32."""
    points = face.landmarks[0]
    known = bool(np.isfinite(points).all())
    return {
        "box": _shortest(face.boxes[0]),
        "landmarks": [_shortest(point) for point in points] if known else None,
    }


def _shortest(values: Floats) -> list[float]:
    return [float(str(np.float32(value))) for value in values]
