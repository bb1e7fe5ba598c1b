"""The live picture with what the coach says drawn over it: ring, arrow, advice.

Left and right of an advice are the person's own: in a mirrored picture they are the
same on the screen, in one that is not they are turned round.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from facecam.app.enrol import ring_paint
from facecam.app.enrol.ring_paint import Segment
from facecam.app.video_view import VideoView
from facecam.config import WindowConfig
from facecam.enrolment.advice import Advice, Code, View
from facecam.faces import Floats, Frame, Recognition

ANGLES = {
    View.RIGHT: 0.0,
    View.UP: 90.0,
    View.LEFT: 180.0,
    View.DOWN: 270.0,
    View.NEARER: 315.0,
    View.GLASSES: 225.0,
}
"""Where a view lies on the ring of a mirrored picture, degrees."""
DIRECTIONS = {"right": 0.0, "up": 90.0, "left": 180.0, "down": 270.0}
BEAT = 1.2
"""Seconds of one swing of the arrow."""
FLASH = 0.35
"""Seconds the picture lights up after it was taken."""
REACH = 72
"""How far arrow and rings reach outside of the ring, logical pixels."""
FOLLOW = 0.08
"""Time constant with which the ring follows the face, seconds."""
MARKS = {Code.TAKEN: "✓", Code.FINISHED: "✓", Code.HOLD: "●"}
"""Signs in front of an advice; what is wrong has "!"."""


class CoachView(VideoView):
    """Video as everywhere, without boxes and names while a coach is at work."""

    def __init__(self, config: WindowConfig, parent: QWidget | None = None) -> None:
        super().__init__(config, parent)
        self.landmarks = False
        self.advice: Advice | None = None
        self.setAccessibleName("Live picture")
        self._ring: QRectF | None = None
        self._now = self._before = 0.0
        self._flashed = -math.inf
        self._taken = 0

    def show_advice(self, advice: Advice | None) -> None:
        """Draw what a coach says from now on; None is the picture alone."""
        if advice is self.advice:
            return
        if advice is None or self.advice is None:
            self._taken = 0
            self._ring = None
        if advice is not None:
            if advice.taken > self._taken:
                self._flashed = self._now
            self._taken = advice.taken
            self._announce(advice.text)
        self.faces_shown = advice is None
        self.advice = advice
        self.update()

    def show_frame(
        self, frame: Frame | None, recognition: Recognition | None, now: float
    ) -> None:
        """Show the newest frame; while coached, the arrow swings all the time."""
        self._before, self._now = self._now, now
        super().show_frame(frame, recognition, now)
        if self.advice is None:
            return
        if self._ring is None or now - self._flashed < FLASH + 0.1:
            self.update()
        else:
            edge = REACH
            around = self._ring.adjusted(-edge, -edge, edge, edge)
            self.update(around.toAlignedRect())

    def _announce(self, text: str) -> None:
        """Let screen readers say what is new: who looks away cannot read it."""
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            if QAccessible.isActive():
                event = QAccessibleAnnouncementEvent(self, text)
                QAccessible.updateAccessibility(event)

    def clear(self) -> None:
        """Show nothing."""
        self.show_advice(None)
        super().clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, then what the coach says."""
        super().paintEvent(event)
        if self.advice is not None and self.picture() is not None:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_coach(painter, self.advice)

    def _paint_coach(self, painter: QPainter, advice: Advice) -> None:
        target = self.placement().target
        painter.setClipRect(target)
        self._paint_flash(painter, target)
        if advice.box is None:
            self._ring = None
            side = target.height() * 0.5
            guide = QRectF(0, 0, side, side)
            guide.moveCenter(target.center() + QPointF(0, 12))
            ring_paint.paint_guide(painter, guide)
        else:
            ring = self._followed(advice.box, target)
            segments, front = self._segments(advice)
            ring_paint.paint_ring(painter, ring, segments, front)
            self._paint_way(painter, ring, advice)
            self._paint_hold(painter, ring, advice)
        size = self.font().pointSizeF() * 1.7
        mark = "!" if advice.code.wrong else MARKS.get(advice.code, "")
        ring_paint.paint_advice(painter, target, advice.text, mark, size)

    def _paint_flash(self, painter: QPainter, target: QRectF) -> None:
        """Light the picture up for a moment, as a shutter does."""
        since = (self._now - self._flashed) / FLASH
        if 0 <= since < 1:
            painter.fillRect(target, QColor(255, 255, 255, round(110 * (1 - since))))

    def _paint_way(self, painter: QPainter, ring: QRectF, advice: Advice) -> None:
        """Show where to turn or move."""
        swing = 0.5 - 0.5 * math.cos(2 * math.pi * self._now / BEAT)
        if advice.direction in DIRECTIONS:
            angle = self._seen(DIRECTIONS[advice.direction])
            target = self.placement().target
            ring_paint.paint_arrow(painter, ring, target, angle, swing)
        elif advice.direction == "nearer":
            ring_paint.paint_growing(painter, ring, swing)

    def _paint_hold(self, painter: QPainter, ring: QRectF, advice: Advice) -> None:
        """Show how much of the time to hold still is over."""
        if advice.code is Code.HOLD and advice.meters.still > 0:
            ring_paint.paint_share(painter, ring, advice.meters.still)

    def _segments(self, advice: Advice) -> tuple[list[Segment], bool]:
        """Return the arcs of the ring, and whether the view from the front is taken."""
        front = any(w.done for w in advice.wanted if w.view is View.FRONT)
        arcs = [
            Segment(self._seen(ANGLES[w.view]), w.done, w.view is advice.now)
            for w in advice.wanted
            if w.view in ANGLES
        ]
        return arcs, front

    def _seen(self, angle: float) -> float:
        """Turn an angle round where the picture is not mirrored."""
        return angle if self.mirrored else (180 - angle) % 360

    def _followed(self, box: Floats, target: QRectF) -> QRectF:
        """Return the ring, on its way to where the face is."""
        aim = ring_paint.circle(self.placement().box(box), target)
        last = self._ring
        step = max(self._now - self._before, 0.0)
        part = 1 - math.exp(-step / FOLLOW)
        if last is not None:
            radius = last.width() + (aim.width() - last.width()) * part
            centre = last.center() + (aim.center() - last.center()) * part
            aim = QRectF(0, 0, radius, radius)
            aim.moveCenter(centre)
        self._ring = aim
        return aim
