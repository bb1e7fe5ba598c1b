"""A check box whose text may take several lines."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from facecam.app import icons, theme

BOX = 20
GAP = 10
EDGE = 6
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft


class CheckRow(QCheckBox):
    """Drawn by itself, so that a sentence wraps; otherwise a check box like any."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, text: str) -> None:
        """Write another text."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        """Return the height the wrapped text needs."""
        room = QRect(0, 0, width - BOX - GAP - 2 * EDGE, 10_000)
        text = self.fontMetrics().boundingRect(room, int(_WRAPPED), self._said())
        return max(text.height(), BOX) + 2 * EDGE

    def sizeHint(self) -> QSize:
        """Return a size for an ordinary panel."""
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        """Allow any width that shows some words."""
        return QSize(120, BOX + 2 * EDGE)

    def hitButton(self, position: QPoint) -> bool:
        """Let a click on any part of the text count."""
        return self.rect().contains(position)

    def _said(self) -> str:
        """Return the text, each very long word broken where the line ends."""
        metrics = QFontMetrics(self.font())
        room = max(self.width() - BOX - GAP - 2 * EDGE, 80)
        middle = Qt.TextElideMode.ElideMiddle
        words = self.text().split(" ")
        return " ".join(metrics.elidedText(word, middle, room) for word in words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, its mark, the text and the ring of the focus."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self.isEnabled():
                painter.setOpacity(0.5)
            if self.hasFocus():
                painter.setPen(QPen(QColor(colours.accent), 1))
                painter.drawRoundedRect(
                    QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8
                )
            self._paint_box(painter, QRectF(EDGE, EDGE, BOX, BOX), colours)
            painter.setPen(QColor(colours.text))
            left = EDGE + BOX + GAP
            top = EDGE + max((BOX - painter.fontMetrics().height()) // 2, 0)
            room = self.rect().adjusted(left, top, -EDGE, 0)
            painter.drawText(room, int(_WRAPPED), self._said())

    def _paint_box(
        self, painter: QPainter, box: QRectF, colours: theme.Colours
    ) -> None:
        on = self.isChecked()
        border = colours.accent if on or self.underMouse() else colours.quiet
        painter.setPen(QPen(QColor(border), 1.5))
        painter.setBrush(QColor(colours.accent if on else colours.surface))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        if on:
            tick = icons.pixmap(
                "check", QColor(colours.on_accent), 16, self.devicePixelRatioF()
            )
            painter.drawPixmap(round(box.x()) + 2, round(box.y()) + 2, tick)
