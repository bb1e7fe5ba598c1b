"""What the net judges most wrongly at the moment, as pictures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from facecam.app import theme
from facecam.app.training.run.reading import Crop, Hard
from facecam.training.detector.hardest import SHOWN

SIDE, GAP, CAPTION = 52, 6, 18
"""Of a picture, between two, and for the number below; logical pixels."""
ROUND = 6


class HardCard(QFrame):
    """Faces it overlooks, backgrounds it takes for faces."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._hard: Hard | None = None
        self._net = ""
        heading = QLabel("What it gets most wrong", self)
        heading.setObjectName("heading")
        self.about = QLabel(self)
        self.about.setObjectName("quiet")
        self.about.setMinimumWidth(1)
        self.faces = CropRow("Faces taken for backgrounds", self)
        self.backgrounds = CropRow("Backgrounds taken for faces", self)
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch(1)
        head.addWidget(self.about)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        column.addLayout(head)
        for row, text in (
            (self.faces, "Faces it is least sure of"),
            (self.backgrounds, "Backgrounds it is most inclined to take for faces"),
        ):
            label = QLabel(text, self)
            label.setObjectName("quiet")
            label.setMinimumWidth(1)
            column.addSpacing(4)
            column.addWidget(label)
            column.addWidget(row)
        self.setToolTip(
            "Samples kept to measure on, which the net has not learned from. The "
            "number is how sure it is that this is a face."
        )

    def show_hard(self, net: str, hard: Hard | None) -> None:
        """Show what a net got wrong when it was last measured; hide without."""
        self.setVisible(hard is not None)
        if hard is None or (hard is self._hard and net == self._net):
            return
        self._hard, self._net = hard, net
        self.about.setText(f"{net}, measured after step {hard.step:,}")
        self.faces.show_crops(hard.faces)
        self.backgrounds.show_crops(hard.backgrounds)


class CropRow(QWidget):
    """Small pictures beside each other, each with its score in words below."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._crops: tuple[Crop, ...] = ()
        self._name = name
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_crops(self, crops: tuple[Crop, ...]) -> None:
        """Show other pictures."""
        self._crops = crops
        told = ", ".join(sure(crop.score) for crop in crops)
        self.setAccessibleDescription(f"How sure it is of a face: {told}")
        self.update()

    def sizeHint(self) -> QSize:
        """Qt asks."""
        return QSize(SHOWN * (SIDE + GAP), SIDE + CAPTION)

    def heightForWidth(self, width: int) -> int:
        """Qt asks."""
        return round(self._side(width)) + CAPTION

    def place(self, number: int) -> QRectF:
        """Return where a picture is drawn."""
        side = self._side(self.width())
        return QRectF(number * (side + GAP), 0, side, side)

    def _side(self, width: int) -> float:
        return min(float(SIDE), (width - GAP * (SHOWN - 1)) / SHOWN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures and their numbers."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for number, crop in enumerate(self._crops):
                place = self.place(number)
                painter.drawImage(place, crop.image)
                painter.setPen(QColor(colours.line))
                painter.drawRect(place)
                below = QRectF(place.left(), place.bottom(), place.width(), CAPTION)
                painter.setPen(QColor(colours.quiet))
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, sure(crop.score))

    def event(self, event: QEvent) -> bool:
        """Say of the picture pointed at what its number means."""
        if isinstance(event, QHelpEvent):
            for number, crop in enumerate(self._crops):
                if self.place(number).contains(event.pos()):
                    text = f"The net is {sure(crop.score)} sure that this is a face"
                    QToolTip.showText(event.globalPos(), text, self)
                    return True
        return super().event(event)


def sure(score: float) -> str:
    """Return a score as people say it: "3 %", "0.2 %", "99.9 %"."""
    percent = 100 * score
    if percent < 0.1:
        return "< 0.1 %"
    if percent < 1 or 99 < percent < 99.95:
        return f"{percent:.1f} %"
    return f"{percent:.0f} %"
