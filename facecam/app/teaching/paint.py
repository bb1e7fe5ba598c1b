"""Draws what is marked over a picture: boxes, what they can be held by, five points.

A missed face is a solid box, a false alarm a dashed one with a cross through it: shape
says what colour alone would not. Dark rims keep all of it readable on any picture.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from facecam.app.face_paint import NAME, PLATE, RIM
from facecam.app.teaching.drawing import GRIPS
from facecam.app.teaching.lens import Lens
from facecam.app.teaching.sketch import Sketch

MISSED = QColor("#8db4ff")
WRONG = QColor("#ffb4a8")
FOUND = QColor(255, 255, 255, 190)
SHADE = QColor(0, 0, 0, 110)
HANDLE = 5.0
"""Half the side of a handle, logical pixels."""
DOT = 4.0
"""Radius of a point, logical pixels."""
ROUND = 4.0


def sketched_boxes(painter: QPainter, sketch: Sketch, lens: Lens) -> None:
    """Draw the boxes found in a picture, and what is drawn or chosen."""
    target = lens.placement.target
    for face in sketch.still.faces:
        if face is not sketch.chosen:
            found(painter, lens.placement.box(face.box))
    if sketch.chosen is not None:
        place = lens.placement.box(sketch.chosen.box)
        shade(painter, target, place)
        crossed_out(painter, place, 2.5)
    if sketch.box is not None:
        place = lens.box(sketch.box)
        shade(painter, target, place)
        missed(painter, place, 2.5)
        handles(painter, place)
        x1, y1, x2, y2 = sketch.box
        below = min(place.bottom() + 34, target.bottom() - 4)
        text = f"{x2 - x1:.0f} × {y2 - y1:.0f}"
        plate(painter, QPointF(place.left(), below), text)


def sketched_points(painter: QPainter, sketch: Sketch, lens: Lens) -> None:
    """Draw the points that were clicked, and where the next one probably is."""
    if sketch.box is not None:
        missed(painter, lens.box(sketch.box), 1.5)
    spots = [lens.to_widget(spot) for spot in sketch.points]
    points(painter, spots, numbered=True)
    if sketch.cursor is not None:
        hint(painter, lens.to_widget(sketch.cursor))


def shade(painter: QPainter, target: QRectF, clear: QRectF) -> None:
    """Darken the picture but for a box."""
    outside, inside = QPainterPath(), QPainterPath()
    outside.addRect(target)
    inside.addRoundedRect(clear, ROUND, ROUND)
    painter.fillPath(outside - inside, SHADE)


def found(painter: QPainter, box: QRectF) -> None:
    """Draw a box the detector has found."""
    _outline(painter, box, QPen(FOUND, 1.25))


def missed(painter: QPainter, box: QRectF, width: float = 2.0) -> None:
    """Draw the box of a missed face."""
    _outline(painter, box, QPen(MISSED, width))


def wrong(painter: QPainter, box: QRectF, width: float = 2.0) -> None:
    """Draw the box of a false alarm; a cross at its corner leaves it to be seen."""
    _dashed(painter, box, width)
    radius = 3.5 * width
    middle = box.topRight()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.drawEllipse(middle, radius + 2, radius + 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    arm = radius * 0.6
    painter.setPen(QPen(WRONG, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for way in (1, -1):
        step = QPointF(arm, way * arm)
        painter.drawLine(QLineF(middle - step, middle + step))


def crossed_out(painter: QPainter, box: QRectF, width: float = 2.0) -> None:
    """Draw the box of a false alarm with a cross all through it."""
    _dashed(painter, box, width)
    cross = [
        QLineF(box.topLeft(), box.bottomRight()),
        QLineF(box.topRight(), box.bottomLeft()),
    ]
    painter.setPen(QPen(RIM, width + 1.5))
    painter.drawLines(cross)
    painter.setPen(QPen(WRONG, width * 0.75))
    painter.drawLines(cross)


def handles(painter: QPainter, box: QRectF) -> None:
    """Draw what a box can be held by: corners, and edges where there is room."""
    roomy = min(box.width(), box.height()) > 8 * HANDLE
    painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
    painter.setBrush(QColor("white"))
    for across, down in GRIPS:
        if roomy or (across and down):
            x = box.center().x() + across * box.width() / 2
            y = box.center().y() + down * box.height() / 2
            place = QRectF(x - HANDLE, y - HANDLE, 2 * HANDLE, 2 * HANDLE)
            painter.drawRoundedRect(place, 2.5, 2.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def points(painter: QPainter, spots: Sequence[QPointF], numbered: bool = False) -> None:
    """Draw landmarks; with their numbers while they are clicked."""
    for spot in spots:
        point(painter, spot)
    for number, spot in enumerate(spots if numbered else (), start=1):
        plate(painter, spot + QPointF(8, -8), str(number))


def point(painter: QPainter, spot: QPointF, radius: float = DOT) -> None:
    """Draw one landmark."""
    painter.setPen(QPen(QColor(0, 0, 0, 170), 1.5))
    painter.setBrush(MISSED)
    painter.drawEllipse(spot, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def hint(painter: QPainter, spot: QPointF) -> None:
    """Draw a ring where the next point probably is."""
    for width, colour in ((3.5, RIM), (1.75, NAME)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.DotLine))
        painter.drawEllipse(spot, 3 * DOT, 3 * DOT)
    painter.setPen(QPen(NAME, 1.25))
    for dx, dy in ((1, 0), (0, 1)):
        step = QPointF(dx * DOT, dy * DOT)
        painter.drawLine(QLineF(spot - step, spot + step))


def plate(painter: QPainter, corner: QPointF, text: str) -> None:
    """Write a few words with their lower left corner at a place."""
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    size = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
    place = QRectF(corner.x(), corner.y() - size[1], *size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawRoundedRect(place, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(NAME)
    painter.setFont(font)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _dashed(painter: QPainter, box: QRectF, width: float) -> None:
    pen = QPen(WRONG, width)
    pen.setDashPattern([5, 4])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    _outline(painter, box, pen)


def _outline(painter: QPainter, box: QRectF, pen: QPen) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(RIM, pen.widthF() + 2))
    painter.drawRoundedRect(box, ROUND, ROUND)
    painter.setPen(pen)
    painter.drawRoundedRect(box, ROUND, ROUND)
