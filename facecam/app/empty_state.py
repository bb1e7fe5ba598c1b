"""What the stage shows while there is no picture: what to do next, with its button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme

COLUMNS = 2
CHOICE = 232
"""Width of a choice, logical pixels."""
TEXT = 440
"""Width of the sentence, logical pixels."""


@dataclass(frozen=True)
class Choice:
    """A button of the empty state; `key` is what `chosen` then carries."""

    key: str
    text: str
    icon: str
    primary: bool = False


@dataclass(frozen=True)
class Message:
    """What the empty state says."""

    title: str
    text: str = ""
    icon: str = "camera"
    busy: bool = False
    choices: Sequence[Choice] = ()


class EmptyState(QWidget):
    """A title, a sentence, and a grid of things to choose."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = Message("")
        self._icon = QLabel(self)
        self._title = QLabel(self, textFormat=Qt.TextFormat.PlainText)
        larger(self._title, 1.4)
        self._text = QLabel(self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setObjectName("quiet")
        self._text.setFixedWidth(TEXT)
        self._bar = QProgressBar(self, maximum=0, textVisible=False)
        self._bar.setFixedWidth(CHOICE)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        for label in (self._icon, self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label, 0, middle)
        column.addSpacing(8)
        column.addWidget(self._bar, 0, middle)
        column.addLayout(self._centred(self._grid))
        column.addStretch(1)

    def show_message(self, message: Message) -> None:
        """Say something else."""
        if message == self.message:
            return
        self.message = message
        self._title.setText(self._fitting(message.title))
        self._text.setText(message.text)
        self._text.setVisible(bool(message.text))
        self._text.setMinimumHeight(max(self._text.heightForWidth(TEXT), 0))
        self._bar.setVisible(message.busy)
        self._fill(message.choices)
        self._draw()

    def button(self, key: str) -> QPushButton:
        """Return the button of a choice."""
        keys = [choice.key for choice in self.message.choices]
        return self._buttons[keys.index(key)]

    def _fitting(self, title: str) -> str:
        """Shorten a title, as that of a file with a long name, in its middle."""
        middle = Qt.TextElideMode.ElideMiddle
        return self._title.fontMetrics().elidedText(title, middle, TEXT)

    def _fill(self, choices: Sequence[Choice]) -> None:
        for button in self._buttons:
            self._grid.removeWidget(button)
            button.deleteLater()
        self._buttons = [self._choice(choice) for choice in choices]
        row = column = 0
        for choice, button in zip(choices, self._buttons, strict=True):
            if choice.primary:
                self._grid.addWidget(button, row, 0, 1, COLUMNS)
                row += 1
                continue
            last = choice is choices[-1]
            self._grid.addWidget(
                button, row, column, 1, 2 if last and not column else 1
            )
            row, column = (row, 1) if column == 0 else (row + 1, 0)

    def _choice(self, choice: Choice) -> QPushButton:
        text = self.fontMetrics().elidedText(
            choice.text, Qt.TextElideMode.ElideMiddle, CHOICE * COLUMNS - 80
        )
        button = QPushButton(f"  {text.replace('&', '&&')}", self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setObjectName("choice")
        button.setMinimumWidth(CHOICE)
        button.setProperty("primary", choice.primary)
        button.setAccessibleName(choice.text)
        role = self.palette().ColorRole
        icons.wear(
            button,
            choice.icon,
            role.HighlightedText if choice.primary else role.Accent,
        )
        button.clicked.connect(lambda: self.chosen.emit(choice.key))
        return button

    def _centred(self, grid: QGridLayout) -> QGridLayout:
        outer = QGridLayout()
        outer.setColumnStretch(0, 1)
        outer.addLayout(grid, 0, 1)
        outer.setColumnStretch(2, 1)
        return outer

    def _draw(self) -> None:
        colour = QColor(theme.current().quiet)
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(self.message.icon, colour, 56, ratio))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.message.title:
            self._draw()


def larger(label: QLabel, times: float) -> None:
    """Write a label in a larger, bolder version of the system's font."""
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * times)
    font.setWeight(font.Weight.DemiBold)
    label.setFont(font)
