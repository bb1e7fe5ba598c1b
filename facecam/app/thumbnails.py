"""Small pictures of people, read in the background and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from facecam.app.tasks import Tasks
from facecam.app.video_view import to_qimage
from facecam.faces import Image

if TYPE_CHECKING:
    from facecam.gallery import Person

SIDE = 120
"""Pixels: 40 logical ones at three times scaling."""

SOON = 100
"""Milliseconds in which pictures gather before lists of hundreds show them."""

Read: TypeAlias = "Callable[[Person], Image | None]"
"""Reads the face to show for somebody, on another thread; None without one."""


class Thumbnails(QObject):
    """Answers at once, with None at first; `ready` says when to ask again."""

    ready = Signal()

    def __init__(self, tasks: Tasks, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._read = read
        self._known: dict[tuple[str, str], QImage | None] = {}
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.ready)

    def of(self, person: Person) -> QImage | None:
        """Return somebody's picture, or None while it is read or if there is none."""
        if person.shown is None:
            return None
        key = person.identity.id, person.shown.file
        if key not in self._known:
            self._known[key] = None
            self._tasks.start(
                lambda: small(self._read(person)),
                lambda image: self._got(key, image),
                lane="look",
            )
        return self._known[key]

    def _got(self, key: tuple[str, str], image: QImage) -> None:
        self._known[key] = image
        if not self._soon.isActive():
            self._soon.start()


def small(image: Image | None) -> QImage:
    """Return the middle of a picture as a small square; null for None."""
    if image is None:
        return QImage()
    height, width, _ = image.shape
    side = min(width, height)
    middle = QRect((width - side) // 2, (height - side) // 2, side, side)
    smooth = Qt.TransformationMode.SmoothTransformation
    keep = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    return to_qimage(image).copy(middle).scaled(QSize(SIDE, SIDE), keep, smooth)


def rounded(image: QImage, side: int, radius: float, ratio: float) -> QPixmap:
    """Return the middle square of an image with round corners, `side` pixels wide."""
    pixels = round(side * ratio)
    expand = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    smooth = Qt.TransformationMode.SmoothTransformation
    fitted = image.scaled(pixels, pixels, expand, smooth)
    result = QPixmap(pixels, pixels)
    result.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addRoundedRect(0, 0, pixels, pixels, radius * ratio, radius * ratio)
    left, top = (pixels - fitted.width()) // 2, (pixels - fitted.height()) // 2
    with QPainter(result) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(path)
        painter.drawImage(left, top, fitted)
    result.setDevicePixelRatio(ratio)
    return result
