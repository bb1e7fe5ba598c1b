"""The whole picture of a hard example, small beside the cards or as large as may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from facecam.app import theme
from facecam.app.empty_state import larger
from facecam.app.placement import Placement, fit
from facecam.app.tasks import Task, Tasks
from facecam.app.teaching import paint
from facecam.app.teaching.mark import FALSE_ALARM
from facecam.app.training.pool import saying
from facecam.app.training.pool.thumbs import LANE
from facecam.app.video_view import to_qimage
from facecam.errors import ImageError

if TYPE_CHECKING:
    from facecam.training.detector.hard_examples import HardExample

WIDTH = 304
"""Of the column beside the cards, logical pixels."""
ROOM = WIDTH - 32
"""Width of the picture in it."""
SHARE = 0.9
"""Of the window that the large picture takes."""
GONE = "This picture is missing, or cannot be read."


class WholePicture(QWidget):
    """A picture with its box and points; read in the background."""

    clicked = Signal()
    read = Signal()
    """Another picture is here, or known to be missing."""

    def __init__(self, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None
        self.example: HardExample | None = None
        self.image: QImage | None = None
        """None while it is read; null where it cannot be."""
        self.setAccessibleName("The whole picture")

    def show_example(self, example: HardExample | None) -> None:
        """Show the picture of an example, or nothing."""
        before, self.example = self.example, example
        self.update()
        if example is None:
            self.image = None
            return
        self.setAccessibleDescription(saying.spoken(example))
        if before is None or self.image is None or before.picture != example.picture:
            self.image = None
            if self._task is not None:
                self._task.cancel()
            self._task = self._tasks.start(
                lambda: _read(example), self._show, lane=LANE
            )

    def placement(self) -> Placement:
        """Return where the picture lies in this widget."""
        size = self.image.size() if self.image else QSize(4, 3)
        return fit(size, self.rect())

    def _show(self, image: QImage) -> None:
        self.image = image
        self.update()
        self.read.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, its box and points."""
        colours, view = theme.current(), self.placement()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            path = QPainterPath()
            path.addRoundedRect(view.target, 8, 8)
            painter.fillPath(path, QColor(colours.pressed))
            if self.example is None or self.image is None:
                return
            if self.image.isNull():
                painter.setPen(QColor(colours.quiet))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(view.target.adjusted(16, 0, -16, 0), int(flags), GONE)
                return
            painter.setClipPath(path)
            painter.drawImage(view.target, self.image)
            _mark(painter, self.example, view)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click wants to see more."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()


class Beside(QWidget):
    """The picture that is looked at, and what is known of it, beside the cards."""

    large_wanted = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.picture = WholePicture(tasks, self)
        self.picture.setFixedHeight(ROOM * 9 // 16)
        self.picture.read.connect(self._fit)
        self.picture.setCursor(Qt.CursorShape.PointingHandCursor)
        self.picture.setToolTip("Show it large (Enter)")
        self.picture.clicked.connect(self.large_wanted)
        self.title, self.about = QLabel(self), QLabel(self, wordWrap=True)
        larger(self.title, 1.1)
        self.facts = QLabel(self, wordWrap=True)
        for label in (self.about, self.facts):
            label.setObjectName("quiet")
        self.large = QPushButton("Show large", self)
        self.large.setToolTip("The whole picture as large as the window (Enter)")
        self.large.clicked.connect(self.large_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for widget in (self.picture, self.title, self.about, self.facts):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self.large, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_example(self, example: HardExample | None) -> None:
        """Show an example; None is none chosen."""
        self.picture.show_example(example)
        for widget in (self.picture, self.facts, self.large):
            widget.setVisible(example is not None)
        if example is None:
            self.title.setText("None chosen")
            self.about.setText("Choose one to see its whole picture.")
            return
        self.title.setText(saying.TITLES[example.kind])
        self.about.setText(saying.ABOUT[example.kind])
        facts = f"Box of {saying.size(example)}", saying.points(example)
        lines = saying.when(example), ", ".join(fact for fact in facts if fact)
        self.facts.setText("\n".join(lines))

    def _fit(self) -> None:
        """Give the picture as much height as its shape needs, within reason."""
        image = self.picture.image
        if image is not None and not image.isNull():
            height = ROOM * image.height() // image.width()
            self.picture.setFixedHeight(min(max(height, ROOM // 3), ROOM * 4 // 3))


class LargeView(QDialog):
    """One picture at a time; the arrows go on, Escape and a click close."""

    def __init__(
        self,
        examples: Sequence[HardExample],
        row: int,
        tasks: Tasks,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._examples, self.row = examples, row
        self.picture = WholePicture(tasks, self)
        self.picture.clicked.connect(self.accept)
        self.caption = QLabel(self)
        self.caption.setObjectName("quiet")
        self.caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.picture, 1)
        column.addWidget(self.caption)
        self.resize(QSize(parent.size() * SHARE))
        self._show()

    def _show(self) -> None:
        example = self._examples[self.row]
        self.picture.show_example(example)
        self.setWindowTitle(saying.TITLES[example.kind])
        place = f"{self.row + 1} of {len(self._examples)}"
        parts = place, saying.spoken(example), example.picture.name
        self.caption.setText("  ·  ".join(parts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next or the last picture, or close."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= self.row + step < len(self._examples):
            self.row += step
            self._show()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.accept()
        else:
            super().keyPressEvent(event)


def _mark(painter: QPainter, example: HardExample, view: Placement) -> None:
    one, other = (view.to_widget(*spot) for spot in (example.box[:2], example.box[2:]))
    box = QRectF(one, other)
    if example.kind == FALSE_ALARM:
        paint.wrong(painter, box)
    else:
        paint.missed(painter, box)
    radius = min(max(box.width() * 0.03, 1.5), paint.DOT)
    for x, y in example.landmarks or ():
        paint.point(painter, QPointF(view.to_widget(x, y)), radius)


def _read(example: HardExample) -> QImage:
    """Read a picture; a null one if it is missing or damaged."""
    from facecam.media import read_image

    try:
        return to_qimage(read_image(example.picture)).copy()
    except ImageError:
        return QImage()
