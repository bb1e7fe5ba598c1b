"""One frame with a face, as far as the coach understands it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facecam.config import EnrolmentConfig
from facecam.enrolment.advice import Code, Meters, Taken, View
from facecam.enrolment.reading import Reading
from facecam.enrolment.views import Posture
from facecam.faces import Floats, Frame

SMOOTHING = 0.15
"""Time constant of the angles that are shown, seconds."""


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """A frame, what was measured in it, and what is wrong with it."""

    frame: Frame
    reading: Reading
    posture: Posture
    problem: Code | None
    still: float
    """How much of the time to hold still is over, 0…1."""

    @property
    def readable(self) -> bool:
        """Whether it shows one person, well enough to tell who it is."""
        return self.problem is not Code.SEVERAL and self.reading.quality > 0

    def taken(self, view: View, embedding: Floats) -> Taken:
        """Return it as a picture that was taken."""
        reading = self.reading
        return Taken(
            image=self.frame.image,
            box=reading.box,
            landmarks=reading.landmarks,
            crop=reading.crop,
            view=view,
            quality=reading.quality,
            embedding=embedding,
            time=self.frame.time,
        )


def meters(
    moment: Moment | None, before: Meters, step: float, config: EnrolmentConfig
) -> Meters:
    """Return how good a view is, the angles smoothed over time.

    Args:
        moment: the frame; None without a face.
        before: what was shown for the frame before.
        step: seconds since then.
        config: the limits; a measure at its limit is half as good as can be.
    """
    if moment is None:
        return Meters()
    reading = moment.reading
    share = float(1 - np.exp(-step / SMOOTHING))
    darkness = reading.mean / config.darkest
    glare = (255 - reading.mean) / (255 - config.brightest)
    return Meters(
        size=float(np.clip(reading.side / config.smallest_side / 2, 0, 1)),
        light=float(np.clip(min(darkness, glare) / 2, 0, 1)),
        sharpness=reading.sharpness,
        still=moment.still,
        yaw=_towards(before.yaw, moment.posture.yaw, share),
        pitch=_towards(before.pitch, moment.posture.pitch, share),
    )


def _towards(old: float, new: float, share: float) -> float:
    """Move a shown value towards the measured one, or begin with it."""
    return old + (new - old) * share if np.isfinite(old) else new
