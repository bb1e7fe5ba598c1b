"""Draws faces over a picture: box, five points, name plate, stage times.

State is told by shape and by text, never by colour alone: a solid box is somebody
known, a dashed one is unknown, a thin one is still being looked at. A dark rim
around lines and a translucent plate under text keep both readable on any picture.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from facecam.app import words
from facecam.app.motion import Shown
from facecam.app.placement import Placement
from facecam.config import WindowConfig
from facecam.faces import Face

KNOWN = QColor("#8db4ff")
UNKNOWN = QColor("#ffffff")
RIM = QColor(0, 0, 0, 110)
PLATE = QColor(14, 16, 20, 190)
NAME = QColor("#ffffff")
WORD = QColor(255, 255, 255, 205)
GAP = 6.0
"""Between a box and its plate, logical pixels."""


def region(shown: Shown, placement: Placement) -> QRectF:
    """Return the part of the widget that `paint` may touch for one face."""
    return (
        placement.box(shown.face.box).adjusted(-8, -48, 8, 48).adjusted(-120, 0, 120, 0)
    )


def paint(
    painter: QPainter,
    shown: Shown,
    placement: Placement,
    config: WindowConfig,
    *,
    hovered: bool = False,
) -> None:
    """Draw one face's box and name plate."""
    box = placement.box(shown.face.box)
    painter.setOpacity(shown.opacity)
    _paint_box(painter, box, shown.face, hovered)
    name, word = words.plate(shown.face, config)
    painter.setOpacity(shown.opacity * shown.named)
    if word:
        _paint_plate(painter, box, placement.target, name, word)
    painter.setOpacity(1.0)


def paint_landmarks(painter: QPainter, shown: Shown, placement: Placement) -> None:
    """Draw the five points of a face, if its detector found any."""
    points = shown.face.landmarks
    if not np.isfinite(points).all():
        return
    painter.setOpacity(shown.opacity)
    painter.setPen(QPen(RIM, 1.5))
    painter.setBrush(NAME)
    size = min(max(placement.box(shown.face.box).width() * 0.03, 1.5), 2.75)
    for x, y in points.tolist():
        painter.drawEllipse(placement.to_widget(x, y), size, size)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setOpacity(1.0)


def paint_timings(
    painter: QPainter, corner: QPointF, timings: Mapping[str, float], extra: str
) -> None:
    """Draw a small table of stage times (seconds) with its top left at `corner`."""
    rows = [(stage, f"{seconds * 1000:.1f} ms") for stage, seconds in timings.items()]
    rows.append(("picture", extra))
    metrics = QFontMetricsF(painter.font())
    line = metrics.height() + 2
    left = max(metrics.horizontalAdvance(stage) for stage, _ in rows)
    right = max(metrics.horizontalAdvance("0" * len(text)) for _, text in rows)
    plate = QRectF(corner.x(), corner.y(), left + right + 40, line * len(rows) + 16)
    _fill(painter, plate, 8)
    for number, (stage, text) in enumerate(rows):
        row = QRectF(
            plate.x() + 12, plate.y() + 8 + number * line, plate.width() - 24, line
        )
        painter.setPen(WORD)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft, stage)
        painter.setPen(NAME)
        painter.drawText(row, Qt.AlignmentFlag.AlignRight, text)


def _paint_box(painter: QPainter, box: QRectF, face: Face, hovered: bool) -> None:
    """Draw the outline that tells known, unknown and still looking apart."""
    radius = min(12.0, box.width() * 0.12)
    looking, known = face.match is None, face.match and face.match.identity
    width = 1.25 if looking else 2.0
    rim = QPen(RIM, width + 2)
    pen = QPen(KNOWN if known else UNKNOWN, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if not known and not looking:
        pen.setDashPattern([5, 4])
        rim.setWidthF(width + 1)
    painter.setBrush(QColor(255, 255, 255, 28) if hovered else Qt.BrushStyle.NoBrush)
    painter.setPen(rim)
    painter.drawRoundedRect(box, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawRoundedRect(box, radius, radius)


def _paint_plate(
    painter: QPainter, box: QRectF, target: QRectF, name: str, word: str
) -> None:
    """Write name and word under the box, or where they fit into the picture."""
    plain, bold = QFont(painter.font()), QFont(painter.font())
    bold.setWeight(QFont.Weight.DemiBold)
    word_text = f"  {word}" if name else word
    room = target.width() - 24
    name = QFontMetricsF(bold).elidedText(name, Qt.TextElideMode.ElideRight, room / 2)
    name_width = QFontMetricsF(bold).horizontalAdvance(name)
    metrics = QFontMetricsF(plain)
    width = name_width + metrics.horizontalAdvance(word_text) + 16
    plate = _place(QRectF(0, 0, width, metrics.height() + 8), box, target)
    _fill(painter, plate, 7)
    baseline = plate.y() + 4 + metrics.ascent()
    painter.setPen(NAME)
    painter.setFont(bold)
    painter.drawText(QPointF(plate.x() + 8, baseline), name)
    painter.setPen(WORD)
    painter.setFont(plain)
    painter.drawText(QPointF(plate.x() + 8 + name_width, baseline), word_text)


def _place(plate: QRectF, box: QRectF, target: QRectF) -> QRectF:
    """Move a plate under its box; above it or into it where there is no room."""
    top = box.bottom() + GAP
    if top + plate.height() > target.bottom() - 4:
        above = box.top() - GAP - plate.height()
        inside = min(box.bottom(), target.bottom()) - GAP - plate.height()
        top = above if above > target.top() + 4 else inside
    left = box.center().x() - plate.width() / 2
    left = min(left, target.right() - 4 - plate.width())
    plate.moveTo(max(left, target.left() + 4), top)
    return plate


def _fill(painter: QPainter, plate: QRectF, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawRoundedRect(plate, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
