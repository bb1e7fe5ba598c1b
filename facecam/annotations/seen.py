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
CLEARLY = 0.25
"""How far apart left and right must lie to tell, in distances from eyes to mouth; they
are about 1 apart in a face seen from the front, and 0 in a profile."""


def as_seen(landmarks: Floats) -> Floats:
    """Exchange left and right in all faces of a set if that is how most are labelled.

    Args:
        landmarks: (n, 5, 2), NaN where unknown.

    Returns:
        The same shape.
    """
    eyes, _ = _apart(landmarks)
    wrong, right = (eyes < -CLEARLY).sum(), (eyes > CLEARLY).sum()
    return landmarks[:, MIRRORED] if wrong > right else landmarks


def crossed(landmarks: Floats) -> NDArray[np.bool_]:
    """Say which faces have left and right clearly exchanged, (n,)."""
    eyes, mouth = _apart(landmarks)
    return (eyes < -CLEARLY) | (mouth < -CLEARLY)


def _apart(landmarks: Floats) -> tuple[Floats, Floats]:
    """Return how far right of the left one the right eye and mouth corner lie, (n,).

    In distances from the eyes to the mouth, across the line that joins them.
    """
    left_eye, right_eye, _, left_mouth, right_mouth = landmarks.transpose(1, 0, 2)
    down = (left_mouth + right_mouth - left_eye - right_eye) / 2  # (n, 2)
    return _across(right_eye - left_eye, down), _across(right_mouth - left_mouth, down)


def _across(a: Floats, down: Floats) -> Floats:
    cross = a[:, 0] * down[:, 1] - a[:, 1] * down[:, 0]
    return cross / np.maximum((down**2).sum(axis=1), 1e-9)
