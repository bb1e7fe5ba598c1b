"""Switching to another embedder in the background; faces go on being named meanwhile.

On a lane of its own everybody is embedded with the coming one. Then the choice is
written, and the engine builds a new recognizer and puts it in the place of the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facecam.app.engine import Engine
from facecam.app.tasks import Report, Task, Tasks
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.switching import Switched

LANE = "embedder"
"""Where everything of the page is done that takes long."""
UNEXPECTED = "Something went wrong. The details are in the log."


class Switching(QObject):
    """The switch under way, if there is one."""

    began = Signal(str)
    """The name of the embedder that everybody is embedded with."""
    progressed = Signal(str, float)
    ended = Signal(object)
    """A Switched: it is chosen, and will be in use in a moment."""
    failed = Signal(str)
    """Why nothing was switched, and what to do."""
    cancelled = Signal()

    def __init__(self, engine: Engine, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self._task: Task | None = None
        self.coming = ""
        """Name of the embedder that is being switched to; empty if none is."""

    def begin(self, name: str) -> None:
        """Embed everybody with an embedder, then use it; one switch at a time."""
        if self.coming:
            return
        self.coming = name
        config, vault = self._engine.config, self._engine.vault

        def work(report: Report) -> Switched:
            from facecam import switching

            return switching.prepare(config, name, vault, report)

        self.began.emit(name)
        self._task = self._tasks.start_reporting(
            work, self.progressed.emit, self._done, self._broken, LANE
        )

    def cancel(self) -> None:
        """Stop; what was embedded is kept for the next time."""
        if self._task is not None and self.coming:
            self._task.cancel()
            self.coming = ""
            self.cancelled.emit()

    def _done(self, switched: Switched) -> None:
        """Choose it here, so that nothing is chosen once Cancel was pressed."""
        from facecam import switching

        self.coming = ""
        try:
            switching.choose(self._engine.config, switched.manifest.name)
        except OSError as error:
            self.failed.emit(f"The choice cannot be kept: {error}")
            return
        self._engine.load()
        self.ended.emit(switched)

    def _broken(self, error: Exception) -> None:
        self.coming = ""
        expected = isinstance(error, FacecamError)
        self.failed.emit(str(error) if expected else UNEXPECTED)
        if not expected:
            raise error
