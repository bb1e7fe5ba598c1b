"""Names known a moment too late, given to the frames before.

A face that just came into view, or turns away, needs a few looks until it can be named.
A film that is written a second late can show the name from the first frame on; a live
view cannot. Names are only ever added, and only within the same track.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from facecam.faces import Face, Match, Recognition


class Hindsight:
    """Holds recognitions back until later ones have told what they know.

    Args:
        seconds: how long, in the time of the frames; 0 holds nothing back.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: deque[Recognition] = deque()
        self._named: dict[int, tuple[float, Match]] = {}  # by track: when last, as whom

    def add(self, recognition: Recognition) -> list[Recognition]:
        """Take the next recognition, return those that are old enough to be shown."""
        now = recognition.frame.time
        ready = []
        while self._held and self._held[0].frame.time < now - self._seconds:
            ready.append(self._settled(self._held.popleft()))
        self._held.append(recognition)
        for face in recognition.faces:
            if face.match is not None and face.match.identity is not None:
                self._named[face.track] = (now, face.match)
        return ready

    def rest(self) -> list[Recognition]:
        """Return what is still held back, at the end."""
        ready = [self._settled(recognition) for recognition in self._held]
        self._held.clear()
        return ready

    def _settled(self, recognition: Recognition) -> Recognition:
        """Name the faces of a frame that were named later in the same track."""
        taken = {face.match.identity for face in recognition.faces if face.match}
        faces = []
        for face in recognition.faces:
            match = self._later(face, recognition.frame.time)
            if match is not None and match.identity not in taken:
                taken.add(match.identity)
                face = replace(face, match=match)
            faces.append(face)
        return replace(recognition, faces=tuple(faces))

    def _later(self, face: Face, time: float) -> Match | None:
        """Return as whom an unnamed face is known after a time."""
        if face.match is not None and face.match.identity is not None:
            return None
        when, match = self._named.get(face.track, (time, None))
        return match if when > time else None
