"""The only way the window starts background work; answers come on the main thread.

Each lane is one worker thread that does one thing after another. A long download
therefore has a lane of its own and never delays enrolling somebody. Work that runs
longer than a second receives `report(text, share)`; calling it tells the progress
and is also where a cancelled task ends.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")

Report: TypeAlias = Callable[[str, float], None]
"""Progress of a task: what it is doing, and the share that is done, 0…1."""

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised inside a task's report after the user cancelled it. Not an error."""


class Task:
    """Something under way, which may be cancelled."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Let the task end at its next report; its answer is dropped."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled.is_set()


class Tasks(QObject):
    """Runs functions on worker threads and hands their answers back."""

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, _Lane] = {}
        self._closed = False
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        lane: str = "work",
    ) -> Task:
        """Run `work` on a lane; then `done(answer)` or `failed(error)` here."""

        def quietly(report: Report) -> T:
            return work()

        return self.start_reporting(quietly, None, done, failed, lane)

    def start_reporting(
        self,
        work: Callable[[Report], T],
        progress: Report | None,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        lane: str = "work",
    ) -> Task:
        """Run `work(report)` on a lane; progress, too, arrives on the main thread."""
        task = Task()

        def report(text: str, share: float) -> None:
            self._report(task, progress, text, share)

        def run() -> None:
            try:
                answer = work(report)
            except Cancelled:
                return
            except Exception as error:
                log.debug("A task failed", exc_info=True)
                self._answer(_call(task, failed or _unhandled, error))
            else:
                if done is not None:
                    self._answer(_call(task, done, answer))

        if lane not in self._lanes:
            self._lanes[lane] = _Lane(lane)
        self._lanes[lane].put(run)
        return task

    def _report(
        self, task: Task, progress: Report | None, text: str, share: float
    ) -> None:
        """Pass progress on, from a worker thread; end the task if it was cancelled."""
        if task.cancelled or self._closed:
            raise Cancelled(text)
        if progress is not None:
            self._answer(lambda: None if task.cancelled else progress(text, share))

    def close(self, timeout: float) -> bool:
        """Deliver nothing more; wait so many seconds for the lanes to end."""
        self._closed = True
        until = time.monotonic() + timeout
        ended = [lane.end(until) for lane in self._lanes.values()]
        return all(ended)

    def _answer(self, call: Callable[[], None]) -> None:
        """Hand a call to the main thread, from a worker thread."""
        if not self._closed:
            self._answered.emit(call)

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()


class _Lane:
    """A worker thread and what it still has to do."""

    def __init__(self, name: str) -> None:
        self._todo: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def put(self, work: Callable[[], None]) -> None:
        self._todo.put(work)

    def end(self, until: float) -> bool:
        """Ask the thread to end after its work; tell whether it did by `until`."""
        self._todo.put(None)
        self._thread.join(max(until - time.monotonic(), 0))
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (work := self._todo.get()) is not None:
            work()


def _call(task: Task, then: Callable[[T], None], value: T) -> Callable[[], None]:
    """Bind an answer to its receiver, unless the task was cancelled meanwhile."""
    return lambda: None if task.cancelled else then(value)


def _unhandled(error: Exception) -> None:
    """Let an error nobody waits for reach sys.excepthook on the main thread."""
    raise error
