"""Training runs as they go: read from their directories, whoever works on them.

The window never talks to a training process. It reads what the run writes, so that a
run begun in a terminal, or by a window closed long ago, is followed like any other.
"""

from __future__ import annotations

import time
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from facecam.app.tasks import Tasks
from facecam.app.training.commands import launch
from facecam.config import Config
from facecam.errors import TrainingError
from facecam.training.queue import Queue, read_queue, worked_off
from facecam.training.runs import RunReader, RunState, State

LANE = "runs"
EVERY = 1000
"""How often runs are looked at while one is under way, milliseconds."""
SELDOM = 5000
"""The same while none is."""

BEGINS = 30.0
"""Seconds within which the process that works off the queue begins, or never does."""

_Seen: TypeAlias = tuple[tuple[RunState, ...], Queue, str, bool]
"""Runs, the queue, what is wrong with the queue, and whether nobody works it off."""


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
        self.idle = False
        """A run waits for its turn, and there is no process that would begin it."""
        self.tasks = tasks
        self._reader = RunReader(config.runs)
        self._looking = self._once_more = False
        self._launched = -BEGINS
        self._timer = QTimer(self, interval=SELDOM)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Look from now on."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Look now, in the background; once more where a look is under way."""
        if self._looking:
            self._once_more = True
            return
        self._looking = True
        self.tasks.start(self._read, self._show, self._failed, LANE)

    def work(self) -> bool:
        """Let a process work off the queue; it goes on when the window is closed."""
        started = launch(self.config, ("train", "work"))
        self._launched = time.monotonic() if started else -BEGINS
        self.look()
        return started

    def state(self, name: str) -> RunState | None:
        """Return a run by the name of its directory."""
        return next((one for one in self.states if one.path.name == name), None)

    def of_kind(self, kind: str) -> tuple[RunState, ...]:
        """Return the runs that train one thing: "detector"; the newest first."""
        return tuple(one for one in self.states if one.kind == kind)

    def _read(self) -> _Seen:
        states = tuple(self._reader.read())
        try:
            queue = read_queue(self.config.runs)
        except TrainingError as error:
            return states, Queue(), str(error), False
        return states, queue, "", self._is_idle(states, queue)

    def _is_idle(self, states: tuple[RunState, ...], queue: Queue) -> bool:
        """Tell whether a run waits for a process that is not there."""
        if not queue.waiting or queue.held or any(one.running for one in states):
            return False
        launched = time.monotonic() - self._launched < BEGINS
        return not launched and not worked_off(self.config.runs)

    def _show(self, seen: _Seen) -> None:
        self._looked()
        before = {one.path: one for one in self.states}
        shown = self.states, self.queue, self.trouble, self.idle
        if self.known and seen == shown:
            return
        self.known = True
        self.states, self.queue, trouble, self.idle = seen
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
        self._looked()
        raise error

    def _looked(self) -> None:
        """Look once more if somebody has asked for it: it may have read too early."""
        self._looking = False
        if self._once_more:
            self._once_more = False
            self.look()
