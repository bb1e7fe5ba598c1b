"""What a fit of the classifiers changed, told from the classifiers before and after.

Numbers and ids only: names are looked up where it is shown, and of somebody who is
gone nothing stays but that there was one person more.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from facecam import files
from facecam.errors import GalleryError
from facecam.vision.fitting import Row
from facecam.vision.identifier import Identifier

ENDING = ".json"
"""Of the file beside the classifiers with what the last change did."""


class Why(StrEnum):
    """Why somebody's classifier was fitted anew."""

    NEW = "new"
    PICTURES = "pictures"
    """Pictures came or went."""
    NOT_THEM = "not them"
    """What is said never to be them changed."""
    NEAR = "near"
    """Somebody who resembles them came, went or changed."""
    ASKED = "asked"
    """Everything was to be fitted from nothing."""


@dataclass(frozen=True)
class Refitted:
    """Somebody whose classifier was fitted anew."""

    id: str
    why: Why
    pictures: int
    """How many they have now."""
    added: int = 0
    removed: int = 0


@dataclass(frozen=True)
class Fit:
    """What one fit did."""

    when: str
    """ISO 8601, UTC."""
    seconds: float
    people: int
    pictures: int
    refitted: tuple[Refitted, ...]
    """Whoever was fitted anew, in the order of their names; the rest was kept."""
    gone: int = 0
    """How many people are not there any more."""
    first: bool = False
    """Whether there were no classifiers to go on from."""
    same: bool = False
    """Whether every classifier came out as it was before."""

    @property
    def kept(self) -> int:
        """How many classifiers still held."""
        return self.people - len(self.refitted)

    @property
    def changed(self) -> bool:
        """Whether anybody was fitted anew, or is gone."""
        return bool(self.refitted or self.gone)

    def as_json(self) -> bytes:
        """Return what `parse` reads."""
        return f"{json.dumps(asdict(self), indent=1)}\n".encode()


def compare(
    before: Identifier | None, after: Identifier, when: str, seconds: float
) -> Fit:
    """Say what a fit did.

    Args:
        before: the classifiers it went on from; None if there were none.
        after: those it made.
        when: ISO 8601, UTC.
        seconds: how long it took.
    """
    known = _rows(before) if before else {}
    now = _rows(after)
    changed = (_refitted(i, known.get(i), row) for i, row in now.items())
    return Fit(
        when=when,
        seconds=seconds,
        people=len(now),
        pictures=sum(len(row.own) for row in now.values()),
        refitted=tuple(one for one in changed if one is not None),
        gone=len(known.keys() - now.keys()),
        first=before is None,
        same=before is not None and after.same_as(before),
    )


def parse(data: bytes) -> Fit:
    """Read what `as_json` returned.

    Raises:
        ValueError, KeyError, TypeError: it is something else.
    """
    told = json.loads(data)
    refitted = (Refitted(**{**r, "why": Why(r["why"])}) for r in told["refitted"])
    return Fit(**{**told, "refitted": tuple(refitted)})


def read(path: Path, unseal: Callable[[bytes], bytes]) -> Fit | None:
    """Read what the last change did; None where nobody knows."""
    with contextlib.suppress(OSError, GalleryError, ValueError, KeyError, TypeError):
        return parse(unseal(path.read_bytes()))
    return None


def write(path: Path, fit: Fit, seal: Callable[[bytes], bytes]) -> None:
    """Keep what a fit did, unless it did nothing and something is known already."""
    if fit.changed or not path.is_file():
        files.write(path, seal(fit.as_json()))


def _rows(identifier: Identifier) -> dict[str, Row]:
    ids = (identity.id for identity in identifier.identities)
    return dict(zip(ids, identifier.rows, strict=True))


def _refitted(identity_id: str, before: Row | None, row: Row) -> Refitted | None:
    """Say why a row is not the one before; None if it is."""
    if row is before:
        return None
    pictures = len(row.own)
    if before is None:
        return Refitted(identity_id, Why.NEW, pictures, added=pictures)
    added = pictures - len(np.intersect1d(row.own, before.own))
    removed = len(before.own) - (pictures - added)
    if added or removed:
        return Refitted(identity_id, Why.PICTURES, pictures, added, removed)
    if not np.array_equal(np.sort(row.never), np.sort(before.never)):
        return Refitted(identity_id, Why.NOT_THEM, pictures)
    near = np.array_equal(np.sort(row.near), np.sort(before.near))
    return Refitted(identity_id, Why.ASKED if near else Why.NEAR, pictures)
