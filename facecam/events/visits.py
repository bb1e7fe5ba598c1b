"""What a visit is, which ones are wanted, and how they leave as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from facecam import files
from facecam.errors import GalleryError

HEADER = ("name", "id", "began", "ended", "seconds", "source", "strangers")
"""Of an export. An empty name and id is a stranger; times in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody was there for a while."""

    person: str
    """An id; empty for a stranger."""
    began: float
    """Seconds since 1970."""
    ended: float
    source: str
    """Where, as a person would call it."""
    strangers: float
    """One wrong name in about so many strangers, when it was surest."""
    number: int = 0
    """Of its row; 0 before it is written."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which visits; the defaults are all of them."""

    people: tuple[str, ...] | None = None
    """Ids; an empty one for strangers. None for everybody."""
    since: float = 0.0
    """Seconds since 1970: visits that ended then or later."""
    until: float = float("inf")
    """Visits that began before."""
    source: str = ""
    """Empty for every source."""


def rows(visits: Sequence[Visit], names: Mapping[str, str]) -> list[dict[str, object]]:
    """Return visits as an export has them, see HEADER.

    Args:
        visits: which.
        names: by id, of those enrolled now.
    """
    return [
        {
            "name": names.get(visit.person, ""),
            "id": visit.person,
            "began": iso(visit.began),
            "ended": iso(visit.ended),
            "seconds": round(visit.ended - visit.began, 1),
            "source": visit.source,
            "strangers": round(visit.strangers, 1),
        }
        for visit in visits
    ]


def as_csv(visits: Sequence[Visit], names: Mapping[str, str]) -> str:
    """Return visits as a table; what a spreadsheet takes for a formula is quoted."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, HEADER)
    writer.writeheader()
    for row in rows(visits, names):
        writer.writerow({key: _harmless(value) for key, value in row.items()})
    return buffer.getvalue()


def as_json(visits: Sequence[Visit], names: Mapping[str, str]) -> str:
    """Return visits as one JSON object."""
    return json.dumps({"visits": rows(visits, names)}, ensure_ascii=False, indent=1)


def save(path: Path, visits: Sequence[Visit], names: Mapping[str, str]) -> None:
    """Write an export: JSON if the file is called so, else CSV.

    Raises:
        GalleryError: the disk refuses.
    """
    if path.suffix.lower() == ".json":
        data = as_json(visits, names).encode()
    else:
        data = b"\xef\xbb\xbf" + as_csv(visits, names).encode()  # for spreadsheets
    try:
        files.write(path, data)
    except OSError as error:
        raise GalleryError(
            f"Cannot write {path}: {error.strerror or error}. Choose another folder."
        ) from error


def iso(seconds: float) -> str:
    """Return a time as ISO 8601 in the local zone, to the second."""
    moment = datetime.fromtimestamp(seconds, UTC).astimezone()
    return moment.isoformat(timespec="seconds")


def _harmless(value: object) -> object:
    """Keep a spreadsheet from running a name as a formula (CSV injection)."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else value
