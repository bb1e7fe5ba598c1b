"""How surely everybody is recognised: measured, kept, and compared with before.

A summary of the report card that outlives the window. It lies beside the classifiers
it was measured with and goes with them when somebody is forgotten; it holds ids and
numbers only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from facecam import files
from facecam.errors import GalleryError
from facecam.gallery import Gallery, fits
from facecam.report.card import PersonLine, ReportCard
from facecam.vision.identifier import Identifier

ENDING = ".standings.json"
PER_SITTING = 0.2
"""Seconds that trying one sitting takes, before any was tried here."""
DIGITS = 3
"""Of evidence that is kept: more would claim too much."""


@dataclass(frozen=True)
class Standing:
    """How surely one person is recognised."""

    id: str
    pictures: int
    sittings: int
    evidence: tuple[float, ...]
    """Of each picture tried: one stranger in so many looks so much like the person; 0
    where somebody else enrolled was nearer."""
    look_alike: str
    """The id of whom of the enrolled they resemble most; empty without others."""
    near: float
    """One stranger in so many is as near as that look-alike."""

    def named(self, strangers: float) -> int:
        """Return how many of the pictures tried get the right name at a setting."""
        return sum(one >= strangers for one in self.evidence)

    def share(self, strangers: float) -> float | None:
        """Return the share of them; None if none was tried."""
        tried = len(self.evidence)
        return self.named(strangers) / tried if tried else None


@dataclass(frozen=True)
class Standings:
    """Everybody's, at one state of the classifiers."""

    of: str
    """Which classifiers they were measured with; see `stamp`."""
    when: str
    """ISO 8601, UTC."""
    seconds: float
    """How long measuring took a processor."""
    sittings: int
    """How many sittings were tried."""
    low: float | None
    """Share of own people's new pictures that are recognised: the lower end of 95 %;
    None where too little could be tried."""
    high: float | None
    strangers: float
    """The setting these two hold for, strangers per wrong name."""
    people: tuple[Standing, ...]

    @cached_property
    def by_id(self) -> dict[str, Standing]:
        """The same, to be looked up."""
        return {one.id: one for one in self.people}


@dataclass(frozen=True)
class Kept:
    """The last two measurements."""

    now: Standings
    before: Standings | None = None

    def moved(self, strangers: float) -> list[tuple[Standing, Standing]]:
        """Return who is recognised more or less surely than before: before and now.

        The greatest difference comes first.

        Args:
            strangers: the setting in force, strangers per wrong name.
        """
        known = self.before.by_id if self.before else {}
        pairs = [(known[one.id], one) for one in self.now.people if one.id in known]
        shares = [(a.share(strangers), b.share(strangers)) for a, b in pairs]
        moved = [
            (abs(now - was), pair)
            for pair, (was, now) in zip(pairs, shares, strict=True)
            if was is not None and now is not None and was != now
        ]
        return [pair for _, pair in sorted(moved, key=lambda one: -one[0])]


def expected(kept: Kept | None, sittings: int) -> float:
    """Return about how many seconds measuring so many sittings takes here."""
    known = kept is not None and kept.now.sittings
    each = kept.now.seconds / kept.now.sittings if kept and known else PER_SITTING
    return each * sittings


def stamp(identifier: Identifier) -> str:
    """Return what tells an identifier from any fitted to other pictures."""
    digest = hashlib.sha256(json.dumps([i.id for i in identifier.identities]).encode())
    for array in (identifier.weights, identifier.bias, identifier.usual):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def of_card(card: ReportCard, identifier: Identifier, seconds: float) -> Standings:
    """Return what a report card says of everybody, in short."""
    promise = card.promise(card.setting)
    share = None if promise.problem else promise.recognised
    return Standings(
        of=stamp(identifier),
        when=card.made,
        seconds=round(seconds, 2),
        sittings=card.tried.sittings,
        low=share.low if share else None,
        high=share.high if share else None,
        strangers=card.setting,
        people=tuple(_standing(line) for line in card.lines),
    )


def keep(gallery: Gallery, measured: Standings, generation: int) -> Kept:
    """Keep a measurement, and the one before it as far as its people are still there.

    Args:
        gallery: the people.
        measured: the new one.
        generation: of the gallery when it was measured. If somebody was changed or
            forgotten since, nothing is written.
    """
    last = read(gallery)
    before = last.now if last else None
    if last is not None and last.now.of == measured.of:
        before = last.before
    here = {one.id for one in measured.people}
    kept = Kept(measured, _of_those(before, here))
    with contextlib.suppress(OSError, GalleryError), gallery.locked():
        if gallery.generation == generation:
            data = f"{json.dumps(asdict(kept))}\n".encode()
            files.write(_path(gallery), gallery.vault.seal(fits.EVERYBODY, data))
    return kept


def read(gallery: Gallery) -> Kept | None:
    """Return the last measurements; None if there are none that can be read."""
    with contextlib.suppress(OSError, GalleryError, ValueError, KeyError, TypeError):
        data = gallery.vault.unseal(_path(gallery).read_bytes(), fits.EVERYBODY)
        told = json.loads(data)
        before = told["before"]
        return Kept(_parsed(told["now"]), _parsed(before) if before else None)
    return None


def _path(gallery: Gallery) -> Path:
    return fits.path_of(gallery).with_suffix(ENDING)


def _parsed(told: dict[str, object]) -> Standings:
    """Raises ValueError, KeyError or TypeError where it is something else."""
    listed = told["people"]
    if not isinstance(listed, list):
        raise TypeError("no people")
    people = tuple(
        Standing(**{**one, "evidence": tuple(map(float, one["evidence"]))})
        for one in listed
    )
    make: Callable[..., Standings] = Standings
    return make(**{**told, "people": people})


def _of_those(standings: Standings | None, ids: Iterable[str]) -> Standings | None:
    """Return the standings of some people; look-alikes who are others are left out."""
    if standings is None:
        return None
    here = set(ids)
    people = tuple(
        one if one.look_alike in here else replace(one, look_alike="")
        for one in standings.people
        if one.id in here
    )
    return replace(standings, people=people)


def _standing(line: PersonLine) -> Standing:
    return Standing(
        id=line.identity.id,
        pictures=line.pictures,
        sittings=line.sittings,
        evidence=tuple(float(f"{one:.{DIGITS}g}") for one in line.evidence),
        look_alike=line.look_alike.id if line.look_alike else "",
        near=float(f"{line.near:.{DIGITS}g}"),
    )
