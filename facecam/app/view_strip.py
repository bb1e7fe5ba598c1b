"""The views of a face side by side; a click leaves one out, another takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QToolTip, QWidget

from facecam.app import theme
from facecam.app.thumbnails import rounded
from facecam.app.video_view import to_qimage
from facecam.app.views import View

SIDE, STEP, COLUMNS = 48, 56, 5


class ViewStrip(QWidget):
    """Views in rows of five; those left out are faded and crossed."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._views: tuple[View, ...] = ()
        self._faces: list[QPixmap] = []
        self._out: set[int] = set()
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Views; Space leaves one out")

    def show_views(self, views: Sequence[View]) -> None:
        """Show other views, none of them left out."""
        self._views, self._out, self._current = tuple(views), set(), 0
        ratio = self.devicePixelRatioF()
        images = [to_qimage(view.portrait()).copy() for view in views]
        self._faces = [rounded(image, SIDE, 8, ratio) for image in images]
        self.updateGeometry()
        self.update()

    @property
    def chosen(self) -> tuple[View, ...]:
        """The views that are not left out."""
        return tuple(v for n, v in enumerate(self._views) if n not in self._out)

    def toggle(self, number: int) -> None:
        """Leave a view out, or take it back; the last one stays."""
        out = self._out ^ {number}
        if 0 <= number < len(self._views) and len(out) < len(self._views):
            self._out, self._current = out, number
            self.update()
            self.changed.emit()

    def place(self, number: int) -> QRectF:
        """Return where a view is."""
        row, column = divmod(number, COLUMNS)
        return QRectF(column * STEP, row * STEP, SIDE, SIDE)

    def sizeHint(self) -> QSize:
        """As many rows as it takes."""
        rows = max(-(-len(self._views) // COLUMNS), 1)
        return QSize(COLUMNS * STEP - 8, rows * STEP - 8)

    def minimumSizeHint(self) -> QSize:
        """Views are never cut."""
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click leaves a view out or takes it back."""
        for number in range(len(self._views)):
            if self.place(number).contains(event.position()):
                self.toggle(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from view to view, Space leaves one out."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and self._views:
            step = steps[Qt.Key(event.key())]
            self._current = (self._current + step) % len(self._views)
            self.update()
        elif event.key() == Qt.Key.Key_Space:
            self.toggle(self._current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what a click does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), "Click to leave a view out", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the views; a cross over those left out, a rim at the keyboard."""
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, face in enumerate(self._faces):
                place = self.place(number)
                painter.setOpacity(0.25 if number in self._out else 1.0)
                painter.drawPixmap(place.topLeft(), face)
                painter.setOpacity(1.0)
                if number in self._out:
                    painter.setPen(QPen(QColor(colours.text), 2))
                    cross = place.adjusted(16, 16, -16, -16)
                    painter.drawLine(QLineF(cross.topLeft(), cross.bottomRight()))
                    painter.drawLine(QLineF(cross.topRight(), cross.bottomLeft()))
                if self.hasFocus() and number == self._current:
                    painter.setPen(QPen(QColor(colours.accent), 2))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 8, 8)
