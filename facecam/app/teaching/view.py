"""The frozen picture in which a missed face is drawn, and its five points clicked.

It lies over the live picture, which goes on underneath. The sketch holds what is drawn,
in pixels of the picture; the lens says where that is on the screen. Mouse: drag a box,
hold it at its edges, click a found box. Keyboard: arrows move, with Shift they resize,
P begins the points and Space sets one, Enter keeps, Escape leaves.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from facecam.app import theme
from facecam.app.teaching import drawing, paint
from facecam.app.teaching.bar import NOT_A_FACE, TeachBar
from facecam.app.teaching.drawing import Corners, Grip, Spot
from facecam.app.teaching.lens import Lens, lens
from facecam.app.teaching.mark import Still
from facecam.app.teaching.sketch import Sketch
from facecam.app.video_view import MARGIN, scaled, to_qimage
from facecam.faces import Image

REACH = 9.0
"""How near the pointer must come to hold an edge or a point, logical pixels."""
STILL = 4.0
"""A pointer that moved less has clicked, logical pixels."""
STEP, FINE = 8.0, 1.0
"""How far an arrow goes, and with Ctrl, logical pixels."""
BEGIN = (
    "Drag a box around the face that was missed. If something was taken for a face, "
    "click its box."
)
ADJUST = "Fit the box: from the hairline to the chin, from ear to ear."
SMALL = f"Too small: a face has at least {drawing.MINIMUM:.0f} pixels a side."
WRONG = "This was taken for a face. Is it none?"
COMPLETE = "All five points are there; drag one to move it."
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (0, 0): Qt.CursorShape.SizeAllCursor,
}


class TeachView(QWidget):
    """A still picture, a box, five points; hidden unless somebody teaches."""

    marked = Signal(object)
    """A Mark to be kept."""
    left = Signal()
    """It is over, with or without a mark."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sketch: Sketch | None = None
        self._held: Grip | int | None = None
        self._from: Spot = (0.0, 0.0)
        self._before: Corners | None = None
        self._pressed: QPointF | None = None
        self._pixels: Image | None = None
        self._pixels_for: tuple[object, ...] = ()
        self.bar = TeachBar(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        column.addWidget(self.bar)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Frozen picture")
        self.bar.cancelled.connect(self.leave)
        self.bar.points_wanted.connect(self.mark_points)
        self.bar.back_wanted.connect(self.take_back)
        self.bar.skipped.connect(lambda: self.keep(points=False))
        self.bar.agreed.connect(lambda: self.keep())
        self.hide()

    def begin(self, still: Still, mirrored: bool) -> None:
        """Freeze a picture; it is shown as the live one was."""
        self.sketch = Sketch(still, mirrored)
        self._pressed = self._pixels = None
        self._changed()
        self.show()
        self.raise_()
        self.setFocus()

    def leave(self) -> None:
        """Keep nothing; show the live picture again."""
        if self.sketch is not None:
            self.sketch = self._pixels = None
            self.hide()
            self.left.emit()

    def keep(self, points: bool = True) -> None:
        """Keep what is marked, if it is enough; then leave."""
        mark = self.sketch.mark(points) if self.sketch else None
        if mark is not None:
            self.marked.emit(mark)
            self.leave()

    def mark_points(self) -> None:
        """Look closer, and let the five points be clicked."""
        if self.sketch is not None:
            self.sketch.begin_points()
            self._changed()
            self.setFocus()

    def take_back(self) -> None:
        """Take the last point back; the box, where there is none."""
        if self.sketch is not None:
            self.sketch.take_back()
            self._changed()

    @property
    def lens(self) -> Lens:
        """Where which part of the picture is shown."""
        below = self.bar.height()
        area = self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN - below)
        if self.sketch is None:
            return lens((0, 0, 4, 3), area, False)
        return lens(self.sketch.region, area, self.sketch.mirrored)

    def _changed(self) -> None:
        """Say what to do next, and draw."""
        bar, sketch = self.bar, self.sketch
        if sketch is None:
            return
        if sketch.chosen is not None:
            bar.show_state(WRONG, (bar.keep,), NOT_A_FACE)
        elif sketch.box is None:
            bar.show_state(BEGIN, ())
        elif not sketch.large_enough:
            bar.show_state(SMALL, (bar.points, bar.keep), ready=False)
        elif not sketch.marking:
            bar.show_state(ADJUST, (bar.points, bar.keep))
        elif sketch.complete:
            bar.show_state(COMPLETE, (bar.back, bar.skip, bar.keep))
        else:
            count = len(sketch.points)
            text = f"Click the {drawing.POINTS[count]} ({count + 1} of 5)."
            bar.show_state(text, (bar.back, bar.skip, bar.keep), ready=False)
        self.setAccessibleDescription(bar.text.text())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold an edge or a point, set a point, or begin a box."""
        sketch = self.sketch
        if event.button() != Qt.MouseButton.LeftButton or sketch is None:
            return
        self._pressed, spot = event.position(), self._spot(event.position())
        self._from, self._before = spot, sketch.box
        if not sketch.marking:
            self._held = self._grip(spot)
            return
        self._held = self._point_at(event.position())
        if self._held is None and not sketch.complete:
            self._held = sketch.add_point(spot)
            self._changed()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held; show what could be."""
        sketch, spot = self.sketch, self._spot(event.position())
        if sketch is None:
            return
        if self._pressed is None:
            self._show_cursor(event.position(), spot)
        elif isinstance(self._held, int):
            sketch.points[self._held] = spot
            self._changed()
        elif self._held is not None and self._before is not None:
            by = spot[0] - self._from[0], spot[1] - self._from[1]
            sketch.draw(drawing.dragged(self._before, self._held, by, sketch.size))
            self._changed()
        elif not sketch.marking and self._is_drag(event.position()):
            sketch.draw(drawing.between(self._from, spot, sketch.size))
            self._changed()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a drag chooses a found box, or none."""
        sketch, held = self.sketch, self._held
        clicked = self._pressed is not None and not self._is_drag(event.position())
        self._pressed = self._held = None
        if sketch is not None and clicked and held is None and not sketch.marking:
            spot = self._spot(event.position())
            if sketch.chosen or sketch.found(spot):
                sketch.choose(spot)
                self._changed()

    def event(self, event: QEvent) -> bool:
        """Letters belong to the frozen picture, not to the live one below it."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            event.setAccepted(plain)
            return plain
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything the mouse can do, too."""
        key, sketch = Qt.Key(event.key()), self.sketch
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_enter()
        elif key == Qt.Key.Key_Backspace:
            self.take_back()
        elif key == Qt.Key.Key_P and sketch is not None and not sketch.marking:
            self.mark_points()
        elif key in ARROWS and sketch is not None:
            fine = Qt.KeyboardModifier.ControlModifier in event.modifiers()
            across, down = (way * (FINE if fine else STEP) for way in ARROWS[key])
            resize = Qt.KeyboardModifier.ShiftModifier in event.modifiers()
            sketch.go(self.lens.step(across, down), resize)
            self._changed()
        elif key != Qt.Key.Key_Space:  # which would stop the camera
            super().keyPressEvent(event)
        elif sketch is not None and sketch.cursor is not None:
            sketch.add_point(sketch.cursor)
            self._changed()

    def _press_enter(self) -> None:
        """Press the button that has the focus, else keep."""
        buttons = self.bar.findChildren(QPushButton)
        focused = next((button for button in buttons if button.hasFocus()), None)
        focused.click() if focused else self.keep()

    def _spot(self, point: QPointF) -> Spot:
        spot = self.lens.to_picture(point)
        return drawing.within(spot, self.sketch.size) if self.sketch else spot

    def _is_drag(self, point: QPointF) -> bool:
        pressed = self._pressed
        return pressed is not None and (point - pressed).manhattanLength() >= STILL

    def _grip(self, spot: Spot) -> Grip | None:
        box = self.sketch.box if self.sketch else None
        if box is None:
            return None
        return drawing.grip_at(box, spot, REACH / self.lens.scale)

    def _point_at(self, point: QPointF) -> int | None:
        for number, spot in enumerate(self.sketch.points if self.sketch else ()):
            if (self.lens.to_widget(spot) - point).manhattanLength() <= REACH:
                return number
        return None

    def _show_cursor(self, point: QPointF, spot: Spot) -> None:
        sketch, shape = self.sketch, Qt.CursorShape.CrossCursor
        if sketch is None:
            return
        if sketch.marking:
            held = self._point_at(point) is not None
            shape = Qt.CursorShape.SizeAllCursor if held else shape
        elif (grip := self._grip(spot)) is not None:
            shape = CURSORS[(-grip[0] if sketch.mirrored else grip[0], grip[1])]
        elif sketch.found(spot) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, what was found in it, and what is marked."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.current().stage))
            sketch, view = self.sketch, self.lens
            if sketch is None:
                return
            target = view.placement.target
            painter.drawImage(target.topLeft(), self._image(sketch, view))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(target)
            if sketch.marking:
                paint.sketched_points(painter, sketch, view)
            else:
                paint.sketched_boxes(painter, sketch, view)

    def _image(self, sketch: Sketch, view: Lens) -> QImage:
        """Return the region at the screen's own pixels, scaled once."""
        ratio, target = self.devicePixelRatioF(), view.placement.target
        width = max(round(target.width() * ratio), 1)
        height = max(round(target.height() * ratio), 1)
        wanted = (view.region, width, height)
        if self._pixels is None or wanted != self._pixels_for:
            x, y, w, h = view.region
            part = np.ascontiguousarray(sketch.still.image[y : y + h, x : x + w])
            self._pixels = scaled(part, width, height, sketch.mirrored)
            self._pixels_for = wanted
        image = to_qimage(self._pixels)
        image.setDevicePixelRatio(ratio)
        return image

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale the picture anew."""
        self._pixels = None
        super().resizeEvent(event)
