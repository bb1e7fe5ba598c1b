"""One contact sheet, as large as the page: arrows go on, the wheel zooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme
from facecam.app.training.setup.pictures import SheetPictures
from facecam.app.training.setup.results import Sheet

STEP = 1.25
"""What a notch of the wheel, or a press of + or −, enlarges by."""
LARGEST = 8.0
"""Logical pixels of the screen for a pixel of the sheet, at most."""


class SheetCanvas(QGraphicsView):
    """A picture, fitted or zoomed; drawn along with the mouse."""

    zoomed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.item = QGraphicsPixmapItem()
        self.item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.scene().addItem(self.item)
        self.fitted = True
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setBackgroundBrush(QColor(theme.DARK.stage))

    @property
    def zoom(self) -> float:
        """Logical pixels of the screen for a pixel of the sheet."""
        return self.transform().m11()

    def show_picture(self, picture: QPixmap) -> None:
        """Show another picture, fitted."""
        self.item.setPixmap(picture)
        self.scene().setSceneRect(self.item.boundingRect())
        self.fit()

    def fit(self) -> None:
        """Show all of it."""
        self.fitted = True
        if not self.item.pixmap().isNull():
            self.fitInView(self.item, Qt.AspectRatioMode.KeepAspectRatio)
        self.zoomed.emit()

    def zoom_to(self, zoom: float) -> None:
        """Enlarge, or reduce down to all of it."""
        if self.item.pixmap().isNull():
            return
        self.fit()
        least = self.zoom
        if zoom > least:
            self.fitted = False
            factor = min(zoom, max(LARGEST, least)) / least
            self.scale(factor, factor)
        self.zoomed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Go on showing all of it, if that was shown."""
        super().resizeEvent(event)
        if self.fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        turned = event.angleDelta().y()
        if not turned or self.item.pixmap().isNull():
            return
        at, place = (
            event.position().toPoint(),
            self.mapToScene(event.position().toPoint()),
        )
        self.zoom_to(self.zoom * STEP ** (turned / 120))
        moved = self.mapFromScene(place) - at
        for bar, by in (
            (self.horizontalScrollBar(), moved.x()),
            (self.verticalScrollBar(), moved.y()),
        ):
            bar.setValue(bar.value() + by)


class SheetViewer(QWidget):
    """Clicks through sheets; `closed` when enough was seen."""

    closed = Signal()

    def __init__(self, pictures: SheetPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("place")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pictures = pictures
        self.sheets: Sequence[Sheet] = ()
        self.number = 0
        self.back = QPushButton("Back", self)
        self.title = QLabel(self)
        self.count = QLabel(self)
        self.before, self.after = QToolButton(self), QToolButton(self)
        self.fit, self.actual = QPushButton("Fit", self), QPushButton("100 %", self)
        self.state = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter)
        self.canvas = SheetCanvas(self)
        self._arrange()
        self.back.clicked.connect(self.closed)
        self.before.clicked.connect(lambda: self.show_sheet(self.number - 1))
        self.after.clicked.connect(lambda: self.show_sheet(self.number + 1))
        self.fit.clicked.connect(self.canvas.fit)
        self.actual.clicked.connect(self._show_actual)
        self.canvas.zoomed.connect(self._say_zoom)
        pictures.ready.connect(self._ready)

    def _arrange(self) -> None:
        bar = QWidget(self)
        bar.setObjectName("placeBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title.setObjectName("heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setObjectName("quiet")
        self.state.setObjectName("quiet")
        icons.wear(self.back, "back")
        self.back.setToolTip("Back to the form (Esc)")
        for button, sign, text in (
            (self.before, "‹", "The sheet before (←)"),
            (self.after, "›", "The next sheet (→)"),
        ):
            button.setText(sign)
            button.setToolTip(text)
            button.setAccessibleName(text)
        self.fit.setToolTip("Show the whole sheet (0)")
        self.actual.setToolTip("Show every pixel of the sheet (1)")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.count)
        row.addStretch(1)
        for widget in (self.fit, self.actual, self.before, self.after):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.state, 1)
        self.state.hide()

    def show_sheets(self, sheets: Sequence[Sheet], number: int) -> None:
        """Show one of several sheets."""
        self.sheets = sheets
        self.show_sheet(number)
        self.setFocus()

    def show_sheet(self, number: int) -> None:
        """Show another sheet; nothing happens beyond the first and the last."""
        if not 0 <= number < len(self.sheets):
            return
        self.number = number
        sheet = self.sheets[number]
        self.title.setText(sheet.title)
        self.count.setText(f"{number + 1} of {len(self.sheets)}")
        self.setAccessibleName(f"{sheet.title}, {number + 1} of {len(self.sheets)}")
        self.before.setEnabled(number > 0)
        self.after.setEnabled(number + 1 < len(self.sheets))
        self._draw()
        if number + 1 < len(self.sheets):
            self._pictures.large(self.sheets[number + 1].path)

    def _ready(self, path: Path) -> None:
        if self.sheets and self.sheets[self.number].path == path:
            self._draw()

    def _draw(self) -> None:
        path = self.sheets[self.number].path
        image = self._pictures.large(path)
        if image is None:  # what is known of it, until all of it is there
            image = self._pictures.small(path)
        there = image is not None and not image.isNull()
        text = "Reading…" if image is None else "This sheet cannot be read. Look again."
        self.state.setText(text)
        self.state.setVisible(not there)
        self.canvas.setVisible(there)
        if image is not None and there:
            self.canvas.show_picture(QPixmap.fromImage(image))

    def _show_actual(self) -> None:
        self.canvas.zoom_to(1 / self.devicePixelRatioF())

    def _say_zoom(self) -> None:
        zoom = self.canvas.zoom * self.devicePixelRatioF()
        self.canvas.setAccessibleName(f"Shown at {zoom:.0%}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with the arrows, zoom with + and −, close with Escape."""
        keys = Qt.Key
        actions: dict[int, Callable[[], None]] = {
            keys.Key_Left: lambda: self.show_sheet(self.number - 1),
            keys.Key_Right: lambda: self.show_sheet(self.number + 1),
            keys.Key_Home: lambda: self.show_sheet(0),
            keys.Key_End: lambda: self.show_sheet(len(self.sheets) - 1),
            keys.Key_Plus: lambda: self.canvas.zoom_to(self.canvas.zoom * STEP),
            keys.Key_Minus: lambda: self.canvas.zoom_to(self.canvas.zoom / STEP),
            keys.Key_0: self.canvas.fit,
            keys.Key_1: self._show_actual,
            keys.Key_Escape: self.closed.emit,
        }
        action = actions.get(event.key())
        if action is None:
            super().keyPressEvent(event)
        else:
            action()
