"""A switch: on at the right and filled, off at the left; the knob says it, too."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from facecam.app import theme

TRACK = QSize(36, 20)
GAP = 10


class Toggle(QAbstractButton):
    """A switch with its words beside it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """Track and words, as high as a button."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(TRACK.width() + GAP + words + 8, 36)

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track, knob, words, and a ring where the keyboard is."""
        colours, on = theme.current(), self.isChecked()
        top = (self.height() - TRACK.height()) / 2
        track = QRectF(2, top, TRACK.width(), TRACK.height())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rim = colours.accent if on else colours.quiet
            painter.setPen(QPen(QColor(rim), 1.5))
            painter.setBrush(QColor(colours.accent if on else colours.surface))
            painter.drawRoundedRect(track.adjusted(0.75, 0.75, -0.75, -0.75), 9.5, 9.5)
            side = 12.0
            left = track.right() - side - 4 if on else track.left() + 4
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.on_accent if on else colours.quiet))
            painter.drawEllipse(QRectF(left, top + 4, side, side))
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(colours.accent), 1))
                painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), 12, 12)
            painter.setPen(QColor(colours.text if self.isEnabled() else colours.quiet))
            words = self.rect().adjusted(TRACK.width() + GAP, 0, 0, 0)
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(words, middle, self.text())
