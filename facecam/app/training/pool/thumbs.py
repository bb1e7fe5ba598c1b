"""Small pictures of hard examples: cut out in the background, the newest wish first.

They stay in memory, up to a number of them, and are never written anywhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage

from facecam.app.tasks import Tasks
from facecam.app.video_view import to_qimage
from facecam.errors import ImageError

if TYPE_CHECKING:
    from facecam.faces import Image
    from facecam.training.detector.hard_examples import Corners, HardExample

LANE = "thumbs"
AROUND = 2.2
"""Side of what is shown as a multiple of the box: its surroundings say what it is."""
SIDE = 320
"""Of a small picture, pixels: a card of 150 at twice the scale."""
KEPT = 600
"""So many small pictures stay in memory: 400 kB each."""
BATCH = 8
"""So many are read before they are shown."""
WAITING = 96
"""Older wishes than so many are forgotten: they were scrolled past."""

Key: TypeAlias = "tuple[str, Corners]"


@dataclass(frozen=True, eq=False)
class Thumb:
    """A part of a picture around a box."""

    image: QImage
    """Null where the picture is missing or damaged."""
    part: QRectF
    """Which part of the picture, pixels."""

    def place(self, at: QRectF, x: float, y: float) -> tuple[float, float]:
        """Return where a spot of the picture is when the part is drawn at a place."""
        across = (x - self.part.x()) / self.part.width() * at.width()
        down = (y - self.part.y()) / self.part.height() * at.height()
        return at.x() + across, at.y() + down


class Thumbs(QObject):
    """Answers at once, with None at first; `ready` says when to ask again."""

    ready = Signal()

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._known: OrderedDict[Key, Thumb] = OrderedDict()
        self._wishes: OrderedDict[Key, HardExample] = OrderedDict()
        self._reading = False

    def of(self, example: HardExample) -> Thumb | None:
        """Return an example's small picture; None while it is read."""
        key = _key(example)
        if (thumb := self._known.get(key)) is not None:
            self._known.move_to_end(key)
            return thumb
        self._wishes[key] = example
        self._wishes.move_to_end(key)
        while len(self._wishes) > WAITING:
            self._wishes.popitem(last=False)
        self._read()
        return None

    def try_again(self) -> None:
        """Read once more what could not be read."""
        for key in [k for k, thumb in self._known.items() if thumb.image.isNull()]:
            del self._known[key]

    def clear(self) -> None:
        """Forget every picture: somebody on them may have been forgotten."""
        self._known.clear()
        self._wishes.clear()

    def _read(self) -> None:
        if self._reading or not self._wishes:
            return
        self._reading = True
        count = min(BATCH, len(self._wishes))
        newest = [self._wishes.popitem()[1] for _ in range(count)]
        self._tasks.start(lambda: read(newest), self._got, lane=LANE)

    def _got(self, thumbs: list[tuple[Key, Thumb]]) -> None:
        self._reading = False
        self._known.update(thumbs)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.ready.emit()
        self._read()


def read(examples: Sequence[HardExample]) -> list[tuple[Key, Thumb]]:
    """Cut small pictures out, each picture decoded once."""
    found = list[tuple[Key, Thumb]]()
    images: dict[str, Image | None] = {}
    for example in sorted(examples, key=lambda one: str(one.picture)):
        name = str(example.picture)
        if name not in images:
            images.clear()
            images[name] = _image(example)
        found.append((_key(example), cut(images[name], example.box)))
    return found


def cut(image: Image | None, box: Corners) -> Thumb:
    """Return the surroundings of a box, a square where the picture has room for it."""
    part = surroundings(box, (1, 1) if image is None else image.shape[1::-1])
    if image is None:
        return Thumb(QImage(), part)
    x, y = int(part.x()), int(part.y())
    rows, columns = slice(y, y + int(part.height())), slice(x, x + int(part.width()))
    whole = to_qimage(np.ascontiguousarray(image[rows, columns]))
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, _SMOOTH
    small = whole.scaled(SIDE, SIDE, keep, smooth) if whole.width() > SIDE else whole
    return Thumb(small.copy(), part)


def surroundings(box: Corners, size: tuple[int, ...]) -> QRectF:
    """Return the part of a picture of (width, height) to show around a box."""
    x1, y1, x2, y2 = box
    width, height = size
    side = min(max(round(max(x2 - x1, y2 - y1) * AROUND), 8), width, height)
    left = min(max(round((x1 + x2 - side) / 2), 0), width - side)
    top = min(max(round((y1 + y2 - side) / 2), 0), height - side)
    return QRectF(left, top, side, side)


_SMOOTH = Qt.TransformationMode.SmoothTransformation


def _image(example: HardExample) -> Image | None:
    from facecam.media import read_image

    try:
        return read_image(example.picture)
    except ImageError:
        return None


def _key(example: HardExample) -> Key:
    return str(example.picture), example.box
