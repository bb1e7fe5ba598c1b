"""The card with the table of everybody, and the measuring of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from facecam.app.training.people.cards import Doing, text
from facecam.app.training.people.table import PeopleTable, PersonRow

LEAST = 280
"""Least height of the table, logical pixels."""


class EverybodyCard(QFrame):
    """A heading with how old the numbers are, the table, and Open."""

    opened = Signal(str)
    """The id of the person to open."""

    def __init__(self, face: Callable[[str], QImage | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.heading = text(self)
        self.heading.setObjectName("heading")
        self.heading.setText("How surely everybody is recognised")
        self.note = text(self, quiet=True)
        self.measure = QPushButton("Measure again", self)
        self.measure.setToolTip(
            "Try every picture as if it were new, against everybody else and strangers"
        )
        self.open = QPushButton("Open in People", self)
        self.open.setToolTip("See and change the pictures of the person (Enter)")
        self.doing = Doing(self)
        self.wrong = text(self)
        self.wrong.setObjectName("wrong")
        self.table = PeopleTable(face, self)
        self.table.setMinimumHeight(LEAST)
        self.table.opened.connect(self.opened)
        self.open.clicked.connect(lambda: self.opened.emit(self.table.chosen))
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.sorted.modelReset.connect(self._chosen)
        self._arrange()
        self._chosen()

    def show_rows(self, rows: Sequence[PersonRow]) -> None:
        """Show everybody; who was chosen stays chosen."""
        chosen = self.table.chosen
        self.table.people.show_rows(rows)
        if not self.table.chosen:
            self.table.choose(chosen)

    def show_state(self, busy: bool, note: str, wrong: str) -> None:
        """Show whether it is being measured, and how old the numbers are."""
        self.measure.setEnabled(not busy)
        self.note.setText(note)
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        if busy:
            self.doing.begin()
        else:
            self.doing.end()

    def _chosen(self) -> None:
        self.open.setEnabled(bool(self.table.chosen))

    def _arrange(self) -> None:
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self.heading)
        titles.addWidget(self.note)
        top = QHBoxLayout()
        top.setContentsMargins(16, 14, 16, 8)
        top.setSpacing(8)
        top.addLayout(titles, 1)
        top.addWidget(self.measure)
        top.addWidget(self.open)
        below = QVBoxLayout()
        below.setContentsMargins(16, 0, 16, 8)
        below.addWidget(self.doing)
        below.addWidget(self.wrong)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 12)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(below)
        column.addWidget(self.table, 1)
