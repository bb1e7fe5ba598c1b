"""Watching a source without a window: recognise, and keep what the user wants kept.

A recording is looked at frame by frame, as fast as it goes, and its visits are dated
from when it began; a live camera is looked at as in the window, until it is stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from facecam.camera import Camera
from facecam.config import CameraConfig
from facecam.errors import CameraLost, SourceEnded
from facecam.faces import Frame, Recognition
from facecam.keeping.keeper import Keeper
from facecam.live import LiveSession, State

WRITE = 1.0
"""Seconds between two writings, of the source's time."""
PEEK = 0.5
"""Longest wait for a result of a live camera, seconds."""


class Sees(Protocol):
    """What watching needs of a Recognizer."""

    def process(self, frame: Frame) -> Recognition:
        """Say everything about one frame."""
        ...


@dataclass(frozen=True, slots=True)
class Watched:
    """What became of watching."""

    frames: int
    outcome: str
    """"ended", "stopped" (Ctrl+C, a limit) or "lost"."""
    text: str
    """Why it ended, for the user."""


@dataclass
class Watcher:
    """Follows a source with a keeper.

    Args:
        keeper: keeps.
        recognizer: recognises.
        source: what the source is called in the visits.
        refresh: called once a second: takes over changes of the people.
        progress: told the frames done.
    """

    keeper: Keeper
    recognizer: Sees
    source: str
    refresh: Callable[[], None] | None = None
    progress: Callable[[int], None] | None = None
    frames: int = 0
    _written: float | None = None

    def recording(self, camera: Camera, began: float) -> Watched:
        """Look at every frame of a recording that began then (seconds since 1970)."""
        now, first, end = began, None, ("ended", "")
        try:
            while True:
                frame = camera.read()
                first = frame.time if first is None else first
                now = began + frame.time - first
                self._follow(self.recognizer.process(frame), now)
        except SourceEnded as error:
            end = ("ended", str(error))
        except CameraLost as error:
            end = ("lost", str(error))
        except KeyboardInterrupt:
            end = ("stopped", "Stopped.")
        return self._end(now, end)

    def live(
        self, open_camera: Callable[[], Camera], config: CameraConfig, seconds: float
    ) -> Watched:
        """Look at a live camera for so many seconds, or until Ctrl+C."""
        session = LiveSession(open_camera, self.recognizer.process, config)
        session.start()
        until, end = time.monotonic() + seconds, ("stopped", "Stopped.")
        try:
            while time.monotonic() < until:
                recognition = session.results.take(timeout=PEEK)
                if recognition is not None:
                    self._follow(recognition, time.time())
                    continue
                status = session.status.peek()
                if status is not None and status.state.final:
                    failed = status.state is State.FAILED
                    end = ("lost" if failed else "ended", status.text)
                    break
        except KeyboardInterrupt:
            pass
        finally:
            session.stop()
        return self._end(time.time(), end)

    def _follow(self, recognition: Recognition, now: float) -> None:
        self.frames += 1
        self.keeper.follow(recognition, self.source, now)
        self._written = now if self._written is None else self._written
        if now - self._written >= WRITE:
            self._written = now
            self.keeper.flush()
            if self.refresh is not None:
                self.refresh()
        if self.progress is not None:
            self.progress(self.frames)

    def _end(self, now: float, end: tuple[str, str]) -> Watched:
        self.keeper.leave(now)
        self.keeper.flush()
        return Watched(self.frames, *end)
