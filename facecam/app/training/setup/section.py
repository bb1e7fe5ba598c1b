"""One step of the guided start: a number, a heading, what is to be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from facecam.app import icons, theme
from facecam.app.empty_state import larger

WIDTH = 1112
"""Of a column of sections at most, logical pixels."""
BADGE = 28
"""Side of the number's circle, logical pixels."""


class Section(QFrame):
    """A sheet with a numbered heading; `body` takes what belongs to it."""

    def __init__(self, number: int, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.number, self.heading = number, title
        self.done = False
        self.badge = QLabel(str(number), self)
        self.badge.setObjectName("badge")
        self.badge.setFixedSize(BADGE, BADGE)
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = QLabel(title, self)
        larger(self.title, 1.15)
        self.note = quiet("", self)
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addWidget(self.badge)
        self.head.addWidget(self.title)
        self.head.addWidget(self.note, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 20)
        column.setSpacing(12)
        column.addLayout(self.head)
        column.addLayout(self.body)
        self._say()

    def show_done(self, done: bool) -> None:
        """Show whether this step needs nothing more."""
        self.done = done
        self._draw()
        self._say()

    def _say(self) -> None:
        state = "done" if self.done else "to be done"
        self.setAccessibleName(f"Step {self.number}: {self.heading}")
        self.badge.setAccessibleName(f"Step {self.number}, {state}")

    def _draw(self) -> None:
        if self.done:
            colour = QColor(theme.current().good)
            sign = icons.pixmap("check", colour, 20, self.devicePixelRatioF())
            self.badge.setPixmap(sign)
        else:
            self.badge.setText(str(self.number))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.done:
            self._draw()


class Sign(QLabel):
    """A small icon in one of the theme's colours, redrawn in another scheme."""

    def __init__(self, name: str, colour: str, parent: QWidget, side: int = 20) -> None:
        super().__init__(parent)
        self._name, self._colour = name, colour
        self.setFixedSize(side, side)
        self._draw()

    def show_sign(self, name: str, colour: str) -> None:
        """Show another icon; `colour` is a field of theme.Colours."""
        self._name, self._colour = name, colour
        self._draw()

    def _draw(self) -> None:
        colour = QColor(getattr(theme.current(), self._colour))
        ratio = self.devicePixelRatioF()
        self.setPixmap(icons.pixmap(self._name, colour, self.width(), ratio))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()


def in_the_middle(sections: Sequence[Section], parent: QWidget) -> QWidget:
    """Return a column of sections, not wider than is good to read."""
    whole, column = QWidget(parent), QWidget(parent)
    whole.setObjectName("column")
    column.setObjectName("column")
    column.setMaximumWidth(WIDTH)
    inner = QVBoxLayout(column)
    inner.setContentsMargins(16, 16, 16, 24)
    inner.setSpacing(16)
    for section in sections:
        inner.addWidget(section)
    inner.addStretch(1)
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(column, 100)
    row.addStretch(1)
    return whole


def plain(text: str, parent: QWidget) -> QLabel:
    """Return a label whose lines wrap and whose text is nothing but text."""
    label = QLabel(text, parent, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def quiet(text: str, parent: QWidget) -> QLabel:
    """Return a label of second rank."""
    label = plain(text, parent)
    label.setObjectName("quiet")
    return label
