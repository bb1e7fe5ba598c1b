"""What somebody does to a run: pause, stop, go on, take it out of the queue, note."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from facecam.app.training.following import Runs
from facecam.errors import TrainingError
from facecam.training import queue, runs

LANE = "run deeds"
NOT_BEGUN = (
    "The process that trains could not be started. Close other programs and try again."
)


class RunDeeds(QObject):
    """Changes the queue and asks runs to stop, on a lane: a lock may be waited for."""

    failed = Signal(str)
    """What went wrong and what to do."""
    done = Signal()
    """What was asked for last is done."""

    def __init__(self, follower: Runs, parent: QObject) -> None:
        super().__init__(parent)
        self._runs = follower
        self._folder: Path = follower.config.runs

    def pause(self, name: str) -> None:
        """Stop a run and keep its place: nothing else begins until it goes on."""
        self._do(lambda: queue.stop(self._folder / name, pause=True))

    def stop(self, name: str) -> None:
        """Stop a run; what waits after it begins."""
        self._do(lambda: queue.stop(self._folder / name), work=True)

    def withdraw(self, name: str) -> None:
        """Let a run wait no more; it may just be beginning."""
        self._do(lambda: queue.stop(self._folder / name))

    def resume(self, name: str) -> None:
        """Begin a run, or go on with it, before those that wait.

        Another that is paused is so no more: it stays stopped until somebody goes on.
        """

        def act() -> None:
            held = queue.read_queue(self._folder).held
            if held and held != name:
                queue.dequeue(self._folder, held)
            runs.withdraw_stop(self._folder / name)
            queue.enqueue(self._folder, name, first=True)

        self._do(act, work=True)

    def note(self, name: str, text: str) -> None:
        """Write something about a run."""
        self._do(lambda: runs.write_note(self._folder / name, text))

    def _do(self, act: Callable[[], object], work: bool = False) -> None:
        """Do something on the lane; then let what waits begin, if it is to."""

        def acted() -> bool:
            act()
            return work and bool(queue.following(self._folder))

        def done(waits: bool) -> None:
            begun = not waits or self._runs.work()
            self._runs.look()
            self.done.emit()
            if not begun:
                self.failed.emit(NOT_BEGUN)

        self._runs.tasks.start(acted, done, self._fail, LANE)

    def _fail(self, error: Exception) -> None:
        self._runs.look()
        self.done.emit()
        if not isinstance(error, TrainingError):
            raise error
        self.failed.emit(str(error))
