"""The whole picture somebody was cut from, as large as the window allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from facecam.app import theme
from facecam.app.engine import Engine
from facecam.app.people.entries import quality_word
from facecam.app.people.shots import Card
from facecam.app.video_view import to_qimage
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.app.tasks import Report
    from facecam.gallery import Gallery

SHARE = 0.9
"""Of the window's size."""
FOOT = 48
"""Height of the line below the picture, logical pixels."""


class OriginalView(QDialog):
    """One picture at a time; the arrows go on, Escape and a click close."""

    def __init__(
        self, engine: Engine, cards: Sequence[Card], row: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine, self._cards, self._row = engine, cards, row
        self._image: QImage | None = None
        self._whole = True
        self.resize(QSize(parent.size() * SHARE))
        self._load()

    def _load(self) -> None:
        card = self._cards[self._row]
        self.setWindowTitle(card.person.identity.name)
        self._image = None
        self.update()

        def work(gallery: Gallery, report: Report) -> tuple[QImage, bool]:
            whole = gallery.original(card.person, card.portrait)
            image = (
                gallery.image(card.person, card.portrait) if whole is None else whole
            )
            return to_qimage(image).copy(), whole is not None

        self._engine.ask(work, self._show, self._failed)

    def _show(self, answer: tuple[QImage, bool]) -> None:
        self._image, self._whole = answer
        self.update()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, FacecamError):
            raise error
        self._image = QImage()
        self.update()

    @property
    def caption(self) -> str:
        """What is said below the picture."""
        card = self._cards[self._row]
        kind = "the whole picture" if self._whole else "the part that was kept"
        place = f"{self._row + 1} of {len(self._cards)}"
        word = quality_word(card.portrait.quality)
        return f"{place}  ·  {card.title}  ·  quality {word}  ·  {kind}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture as large as it fits, and the line below it."""
        colours = theme.current()
        room = QRectF(self.rect()).adjusted(16, 16, -16, -FOOT)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.stage))
            painter.setPen(QColor(colours.quiet))
            foot = QRectF(16, self.height() - FOOT, self.width() - 32, FOOT)
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, self.caption)
            if self._image is None:
                return
            if self._image.isNull():
                text = "This picture cannot be read."
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
                return
            size = self._image.size().scaled(
                room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next or the last picture, or close."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= self._row + step < len(self._cards):
            self._row += step
            self._load()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.accept()
        else:
            super().keyPressEvent(event)
