"""Boxes that move at the screen's rate, between what the recognizer found.

The recognizer answers some ten to sixty times a second and a little late. Motion
carries each track's box on along its movement, lets the drawn box follow with a
short lag, and fades boxes in and out once. Pure numbers: no Qt, no clock of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from facecam.config import WindowConfig
from facecam.faces import Face, Floats, Recognition

STILL = 0.01
"""Movement per second, as a part of the box, below which a box stands still."""


@dataclass
class _Glide:
    """One track on its way from where it was drawn to where it was found."""

    face: Face
    box: Floats
    """Where it is drawn, (4,)."""
    velocity: Floats
    """Smoothed movement of the found box, pixels per second, (4,)."""
    seen: float
    """When it was last found, on the clock of `step`."""
    frame_time: float
    opacity: float = 0.0
    named: float = 0.0
    """Opacity of the name, which may come later than the box."""
    leaving: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """A face as it is drawn now."""

    face: Face
    """Box and landmarks moved to where they are drawn."""
    opacity: float
    named: float
    """Opacity of the name under the box."""


class Motion:
    """Turns recognitions into boxes to draw at any moment."""

    def __init__(self, config: WindowConfig) -> None:
        self._config = config
        self._glides: dict[int, _Glide] = {}
        self._now = 0.0

    def clear(self) -> None:
        """Forget every box at once."""
        self._glides.clear()

    def follow(self, recognition: Recognition, now: float) -> None:
        """Take over where the faces of a new recognition are."""
        time = recognition.frame.time
        for face in recognition.faces:
            glide = self._glides.get(face.track)
            if glide is None:
                still = np.zeros(4, np.float32)
                self._glides[face.track] = _Glide(face, face.box, still, now, time)
            else:
                _update(glide, face, now, time)
        found = {face.track for face in recognition.faces}
        for track, glide in self._glides.items():
            glide.leaving = track not in found

    def step(self, now: float) -> list[Shown]:
        """Move every box to its place at `now` (seconds) and return what to draw."""
        passed, self._now = max(now - self._now, 0.0), now
        share = 1 - float(np.exp(-passed / self._config.box_lag))
        fade = passed / self._config.fade
        for track, glide in list(self._glides.items()):
            lead = min(now - glide.seen, self._config.box_lead)
            target = glide.face.box + glide.velocity * (0 if glide.leaving else lead)
            glide.box = glide.box + share * (target - glide.box)
            change = -fade if glide.leaving else fade
            glide.opacity = min(max(glide.opacity + change, 0.0), 1.0)
            if glide.face.match is not None:
                glide.named = min(glide.named + fade, 1.0)
            if glide.leaving and glide.opacity == 0:
                del self._glides[track]
        return [_shown(glide) for glide in self._glides.values()]


def _update(glide: _Glide, face: Face, now: float, time: float) -> None:
    """Aim a glide at a newly found box and learn its velocity."""
    passed = time - glide.frame_time
    if 0 < passed < 0.5:
        fresh = (face.box - glide.face.box) / passed
        size = max(float(face.box[2] - face.box[0]), 1.0)
        if float(np.abs(fresh).max()) < STILL * size:
            fresh = np.zeros(4, np.float32)
        glide.velocity = (0.6 * glide.velocity + 0.4 * fresh).astype(np.float32)
    else:
        glide.velocity = np.zeros(4, np.float32)
    glide.face, glide.seen, glide.frame_time = face, now, time


def _shown(glide: _Glide) -> Shown:
    """Return a glide's face with box and landmarks where they are drawn."""
    found = glide.face.box
    scale = (glide.box[2:] - glide.box[:2]) / np.maximum(found[2:] - found[:2], 1e-3)
    points = (glide.face.landmarks - found[:2]) * scale + glide.box[:2]
    box, points = glide.box.astype(np.float32), points.astype(np.float32)
    return Shown(
        replace(glide.face, box=box, landmarks=points), glide.opacity, glide.named
    )


def moved(before: list[Shown], after: list[Shown]) -> bool:
    """Tell whether anything would be drawn differently, by a tenth of a pixel."""
    if len(before) != len(after):
        return True
    return any(
        one.face.track != other.face.track
        or one.face.match != other.face.match
        or (one.opacity, one.named) != (other.opacity, other.named)
        or bool(np.abs(one.face.box - other.face.box).max() > 0.1)
        for one, other in zip(before, after, strict=True)
    )
