"""What every camera offers, whatever is behind it."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np

from facecam.faces import Frame


class Camera(Protocol):
    """A source of frames, opened by `open_camera`, closed with `close`."""

    @property
    def name(self) -> str:
        """What to call it in a sentence: "HD Webcam", "party.mp4"."""
        ...

    @property
    def fps(self) -> float | None:
        """Frames per second as the source states it; None where it does not."""
        ...

    @property
    def live(self) -> bool:
        """True of a webcam or stream, which can be lost and come back."""
        ...

    @property
    def mirrored(self) -> bool:
        """True where people expect to see themselves as in a mirror: webcams."""
        ...

    @property
    def length(self) -> int | None:
        """Number of frames, as the file states it; None while that is open."""
        ...

    def read(self) -> Frame:
        """Wait for the next frame; of a live source, the newest. The wait is bounded.

        Raises:
            CameraLost: a live source stopped delivering.
            SourceEnded: a recording is over, or `close` was called.
        """
        ...

    def close(self) -> None:
        """Release the device from any thread. A waiting `read` wakes. Twice is fine."""
        ...


def frame_of(image: cv2.typing.MatLike, index: int, seconds: float) -> Frame:
    """Return a picture as OpenCV delivers it, in BGR, as a Frame. BGR ends here."""
    rgb = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)
    return Frame(rgb, index, seconds)
