"""Reading a device that may hang, without hanging.

OpenCV may block for ever in opening, in reading, even in closing a device (its issues
4468, 14044, 17687). So a device is opened, read and released in a thread of its own,
which puts every frame into a slot: whoever reads takes the newest, or learns after a
bounded wait that there is none. A thread that does not come back is left behind; being
a daemon it ends with the program, and releases the device should it ever return.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import cv2

from facecam.camera.latest import Latest
from facecam.faces import Image

log = logging.getLogger(__name__)

MANY_FAILURES = 10
"""So many failed reads in a row mean that the device is gone; one or two mean that a
cable was touched or a packet lost."""
PAUSE = 0.05
"""Seconds after a failed read, lest a dead device keep a processor busy."""
RELEASE_TIMEOUT = 1.0
"""Seconds `close` waits for the device to be released."""


class Capture(Protocol):
    """The part of cv2.VideoCapture that a reader uses."""

    def read(self) -> tuple[bool, Any]:
        """Return whether it worked, and the picture in BGR."""
        ...

    def get(self, prop: int, /) -> float:
        """Return a property, 0 where it is unknown."""
        ...

    def release(self) -> None:
        """Give the device back."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Shot:
    """One picture as the device gave it."""

    image: Image  # BGR
    index: int
    time: float
    """time.monotonic() when the device handed it over."""


class BoundedReader:
    """Holds one device. Read from one thread; close from any.

    Args:
        open_capture: opens the device; None when it cannot be opened. It runs in the
            reader's thread, and may hang.
    """

    def __init__(self, open_capture: Callable[[], Capture | None]) -> None:
        self.fps: float | None = None
        self.length: int | None = None
        self._open_capture = open_capture
        self._slot: Latest[Shot | None] = Latest()
        self._close = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="camera reader", daemon=True
        )
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether the device has stopped delivering for good."""
        return self._ended.is_set()

    def read(self, timeout: float) -> Shot | None:
        """Return the newest picture not read before.

        None when the device is gone or closed (`ended`), or was silent for `timeout`
        seconds.
        """
        if self._ended.is_set():
            return None
        return self._slot.take(timeout)

    def delivers(self, timeout: float) -> bool:
        """Wait for a first picture, which is lost. Opening alone proves nothing."""
        return self.read(timeout) is not None

    def close(self) -> None:
        """Release the device, or leave it behind if it does not answer."""
        self._close.set()
        self._slot.put(None)
        self._thread.join(RELEASE_TIMEOUT)
        if self._thread.is_alive():
            log.warning("A camera does not answer when closed; it is left alone.")

    def _run(self) -> None:
        try:
            capture = self._open_capture()
            if capture is not None:
                try:
                    self._read_all(capture)
                finally:
                    capture.release()
        except cv2.error as error:
            log.warning("A camera failed: %s", error)
        except Exception:
            log.exception("A camera failed in an unexpected way.")
        finally:
            self._ended.set()
            self._slot.put(None)

    def _read_all(self, capture: Capture) -> None:
        self.fps, self.length = stated_fps(capture), stated_length(capture)
        index = failures = 0
        while not self._close.is_set() and failures < MANY_FAILURES:
            done, image = capture.read()
            if done:
                self._slot.put(Shot(image, index, time.monotonic()))
                index, failures = index + 1, 0
            else:
                failures += 1
                self._close.wait(PAUSE)


def stated_fps(capture: Capture) -> float | None:
    """Return the frame rate a device or file claims, None if that is no rate."""
    fps = capture.get(cv2.CAP_PROP_FPS)
    return fps if math.isfinite(fps) and 0 < fps <= 1000 else None


def stated_length(capture: Capture) -> int | None:
    """Return how many frames a file claims to hold, None of something open-ended."""
    length = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    return int(length) if math.isfinite(length) and length > 0 else None
