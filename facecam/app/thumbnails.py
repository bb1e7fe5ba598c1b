"""Small pictures of people, read in the background and kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath, QPixmap

from facecam.app.tasks import Tasks

if TYPE_CHECKING:
    from facecam.gallery import Person

SIDE = 120
"""Pixels: 40 logical ones at three times scaling."""
FACE = 0.56
"""Part of a portrait's side that the face with some room takes up: portraits are two
and a half boxes wide, a thumbnail one and a half."""


class Thumbnails(QObject):
    """Answers at once, with None at first; `ready` says when to ask again."""

    ready = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._known: dict[Path, QImage | None] = {}

    def of(self, person: Person) -> QImage | None:
        """Return somebody's picture, or None while it is read or if there is none."""
        if not person.portraits:
            return None
        path = person.portraits[0]
        if path not in self._known:
            self._known[path] = None
            self._tasks.start(
                lambda: read(path), lambda image: self._got(path, image), lane="look"
            )
        return self._known[path]

    def _got(self, path: Path, image: QImage) -> None:
        self._known[path] = image
        self.ready.emit()


def read(path: Path) -> QImage:
    """Read the middle of a portrait as a small square; null if it is unreadable."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    image = reader.read()
    side = round(min(image.width(), image.height()) * FACE)
    middle = QRect(0, 0, side, side)
    middle.moveCenter(image.rect().center())
    smooth = Qt.TransformationMode.SmoothTransformation
    keep = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    return image.copy(middle).scaled(QSize(SIDE, SIDE), keep, smooth)


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
