"""Recordings: films."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2

from facecam.camera.protocol import frame_of
from facecam.camera.reader import stated_fps, stated_length
from facecam.errors import CameraNotFound, SourceEnded
from facecam.faces import Frame

USUAL_FPS = 25.0
"""Rate of a file that states none."""
HOPELESS = 1.0
"""A recording this many seconds late, after a sleep of the computer or on a slow one,
goes on from where it is instead of skipping ahead."""


class Pace:
    """Tells when the frames of a recording are due.

    Args:
        period: seconds; a frame later than this is not worth showing.
        clock: seconds, monotonic.
    """

    def __init__(
        self, period: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._period = period
        self._clock = clock
        self._start: float | None = None

    def delay(self, media_time: float) -> float | None:
        """Return the seconds until a frame is due; None if it comes too late."""
        now = self._clock()
        if self._start is None or now - self._start - media_time > HOPELESS:
            self._start = now - media_time
        early = self._start + media_time - now
        return None if early < -self._period else max(early, 0.0)


class VideoFile:
    """A film, from its first frame to its last. Phone films are turned upright.

    Args:
        capture: an opened cv2.VideoCapture.
        name: what to call it in a sentence.
        paced: play at the film's own speed and drop late frames; else every frame as
            fast as asked.

    Raises:
        CameraNotFound: there is no first frame.
    """

    live = False
    mirrored = False

    def __init__(self, capture: cv2.VideoCapture, name: str, paced: bool) -> None:
        self.name = name
        self.fps = stated_fps(capture)
        self.length = stated_length(capture)
        self._capture = capture
        self._busy = threading.Lock()
        self._closed = threading.Event()
        self._period = 1 / (self.fps or USUAL_FPS)
        self._pace = Pace(self._period) if paced else None
        self._index = -1
        self._time = self._start = 0.0
        self._waiting = self._advance()  # the next frame is decoded already
        if not self._waiting:
            self.close()
            raise CameraNotFound(
                f"{name} holds no video that can be played. It may be damaged or of an "
                "unusual kind: convert it to MP4 and try again."
            )

    def read(self) -> Frame:
        """Wait for the next frame; see Camera."""
        with self._busy:
            try:
                return self._read()
            finally:
                if self._closed.is_set():
                    self._capture.release()

    def close(self) -> None:
        """Release the file; see Camera. A `read` under way releases it itself."""
        self._closed.set()
        if self._busy.acquire(blocking=False):
            self._capture.release()
            self._busy.release()

    def _read(self) -> Frame:
        while not self._closed.is_set() and (self._waiting or self._advance()):
            self._waiting = False
            delay = self._pace.delay(self._time) if self._pace else 0.0
            if delay is None or self._closed.wait(delay):
                continue
            done, image = self._capture.retrieve()
            if done:
                return frame_of(image, self._index, self._time)
        raise SourceEnded(self._why_ended())

    def _advance(self) -> bool:
        """Decode one frame; set its index and its time since the first frame."""
        if not self._capture.grab():
            return False
        self._index += 1
        stated = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        if self._index == 0:
            self._start = stated
        elif stated - self._start > self._time:
            self._time = stated - self._start
        else:  # Some files state no times, or wrong ones.
            self._time += self._period
        return True

    def _why_ended(self) -> str:
        done = self._index + 1
        if self._closed.is_set():
            return f"{self.name} was closed."
        if self.length and done < 0.9 * self.length:
            return (
                f"{self.name} breaks off after {done} of {self.length} frames. "
                "The file may be damaged: copy it again."
            )
        return f"{self.name} is over."


def open_file(path: Path, paced: bool) -> VideoFile:
    """Open a film.

    Raises:
        CameraNotFound: it cannot be played.
    """
    if path.stat().st_size == 0:
        raise CameraNotFound(f"{path} is empty. Copy it again.")
    # FFmpeg first: it takes paths as UTF-8 on every system.
    for backend in (cv2.CAP_FFMPEG, cv2.CAP_ANY):
        capture = cv2.VideoCapture(str(path), backend)
        if capture.isOpened():
            return VideoFile(capture, path.name, paced)
    raise CameraNotFound(
        f"{path} is not a film that can be played. It may be damaged: copy it again, "
        "or convert it to MP4."
    )
