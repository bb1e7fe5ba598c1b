"""What the lines of a figure mean: a piece of each, with its dashes, mark and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from facecam.app import theme

PIECE = 26
"""Length of the piece of a line, logical pixels."""
GAP, BETWEEN = 6, 16
"""After the piece; between two entries."""


@dataclass(frozen=True)
class Line:
    """One curve of a figure."""

    key: str
    """Of its series."""
    text: str
    role: str
    """Its colour: a field of `theme.Colours`."""
    style: Qt.PenStyle
    symbol: str
    """Its mark, by pyqtgraph's names: "o" disc, "s" square, "t1" triangle."""


class Legend(QWidget):
    """The lines in a row."""

    def __init__(self, lines: Sequence[Line], parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setAccessibleName(", ".join(line.text for line in lines))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Qt asks."""
        return QSize(100, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pieces and their names."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours, metrics = theme.current(), self.fontMetrics()
            x, middle = 0.0, self.height() / 2
            for line in self._lines:
                colour = QColor(getattr(colours, line.role))
                painter.setPen(QPen(colour, 2, line.style))
                painter.drawLine(QPointF(x, middle), QPointF(x + PIECE, middle))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                _mark(painter, line.symbol, QPointF(x + PIECE / 2, middle))
                x += PIECE + GAP
                painter.setPen(QColor(colours.quiet))
                width = metrics.horizontalAdvance(line.text) + 1
                place = QRectF(x, 0, width, self.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line.text)
                x += width + BETWEEN


def _mark(painter: QPainter, symbol: str, middle: QPointF) -> None:
    if symbol == "o":
        painter.drawEllipse(middle, 3.5, 3.5)
    elif symbol == "s":
        painter.drawRect(QRectF(middle.x() - 3.2, middle.y() - 3.2, 6.4, 6.4))
    else:
        corners = ((0, -4.2), (4, 3.2), (-4, 3.2))
        painter.drawPolygon(QPolygonF([middle + QPointF(*one) for one in corners]))
