"""Who is in view: people and unknown faces, since when, without flicker."""

from __future__ import annotations

from dataclasses import dataclass, replace

from facecam.config import WindowConfig
from facecam.faces import Face, Identity, Recognition

UNKNOWN_SHARE = 0.4
"""Part of the lingering time an unknown face gets: it comes back as another track."""
LOOK = 1.0
"""Seconds a face is looked at before it is listed without an answer."""


@dataclass(frozen=True, eq=False)
class Seen:
    """Somebody in view, or who was a moment ago."""

    key: str
    """The person's id, or the track of somebody unknown."""
    face: Face
    identity: Identity | None
    since: float
    last: float

    @property
    def seconds(self) -> float:
        """How long they have been in view."""
        return self.last - self.since


class Presence:
    """Keeps who is in view; somebody who left stays listed for a moment."""

    def __init__(self, config: WindowConfig) -> None:
        self._config = config
        self._seen: dict[str, Seen] = {}
        self._tracks: dict[int, float] = {}

    def follow(self, recognition: Recognition, now: float) -> None:
        """Take over a new recognition; `now` in seconds."""
        for face in recognition.faces:
            since = self._tracks.setdefault(face.track, now)
            identity = face.match.identity if face.match else None
            key = identity.id if identity else f"track {face.track}"
            old = self._seen.get(key)
            if identity is not None:
                self._seen.pop(f"track {face.track}", None)
            if old is None:
                self._seen[key] = Seen(key, face, identity, since, now)
            else:
                self._seen[key] = replace(old, face=face, identity=identity, last=now)

    def at(self, now: float) -> list[Seen]:
        """Return who is in view: people first, then unknown; each by arrival."""
        for key, seen in list(self._seen.items()):
            share = 1.0 if seen.identity else UNKNOWN_SHARE
            if now - seen.last > self._config.linger * share:
                del self._seen[key]
                self._tracks.pop(seen.face.track, None)
        listed = [
            seen
            for seen in self._seen.values()
            if seen.face.match is not None or seen.seconds > LOOK
        ]
        return sorted(listed, key=lambda s: (s.identity is None, s.since))

    def clear(self) -> None:
        """Nobody is in view."""
        self._seen.clear()
        self._tracks.clear()
