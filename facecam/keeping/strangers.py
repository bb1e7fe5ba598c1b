"""Which views of unknown faces are worth keeping. In memory; writes nothing.

A face must have stayed unknown for a while: many become somebody when they come nearer.
Of each stretch of time the best view is handed out; the views of a face that is named
later are asked back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from facecam.config.keeping import InboxConfig
from facecam.faces import Face, Frame, Recognition
from facecam.inbox import Sight
from facecam.vision.region import around

LEFT = 1.0
"""Seconds without a face after which its best view is handed out."""


@dataclass(slots=True)
class _Track:
    since: float
    """When it was first unknown."""
    window: float
    """When the stretch of time began that `best` is of."""
    last: float
    best: Sight | None = None
    given: list[float] = field(default_factory=list)
    """When the views were taken that have been handed out."""


@dataclass
class Strangers:
    """Chooses views. Belongs to one thread."""

    config: InboxConfig
    fingerprint: str = ""
    """Of the embedder; without one nothing is chosen."""
    _tracks: dict[int, _Track] = field(default_factory=dict)
    _ready: list[tuple[int, Sight]] = field(default_factory=list)
    _mistaken: list[tuple[int, tuple[float, ...]]] = field(default_factory=list)

    def follow(self, recognition: Recognition, now: float) -> None:
        """Look at a new recognition; `now` in seconds since 1970."""
        if not self.fingerprint:
            return
        for face in recognition.faces:
            if face.match is None:
                continue
            if face.match.identity is not None:
                self._named(face.track)
            else:
                self._unknown(face, recognition.frame, now)
        for number, track in list(self._tracks.items()):
            if now - track.last > LEFT:
                self._give(number, track, now)
                del self._tracks[number]

    def leave(self, now: float) -> None:
        """Hand out what is left, as when another source is chosen."""
        for number, track in self._tracks.items():
            self._give(number, track, now)
        self._tracks.clear()

    def take(self) -> tuple[tuple[int, Sight], ...]:
        """Return the views chosen since the last time, with their tracks."""
        ready, self._ready = tuple(self._ready), []
        return ready

    def take_mistaken(self) -> tuple[tuple[int, tuple[float, ...]], ...]:
        """Return tracks that were named after all, and when their views were taken."""
        mistaken, self._mistaken = tuple(self._mistaken), []
        return mistaken

    def _unknown(self, face: Face, frame: Frame, now: float) -> None:
        track = self._tracks.setdefault(face.track, _Track(now, now, now))
        track.last = now
        best = track.best.quality if track.best else 0.0
        good = face.quality >= self.config.least_quality and face.quality > best
        if face.embedding is not None and good:
            track.best = sight(face, frame, now, self.fingerprint)
        if now - track.window >= self.config.spacing:
            self._give(face.track, track, now)

    def _give(self, number: int, track: _Track, now: float) -> None:
        """Hand out the best view of a stretch of time, if it is surely a stranger's."""
        settled = track.last - track.since >= self.config.settle
        if settled and track.best is not None:
            self._ready.append((number, track.best))
            track.given.append(track.best.taken)
            track.best, track.window = None, now

    def _named(self, number: int) -> None:
        """Drop the views of a face that turned out to be somebody's."""
        track = self._tracks.pop(number, None)
        self._ready = [(n, view) for n, view in self._ready if n != number]
        if track is not None and track.given:
            self._mistaken.append((number, tuple(track.given)))


def sight(face: Face, frame: Frame, now: float, fingerprint: str) -> Sight:
    """Cut the view of a face that was embedded in this frame."""
    assert face.embedding is not None
    region, corner = around(frame.image, face.box)
    return Sight(
        image=region,
        box=(face.box.reshape(2, 2) - corner).reshape(4),
        landmarks=np.asarray(face.landmarks - corner, np.float32),
        embedding=face.embedding,
        quality=face.quality,
        taken=now,
        fingerprint=fingerprint,
    )
