"""How a person is painted in the grid: portrait, name, pictures, quality."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from facecam.app import icons, theme, words
from facecam.app.people.entries import Entry, moment, quality_word
from facecam.app.people.everyone_model import ENTRY, Index
from facecam.app.people.pictures import Pictures

WIDTH = 168
"""Least width of a card, logical pixels."""
PAD = 12
LINES = 3
BELOW = 12
"""Under the portrait: lines of text, and what is around them."""
BAR = 48
"""Width of the bar that shows the quality."""


class CellPainter(QStyledItemDelegate):
    """Paints the cards of a grid; asks for a picture only when it is on the screen."""

    def __init__(self, pictures: Pictures, cell: QSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.cell = cell
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cards have the size the grid gives them."""
        return self.cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw one card."""
        rect: QRect = option.rect
        painter.save()
        painter.setFont(option.font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame(painter, rect.adjusted(4, 4, -4, -4), option.state)
        self.draw(painter, rect, index)
        painter.restore()

    def draw(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw what a card shows."""
        raise NotImplementedError


class CardPainter(CellPainter):
    """Paints people."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(pictures, QSize(WIDTH, WIDTH + 80), parent)

    def draw(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw one person."""
        entry: Entry = index.data(ENTRY)
        face = portrait_rect(rect)
        portrait(painter, face, self._pictures.cover(entry.person))
        _texts(painter, rect, face, entry)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """A line for the new name."""
        line = QLineEdit(parent)
        line.setAccessibleName("New name")
        return line

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the line where the name is."""
        rect: QRect = option.rect
        face = portrait_rect(rect)
        editor.setGeometry(
            rect.x() + 8, round(face.bottom()) + 2, rect.width() - 16, 34
        )


def portrait_rect(rect: QRect) -> QRectF:
    """Return the square of the portrait in a card."""
    side = rect.width() - 2 * PAD - 8
    return QRectF(rect.x() + PAD + 4, rect.y() + PAD + 4, side, side)


def frame(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    """Draw what lies under a card: chosen, under the pointer, or with the focus."""
    colours = theme.current()
    chosen = QStyle.StateFlag.State_Selected in state
    if chosen or QStyle.StateFlag.State_MouseOver in state:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.tint if chosen else colours.hover))
        painter.drawRoundedRect(rect, 12, 12)
    if QStyle.StateFlag.State_HasFocus in state:
        painter.setPen(QColor(colours.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def portrait(painter: QPainter, place: QRectF, image: QImage | None) -> None:
    """Draw a face in a rounded square; a figure where there is none yet."""
    colours = theme.current()
    path = QPainterPath()
    path.addRoundedRect(place, 10, 10)
    painter.fillPath(path, QColor(colours.pressed))
    if image is None or image.isNull():
        side = min(round(place.width() / 2), 56)
        ratio = painter.device().devicePixelRatioF()
        middle = QRect(0, 0, side, side)
        middle.moveCenter(place.center().toPoint())
        painter.drawImage(middle, _figure(colours.quiet, side, ratio))
        return
    painter.save()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image, square(image))
    painter.restore()


@lru_cache(maxsize=16)
def _figure(colour: str, side: int, ratio: float) -> QImage:
    """Return the figure that stands for a face; drawing it anew costs half a card."""
    return icons.pixmap("person", QColor(colour), side, ratio).toImage()


def square(image: QImage) -> QRectF:
    """Return the middle square of a picture."""
    side = min(image.width(), image.height())
    return QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)


def quality_bar(painter: QPainter, place: QRectF, quality: float | None) -> None:
    """Draw a quality as a bar: its length says how good, its colour whether poor."""
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.line))
    painter.drawRoundedRect(place, 2, 2)
    if quality:
        tone = colours.warning if quality_word(quality) == "poor" else colours.accent
        full = QRectF(place)
        full.setWidth(max(place.width() * min(quality, 1), 4))
        painter.setBrush(QColor(tone))
        painter.drawRoundedRect(full, 2, 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _texts(painter: QPainter, rect: QRect, face: QRectF, entry: Entry) -> None:
    colours, metrics = theme.current(), painter.fontMetrics()
    elide = Qt.TextElideMode.ElideRight
    line = QRect(
        round(face.x()), round(face.bottom()) + 8, round(face.width()), metrics.height()
    )
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    name = painter.fontMetrics().elidedText(entry.name, elide, line.width())
    painter.drawText(line.adjusted(0, -4, 0, 4), left, name)  # other scripts are higher
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(QColor(colours.quiet))
    line.translate(0, metrics.height() + 2)
    about = words.pictures(len(entry.person.portraits))
    if entry.seen:
        about += f" · {moment(entry.seen)}"
    painter.drawText(line, left, metrics.elidedText(about, elide, line.width()))
    line.translate(0, metrics.height() + 2)
    middle = line.y() + metrics.height() / 2
    quality_bar(painter, QRectF(line.x(), middle - 2, BAR, 4), entry.quality)
    painter.setPen(QColor(colours.quiet))
    word = metrics.elidedText(
        quality_word(entry.quality), elide, line.width() - BAR - 8
    )
    painter.drawText(line.adjusted(BAR + 8, 0, 0, 0), left, word)
