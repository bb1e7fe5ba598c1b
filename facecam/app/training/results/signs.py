"""The shape that stands for how a run stands: told apart without colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from facecam.app import theme
from facecam.app.training.results.standing import Standing

SIDE = 16
"""Logical pixels."""


def colour(standing: Standing) -> QColor:
    """Return the colour that goes with a shape."""
    colours = theme.current()
    return QColor(
        {
            Standing.RUNNING: colours.accent,
            Standing.FAILED: colours.danger,
            Standing.DAMAGED: colours.danger,
            Standing.DONE: colours.good,
            Standing.PAUSED: colours.warning,
        }.get(standing, colours.quiet)
    )


def paint(painter: QPainter, place: QRectF, standing: Standing) -> None:
    """Draw the sign of a state into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(place.topLeft())
    painter.scale(place.width() / SIDE, place.height() / SIDE)
    tint = colour(standing)
    pen = QPen(tint, 1.75)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _SHAPES[standing](painter, tint)
    painter.restore()


def icon(standing: Standing, ratio: float = 2.0) -> QIcon:
    """Return the sign as an icon."""
    pixels = round(SIDE * ratio)
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        paint(painter, QRectF(0, 0, pixels, pixels), standing)
    picture.setDevicePixelRatio(ratio)
    return QIcon(picture)


def _lines(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))


def _running(painter: QPainter, tint: QColor) -> None:
    painter.setBrush(tint)
    painter.drawPolygon(QPolygonF([QPointF(4, 3), QPointF(13, 8), QPointF(4, 13)]))


def _waiting(painter: QPainter, tint: QColor) -> None:
    painter.drawEllipse(QPointF(8, 8), 6, 6)
    _lines(painter, (8, 4.5), (8, 8), (10.5, 9.5))


def _paused(painter: QPainter, tint: QColor) -> None:
    for x in (5.0, 11.0):
        _lines(painter, (x, 3.5), (x, 12.5))


def _stopped(painter: QPainter, tint: QColor) -> None:
    painter.drawRoundedRect(QRectF(3, 3, 10, 10), 2, 2)


def _failed(painter: QPainter, tint: QColor) -> None:
    _lines(painter, (3.5, 3.5), (12.5, 12.5))
    _lines(painter, (12.5, 3.5), (3.5, 12.5))


def _done(painter: QPainter, tint: QColor) -> None:
    _lines(painter, (3, 8.5), (6.5, 12), (13, 4.5))


def _damaged(painter: QPainter, tint: QColor) -> None:
    painter.drawPolygon(QPolygonF([QPointF(8, 2), QPointF(14, 13.5), QPointF(2, 13.5)]))
    _lines(painter, (8, 6.5), (8, 9.5))
    painter.drawPoint(QPointF(8, 11.5))


_SHAPES = {
    Standing.RUNNING: _running,
    Standing.WAITING: _waiting,
    Standing.PAUSED: _paused,
    Standing.STOPPED: _stopped,
    Standing.FAILED: _failed,
    Standing.DONE: _done,
    Standing.DAMAGED: _damaged,
}
