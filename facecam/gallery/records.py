"""The content of person.json, the truth about somebody.

    {"name": "Ada", "created": "2026-01-31T12:00:00+00:00",
     "consent": "2026-01-31T12:00:00+00:00", "cover": "portraits/1f0c….jpg",
     "pictures": {"portraits/1f0c….jpg": {"box": [x1, y1, x2, y2],
                  "landmarks": [[x, y], …], "capture": "5d…", "taken": "2026-…"}},
     "negatives": {"negatives/77ab….jpg": {"box": …, "landmarks": …, "of": "", …}}}

Version 1 had "portraits" in place of "pictures", files directly in the folder; that is
still read, so a record corrected by hand after the migration works.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from facecam.errors import GalleryError
from facecam.faces import Detections, Floats
from facecam.gallery.names import clean_name
from facecam.gallery.people import Portrait

WRONG = (ValueError, KeyError, TypeError, AttributeError, GalleryError)
"""What reading a record of another shape raises."""


@dataclass(frozen=True, eq=False, slots=True)
class Record:
    """Everything noted about somebody."""

    name: str
    created: str = ""
    """ISO 8601, UTC; empty for a folder made by hand."""
    consent: str = ""
    cover: str = ""
    pictures: tuple[Portrait, ...] = ()
    """Those taken by facecam, the oldest first."""
    negatives: tuple[Portrait, ...] = ()

    @property
    def mentions(self) -> frozenset[str]:
        """Ids of others who are shown in the negatives."""
        return frozenset(n.of for n in self.negatives if n.of)


def now() -> str:
    """Return the time as everything here notes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def parse(data: bytes) -> Record:
    """Read person.json.

    Raises:
        GalleryError: it is damaged; the text says how.
    """
    try:
        stored = json.loads(data)
        pictures = stored["pictures"] if "pictures" in stored else stored["portraits"]
        return Record(
            clean_name(stored["name"]),
            str(stored["created"]),
            str(stored.get("consent", "")),
            str(stored.get("cover", "")),
            _portraits(pictures),
            _portraits(stored.get("negatives", {})),
        )
    except WRONG as error:
        missing = " is missing" if isinstance(error, KeyError) else ""
        raise GalleryError(f"{str(error) or type(error).__name__}{missing}") from error


def dump(record: Record) -> bytes:
    """Return what `parse` reads."""
    stored = {
        "name": record.name,
        "created": record.created,
        "consent": record.consent,
        "cover": record.cover,
        "pictures": {p.file: _place(p) for p in record.pictures},
        "negatives": {n.file: _place(n) | {"of": n.of} for n in record.negatives},
    }
    return f"{json.dumps(stored, ensure_ascii=False, indent=1)}\n".encode()


def one_face(box: Floats, landmarks: Floats | None = None) -> Detections:
    """Return a box (4,) and its points (5, 2), if known, as one detection."""
    points = np.full((5, 2), np.nan, np.float32) if landmarks is None else landmarks
    return Detections(
        np.asarray(box, np.float32).reshape(1, 4),
        np.ones(1, np.float32),
        np.asarray(points, np.float32).reshape(1, 5, 2),
    )


def without(portraits: Iterable[Portrait], files: set[str]) -> tuple[Portrait, ...]:
    """Return the portraits whose files are not named."""
    return tuple(portrait for portrait in portraits if portrait.file not in files)


def _portraits(stored: Mapping[str, Mapping[str, Any]]) -> tuple[Portrait, ...]:
    """Read files and the places of their faces; thousands in milliseconds."""
    if not stored:
        return ()
    places = list(stored.values())
    n = len(places)
    boxes = np.array([place["box"] for place in places], np.float32).reshape(n, 4)
    if not (np.isfinite(boxes).all() and (boxes[:, :2] < boxes[:, 2:]).all()):
        raise ValueError("a box without an extent")
    unknown = ((None, None),) * 5
    known = [place.get("landmarks") or unknown for place in places]
    points = np.array(known, np.float32).reshape(n, 5, 2)  # None becomes NaN
    sure = np.ones(1, np.float32)
    faces = (Detections(boxes[k : k + 1], sure, points[k : k + 1]) for k in range(n))
    return tuple(
        Portrait(
            str(file),
            face,
            str(place.get("capture", "")),
            str(place.get("taken", "")),
            None,
            str(place.get("of", "")),
        )
        for (file, place), face in zip(stored.items(), faces, strict=True)
    )


def _place(portrait: Portrait) -> dict[str, Any]:
    """Return what `_portraits` reads, in the fewest digits that give this float32."""
    assert portrait.face is not None, portrait.file
    points = portrait.face.landmarks[0]
    known = bool(np.isfinite(points).all())
    return {
        "box": _shortest(portrait.face.boxes[0]),
        "landmarks": [_shortest(point) for point in points] if known else None,
        "capture": portrait.capture,
        "taken": portrait.taken,
    }


def _shortest(values: Floats) -> list[float]:
    return [float(str(np.float32(value))) for value in values]
