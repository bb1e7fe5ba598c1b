"""What one frame shows of the person in front of the camera, and what is wrong with it.

Measures only, no memory: what to say about them, and when, is the coach's business.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from facecam.config import Config, EnrolmentConfig
from facecam.enrolment.advice import Code
from facecam.faces import Detections, Floats, Frame, Image
from facecam.vision.embedder import Embedder
from facecam.vision.pose import pose
from facecam.vision.quality import assess

EDGE = 0.08
"""Share of a face's box that may reach out of the frame: boxes are generous."""

DIM = {Code.TOO_DARK, Code.BACKLIT}
"""Two words for one thing: once one is said, it is not changed for the other."""


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """The most prominent face of a frame, measured."""

    box: Floats  # (4,)
    landmarks: Floats  # (5, 2)
    crop: Image  # (s, s, 3), as the embedder sees it
    others: float
    """Longer side of the next largest face, over that of this one; 0 if alone."""
    side: float
    """Longer side of the box, pixels."""
    share: float
    """Longer side of the box, over the shorter side of the frame."""
    outside: float
    """Share of the box that lies outside the frame."""
    mean: float
    """Grey level of the face, 0…255."""
    spread: float
    """Standard deviation of its grey levels."""
    around: float
    """Mean grey level of the whole frame."""
    sharpness: float
    """0…1, see vision.quality."""
    quality: float
    """Of the view as a whole but for its pose, 0…1: turned views are wanted."""
    yaw: float
    """Degrees to the person's left."""
    pitch: float
    """Degrees upwards."""

    @property
    def points(self) -> Floats:
        """The landmarks, or the corners of the face where there are none, (k, 2)."""
        known = np.isfinite(self.landmarks).all()
        return self.landmarks if known else self.box.reshape(2, 2)


def read(
    frame: Frame, found: Detections, embedder: Embedder, config: Config
) -> Reading | None:
    """Measure the most prominent of the faces found in a frame; None if there is none.

    Faces that the detector is not sure of neither count nor disturb.
    """
    found = found.keep(found.scores >= config.gallery.least_score)
    if not len(found):
        return None
    sides = (found.boxes[:, 2:] - found.boxes[:, :2]).max(axis=1)  # (n,)
    order = sides.argsort()[::-1]
    face = found.keep(order[:1])
    crops = embedder.crop(frame.image, face)
    measured = assess(crops, face, config.quality)
    good = measured.size * measured.sharpness * measured.exposure
    angles = pose(face.landmarks)
    mean, spread = _grey(crops[0])
    return Reading(
        box=face.boxes[0],
        landmarks=face.landmarks[0],
        crop=crops[0],
        others=float(sides[order[1]] / sides[order[0]]) if len(order) > 1 else 0.0,
        side=float(sides[order[0]]),
        share=float(sides[order[0]]) / min(frame.image.shape[:2]),
        outside=_outside(face.boxes[0], frame.image),
        mean=mean,
        spread=spread,
        around=_around(frame.image),
        sharpness=float(measured.sharpness[0]),
        quality=float(good[0]),
        yaw=float(angles.yaw[0]),
        pitch=float(angles.pitch[0]),
    )


def wrong_with(
    reading: Reading, config: EnrolmentConfig, said: Code | None = None
) -> Code | None:
    """Return what keeps a face from being taken, the first thing to cure; None if none.

    Args:
        reading: of the frame.
        config: the limits.
        said: what is complained of already: it must be better than its limit by a
            margin to count as cured.
    """
    for code, excess in _excesses(reading, config):
        known = code is said or {code, said} == DIM
        if excess > (-config.slack if known else 0.0):
            return said if known else code
    return None


def _excesses(
    reading: Reading, config: EnrolmentConfig
) -> tuple[tuple[Code, float], ...]:
    """Return by how much of its limit each measure is beyond it, in order of cure."""
    darkness = 1 - reading.mean / config.darkest
    backlit = reading.around > 2 * reading.mean
    return (
        (Code.SEVERAL, reading.others / config.other_face - 1),
        (Code.TOO_LARGE, reading.share / config.nearest_side - 1),
        (Code.AT_THE_EDGE, reading.outside / EDGE - 1),
        (Code.TOO_SMALL, 1 - reading.side / config.smallest_side),
        (Code.BACKLIT if backlit else Code.TOO_DARK, darkness),
        (Code.TOO_BRIGHT, reading.mean / config.brightest - 1),
        (Code.TOO_FLAT, 1 - reading.spread / config.flattest),
    )


def _grey(crop: Image) -> tuple[float, float]:
    """Return mean and standard deviation of the grey levels inside a face."""
    edge = len(crop) // 8
    grey = cv2.cvtColor(crop[edge:-edge, edge:-edge], cv2.COLOR_RGB2GRAY)
    mean, spread = cv2.meanStdDev(grey)
    return float(mean[0, 0]), float(spread[0, 0])


def _around(image: Image) -> float:
    return float(image[::8, ::8].mean())


def _outside(box: Floats, image: Image) -> float:
    """Return the share of a box that lies outside the image."""
    height, width = image.shape[:2]
    limit = np.array((width, height), np.float32)
    inside = np.minimum(box[2:], limit) - np.maximum(box[:2], 0)
    area = float(np.prod(box[2:] - box[:2]))
    return 1 - float(np.prod(np.maximum(inside, 0))) / max(area, 1e-6)
