"""Commands of the guided start: one that looks at folders, one at all the data."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from facecam.app.training.commands import UNEXPECTED, Answer, Command
from facecam.app.training.setup.plan import DETECTOR, Asks, Found, Plan
from facecam.app.training.setup.results import Checked, read_checked
from facecam.config import Config
from facecam.training.progress import Pace
from facecam.training.step import Progress

MakeCommand: TypeAlias = Callable[[Config, tuple[str, ...], QObject], Command]
"""Makes a command, not started yet; Command itself does."""

SETTLE = 600
"""Milliseconds without another choice until the data are looked at."""
OUT = "check"
"""Folder below the runs that the report goes to, as on the command line."""
SHARES = 1000
"""Parts a share is counted in."""


class Looking(QObject):
    """Recognises folders, one after another."""

    found = Signal(object, object)
    """A Path, and what there is in it: Found."""
    progressed = Signal(object, float)
    """A Path and the share done."""

    def __init__(
        self,
        config: Config,
        make: MakeCommand,
        parent: QObject,
        asks: Asks = DETECTOR,
    ) -> None:
        super().__init__(parent)
        self._config, self._make, self._asks = config, make, asks
        self._waiting: list[Path] = []
        self._now: Path | None = None
        self._command: Command | None = None

    def look(self, folder: Path) -> None:
        """Look at a folder as soon as those before are done."""
        self._waiting.append(folder)
        self._next()

    def forget(self, folder: Path) -> None:
        """Look at a folder no more."""
        self._waiting = [one for one in self._waiting if one != folder]
        if self._now == folder and self._command is not None:
            self._command.cancel()
            self._command.deleteLater()
            self._now = self._command = None
            self._next()

    def _next(self) -> None:
        if self._now is not None or not self._waiting:
            return
        folder = self._now = self._waiting.pop(0)
        command = self._make(self._config, (*self._asks.look, str(folder)), self)
        self._command = command
        command.progressed.connect(
            lambda share, text: self.progressed.emit(folder, share)
        )
        command.ended.connect(self._end)
        command.start()

    def _end(self, answer: Answer) -> None:
        folder, command = self._now, self._command
        self._now = self._command = None
        if command is not None:
            command.deleteLater()
        self.found.emit(folder, self._read(answer))
        self._next()

    def _read(self, answer: Answer) -> Found:
        try:
            return self._asks.read_found(answer.value)
        except ValueError:
            return Found(error=answer.error or UNEXPECTED)


class Stage(Enum):
    """How the look at the data stands."""

    IDLE = auto()
    """There is nothing to look at yet."""
    DUE = auto()
    """It begins in a moment."""
    RUNNING = auto()
    SKIPPED = auto()
    """Somebody stopped it, or a number was changed since."""
    DONE = auto()
    FAILED = auto()


class Checking(QObject):
    """The look at the data of a plan: by itself when data or preset are others."""

    changed = Signal()
    """`stage`, `checked` or `error` is another."""
    progressed = Signal(float, str, object)
    """The share done, what is done, and the seconds left: None while unknown."""

    def __init__(self, config: Config, make: MakeCommand, parent: QObject) -> None:
        super().__init__(parent)
        self._config, self._make = config, make
        self.stage = Stage.IDLE
        self.checked: Checked | None = None
        """What was seen last; of the plan as it is now if the stage is DONE."""
        self.error = ""
        self._plan = Plan()
        self._command: Command | None = None
        self._pace = Pace()
        self._timer = QTimer(self, singleShot=True, interval=SETTLE)
        self._timer.timeout.connect(self.start)

    def take(self, plan: Plan) -> None:
        """Look at another plan, if its data or its preset are others."""
        before, self._plan = self._plan, plan
        if plan.problem:
            self._end_command()
            self._become(Stage.IDLE)
        elif _data(plan) != _data(before) or self.stage is Stage.IDLE:
            self._end_command()
            self._timer.start()
            self._become(Stage.DUE)
        elif plan.settings != before.settings and self.stage is not Stage.DUE:
            self._end_command()
            self._become(Stage.SKIPPED)

    def start(self) -> None:
        """Look now."""
        self._end_command()
        if self._plan.problem:
            return
        words = self._plan.check_words(self._config.runs / OUT)
        command = self._command = self._make(self._config, words, self)
        command.progressed.connect(self._progress)
        command.ended.connect(self._end)
        self._pace = Pace()
        self._become(Stage.RUNNING)
        command.start()

    def skip(self) -> None:
        """Stop looking; the run looks for itself before it learns."""
        self._end_command()
        self._become(Stage.SKIPPED)

    def _progress(self, share: float, text: str) -> None:
        told = Progress(OUT, round(share * SHARES), SHARES, {}, text)
        self.progressed.emit(share, text, self._pace.estimated(told).left)

    def _end(self, answer: Answer) -> None:
        if self._command is not None:
            self._command.deleteLater()
            self._command = None
        try:
            self.checked, self.error = read_checked(answer.value), ""
            self._become(Stage.DONE)
        except ValueError:
            self.checked, self.error = None, answer.error or UNEXPECTED
            self._become(Stage.FAILED)

    def _end_command(self) -> None:
        self._timer.stop()
        if self._command is not None:
            self._command.cancel()
            self._command.deleteLater()
            self._command = None

    def _become(self, stage: Stage) -> None:
        if stage is not Stage.DONE and stage is not Stage.FAILED:
            self.error = ""
        if stage in (Stage.IDLE, Stage.DUE):
            self.checked = None
        self.stage = stage
        self.changed.emit()


def _data(plan: Plan) -> object:
    """Return what makes a look at the data worth having again."""
    folders = [(each.path, each.role) for each in plan.folders]
    return folders, plan.preset, plan.choices
