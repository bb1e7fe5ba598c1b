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


ORDER = ("portraits", "originals", "crops", "negatives", "embeddings")
"""What is counted first; records are not worth mentioning."""


@dataclass(frozen=True)
class Line:
    """A sentence of the outcome."""

    text: str
    good: bool = True
    """Whether it is as it should be."""


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
    compared: int = 0
    """Pictures the detector learns from that resemble nobody of them, and stay."""
    receipt: Path | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing is left, as far as every file could be looked at."""
        return not self.left and not self.unreadable


def sentences(outcome: Outcome) -> list[Line]:
    """Return the outcome in words, a line each."""
    found = outcome.cleaned
    lines = [
        Line(f"{outcome.name} is forgotten."),
        Line(f"Deleted: {_listed(outcome.deleted)}."),
    ]
    if outcome.sealed:
        text = "Their key is destroyed: no copy elsewhere can be read again."
        lines.append(Line(text))
    if found:
        places = sorted({residue.kind.value for residue in found})
        lines.append(Line(f"Found beside, and removed, too: {', '.join(places)}."))
    return lines + _looked(outcome) + _models(outcome) + _pictures(outcome)


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
        "pictures to learn from that stay": outcome.compared,
        "seconds": round(outcome.seconds, 2),
    }


def _looked(outcome: Outcome) -> list[Line]:
    looked = f"Looked through {outcome.files:,} files ({_bytes(outcome.size)})"
    if not outcome.left and not outcome.unreadable:
        return [Line(f"{looked}: nothing of them is left.")]
    count, lost = len(outcome.left), outcome.unreadable
    places = "1 place holds" if count == 1 else f"{count} places hold"
    found = f"{places} something still" if count else "nothing of them was found"
    lines = [Line(f"{looked}: {found}.", good=not count)]
    lines += [Line(_residue(residue), good=False) for residue in outcome.left[:LISTED]]
    if count > LISTED:
        lines.append(Line(f"and {count - LISTED} more", good=False))
    if lost:
        some = ", ".join(lost[:LISTED])
        text = f"{len(lost)} of them could not be looked at: {some}"
        lines.append(Line(text, good=False))
    return lines


def _residue(residue: Residue) -> str:
    what = "data of theirs" if residue.what - {"name", "id"} else "the name or id"
    if residue.what == {"name"}:
        what = "the name"
    where = f"{residue.path}: {what}, in {residue.kind.value}"
    if residue.kind is Kind.PERSON and DATA in residue.what:
        return f"{where}; it is enrolled there, too"
    if residue.kind is Kind.RUN:
        return f"{where}; delete the run"
    if residue.kind is Kind.USER:
        return f"{where}; delete it if you want"
    return where


def _models(outcome: Outcome) -> list[Line]:
    asked, alike = outcome.asked, sum(outcome.alike.values())
    if not asked:
        return []
    all_of = f"all {asked} pictures" if asked > 1 else "the picture"
    if not alike:
        text = f"The new classifiers take {all_of} of them for a stranger's."
        return [Line(text)]
    some = f"{alike} of {asked} pictures" if asked > 1 else "the picture"
    names = ", ".join(sorted(outcome.alike))
    text = f"The new classifiers take {some} of them for {names}, who looks alike."
    return [Line(text, good=False)]


def _pictures(outcome: Outcome) -> list[Line]:
    count = outcome.compared
    if not count:
        return []
    stay = "1 picture" if count == 1 else f"{count:,} pictures"
    return [
        Line(
            f"No face found in the {stay} the detector still learns from resembles "
            "them. A face that is not found cannot be compared: look at them in "
            "Training, under Detector."
        )
    ]


def _kinds(residues: tuple[Residue, ...]) -> dict[str, int]:
    return dict(Counter(residue.kind.value for residue in residues))


def _listed(counts: Mapping[str, int]) -> str:
    rest = [what for what in counts if what not in (*ORDER, "records")]
    parts = [
        f"{counts[what]:,} {_single(what) if counts[what] == 1 else what}"
        for what in (*ORDER, *rest)
        if counts.get(what)
    ]
    if len(parts) < 2:
        return parts[0] if parts else "an empty folder"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _single(what: str) -> str:
    """Return one of what is counted: "group of strangers"."""
    first, *rest = what.split(" ")
    if not rest or rest[0] != "of":
        return what.removesuffix("s") if what != "old copies" else "old copy"
    return " ".join((first.removesuffix("s"), *rest))


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
