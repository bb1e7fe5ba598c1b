"""One picture twice, as one detector sees it and as the other does."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from facecam.app import theme
from facecam.training.detector.evaluation.differences import Corners

AROUND = 5.0
"""Side of what is shown of a picture, in longer sides of the box it is about."""
LEAST = 120.0
"""The same, at least, pixels of the picture."""
HEIGHT = 280
SHOWN = QColor("#4adea0")
"""Boxes on pictures are of one colour in both schemes, on a dark edge."""
LABELLED = QColor("#ffc454")
ABOUT = QColor("#ffffff")


@dataclass(frozen=True)
class Scene:
    """What a pane shows: a picture, boxes on it, and the one it is about."""

    image: QImage
    size: tuple[int, int]
    """Width and height that the boxes refer to; the image may be smaller."""
    labelled: tuple[Corners, ...]
    shown: tuple[Corners, ...]
    box: Corners
    whole: bool
    """The whole picture, not only the surroundings of the box."""


class Pane(QWidget):
    """One of the two."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.scene: Scene | None = None
        self.text = ""
        self.setMinimumSize(160, HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_scene(self, scene: Scene | None, text: str = "") -> None:
        """Show a picture, or a sentence in its place."""
        self.scene, self.text = scene, text
        self.update()

    def sizeHint(self) -> QSize:
        """A little wider than high."""
        return QSize(360, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and its boxes, or the sentence."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.stage))
            painter.drawRoundedRect(self.rect(), 8, 8)
            if self.scene is not None:
                _draw(painter, QRectF(self.rect()), self.scene)
                return
            painter.setPen(QColor(colours.quiet))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), wrapped, self.text)


def region(scene: Scene) -> QRectF:
    """Return which part of a picture is shown, in its pixels."""
    width, height = scene.size
    if scene.whole:
        return QRectF(0, 0, width, height)
    x1, y1, x2, y2 = scene.box
    side = min(max(AROUND * max(x2 - x1, y2 - y1), LEAST), max(width, height))
    wide, high = min(side * 1.3, width), min(side, height)
    left = min(max((x1 + x2 - wide) / 2, 0.0), width - wide)
    top = min(max((y1 + y2 - high) / 2, 0.0), height - high)
    return QRectF(left, top, wide, high)


def _draw(painter: QPainter, place: QRectF, scene: Scene) -> None:
    part = region(scene)
    scale = min(place.width() / part.width(), place.height() / part.height())
    target = QRectF(0, 0, part.width() * scale, part.height() * scale)
    target.moveCenter(place.center())
    small = scene.image.width() / scene.size[0]
    source = QRectF(
        part.left() * small,
        part.top() * small,
        part.width() * small,
        part.height() * small,
    )
    painter.drawImage(target, scene.image, source)
    painter.setClipRect(target)

    def mapped(box: Corners) -> QRectF:
        corner = target.topLeft() + (QPointF(*box[:2]) - part.topLeft()) * scale
        other = target.topLeft() + (QPointF(*box[2:]) - part.topLeft()) * scale
        return QRectF(corner, other)

    painter.setBrush(Qt.BrushStyle.NoBrush)
    for box in scene.labelled:
        _outline(painter, mapped(box), QPen(LABELLED, 1.5, Qt.PenStyle.DashLine))
    for box in scene.shown:
        _outline(painter, mapped(box), QPen(SHOWN, 2.5))
    _point_at(painter, mapped(scene.box))


def _outline(painter: QPainter, box: QRectF, pen: QPen) -> None:
    """Draw a box that is seen on any picture."""
    painter.setPen(QPen(QColor(0, 0, 0, 140), pen.widthF() + 2))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(pen)
    painter.drawRoundedRect(box, 3, 3)


def _point_at(painter: QPainter, box: QRectF) -> None:
    """Point at the box it is about with an arrow from above, or from below."""
    from_above = box.top() > 36
    tip = QPointF(box.center().x(), box.top() - 6 if from_above else box.bottom() + 6)
    away = -1 if from_above else 1
    wings = [QPointF(tip.x() + x, tip.y() + away * 9) for x in (-7, 7)]
    for pen in (QPen(QColor(0, 0, 0, 160), 5.5), QPen(ABOUT, 2.5)):
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline([wings[0], tip, wings[1]])
        painter.drawLine(tip, QPointF(tip.x(), tip.y() + away * 22))


class BoxKey(QWidget):
    """What the two kinds of boxes mean."""

    WORDS = ("labelled by people", "shown by the detector")

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Legend: dashed, labelled by people; solid, shown")
        self.setFont(QFont(self.font()))

    def sizeHint(self) -> QSize:
        """As wide as the words."""
        metrics = self.fontMetrics()
        width = sum(metrics.horizontalAdvance(word) + 44 for word in self.WORDS)
        return QSize(width, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a small box of each kind and its word."""
        colours, left = theme.current(), 0.0
        dark = colours is theme.DARK
        pens = (
            QPen(LABELLED if dark else LABELLED.darker(140), 1.5, Qt.PenStyle.DashLine),
            QPen(SHOWN if dark else SHOWN.darker(150), 2.5),
        )
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for word, pen in zip(self.WORDS, pens, strict=True):
                painter.setPen(pen)
                middle = self.height() / 2
                painter.drawRoundedRect(QRectF(left + 2, middle - 6, 14, 12), 3, 3)
                painter.setPen(QColor(colours.quiet))
                width = self.fontMetrics().horizontalAdvance(word)
                place = QRectF(left + 24, 0, width + 4, self.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, word)
                left += width + 44
