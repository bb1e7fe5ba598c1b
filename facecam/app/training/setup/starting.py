"""The last step: what will be begun, in a line, and the button that begins it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, words
from facecam.app.training.commands import UNEXPECTED, Answer, Command
from facecam.app.training.following import Runs
from facecam.app.training.setup.asking import Checking, MakeCommand, Stage
from facecam.app.training.setup.kinds import SetupKind
from facecam.app.training.setup.plan import Plan
from facecam.app.training.setup.saying import roughly
from facecam.app.training.setup.section import plain, quiet
from facecam.training.disk import in_words

BAR = 160
"""Width of the bar, logical pixels."""
START, QUEUE = "Start", "Put into the queue"
LOOKING = "The data are being looked at. Skip that to start at once."
REFUSED = "Training on this data cannot work: see step 3."
NO_WORKER = (
    "The run waits in the queue, but no process could be started to work on it. Start "
    "facecam anew, or type: facecam train work"
)


class Starting(QObject):
    """Puts a run into the queue and lets the queue be worked off."""

    changed = Signal()
    begun = Signal(str)
    """The name of the run."""
    failed = Signal(str)
    """What went wrong and what to do."""
    progressed = Signal(float)

    def __init__(self, runs: Runs, make: MakeCommand, parent: QObject) -> None:
        super().__init__(parent)
        self._runs, self._make = runs, make
        self._command: Command | None = None

    @property
    def busy(self) -> bool:
        """Whether a run is being put into the queue."""
        return self._command is not None

    def start(self, plan: Plan) -> None:
        """Put a run into the queue."""
        if self.busy:
            return
        config = self._runs.config
        command = self._make(config, plan.start_words(config.runs), self)
        self._command = command
        command.progressed.connect(lambda share, text: self.progressed.emit(share))
        command.ended.connect(self._end)
        self.changed.emit()
        command.start()

    def cancel(self) -> None:
        """Begin it not."""
        if self._command is not None:
            self._command.cancel()
            self._forget()

    def _end(self, answer: Answer) -> None:
        self._forget()
        value = answer.value if isinstance(answer.value, dict) else {}
        name = str(value.get("name", ""))
        if not answer.done or not name:
            self.failed.emit(answer.error or UNEXPECTED)
            return
        if self._runs.work():
            self.begun.emit(name)
        else:
            self.failed.emit(NO_WORKER)

    def _forget(self) -> None:
        if self._command is not None:
            self._command.deleteLater()
            self._command = None
        self.changed.emit()


class StartBar(QFrame):
    """Says what will be begun, or what is missing; Start at its end."""

    def __init__(self, kind: SetupKind, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setObjectName("actionBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = plain("", self)
        self.more = quiet("", self)
        self.error = plain("", self)
        self.error.setObjectName("wrong")
        self.bar = QProgressBar(self, maximum=0, textVisible=False)
        self.bar.setFixedWidth(BAR)
        self.bar.setAccessibleName("Preparing the run")
        self.cancel = QPushButton("Cancel", self)
        self.start = QPushButton(START, self)
        self.start.setProperty("primary", True)
        icons.wear(self.start, "play", self.palette().ColorRole.BrightText)
        column = QVBoxLayout()
        column.setSpacing(0)
        for label in (self.text, self.more, self.error):
            column.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 10, 24, 10)
        row.setSpacing(12)
        row.addLayout(column, 1)
        for widget in (self.bar, self.cancel, self.start):
            row.addWidget(widget)
        self.say_error("")
        self.show_busy(False)

    def say_error(self, text: str) -> None:
        """Say what went wrong when it was to be begun; "" takes that away."""
        self.error.setText(words.breakable(text))
        self.error.setVisible(bool(text))

    def show_busy(self, busy: bool) -> None:
        """Show that the run is being prepared."""
        self.bar.setMaximum(0)
        self.bar.setVisible(busy)
        if busy:
            self.start.setEnabled(False)

    def show_progress(self, share: float) -> None:
        """Show how far the preparation is."""
        self.bar.setMaximum(1000)
        self.bar.setValue(round(1000 * share))

    def show_state(
        self, plan: Plan, checking: Checking, problem: str, runs: Runs
    ) -> None:
        """Show what would be begun, or what is missing.

        Args:
            plan: the run.
            checking: the look at its data.
            problem: what else is wrong: a name, a number; "" if nothing.
            runs: those there are; one that is under way lets this one wait.
        """
        reason = plan.problem or problem or _still_looking(checking)
        waits = bool(runs.queue.waiting) or any(one.running for one in runs.states)
        held = runs.queue.held
        self.start.setText(QUEUE if waits or held else START)
        self.start.setEnabled(not reason)
        self.start.setToolTip(reason or "Put the run into the queue and work it off")
        self.start.setAccessibleDescription(reason)
        self.text.setText(reason or _summary(self._kind, plan, checking))
        more = "It begins when the runs before it are done." if waits else ""
        if held:
            more = f"{held} is paused: this one begins once that has been gone on with."
        self.more.setText("" if reason else more)
        self.more.setVisible(bool(self.more.text()))


def _still_looking(checking: Checking) -> str:
    """Say why the look at the data keeps a run from being begun; "" if it does not."""
    if checking.stage in (Stage.DUE, Stage.RUNNING):
        return LOOKING
    checked = checking.checked
    refused = checking.stage is Stage.DONE and checked is not None and checked.errors
    return REFUSED if refused else ""


def _summary(kind: SetupKind, plan: Plan, checking: Checking) -> str:
    """Say what would be begun: "Quick trial · 345 pictures · about 5 minutes"."""
    said = next(each for each in kind.presets if each.name == plan.preset)
    used = [each.found for each in plan.folders if plan.used(each)]
    count = sum(found.pictures for found in used if found is not None)
    parts = [said.text, words.pictures(count)]
    if plan.start == plan.origin:
        parts.append(f"goes on from {plan.origin}")
    checked = checking.checked
    if checking.stage is Stage.DONE and checked is not None and checked.costs:
        costs = checked.costs
        parts.append(f"{roughly(costs.seconds)}, {in_words(costs.disk)}")
    if plan.settings:
        number = len(plan.settings)
        parts.append("1 number changed" if number == 1 else f"{number} numbers changed")
    return "  ·  ".join(parts)
