"""How many faces the nets find together, after each: bars, and what is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from facecam.app import theme
from facecam.app.training.run import saying

ROW, BAR, EDGE = 44, 10, 4
"""Heights of a row and of its bar; corners; logical pixels."""


@dataclass(frozen=True)
class Stage:
    """What the nets up to one of them find in whole pictures."""

    name: str
    recall: float | None = None
    """Share of the faces they find; None before they were tried."""
    proposals: float | None = None
    """Boxes they leave, a picture."""
    needed: float = 0.0
    """Share below which the run ends."""
    refused: bool = False
    """Trying them ended the run."""


class StageBars(QWidget):
    """A row for each net."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.stages: tuple[Stage, ...] = ()
        self.setAccessibleName("Faces found by the nets together")
        self.setToolTip(
            "Of the faces in pictures kept to measure on, the share that the nets up "
            "to this one still find. Each net drops boxes that are no faces, and loses "
            "a few faces with them. Below the mark, the run ends."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stages(self, stages: Sequence[Stage]) -> None:
        """Show other figures."""
        if tuple(stages) != self.stages:
            self.stages = tuple(stages)
            self.setAccessibleDescription(". ".join(map(_told, stages)))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Qt asks."""
        return QSize(200, ROW * max(len(self.stages), 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, stage in enumerate(self.stages):
                self._paint(painter, stage, number * ROW)

    def _paint(self, painter: QPainter, stage: Stage, top: int) -> None:
        colours, width = theme.current(), float(self.width())
        line = QRectF(0, top, width, ROW - BAR - 12)
        below = Qt.AlignmentFlag.AlignBottom
        painter.setPen(QColor(colours.text))
        painter.drawText(line, below | Qt.AlignmentFlag.AlignLeft, stage.name)
        painter.setPen(QColor(colours.quiet if stage.recall is None else colours.text))
        painter.drawText(line, below | Qt.AlignmentFlag.AlignRight, _figures(stage))
        track = QRectF(0, top + ROW - BAR - 6, width, BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.pressed))
        painter.drawRoundedRect(track, EDGE, EDGE)
        if stage.recall is not None:
            short = stage.recall < stage.needed
            painter.setBrush(QColor(colours.danger if short else colours.accent))
            done = QRectF(track)
            done.setWidth(max(width * stage.recall, 2 * EDGE))
            painter.drawRoundedRect(done, EDGE, EDGE)
        if stage.needed > 0:
            x = width * stage.needed
            painter.setPen(QPen(QColor(colours.text), 2))
            painter.drawLine(
                QPointF(x, track.top() - 3), QPointF(x, track.bottom() + 3)
            )


def _figures(stage: Stage) -> str:
    if stage.recall is None:
        return "not passed" if stage.refused else "not tried yet"
    found = saying.percent(stage.recall)
    if stage.proposals is None:
        return found
    return f"{found}  ·  {saying.boxes(stage.proposals)}"


def _told(stage: Stage) -> str:
    needed = f", {100 * stage.needed:.0f} % are needed" if stage.needed else ""
    return f"{stage.name}: {_figures(stage)}{needed}"
