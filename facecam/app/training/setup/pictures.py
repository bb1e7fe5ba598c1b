"""Sheets to look at, read in the background: small ones at once, large ones later."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from facecam.app.tasks import Task, Tasks

LANES = {True: "small sheets", False: "large sheets"}
"""A large one, which somebody waits for, never waits for the small ones."""
SMALL = QSize(480, 360)
"""Of a small picture at most, pixels: sharp on a screen of 200 % as well."""
KEPT = 4
"""So many large pictures stay in memory: 2,000 × 1,500, 12 MB each."""


class SheetPictures(QObject):
    """Answers at once, with None at first; `ready` says when to ask again."""

    ready = Signal(object)
    """The Path whose picture is there now."""

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._small: dict[Path, QImage] = {}
        self._large: OrderedDict[Path, QImage] = OrderedDict()
        self._asked: dict[tuple[Path, bool], Task] = {}

    def forget(self) -> None:
        """Forget all: other pictures have the same names now."""
        for task in self._asked.values():
            task.cancel()
        self._asked.clear()
        self._small.clear()
        self._large.clear()

    def small(self, path: Path) -> QImage | None:
        """Return a picture to find it by; None while it is read, null if it cannot."""
        if path not in self._small:
            self._ask(path, small=True)
        return self._small.get(path)

    def large(self, path: Path) -> QImage | None:
        """Return a whole picture; None while it is read, a null one if it cannot."""
        if path in self._large:
            self._large.move_to_end(path)
        else:
            self._ask(path, small=False)
        return self._large.get(path)

    def _ask(self, path: Path, small: bool) -> None:
        key = (path, small)
        if key in self._asked:
            return

        def got(image: QImage) -> None:
            self._asked.pop(key, None)
            if small:
                self._small[path] = image
            else:
                self._large[path] = image
                while len(self._large) > KEPT:
                    self._large.popitem(last=False)
            self.ready.emit(path)

        self._asked[key] = self._tasks.start(
            lambda: read(path, small), got, lambda error: got(QImage()), LANES[small]
        )


def read(path: Path, small: bool) -> QImage:
    """Read a picture, reduced if asked for; a null one if it cannot be read."""
    reader = QImageReader(str(path))
    image = reader.read()
    if small and not image.isNull():
        keep, smooth = Qt.AspectRatioMode, Qt.TransformationMode
        return image.scaled(SMALL, keep.KeepAspectRatio, smooth.SmoothTransformation)
    return image
