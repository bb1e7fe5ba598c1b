"""Draws the ring around a face that fills while views of it are taken.

Told by shape, not by colour alone: a view that is taken is a thick arc with a tick,
the one that is wanted now a dashed arc with an arrow beside it, the others are thin.
A dark rim keeps all of it readable on any picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

DONE = QColor("#5fd08f")
WANTED = QColor("#9cbaff")
OPEN = QColor(255, 255, 255, 200)
INK = QColor("#10181a")
RIM = QColor(0, 0, 0, 120)
PLATE = QColor(14, 16, 20, 205)
TEXT = QColor("#ffffff")
ARC = 34.0
"""Degrees of the circle that one view takes up, of the 45 there are."""
EDGE = 16.0
"""Least distance of the ring from the edge of the picture, logical pixels."""
GROWN = 1.06
"""The ring's radius as a multiple of half the diagonal of the box."""


@dataclass(frozen=True)
class Segment:
    """One view on the ring."""

    angle: float
    """Degrees, 0 is right, 90 is up, as seen on the screen."""
    done: bool
    wanted: bool = False


def circle(box: QRectF, target: QRectF) -> QRectF:
    """Return the ring around a face, as large as its picture allows."""
    radius = math.hypot(box.width(), box.height()) / 2 * GROWN
    radius = min(radius, target.height() / 2 - EDGE)
    room = target.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    ring = QRectF(0, 0, 2 * radius, 2 * radius)
    ring.moveCenter(box.center())
    ring.moveLeft(min(max(ring.left(), room.left()), room.right() - ring.width()))
    ring.moveTop(min(max(ring.top(), room.top()), room.bottom() - ring.height()))
    return ring


def paint_guide(painter: QPainter, ring: QRectF) -> None:
    """Draw where a face should be, while there is none."""
    for pen in (QPen(RIM, 4), QPen(OPEN, 2)):
        pen.setDashPattern([12 / pen.widthF(), 10 / pen.widthF()])
        painter.setPen(pen)
        painter.drawEllipse(ring)


def paint_ring(
    painter: QPainter, ring: QRectF, segments: Sequence[Segment], front: bool
) -> None:
    """Draw the ring; `front` closes the thin circle inside it."""
    inner = ring.adjusted(9, 9, -9, -9)
    _stroke(painter, _arc(inner, 0, 359.9), DONE if front else OPEN, 2 if front else 1)
    for segment in segments:
        arc = _arc(ring, segment.angle - ARC / 2, ARC)
        if segment.done:
            _stroke(painter, arc, DONE, 7)
            _paint_tick(painter, _at(ring, segment.angle, 0))
        elif segment.wanted:
            _stroke(painter, arc, WANTED, 7, dashed=True)
        else:
            _stroke(painter, arc, OPEN, 3)


def paint_arrow(
    painter: QPainter, ring: QRectF, target: QRectF, angle: float, swing: float
) -> None:
    """Draw an arrow outside the ring; `swing`, 0…1, lets it move a little."""
    tip = _at(ring, angle, 44 + 8 * swing)
    if not target.contains(_at(ring, angle, 56)):
        tip = _at(ring, angle, -22 + 8 * swing)  # inside: there is no room outside
    path = QPainterPath()
    for turn in (-43, 43):
        path.moveTo(tip)
        path.lineTo(tip + _towards(angle + 180 + turn, 22))
    path.moveTo(tip)
    path.lineTo(tip + _towards(angle + 180, 34))
    _stroke(painter, path, WANTED, 6)


def paint_growing(painter: QPainter, ring: QRectF, swing: float) -> None:
    """Draw the size a face should come to, for “come nearer”."""
    out = 26 + 8 * swing
    larger = ring.adjusted(-out, -out, out, out)
    for colour, width in ((RIM, 7.0), (WANTED, 4.0)):
        pen = QPen(colour, width)
        pen.setDashPattern([10 / width, 10 / width])
        painter.setPen(pen)
        painter.drawEllipse(larger)


def paint_share(painter: QPainter, ring: QRectF, share: float) -> None:
    """Close a circle around the ring while the person holds still."""
    around = _arc(ring.adjusted(-12, -12, 12, 12), 90, -360 * min(share, 1.0))
    _stroke(painter, around, WANTED, 4)


def paint_advice(
    painter: QPainter, target: QRectF, text: str, mark: str, size: float
) -> QRectF:
    """Write one line at the top of the picture, near where the person looks.

    Args:
        painter: what to draw with.
        target: where the picture is.
        text: what to do now.
        mark: a sign in front of it, or "".
        size: points of the font.

    Returns:
        The plate it stands on.
    """
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    font.setPointSizeF(size)
    whole = f"{mark}  {text}" if mark else text
    while size > 10 and QFontMetricsF(font).horizontalAdvance(whole) > (
        target.width() - 72
    ):
        size -= 1
        font.setPointSizeF(size)
    metrics = QFontMetricsF(font)
    right = Qt.TextElideMode.ElideRight
    whole = metrics.elidedText(whole, right, target.width() - 72)
    plate = QRectF(0, 0, metrics.horizontalAdvance(whole) + 48, metrics.height() + 20)
    plate.moveCenter(QPointF(target.center().x(), 0))
    plate.moveTop(target.top() + 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(TEXT)
    painter.setFont(font)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, whole)
    return plate


def _paint_tick(painter: QPainter, centre: QPointF) -> None:
    painter.setPen(QPen(RIM, 2))
    painter.setBrush(DONE)
    painter.drawEllipse(centre, 9, 9)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath(centre + QPointF(-4, 0))
    path.lineTo(centre + QPointF(-1, 3.5))
    path.lineTo(centre + QPointF(4.5, -3.5))
    painter.setPen(QPen(INK, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPath(path)


def _stroke(
    painter: QPainter,
    path: QPainterPath,
    colour: QColor,
    width: float,
    *,
    dashed: bool = False,
) -> None:
    """Draw a line with its dark rim below it."""
    for one, wide in ((RIM, width + 3), (colour, width)):
        pen = QPen(one, wide)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([9 / wide, 5 / wide])
        painter.setPen(pen)
        painter.drawPath(path)


def _arc(ring: QRectF, start: float, span: float) -> QPainterPath:
    path = QPainterPath()
    path.arcMoveTo(ring, start)
    path.arcTo(ring, start, span)
    return path


def _at(ring: QRectF, angle: float, outside: float) -> QPointF:
    """Return the point of the ring in a direction, some pixels outside of it."""
    return ring.center() + _towards(angle, ring.width() / 2 + outside)


def _towards(angle: float, length: float) -> QPointF:
    """Return the way of some pixels in a direction."""
    turn = math.radians(angle)
    return QPointF(length * math.cos(turn), -length * math.sin(turn))
