"""Small parts of the page: labels that wrap, and a bar for what takes longer."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app.training.embedder import saying
from facecam.app.training.kinds import EMBEDDER

STEPS = 1000
OWN = (
    "A net can learn from one that knows faces, which makes it smaller and quicker, or "
    "from the names of very many people. It takes a few hours, and goes on when the "
    "window is closed."
)
SOON = 2.0
"""Seconds after which the time left is told."""


class Doing(QWidget):
    """What is being done, how long it still takes, and Cancel."""

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = label("", self, quiet=True)
        self.bar = QProgressBar(self, maximum=STEPS, textVisible=False)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.clicked.connect(self.cancelled)
        self._began = 0.0
        self._told = "", 0.0
        self._clock = QTimer(self, interval=STEPS)
        self._clock.timeout.connect(self._say)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.text, 0, 0)
        grid.addWidget(self.bar, 1, 0)
        grid.addWidget(self.cancel, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)
        self.hide()

    def begin(self, what: str) -> None:
        """Show that something has begun."""
        self._began = time.monotonic()
        self._told = what, 0.0
        self._say()
        self._clock.start()
        self.show()

    def tell(self, what: str, share: float) -> None:
        """Say what is being done, and how much of the whole is."""
        self._told = what or self._told[0], share
        self._say()

    def end(self) -> None:
        """Go away."""
        self._clock.stop()
        self.hide()

    def _say(self) -> None:
        what, share = self._told
        spent = time.monotonic() - self._began
        said = f"{what}…"
        if share > 0 and spent > SOON:
            said = f"{what}, {saying.left(spent * (1 - share) / share)}"
        self.text.setText(said)
        self.bar.setMaximum(STEPS if share > 0 else 0)
        self.bar.setValue(round(STEPS * share))
        self.bar.setAccessibleName(said)


def label(text: str, parent: QWidget, quiet: bool = False) -> QLabel:
    """Return a label that wraps."""
    made = QLabel(text, parent, wordWrap=True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if quiet:
        made.setObjectName("quiet")
    return made


def wrong(parent: QWidget) -> QLabel:
    """Return a label for what went wrong; not shown while that is nothing."""
    made = label("", parent)
    made.setObjectName("wrong")
    made.hide()
    return made


def say(where: QLabel, text: str) -> None:
    """Show a text where there is one."""
    where.setText(text)
    where.setVisible(bool(text))


class Card(QFrame):
    """A sheet with a column in it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(8)

    def heading(self, text: str) -> QLabel:
        """Add a heading."""
        made = label(text, self)
        made.setObjectName("heading")
        self.column.addWidget(made)
        return made


class TrainCard(Card):
    """Offers to train an embedder."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.begin = QPushButton(EMBEDDER.new, self)
        self.begin.setToolTip(EMBEDDER.about_new)
        self.heading("An embedder of your own")
        self.column.addWidget(label(OWN, self, quiet=True))
        row = QHBoxLayout()
        row.addWidget(self.begin)
        row.addStretch(1)
        self.column.addLayout(row)
