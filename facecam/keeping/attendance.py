"""Visits: who is there, since when, from recognitions. In memory; writes nothing.

A person's visit lasts while they are seen again within a gap. A stranger's visit goes
on under another track if the face is like theirs, and becomes a person's as soon as the
face is named: somebody who comes nearer was there before they were recognised.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from facecam.config import Config
from facecam.events import Visit
from facecam.faces import Face, Floats, Recognition

STEADY = 0.8
"""What a stranger's earlier looks still weigh when the next one comes."""


@dataclass(eq=False)
class Open:
    """A visit under way."""

    token: int
    person: str
    began: float
    ended: float
    source: str
    strangers: float = 0.0
    likeness: Floats | None = None  # (d,), of a stranger
    written: float | None = None
    """How far it was handed out to be written."""
    tracks: set[int] = field(default_factory=set)

    def visit(self) -> Visit:
        """Return it as it stands."""
        times = self.began, self.ended
        return Visit(self.person, *times, self.source, round(self.strangers, 1))


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written, by token."""

    visits: tuple[tuple[int, Visit], ...] = ()
    dropped: tuple[int, ...] = ()
    """Of visits that turned out to be part of another one."""


@dataclass(slots=True)
class _Track:
    first: float
    last: float
    visit: Open | None = None
    unknown: float | None = None
    """Since when it is known that nobody enrolled is seen."""
    likeness: Floats | None = None  # (d,), of its looks since then


@dataclass
class Attendance:
    """Turns recognitions into visits. Belongs to one thread."""

    config: Config
    open: list[Open] = field(default_factory=list)
    _tracks: dict[int, _Track] = field(default_factory=dict)
    _dropped: list[int] = field(default_factory=list)
    _closed: list[Open] = field(default_factory=list)
    _last_token: int = 0

    def follow(self, recognition: Recognition, source: str, now: float) -> None:
        """Take over a new recognition; `now` in seconds since 1970."""
        self._close(now)
        for face in recognition.faces:
            track = self._tracks.setdefault(face.track, _Track(now, now))
            track.last = now
            if face.match is None:
                continue
            if face.match.identity is not None:
                self._person(track, face.match.identity.id, source, now)
                strangers = face.match.strangers
                assert track.visit is not None
                track.visit.strangers = max(track.visit.strangers, strangers)
            else:
                self._stranger(track, face, source, now)
            if track.visit is not None:
                track.visit.tracks.add(face.track)

    def visit_of(self, track: int) -> Open | None:
        """Return the visit that a track belongs to."""
        known = self._tracks.get(track)
        return known.visit if known else None

    def retract(self, track: int, person: str) -> Open | None:
        """Make a visit a stranger's whose name was refused on the only track it has."""
        visit = self.visit_of(track)
        if visit is None or visit.person != person or visit.tracks != {track}:
            return None
        visit.person, visit.written = "", None
        return visit

    def leave(self) -> None:
        """End every visit, as when another source is chosen."""
        self._closed += self.open
        self.open = []
        self._tracks.clear()

    def changes(self) -> Changes:
        """Return what has to be written since the last time."""
        config, ready = self.config.events, []
        for visit in self._closed:
            if visit.written != visit.ended:
                ready.append(visit)
        for visit in self.open:
            since = visit.written
            if since is None or visit.ended - since >= config.every:
                ready.append(visit)
        ready = [v for v in ready if v.ended - v.began >= config.shortest]
        for visit in ready:
            visit.written = visit.ended
        dropped, self._dropped, self._closed = tuple(self._dropped), [], []
        return Changes(tuple((v.token, v.visit()) for v in ready), dropped)

    def _person(self, track: _Track, person: str, source: str, now: float) -> None:
        """Continue or begin the visit of somebody named."""
        track.unknown = None
        before = track.visit
        visit = next((v for v in self.open if v.person == person), None)
        if visit is None and before is not None and not before.person:
            visit = before  # the stranger turns out to be them
            visit.person, visit.likeness, visit.written = person, None, None
        if visit is None:
            visit = self._begin(person, track.first if before is None else now, source)
        elif before is not None and before is not visit and not before.person:
            self._absorb(before, visit)
        visit.ended = max(visit.ended, now)
        track.visit = visit

    def _stranger(self, track: _Track, face: Face, source: str, now: float) -> None:
        """Continue or begin a stranger's visit, once it is sure that they are one."""
        if track.unknown is None:
            track.unknown, track.likeness = now, None
        track.likeness = _learned(track.likeness, face.embedding)
        visit = track.visit
        if visit is None or visit.person:
            if now - track.unknown < self.config.inbox.settle:
                return
            visit = self._alike(track.likeness, now)
            visit = visit or self._begin("", track.unknown, source)
            visit.likeness = _learned(visit.likeness, track.likeness)
            track.visit = visit
        visit.ended = max(visit.ended, now)
        visit.likeness = _learned(visit.likeness, face.embedding)

    def _alike(self, likeness: Floats | None, now: float) -> Open | None:
        """Return the open visit of the same stranger, of those not seen elsewhere."""
        if likeness is None:
            return None
        absent = [
            (_cosine(visit.likeness, likeness), visit)
            for visit in self.open
            if visit.likeness is not None and visit.ended < now
        ]
        nearest, visit = max(absent, key=lambda one: one[0], default=(-1.0, None))
        return visit if nearest >= self.config.inbox.same else None

    def _begin(self, person: str, began: float, source: str) -> Open:
        self._last_token += 1
        visit = Open(self._last_token, person, began, began, source)
        self.open.append(visit)
        return visit

    def _absorb(self, part: Open, whole: Open) -> None:
        """Make a stranger's visit part of a person's."""
        whole.began = min(whole.began, part.began)
        whole.written = None
        self.open = [visit for visit in self.open if visit is not part]
        if part.written is not None:
            self._dropped.append(part.token)
        for track in self._tracks.values():
            track.visit = whole if track.visit is part else track.visit

    def _close(self, now: float) -> None:
        """End the visits of those who have been away for too long."""
        oldest = now - self.config.events.gap
        over = [visit for visit in self.open if visit.ended < oldest]
        if over:
            self._closed += over
            self.open = [visit for visit in self.open if visit not in over]
        gone = [number for number, t in self._tracks.items() if t.last < oldest]
        for number in gone:
            del self._tracks[number]


def _learned(likeness: Floats | None, look: Floats | None) -> Floats | None:
    """Return a likeness with another look added."""
    if likeness is None or look is None:
        return look if likeness is None else likeness
    return np.asarray(likeness * STEADY + look, np.float32)


def _cosine(a: Floats, b: Floats) -> float:
    return float(a @ b) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9)
