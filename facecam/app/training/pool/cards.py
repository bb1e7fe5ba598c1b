"""Hard examples as cards: model and painter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from facecam.app import icons, theme
from facecam.app.people.cards import frame, portrait_rect
from facecam.app.people.everyone_model import Index
from facecam.app.teaching import paint
from facecam.app.teaching.mark import FALSE_ALARM
from facecam.app.training.pool import saying
from facecam.app.training.pool.thumbs import Thumb, Thumbs

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from facecam.training.detector.hard_examples import HardExample

EXAMPLE = Qt.ItemDataRole.UserRole
WIDTH, LINES, BELOW = 144, 2, 12
"""Least width of a card, lines of text under its picture, and room around them."""
SIGN = 18


class ExamplesModel(QAbstractListModel):
    """Hard examples, in the order they are given."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.examples: list[HardExample] = []

    def show_examples(self, examples: Sequence[HardExample]) -> None:
        """Show these; nothing happens if they are the same."""
        if list(examples) != self.examples:
            self.beginResetModel()
            self.examples = list(examples)
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.examples)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        example = self.examples[index.row()]
        if role == EXAMPLE:
            return example
        if role == Qt.ItemDataRole.DisplayRole:
            return saying.TITLES[example.kind]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{saying.ABOUT[example.kind]}\n{saying.when(example)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return saying.spoken(example)
        return None


class ExamplePainter(QStyledItemDelegate):
    """Paints a box with its surroundings, its kind by sign and word, and its day."""

    def __init__(self, thumbs: Thumbs, cell: QSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.cell = cell
        self._thumbs = thumbs

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cards have the size the grid gives them."""
        return self.cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw one card."""
        example: HardExample = index.data(EXAMPLE)
        rect: QRect = option.rect
        painter.save()
        painter.setFont(option.font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame(painter, rect.adjusted(4, 4, -4, -4), option.state)
        place = portrait_rect(rect)
        _picture(painter, place, example, self._thumbs.of(example))
        _texts(painter, place, example)
        painter.restore()


def _picture(
    painter: QPainter, place: QRectF, example: HardExample, thumb: Thumb | None
) -> None:
    colours, path = theme.current(), QPainterPath()
    path.addRoundedRect(place, 10, 10)
    painter.fillPath(path, QColor(colours.pressed))
    if thumb is None:
        return
    if thumb.image.isNull():
        _missing(painter, place)
        return
    painter.save()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, thumb.image)
    box = QRectF(
        QPointF(*thumb.place(place, *example.box[:2])),
        QPointF(*thumb.place(place, *example.box[2:])),
    )
    if example.kind == FALSE_ALARM:
        paint.wrong(painter, box, 1.75)
    else:
        paint.missed(painter, box, 1.75)
    for x, y in example.landmarks or ():
        paint.point(painter, QPointF(*thumb.place(place, x, y)), 2.0)
    painter.restore()


def _missing(painter: QPainter, place: QRectF) -> None:
    """Say that the picture is not there, or cannot be read."""
    colours, ratio = theme.current(), painter.device().devicePixelRatioF()
    sign = icons.pixmap("warning", QColor(colours.warning), 24, ratio)
    middle = place.center() - QPointF(12, 22)
    painter.drawPixmap(middle, sign)
    painter.setPen(QColor(colours.quiet))
    below = place.adjusted(8, place.height() / 2 + 6, -8, -4)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(below, int(flags), "No picture")


def _texts(painter: QPainter, place: QRectF, example: HardExample) -> None:
    """Write the kind beside its sign, and below it the day and the box's size."""
    colours, metrics = theme.current(), painter.fontMetrics()
    ratio, top = painter.device().devicePixelRatioF(), round(place.bottom()) + 8
    left, width = round(place.x()), round(place.width())
    sign = icons.pixmap(saying.SIGNS[example.kind], QColor(colours.text), SIGN, ratio)
    painter.drawPixmap(left, top + (metrics.height() - SIGN) // 2, sign)
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    line = QRect(left + SIGN + 6, top, width - SIGN - 6, metrics.height())
    elide, bold = Qt.TextElideMode.ElideRight, painter.fontMetrics()
    title = bold.elidedText(saying.TITLES[example.kind], elide, line.width())
    painter.drawText(line, middle, title)
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(QColor(colours.quiet))
    line = QRect(left, top + metrics.height() + 2, width, metrics.height())
    day = metrics.elidedText(saying.day(example), elide, width)
    painter.drawText(line, middle, day)
