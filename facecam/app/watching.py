"""Starts and stops live sessions without ever keeping the window waiting.

Opening and stopping happen one after the other on the lane "camera", so a webcam is
always free again before it is opened once more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal

from facecam.app.tasks import Tasks
from facecam.app.words import DEMO
from facecam.config import CameraConfig
from facecam.faces import Frame, Recognition

if TYPE_CHECKING:
    from facecam.camera import Camera
    from facecam.live import LiveSession

Maker: TypeAlias = Callable[[threading.Event], Callable[[Frame], Recognition]]

LANE = "camera"


class Watching(QObject):
    """The session in use, if there is one."""

    changed = Signal()

    def __init__(
        self, config: CameraConfig, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.source = ""
        self.session: LiveSession[Recognition] | None = None
        """None while stopped, and for the moment until a session has started."""
        self.active = False
        """Whether a session is wanted."""
        self._config = config
        self._tasks = tasks
        self._number = 0
        self._stopped = threading.Event()
        self._recognize: Callable[[Frame], Recognition] | None = None
        self._begun: LiveSession[Recognition] | None = None
        """The session that runs, of which only the lane knows for sure."""

    def start(self, source: str, make: Maker) -> None:
        """Watch a source instead of whatever is watched now.

        Args:
            source: what to open.
            make: returns what recognises frames until the event it is given is set.
        """
        self.stop()
        self._stopped = stopped = threading.Event()
        self._recognize = recognize = make(stopped)
        self.source, self.active = source, True
        self._number += 1
        number = self._number

        def begin() -> LiveSession[Recognition]:
            from facecam.live import LiveSession

            session = LiveSession(
                lambda: open_source(source, self._config), recognize, self._config
            )
            session.start()
            self._begun = session
            return session

        def began(session: LiveSession[Recognition]) -> None:
            self._began(session, number)

        self._tasks.start(begin, began, lane=LANE)
        self.changed.emit()

    def stop(self) -> None:
        """Stop watching; the camera is released in the background."""
        self._number += 1
        self._stopped.set()
        self.active = False
        self.session = None
        self._tasks.start(self._stop_begun, lane=LANE)
        self.changed.emit()

    def end(self) -> None:
        """Take note that the source is over; its last picture stays."""
        self._tasks.start(self._stop_begun, lane=LANE)
        self.active = False
        self.changed.emit()

    def look_again(self, done: Callable[[], None]) -> None:
        """Recognise the last picture of what is over anew, as after people changed."""
        session, recognize = self.session, self._recognize
        frame = session.frames.peek() if session else None
        if self.active or session is None or recognize is None or frame is None:
            return

        def look() -> None:
            session.results.put(recognize(frame))

        self._tasks.start(look, lambda _: done(), lane=LANE)

    def _began(self, session: LiveSession[Recognition], number: int) -> None:
        if number == self._number:  # not stopped, nor another one chosen, meanwhile
            self.session = session
            self.changed.emit()

    def _stop_begun(self) -> None:
        """Stop the session the lane began last, even if no one was told of it."""
        session, self._begun = self._begun, None
        if session is not None:
            session.stop()


def open_source(source: str, config: CameraConfig) -> Camera:
    """Open what the window can watch: any camera there is, or the demo clip."""
    if source == DEMO:
        from facecam.app.demo import DemoCamera

        return DemoCamera()
    from facecam.camera import open_camera

    return open_camera(source, config)
