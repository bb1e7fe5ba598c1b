"""Which view of a person a face shows, and how to get from one to another.

Angles are taken from the person's own front view: a camera below the eyes, or a head
that is usually held a little to one side, is nobody's fault.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facecam.config import EnrolmentConfig
from facecam.enrolment.advice import View
from facecam.enrolment.reading import Reading
from facecam.faces import Floats
from facecam.vision.pose import pose


@dataclass(frozen=True, slots=True)
class Posture:
    """How a face is held, compared with the front view."""

    yaw: float
    """Degrees to the person's left."""
    pitch: float
    """Degrees upwards."""
    growth: float
    """How many times as large the face is as in the front view."""


@dataclass(frozen=True, slots=True)
class Front:
    """The front view of a person, as far as it is known."""

    yaw: float = 0.0
    pitch: float = 0.0
    side: float = 0.0
    """Longer side of the face, pixels; 0 before there is a front view."""

    @staticmethod
    def of(landmarks: Floats, side: float) -> Front:
        """Return the front view that a picture shows.

        Args:
            landmarks: (5, 2) of the face; without them (NaN) it is held straight.
            side: of the face, pixels.
        """
        angles = pose(landmarks[None])
        yaw, pitch = np.nan_to_num((angles.yaw[0], angles.pitch[0])).tolist()
        return Front(yaw, pitch, side)

    def compare(self, reading: Reading, config: EnrolmentConfig) -> Posture:
        """Return how a face is held compared with this view.

        As long as there is none, nobody knows how high the camera stands.
        """
        yaw, pitch = reading.yaw - self.yaw, reading.pitch - self.pitch
        if self.side:
            return Posture(yaw, pitch, reading.side / self.side)
        return Posture(yaw, 0.0 if abs(pitch) <= config.level else pitch, 1.0)


def shows(view: View, posture: Posture, config: EnrolmentConfig) -> bool:
    """Say whether a posture is a view. Without landmarks (NaN) only OTHER is."""
    yaw, pitch = posture.yaw, posture.pitch
    (turned, profile), (raised, far) = config.turned, config.raised
    straight = abs(yaw) <= config.straight
    if view in (View.FRONT, View.GLASSES):
        return straight and abs(pitch) <= config.straight
    if view is View.NEARER:
        near = posture.growth >= config.nearer
        return near and straight and abs(pitch) <= config.straight
    if view in (View.LEFT, View.RIGHT):
        aside = yaw if view is View.LEFT else -yaw
        return turned <= aside <= profile and abs(pitch) <= far
    if view in (View.UP, View.DOWN):
        lifted = pitch if view is View.UP else -pitch
        return raised <= lifted <= far and abs(yaw) <= turned
    return not (abs(yaw) > profile or abs(pitch) > far)


def way_to(view: View, posture: Posture, config: EnrolmentConfig) -> tuple[str, str]:
    """Return what to say to somebody who is to show a view, and the direction."""
    yaw, pitch = posture.yaw, posture.pitch
    if view in (View.LEFT, View.RIGHT):
        return _turn(view, yaw if view is View.LEFT else -yaw, config)
    if view in (View.UP, View.DOWN):
        return _tilt(view, pitch if view is View.UP else -pitch, config)
    if view is View.GLASSES:
        return "Now put your glasses on, or take them off.", ""
    if abs(yaw) > config.straight:
        return "Look straight into the camera.", "right" if yaw > 0 else "left"
    if abs(pitch) > config.straight:
        return "Look straight into the camera.", "down" if pitch > 0 else "up"
    if view is View.NEARER:
        return "Come a little closer.", "nearer"
    return "Look straight into the camera.", ""


def _turn(view: View, aside: float, config: EnrolmentConfig) -> tuple[str, str]:
    side, other = ("left", "right") if view is View.LEFT else ("right", "left")
    least, most = config.turned
    if aside > most:
        return "Not so far: turn back a little.", other
    if aside >= least:
        return "Good. Hold your chin level.", ""
    little = "a little more " if aside > least / 2 else "a little "
    return f"Turn your head {little}to the {side}.", side


def _tilt(view: View, lifted: float, config: EnrolmentConfig) -> tuple[str, str]:
    way, back = ("up", "down") if view is View.UP else ("down", "up")
    verb = "Lift" if view is View.UP else "Lower"
    least, most = config.raised
    if lifted > most:
        return "Not so far: look a little less " + way + ".", back
    if lifted >= least:
        return "Good. Keep your face to the camera.", ""
    return f"{verb} your chin a little{' more' * (lifted > least / 2)}.", way
