"""Left and right of landmarks: as seen in the image, whoever labelled them.

Some sets call left what is on the person's left. In an image not mirrored, that is on
the right. The points themselves tell: going from left eye to right eye, the mouth must
lie to the right hand, however the head is turned in the plane.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facecam.faces import Floats

MIRRORED = (1, 0, 2, 4, 3)
"""Positions of the five points with left and right exchanged."""
CLEARLY = 0.5
"""Sine of the angle between eyes and the way down from which a side is no doubt."""


def as_seen(landmarks: Floats) -> Floats:
    """Exchange left and right in all faces of a set if that is how most are labelled.

    Args:
        landmarks: (n, 5, 2), NaN where unknown.

    Returns:
        The same shape.
    """
    eyes, _ = _sines(landmarks)
    wrong, right = (eyes < -CLEARLY).sum(), (eyes > CLEARLY).sum()
    return landmarks[:, MIRRORED] if wrong > right else landmarks


def crossed(landmarks: Floats) -> NDArray[np.bool_]:
    """Say which faces have left and right clearly exchanged, (n,)."""
    eyes, mouth = _sines(landmarks)
    return (eyes < -CLEARLY) | (mouth < -CLEARLY)


def _sines(landmarks: Floats) -> tuple[Floats, Floats]:
    """Return the sine between "to the right" and "down", by eyes and by mouth, (n,)."""
    left_eye, right_eye, _, left_mouth, right_mouth = landmarks.transpose(1, 0, 2)
    down = (left_mouth + right_mouth - left_eye - right_eye) / 2  # (n, 2)
    return _sine(right_eye - left_eye, down), _sine(right_mouth - left_mouth, down)


def _sine(a: Floats, b: Floats) -> Floats:
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return cross / np.maximum(lengths, 1e-9)
