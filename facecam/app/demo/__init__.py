"""The demo clip: a slow camera ride over a picture that may be shown to anybody.

astronaut.jpg is the portrait of Eileen Collins by NASA (S99-11893), in the public
domain, in the size scikit-image ships it. No camera and no file is needed, so the
window can always show what it does.
"""

from __future__ import annotations

import math
import time
from importlib import resources

import numpy as np

from facecam.faces import Frame, Image

FPS = 30.0
SIZE = (960, 720)
"""Width and height of the frames, pixels."""
CIRCLE = 16.0
"""Seconds for one round of the ride."""
FACE = (224.0, 118.0)
"""Where the face is in the picture, pixels."""


class DemoCamera:
    """Plays the ride for ever, at its own speed."""

    name = "Demo clip"
    fps: float | None = FPS
    live = False
    mirrored = False
    length: int | None = None

    def __init__(self, paced: bool = True) -> None:
        from facecam.media import decode_image

        data = (resources.files(__name__) / "astronaut.jpg").read_bytes()
        self._picture = decode_image(data, "astronaut.jpg")
        self._paced = paced
        self._index = 0
        self._started = time.monotonic()

    def read(self) -> Frame:
        """Return the next frame of the ride; of several that are due, the newest."""
        if self._paced:
            due = int((time.monotonic() - self._started) * FPS)
            self._index = max(self._index, due)
            wait = self._started + self._index / FPS - time.monotonic()
            time.sleep(max(wait, 0))
        seconds = self._index / FPS
        frame = Frame(ride(self._picture, seconds), self._index, seconds)
        self._index += 1
        return frame

    def close(self) -> None:
        """Nothing to release."""


def ride(picture: Image, seconds: float) -> Image:
    """Return what the ride sees at a time: a part of the picture, enlarged."""
    import cv2

    height, width, _ = picture.shape
    angle = 2 * math.pi * seconds / CIRCLE
    part = width * (0.80 + 0.16 * math.cos(angle))  # pixels of the picture seen across
    scale = SIZE[0] / part
    high = SIZE[1] / scale
    x = FACE[0] + 0.10 * width * math.sin(angle)
    y = FACE[1] + 0.10 * height + 0.05 * height * math.sin(2 * angle)
    left = min(max(x - part / 2, 0), width - part)
    top = min(max(y - high / 2, 0), height - high)
    way = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float32)
    seen = cv2.warpAffine(picture, way, SIZE, flags=cv2.INTER_CUBIC)
    return np.asarray(seen, np.uint8)
