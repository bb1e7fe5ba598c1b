"""What forgetting has come to: for the user in words, as a receipt without anybody.

The receipt says when, how much was deleted, how much was looked through and what is
left. It names nobody, neither the forgotten person nor anybody who looks alike, and
gives no file, since a file's name may be a person's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from facecam import __version__, files
from facecam.errors import GalleryError
from facecam.forgetting.needles import DATA
from facecam.forgetting.places import RECEIPTS, Kind
from facecam.forgetting.scanning import Residue

LISTED = 8
"""At most so many places are named in words."""


@dataclass(frozen=True)
class Outcome:
    """How a forgetting went."""

    name: str
    """The person's, or the id where the record was damaged."""
    deleted: Mapping[str, int]
    """How much of what."""
    files: int
    """How many were looked through."""
    size: int
    """Bytes of them."""
    cleaned: tuple[Residue, ...]
    """What the look found beside, and removed."""
    left: tuple[Residue, ...]
    """What it found and had to leave."""
    unreadable: tuple[str, ...]
    """Files that could not be looked at."""
    asked: int
    """How many embeddings the new classifiers were asked about."""
    alike: Mapping[str, int]
    """Names of others that they gave, and how often."""
    sealed: bool
    """Whether a key was destroyed, too."""
    seconds: float
    receipt: Path | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing is left, as far as every file could be looked at."""
        return not self.left and not self.unreadable


def sentences(outcome: Outcome) -> list[str]:
    """Return the outcome in words, a line each."""
    found = outcome.cleaned
    lines = [f"{outcome.name} is forgotten.", f"Deleted: {_listed(outcome.deleted)}."]
    if outcome.sealed:
        lines.append("Their key is destroyed: no copy elsewhere can be read again.")
    if found:
        places = sorted({residue.kind.value for residue in found})
        lines.append(f"Found beside, and removed, too: {', '.join(places)}.")
    lines += _looked(outcome)
    lines += _models(outcome)
    return lines


def write_receipt(home: Path, outcome: Outcome) -> Path:
    """Write the receipt; return where it is.

    Raises:
        GalleryError: the disk refuses.
    """
    now = datetime.now(UTC)
    folder = home / RECEIPTS
    path = _free(folder, now.strftime("%Y-%m-%d %H.%M.%S"))
    text = json.dumps(receipt(outcome, now), indent=1)
    try:
        folder.mkdir(exist_ok=True)
        files.write(path, f"{text}\n".encode())
    except OSError as error:
        raise GalleryError(
            f"The person is forgotten, but the receipt {path} cannot be written: "
            f"{error.strerror or error}. Check the folder and its space, then run: "
            "facecam forget --finish"
        ) from error
    return path


def receipt(outcome: Outcome, now: datetime) -> dict[str, Any]:
    """Return what the receipt says."""
    return {
        "what": "A person was forgotten.",
        "finished": now.isoformat(timespec="seconds"),
        "facecam": __version__,
        "deleted": dict(outcome.deleted),
        "key destroyed": outcome.sealed,
        "scan": {
            "files": outcome.files,
            "bytes": outcome.size,
            "found and removed": _kinds(outcome.cleaned),
            "residues": _kinds(outcome.left),
            "unreadable files": len(outcome.unreadable),
        },
        "new classifiers": {
            "embeddings asked": outcome.asked,
            "answered stranger": outcome.asked - sum(outcome.alike.values()),
        },
        "seconds": round(outcome.seconds, 2),
    }


def _looked(outcome: Outcome) -> list[str]:
    looked = f"Looked through {outcome.files:,} files ({_bytes(outcome.size)})"
    if outcome.clean:
        return [f"{looked}: nothing of them is left."]
    lines = []
    if outcome.left:
        count = len(outcome.left)
        places = "1 place holds" if count == 1 else f"{count} places hold"
        lines.append(f"{looked}: {places} something still.")
        lines += [f"  {_residue(residue)}" for residue in outcome.left[:LISTED]]
        if count > LISTED:
            lines.append(f"  and {count - LISTED} more")
    else:
        lines.append(f"{looked}: nothing of them was found.")
    if outcome.unreadable:
        some = ", ".join(outcome.unreadable[:LISTED])
        lines.append(f"{len(outcome.unreadable)} could not be looked at: {some}")
    return lines


def _residue(residue: Residue) -> str:
    what = "data of theirs" if residue.what - {"name", "id"} else "the name or id"
    if residue.what == {"name"}:
        what = "the name"
    where = f"{residue.path}: {what}, in {residue.kind.value}"
    if residue.kind is Kind.PERSON and DATA in residue.what:
        return f"{where}; it is enrolled there, too"
    if residue.kind is Kind.USER:
        return f"{where}; delete it if you want"
    return where


def _models(outcome: Outcome) -> list[str]:
    if not outcome.asked:
        return []
    alike = sum(outcome.alike.values())
    if not alike:
        return [
            f"The new classifiers take all {outcome.asked} pictures of them for a "
            "stranger's."
            if outcome.asked > 1
            else "The new classifiers take the picture of them for a stranger's."
        ]
    names = ", ".join(sorted(outcome.alike))
    return [
        f"The new classifiers take {alike} of {outcome.asked} pictures of them for "
        f"{names}, who looks alike. Nothing of them was used for that."
    ]


def _kinds(residues: tuple[Residue, ...]) -> dict[str, int]:
    return dict(Counter(residue.kind.value for residue in residues))


def _listed(counts: Mapping[str, int]) -> str:
    parts = [
        f"{count:,} {what[:-1] if count == 1 and what.endswith('s') else what}"
        for what, count in counts.items()
        if count
    ]
    if len(parts) < 2:
        return parts[0] if parts else "an empty folder"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _bytes(size: int) -> str:
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"


def _free(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}.json", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}).json", number + 1
    return path
