"""What is shown over a place while files are dragged across it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from facecam.app import icons, theme

TEXT = "Drop to enrol from these pictures"
EDGE = 24


class DropHint(QWidget):
    """A dashed frame and a sentence; it lets every event through."""

    def __init__(self, parent: QWidget, text: str = TEXT) -> None:
        super().__init__(parent)
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(text)
        self.hide()

    def show_over(self, area: QRect) -> None:
        """Cover an area of the parent."""
        self.setGeometry(area)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a veil, the frame, an icon and the sentence."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            veil = QColor(colours.surface)
            veil.setAlphaF(0.88)
            painter.fillRect(self.rect(), veil)
            pen = QPen(QColor(colours.accent), 2)
            pen.setDashPattern([5, 4])
            painter.setPen(pen)
            frame = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
            painter.drawRoundedRect(frame, 16, 16)
            accent, ratio = QColor(colours.accent), self.devicePixelRatioF()
            sign = icons.pixmap("picture", accent, 40, ratio)
            middle = self.rect().center()
            painter.drawPixmap(middle.x() - 20, middle.y() - 48, sign)
            font = painter.font()
            font.setWeight(font.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(QColor(colours.text))
            room = self.rect().adjusted(EDGE, 24, -EDGE, 24)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), self._text)
