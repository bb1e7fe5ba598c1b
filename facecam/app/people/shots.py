"""The pictures of one person as cards: model and painter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from facecam.app import icons, theme
from facecam.app.people.cards import (
    CellPainter,
    portrait,
    portrait_rect,
    quality_bar,
)
from facecam.app.people.entries import NEVER, day, quality_word
from facecam.app.people.everyone_model import Index
from facecam.app.people.pictures import Pictures

if TYPE_CHECKING:
    from facecam.gallery import Person, Portrait

CARD = Qt.ItemDataRole.UserRole
WIDTH = 136
LINES = 1
BELOW = 16


@dataclass(frozen=True)
class Card:
    """One picture of somebody."""

    person: Person
    portrait: Portrait
    sitting: int
    """Pictures of one sitting have the same number, from 1; 0 for negatives."""
    cover: bool = False

    @property
    def title(self) -> str:
        """When it was taken, or which sitting it is from."""
        when = day(self.portrait.taken)
        if when != NEVER:
            return when
        return f"Sitting {self.sitting}" if self.sitting else "Not them"


def cards(person: Person, negatives: bool = False) -> list[Card]:
    """Return the pictures of somebody, or the views said not to be them."""
    if negatives:
        return [Card(person, view, 0) for view in person.negatives]
    numbers: dict[str, int] = {}
    listed: list[Card] = []
    for view in person.portraits:
        sitting = numbers.setdefault(view.capture or view.file, len(numbers) + 1)
        listed.append(Card(person, view, sitting, view == person.shown))
    return listed


def sittings(person: Person) -> int:
    """Return from how many sittings the pictures of somebody are."""
    return len({p.capture or p.file for p in person.portraits})


class ShotsModel(QAbstractListModel):
    """Pictures of one person."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: list[Card] = []

    def show_cards(self, shown: Sequence[Card]) -> None:
        """Replace the cards; keeps the rows where the files are the same."""
        before = [(c.person.identity.id, c.portrait.file) for c in self.cards]
        if before == [(c.person.identity.id, c.portrait.file) for c in shown]:
            self.cards = list(shown)
            if shown:
                self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))
            return
        self.beginResetModel()
        self.cards = list(shown)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        card = self.cards[index.row()]
        if role == CARD:
            return card
        if role == Qt.ItemDataRole.DisplayRole:
            return card.title
        if role == Qt.ItemDataRole.ToolTipRole and card.sitting:
            word = quality_word(card.portrait.quality)
            return f"Sitting {card.sitting} · quality {word}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cover = ", cover" if card.cover else ""
            word = quality_word(card.portrait.quality)
            return f"Picture {index.row() + 1}, {card.title}, quality {word}{cover}"
        return None


class ShotPainter(CellPainter):
    """Paints a picture, its quality and when it was taken."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(pictures, QSize(WIDTH, WIDTH + 48), parent)

    def draw(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw one picture."""
        card: Card = index.data(CARD)
        face = portrait_rect(rect)
        portrait(painter, face, self._pictures.of(card.person, card.portrait))
        if card.cover:
            _badge(painter, face)
        _caption(painter, face, card)


def _badge(painter: QPainter, face: QRectF) -> None:
    """Mark the picture that is shown for the person."""
    colours, ratio = theme.current(), painter.device().devicePixelRatioF()
    place = QRectF(face.right() - 30, face.y() + 6, 24, 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.accent))
    painter.drawEllipse(place)
    star = icons.pixmap("star", QColor(colours.on_accent), 16, ratio)
    painter.drawPixmap(place.adjusted(4, 4, -4, -4).toRect(), star)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _caption(painter: QPainter, face: QRectF, card: Card) -> None:
    metrics = painter.fontMetrics()
    bar = QRectF(face.x(), face.bottom() + 8, face.width(), 4)
    quality_bar(painter, bar, card.portrait.quality)
    line = QRect(
        *(round(face.x()), round(bar.bottom()) + 4),
        *(round(face.width()), metrics.height()),
    )
    painter.setPen(QColor(theme.current().quiet))
    text = metrics.elidedText(card.title, Qt.TextElideMode.ElideRight, line.width())
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(line, left, text)
