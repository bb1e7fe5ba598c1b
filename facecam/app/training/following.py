"""Training runs as they go: read from their directories, whoever works on them.

The window never talks to a training process. It reads what the run writes, so that a
run begun in a terminal, or by a window closed long ago, is followed like any other.
"""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from facecam.app.tasks import Tasks
from facecam.app.training.commands import launch
from facecam.config import Config
from facecam.errors import TrainingError
from facecam.training.queue import Queue, read_queue
from facecam.training.runs import RunReader, RunState, State

LANE = "runs"
EVERY = 1000
"""How often runs are looked at while one is under way, milliseconds."""
SELDOM = 5000
"""The same while none is."""

_Seen: TypeAlias = tuple[tuple[RunState, ...], Queue, str]
"""Runs, the queue, and what is wrong with the queue."""


class Runs(QObject):
    """Every run of the home and the queue, looked at again and again."""

    changed = Signal()
    """`states` or `queue` is another than before."""
    ended = Signal(object)
    """A RunState that was running when last looked at, and is not any more."""
    troubled = Signal(str)
    """Why the queue cannot be read, and what to do; "" once it can."""

    def __init__(self, config: Config, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.config = config
        self.states: tuple[RunState, ...] = ()
        """The newest first."""
        self.queue = Queue()
        self.trouble = ""
        self.known = False
        """Whether they were looked at at all."""
        self.tasks = tasks
        self._reader = RunReader(config.runs)
        self._looking = False
        self._timer = QTimer(self, interval=SELDOM)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Look from now on."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Look now, in the background."""
        if not self._looking:
            self._looking = True
            self.tasks.start(self._read, self._show, self._failed, LANE)

    def work(self) -> bool:
        """Let a process work off the queue; it goes on when the window is closed."""
        started = launch(self.config, ("train", "work"))
        self.look()
        return started

    def state(self, name: str) -> RunState | None:
        """Return a run by the name of its directory."""
        return next((one for one in self.states if one.path.name == name), None)

    def _read(self) -> _Seen:
        states = tuple(self._reader.read())
        try:
            return states, read_queue(self.config.runs), ""
        except TrainingError as error:
            return states, Queue(), str(error)

    def _show(self, seen: _Seen) -> None:
        self._looking = False
        before = {one.path: one for one in self.states}
        if self.known and seen == (self.states, self.queue, self.trouble):
            return
        self.known = True
        self.states, self.queue, trouble = seen
        under_way = any(one.state is State.RUNNING for one in self.states)
        self._timer.setInterval(EVERY if under_way or self.queue.waiting else SELDOM)
        if trouble != self.trouble:
            self.trouble = trouble
            self.troubled.emit(trouble)
        self.changed.emit()
        for one in self.states:
            was = before.get(one.path)
            if was is not None and was.running and not one.running:
                self.ended.emit(one)

    def _failed(self, error: Exception) -> None:
        self._looking = False
        raise error
