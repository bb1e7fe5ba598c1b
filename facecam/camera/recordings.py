"""Recordings: a video file, or a folder of pictures."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2

from facecam.camera.protocol import frame_of
from facecam.camera.reader import stated_fps, stated_length
from facecam.errors import CameraNotFound, ImageError, SourceEnded
from facecam.faces import Frame
from facecam.media import SUFFIXES, find_images, read_image

log = logging.getLogger(__name__)

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


class ImageFolder:
    """Pictures one after the other. Unlike a film's frames, none is ever dropped.

    A picture that cannot be read is passed over, with a line in the log.

    Args:
        paths: the pictures, at least one.
        name: what to call them in a sentence.
        fps: pictures per second.
        paced: show them at that rate; else as fast as asked.
    """

    live = False
    mirrored = False

    def __init__(self, paths: list[Path], name: str, fps: float, paced: bool) -> None:
        self.name = name
        self.fps: float | None = fps
        self.length: int | None = len(paths)
        self._paths = paths
        self._period = 1 / fps
        self._paced = paced
        self._closed = threading.Event()
        self._index = -1
        self._due = 0.0
        self._refused: list[ImageError] = []

    def read(self) -> Frame:
        """Wait for the next picture; see Camera.

        Raises:
            CameraNotFound: not a single one could be read.
        """
        while not self._closed.is_set() and self._index + 1 < len(self._paths):
            self._index += 1
            try:
                image = read_image(self._paths[self._index])
            except ImageError as error:
                log.warning("%s", error)
                self._refused.append(error)
                continue
            self._wait()
            return Frame(image, self._index, self._index * self._period)
        if self._refused and len(self._refused) == len(self._paths):
            raise CameraNotFound(
                f"No picture in {self.name} can be read. The first: {self._refused[0]}"
            )
        raise SourceEnded(f"{self.name} is over.")

    def close(self) -> None:
        """Stop; see Camera."""
        self._closed.set()

    def _wait(self) -> None:
        now = time.monotonic()
        if self._paced and self._due > now:
            self._closed.wait(self._due - now)
        self._due = max(self._due, now) + self._period


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


def open_pictures(path: Path, fps: float, paced: bool) -> ImageFolder:
    """Open a folder of pictures, or a single picture.

    Raises:
        CameraNotFound: there is no picture.
    """
    paths = find_images(path) if path.is_dir() else [path]
    if not paths:
        endings = ", ".join(sorted(SUFFIXES))
        raise CameraNotFound(
            f"There are no pictures in {path}. Names of pictures end in {endings}."
        )
    return ImageFolder(paths, path.name or str(path), fps, paced)
