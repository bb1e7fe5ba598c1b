"""The steps of a run, by net: how each stands, how far it is, what it has brought."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from facecam.app import theme, words
from facecam.app.training.results import signs
from facecam.app.training.results.standing import Standing
from facecam.app.training.run import remaining, saying
from facecam.training.runs import State, StepState

SIGN = 16
WHOLE = 1000
"""Of a progress bar."""
MEANT = {
    State.WAITING: "has not begun",
    State.RUNNING: "is under way",
    State.STOPPED: "stopped on the way; what it had done is kept",
    State.FAILED: "failed",
    State.DONE: "done",
}


class StepList(QFrame):
    """A card with all steps; made once for a run, then changed in place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName("Steps of the run")
        self.rows: list[StepRow] = []
        self._names: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(0)

    def show_steps(self, steps: Sequence[StepState], paused: bool = False) -> None:
        """Show how the steps stand; `paused` says so of one that was stopped."""
        names = tuple(step.name for step in steps)
        if names != self._names:
            self._names = names
            self._build(names)
        for row, step in zip(self.rows, steps, strict=True):
            row.show_step(step, paused)

    def _build(self, names: tuple[str, ...]) -> None:
        self.rows = []
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        group = ("", "")
        for name in names:
            said = saying.step_words(name)
            if said.group != group:
                group = said.group
                self._column.addWidget(self._heading(*group))
            row = StepRow(said, self)
            self.rows.append(row)
            self._column.addWidget(row)
        self._column.addStretch(1)

    def _heading(self, title: str, about: str) -> QWidget:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 12 if self.rows else 0, 0, 4)
        row.setSpacing(8)
        heading, quiet = QLabel(title, line), QLabel(about, line)
        heading.setObjectName("heading")
        quiet.setObjectName("quiet")
        quiet.setMinimumWidth(1)
        row.addWidget(heading)
        row.addWidget(quiet, 1)
        return line


class StepRow(QWidget):
    """One step."""

    def __init__(self, said: saying.StepWords, parent: QWidget) -> None:
        super().__init__(parent)
        self.said = said
        self._shown: tuple[StepState, bool] | None = None
        self.sign = StepSign(self)
        self.name = QLabel(said.text, self)
        self.time = QLabel(self)
        self.time.setObjectName("quiet")
        self.detail = QLabel(self, wordWrap=True)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setObjectName("quiet")
        self.bar = QProgressBar(self, maximum=WHOLE, textVisible=False)
        self.setToolTip(said.about)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.addWidget(self.sign, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(self.time, 0, 2)
        grid.addWidget(self.bar, 1, 1, 1, 2)
        grid.addWidget(self.detail, 2, 1, 1, 2)
        grid.setColumnStretch(1, 1)

    def show_step(self, step: StepState, paused: bool) -> None:
        """Show how it stands; nothing is done where nothing has changed."""
        if (step, paused) == self._shown:
            return
        self._shown = step, paused
        stopped = step.state is State.STOPPED
        self.sign.show_state(step.state, paused and stopped)
        self.time.setText(_time(step, paused))
        self.bar.setVisible(step.state is State.RUNNING or (stopped and step.total > 0))
        unknown = step.state is State.RUNNING and step.total <= 0
        self.bar.setMaximum(0 if unknown else WHOLE)
        self.bar.setValue(round(WHOLE * remaining.share(step)))
        detail = _detail(step)
        self.detail.setText(words.breakable(detail))
        self.detail.setVisible(bool(detail))
        self.detail.setObjectName("wrong" if step.error else "quiet")
        self.detail.style().polish(self.detail)
        self.setAccessibleName(
            f"{' '.join(filter(None, (self.said.group[0], self.said.text)))}: "
            f"{MEANT[step.state]}. {self.time.text()}. {detail}"
        )

    @property
    def step(self) -> StepState | None:
        """What is shown."""
        return self._shown[0] if self._shown else None


class StepSign(QWidget):
    """A shape for each state: ring, triangle, bars, square, cross, tick."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._standing = Standing.WAITING
        self.setFixedSize(QSize(SIGN, SIGN))

    def show_state(self, state: State, paused: bool) -> None:
        """Show another state."""
        self._standing = Standing.PAUSED if paused else Standing(state.value)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape."""
        with QPainter(self) as painter:
            if self._standing is not Standing.WAITING:
                signs.paint(painter, QRectF(self.rect()), self._standing)
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.current().quiet), 1.5))
            painter.drawEllipse(QRectF(self.rect()).adjusted(4, 4, -4, -4))


def _time(step: StepState, paused: bool) -> str:
    """Return what stands at the right: time taken, time left, or the state."""
    if step.state is State.DONE:
        return saying.span(step.seconds or 0)
    percent = f"{100 * remaining.share(step):.0f} %" if step.total else ""
    if step.state is State.RUNNING:
        left = saying.span(step.left) + " left" if step.left is not None else ""
        return " · ".join(filter(None, (percent, left))) or "begins"
    if step.state is State.STOPPED:
        return " at ".join(filter(None, ("paused" if paused else "stopped", percent)))
    if step.state is State.FAILED:
        return " at ".join(filter(None, ("failed", percent)))
    return "to be done again" if step.stale else ""


def _detail(step: StepState) -> str:
    """Return what stands below: what went wrong, is being done, or was brought."""
    if step.state is State.DONE:
        return saying.brought(step)
    if step.error:
        return "See above what went wrong, and what to do."
    if step.state is State.RUNNING and step.total:
        unit = "steps" if step.name.endswith("-fit") else step.text or "done"
        return f"{step.done:,} of {step.total:,} {unit}"
    return step.text if step.state is State.RUNNING else ""
