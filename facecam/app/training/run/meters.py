"""What a run takes of the computer: four numbers, and how they went lately."""

from __future__ import annotations

import os
from collections import deque

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facecam.app import theme
from facecam.training.disk import in_words
from facecam.training.runs import Uses

KEPT = 90
"""So many values are drawn, the newest at the right."""
HEIGHT = 22
"""Of what is drawn, logical pixels."""
UNKNOWN = "–"


class Meters(QFrame):
    """Processor, memory, disk, and what is free, side by side."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.processor = Meter(
            "Processor",
            "Cores of this computer that the run keeps busy, on average over the last "
            "seconds. It gives way to other programs.",
            self,
        )
        self.memory = Meter(
            "Memory", "Working memory that all processes of the run hold.", self
        )
        self.disk = Meter(
            "Disk used",
            "What the run has written so far. Samples take most of it; it is freed "
            "when the run is deleted.",
            self,
        )
        self.free = Meter(
            "Disk free", "Room left on that disk. The run stops when it is full.", self
        )
        self._shown: Uses | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        for meter in (self.processor, self.memory, self.disk, self.free):
            row.addWidget(meter, 1)

    def forget(self) -> None:
        """Begin anew, for another run."""
        self._shown = None
        for meter in (self.processor, self.memory, self.disk, self.free):
            meter.forget()

    def show_uses(self, uses: Uses | None) -> None:
        """Show what a run takes now; None if nobody knows."""
        if uses is None or uses is self._shown:
            return
        self._shown = uses
        cores = os.cpu_count() or 1
        self.processor.show_value(
            f"{uses.processor:.1f} of {cores} cores", uses.processor, cores
        )
        self.memory.show_value(in_words(uses.memory), uses.memory)
        whole = max(uses.disk + uses.free, 1)
        self.disk.show_value(in_words(uses.disk), uses.disk, whole)
        self.free.show_value(in_words(uses.free), uses.free, whole)


class Meter(QWidget):
    """A name, a number, and its last minutes as a line."""

    def __init__(self, name: str, about: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self.value = QLabel(UNKNOWN, self)
        self.value.setObjectName("heading")
        said = QLabel(name, self)
        said.setObjectName("quiet")
        for label in (said, self.value):
            label.setMinimumWidth(1)
        self.drawn = _Drawn(self)
        self.setToolTip(about)
        self.setAccessibleDescription(about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(said)
        column.addWidget(self.value)
        column.addWidget(self.drawn)
        self.forget()

    def forget(self) -> None:
        """Show nothing."""
        self.value.setText(UNKNOWN)
        self.setAccessibleName(f"{self._name}: not known")
        self.drawn.show_values((), None)

    def show_value(self, text: str, amount: float, most: float | None = None) -> None:
        """Show another number.

        Args:
            text: as it is written.
            amount: as it is drawn.
            most: what the upper edge stands for; None for the largest so far.
        """
        self.value.setText(text)
        self.setAccessibleName(f"{self._name}: {text}")
        self.drawn.add(amount, most)


class _Drawn(QWidget):
    """A line with the area below it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._values: deque[float] = deque(maxlen=KEPT)
        self._most: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Qt asks."""
        return QSize(80, HEIGHT)

    def show_values(self, values: tuple[float, ...], most: float | None) -> None:
        self._values.clear()
        self._values.extend(values)
        self._most = most
        self.update()

    def add(self, value: float, most: float | None) -> None:
        self._values.append(value)
        self._most = most
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        colours, box = theme.current(), QRectF(self.rect()).adjusted(0, 2, 0, -1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            if not self._values:
                return
            top = self._most or max(self._values) * 1.15 or 1.0
            step = box.width() / (KEPT - 1)
            values = [self._values[0], *self._values]
            right = [box.right() - step * n for n in range(len(self._values))][::-1]
            points = [
                QPointF(x, box.bottom() - box.height() * min(value / top, 1.0))
                for x, value in zip([right[0] - step, *right], values, strict=True)
            ]
            path = QPainterPath(points[0])
            for point in points[1:]:
                path.lineTo(point)
            area = QPainterPath(path)
            area.lineTo(points[-1].x(), box.bottom())
            area.lineTo(points[0].x(), box.bottom())
            tint = QColor(colours.accent)
            tint.setAlphaF(0.18)
            painter.setClipRect(self.rect())
            painter.fillPath(area, tint)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 1.5))
            painter.drawPath(path)
