"""Embedders tried on the own people, side by side in a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from facecam.app import words
from facecam.app.engine import Engine
from facecam.app.tables import dress
from facecam.app.tasks import Report, Task, Tasks
from facecam.app.training.embedder import saying
from facecam.app.training.embedder.parts import Card, Doing, label, say, wrong
from facecam.app.training.embedder.switching import LANE, UNEXPECTED
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.report.embedders import Comparison

ROW = 36


class Comparing(QObject):
    """The comparison under way, if there is one."""

    progressed = Signal(str, float)
    ended = Signal(object)
    """A Comparison."""
    failed = Signal(str)

    def __init__(self, engine: Engine, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self._task: Task | None = None

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._task is not None

    def begin(self, names: Sequence[str]) -> None:
        """Try embedders on everybody, in the background."""
        config, vault = self._engine.config, self._engine.vault

        def work(report: Report) -> Comparison:
            from facecam.report.embedders import compare_embedders

            return compare_embedders(config, names, vault, report)

        self._task = self._tasks.start_reporting(
            work, self.progressed.emit, self._done, self._broken, LANE
        )

    def cancel(self) -> None:
        """Stop; what was embedded is kept for the next time."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _done(self, comparison: Comparison) -> None:
        self._task = None
        self.ended.emit(comparison)

    def _broken(self, error: Exception) -> None:
        self._task = None
        expected = isinstance(error, FacecamError)
        self.failed.emit(str(error) if expected else UNEXPECTED)
        if not expected:
            raise error


class CompareCard(Card):
    """Says what is compared, and shows the table."""

    wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.comparison: Comparison | None = None
        self.heading("On your own people")
        self.about = label(saying.COMPARE_ABOUT, self, quiet=True)
        self.verdict = label("", self)
        self.table = Table(self)
        self.basis = label("", self, quiet=True)
        self.start = QPushButton("Compare", self)
        self.doing = Doing(self)
        self.wrong = wrong(self)
        for widget in (self.about, self.verdict, self.table, self.basis):
            self.column.addWidget(widget)
        self.column.addWidget(self.doing)
        self.column.addWidget(self.wrong)
        self.column.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.start.clicked.connect(self.wanted)
        self.doing.cancelled.connect(self.cancelled)
        for empty in (self.verdict, self.table, self.basis):
            empty.hide()

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard reaches, in the order of reading."""
        return self.table, self.doing.cancel, self.start

    def offer(self, problem: str, busy: bool) -> None:
        """Let it be started, or say why it cannot."""
        self.about.setText(problem or saying.COMPARE_ABOUT)
        self.start.setVisible(not problem and self.doing.isHidden())
        self.start.setEnabled(not busy)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show how embedders did."""
        from facecam.report.embedders import verdict

        self.comparison = comparison
        people = words.people(comparison.people)
        pictures = words.pictures(comparison.pictures)
        say(self.verdict, verdict(comparison))
        say(self.basis, f"Tried with {people}, {pictures}.")
        self.table.show_comparison(comparison)
        self.table.show()
        self.start.setText("Compare again")


class Table(QTableWidget):
    """A column for each embedder; as high as its rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        dress(self, "Embedders compared on your people", ROW)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.horizontalHeader().setDefaultAlignment(left)

    def show_comparison(self, comparison: Comparison) -> None:
        """Fill the cells."""
        listed = comparison.embedders
        rows = saying.comparison_rows(comparison)
        self.setColumnCount(1 + len(listed))
        self.setRowCount(len(rows))
        names = [f"{one.title} (in use)" if one.used else one.title for one in listed]
        self.setHorizontalHeaderLabels(["", *names])
        for row, (name, about, values) in enumerate(rows):
            for column, text in enumerate((name, *values)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(about if column == 0 else f"{text}\n{about}")
                self.setItem(row, column, cell)
        header = self.horizontalHeader()
        for column in range(1 + len(listed)):
            fit = QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, fit)
        header.setStretchLastSection(True)
        self._fit()

    def _fit(self) -> None:
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + ROW * self.rowCount() + 2)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the height with another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.rowCount():
            self._fit()
