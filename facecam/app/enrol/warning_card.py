"""A question in place, over the picture: it looks as if something is not right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme
from facecam.app.notices import Action
from facecam.app.thumbnails import rounded

WIDTH = 560
PICTURE = 72


class WarningCard(QFrame):
    """A sentence, up to two pictures to compare, and what can be done about it."""

    fitted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setMaximumWidth(WIDTH)
        self.buttons: dict[str, QPushButton] = {}
        self._sign = QLabel(self)
        self.title = QLabel(self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.title.setObjectName("heading")
        self._text = QLabel(self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setObjectName("quiet")
        self._pictures = [QLabel(self), QLabel(self)]
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._arrange()
        shadow = QGraphicsDropShadowEffect(self, blurRadius=32)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        self.hide()

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self._text)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        for label in self._pictures:
            top.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(top)
        column.addLayout(self._row)

    def ask(
        self,
        title: str,
        text: str,
        actions: Sequence[Action],
        pictures: Sequence[QImage] = (),
    ) -> None:
        """Open with other words; the first action is the one Enter presses."""
        self.title.setText(title)
        self.setAccessibleName(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.show_pictures(pictures)
        self._fill(actions)
        self._draw()
        self.show()
        self.fitted.emit()
        self.raise_()
        next(iter(self.buttons.values())).setFocus()

    def show_pictures(self, pictures: Sequence[QImage]) -> None:
        """Show faces to compare."""
        for number, label in enumerate(self._pictures):
            label.setVisible(number < len(pictures))
            if number < len(pictures):
                ratio = self.devicePixelRatioF()
                label.setPixmap(rounded(pictures[number], PICTURE, 10, ratio))

    def close_card(self) -> None:
        """Take the question away."""
        if self.isVisible():
            self.hide()

    def _fill(self, actions: Sequence[Action]) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.buttons = {}
        self._row.addStretch(1)
        for action in actions:
            button = QPushButton(self._fitting(action.text), self)
            button.setAccessibleName(action.text)
            button.setProperty("primary", action.primary)
            button.setAutoDefault(True)
            button.clicked.connect(action.run)
            self.buttons[action.text] = button
            self._row.addWidget(button)

    def _fitting(self, text: str) -> str:
        """Shorten a button with a long name in its middle."""
        middle = Qt.TextElideMode.ElideMiddle
        return self.fontMetrics().elidedText(text, middle, 220).replace("&", "&&")

    def _draw(self) -> None:
        colour = QColor(theme.current().warning)
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(icons.pixmap("warning", colour, 24, ratio))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
