"""Small bars: how many of each kind, with the number beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from facecam.app import theme

ROW, BAR, GAP = 24, 8, 12
"""Height of a row and of its bar, room between its parts, logical pixels."""
SHORTEST = 24
"""Width of the longest bar where there is little room, logical pixels."""
LEAST = 3.0
"""Width of the shortest bar that is not nothing."""


@dataclass(frozen=True)
class Bar:
    """One row."""

    name: str
    value: float
    text: str
    """What stands behind the bar."""


class Bars(QWidget):
    """Rows of a name, a bar and a text; a screen reader is told all of them."""

    def __init__(self, heading: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.bars: Sequence[Bar] = ()
        self.setAccessibleName(heading)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show other rows."""
        self.bars = bars
        said = "; ".join(f"{bar.name}: {bar.text}" for bar in bars)
        self.setAccessibleDescription(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As many rows as there are, wide enough for a bar to be told from another."""
        names, texts = self._widths()
        return QSize(round(names + texts + 2 * GAP + SHORTEST), ROW * len(self.bars))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def _widths(self) -> tuple[float, float]:
        """Return the widths of the names and of the texts."""
        measure = self.fontMetrics().horizontalAdvance
        names = max((measure(bar.name) for bar in self.bars), default=0)
        return names, max((measure(bar.text) for bar in self.bars), default=0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows."""
        colours = theme.current()
        most = max((bar.value for bar in self.bars), default=0) or 1
        names, texts = self._widths()
        left = names + GAP
        room = self.width() - left - texts - GAP
        centre = Qt.AlignmentFlag.AlignVCenter
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, bar in enumerate(self.bars):
                top = ROW * number
                whole = QRectF(0, top, self.width(), ROW)
                painter.setPen(QColor(colours.quiet))
                painter.drawText(
                    whole, int(centre | Qt.AlignmentFlag.AlignLeft), bar.name
                )
                painter.setPen(QColor(colours.text))
                painter.drawText(
                    whole, int(centre | Qt.AlignmentFlag.AlignRight), bar.text
                )
                painter.setPen(Qt.PenStyle.NoPen)
                track = QRectF(left, top + (ROW - BAR) / 2, room, BAR)
                painter.setBrush(QColor(colours.hover))
                painter.drawRoundedRect(track, BAR / 2, BAR / 2)
                if bar.value > 0:
                    track.setWidth(max(room * bar.value / most, LEAST))
                    painter.setBrush(QColor(colours.accent))
                    painter.drawRoundedRect(track, BAR / 2, BAR / 2)

    def changeEvent(self, event: QEvent) -> None:
        """Follow font and colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.updateGeometry()
            self.update()
