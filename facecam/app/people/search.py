"""A field with a lens: what is typed narrows a list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from facecam.app import icons, theme


class SearchField(QLineEdit):
    """Escape clears first; Down goes on to what was found."""

    left = Signal()
    """The search is done: the list should have the keyboard."""

    def __init__(self, hint: str, parent: QWidget, key: str = "") -> None:
        super().__init__(parent, placeholderText=hint)
        self.setAccessibleName(hint)
        self.setToolTip(f"{hint} ({key})" if key else hint)
        self.setTextMargins(22, 0, 0, 0)
        self.returnPressed.connect(self.left)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lens in front of the text."""
        super().paintEvent(event)
        ratio, quiet = self.devicePixelRatioF(), QColor(theme.current().quiet)
        with QPainter(self) as painter:
            lens = icons.pixmap("search", quiet, 18, ratio)
            painter.drawPixmap(10, (self.height() - 18) // 2, lens)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear, or leave for the list."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)
