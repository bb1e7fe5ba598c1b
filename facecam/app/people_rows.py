"""The rows of the people list, their model, and how a row is painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from facecam.app import icons, theme
from facecam.faces import Identity

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
THUMBNAIL = 40
HEADING_HEIGHT = 36
ROW_HEIGHT = 56
REFUSE = 28
"""Side of the button that refuses a name, logical pixels."""


@dataclass(frozen=True, eq=False)
class Row:
    """One line: a heading, somebody in view, or somebody enrolled."""

    key: str
    title: str
    subtitle: str = ""
    identity: Identity | None = None
    track: int | None = None
    picture: QImage | None = None
    heading: bool = False

    @property
    def refusable(self) -> bool:
        """Whether it is a name that may be wrong: somebody in view."""
        return self.track is not None and self.identity is not None

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return f"{self.title}, {self.subtitle}" if self.subtitle else self.title


class PeopleModel(QAbstractListModel):
    """Rows of people; a name can be edited in place."""

    renamed = Signal(object, str)
    """Identity, new name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show_rows(self, rows: list[Row]) -> bool:
        """Replace the rows; True if they are other rows, False if only their text."""
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return False
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return True

    def position(self, key: str) -> QModelIndex:
        """Return where a row is; invalid when it is not there."""
        for number, row in enumerate(self.rows):
            if row.key == key:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen; only people can be renamed."""
        row = self.rows[index.row()]
        if row.heading:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if row.identity else flags

    def setData(
        self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Ask for a new name; the row changes when the gallery has changed."""
        row, name = self.rows[index.row()], str(value).strip()
        if row.identity is None or not name or name == row.identity.name:
            return False
        self.renamed.emit(row.identity, name)
        return True


class RowPainter(QStyledItemDelegate):
    """Paints a row: thumbnail, name, and what is to say about it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Headings are lower than people."""
        row: Row = index.data(ROW)
        metrics = option.fontMetrics
        height = HEADING_HEIGHT if row.heading else ROW_HEIGHT
        return QSize(
            120, max(height, metrics.height() * (1 if row.heading else 2) + 16)
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw one row."""
        row: Row = index.data(ROW)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        if row.heading:
            _heading(painter, rect, row)
        else:
            _background(painter, rect, state)
            _thumbnail(painter, rect, row)
            _texts(painter, rect, row)
            _refuse(painter, rect, row, state)
        painter.restore()

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
        editor.setGeometry(rect.adjusted(THUMBNAIL + 20, 10, -12, -10))


def _heading(painter: QPainter, rect: QRect, row: Row) -> None:
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(theme.current().quiet))
    place = rect.adjusted(16, 0, -16, -6)
    low = Qt.AlignmentFlag.AlignBottom
    painter.drawText(place, low | Qt.AlignmentFlag.AlignLeft, row.title)
    painter.drawText(place, low | Qt.AlignmentFlag.AlignRight, row.subtitle)


def _background(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    colours = theme.current()
    chosen = QStyle.StateFlag.State_Selected in state
    if chosen or QStyle.StateFlag.State_MouseOver in state:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.tint if chosen else colours.hover))
        painter.drawRoundedRect(rect.adjusted(8, 2, -8, -2), 8, 8)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _thumbnail(painter: QPainter, rect: QRect, row: Row) -> None:
    """Draw the face in a rounded square, rimmed like its box on the video."""
    colours = theme.current()
    top = rect.y() + (rect.height() - THUMBNAIL) / 2
    place = QRectF(rect.x() + 16, top, THUMBNAIL, THUMBNAIL)
    path = QPainterPath()
    path.addRoundedRect(place, 8, 8)
    painter.fillPath(path, QColor(colours.pressed))
    if row.picture is not None and not row.picture.isNull():
        painter.setClipPath(path)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, row.picture, _square(row.picture))
        painter.setClipping(False)
    else:
        ratio = painter.device().devicePixelRatioF()
        glyph = icons.pixmap("person", QColor(colours.quiet), 24, ratio)
        painter.drawPixmap(place.adjusted(8, 8, -8, -8).toRect(), glyph)
    if row.track is not None:
        pen = QPen(QColor(colours.accent if row.identity else colours.quiet), 2)
        if row.identity is None:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawRoundedRect(place.adjusted(-1, -1, 1, 1), 9, 9)


def _texts(painter: QPainter, rect: QRect, row: Row) -> None:
    colours = theme.current()
    right = REFUSE + 16 if row.refusable else 16
    place = rect.adjusted(THUMBNAIL + 28, 0, -right, 0)
    metrics = painter.fontMetrics()
    top = rect.y() + (rect.height() - 2 * metrics.height() - 2) // 2
    font = QFont(painter.font())
    elide = Qt.TextElideMode.ElideRight
    font.setWeight(QFont.Weight.Medium)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    line = QRect(place.x(), top, place.width(), metrics.height())
    title = metrics.elidedText(row.title, elide, line.width())
    painter.drawText(line.adjusted(0, 0, 0, 6), title)  # other scripts are higher
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    asks = row.track is not None and row.identity is None
    painter.setPen(QColor(colours.accent if asks else colours.quiet))
    line.translate(0, metrics.height() + 2)
    painter.drawText(line, metrics.elidedText(row.subtitle, elide, line.width()))


def refuse_rect(rect: QRect) -> QRect:
    """Return where the button lies that refuses the name of a row."""
    place = QRect(0, 0, REFUSE, REFUSE)
    place.moveCenter(rect.center())
    place.moveRight(rect.right() - 14)
    return place


def _refuse(painter: QPainter, rect: QRect, row: Row, state: QStyle.StateFlag) -> None:
    """Draw the button that refuses a name, stronger under the pointer."""
    if not row.refusable:
        return
    colours, ratio = theme.current(), painter.device().devicePixelRatioF()
    over = QStyle.StateFlag.State_MouseOver in state
    colour = QColor(colours.text if over else colours.quiet)
    place = refuse_rect(rect).adjusted(4, 4, -4, -4)
    painter.setOpacity(1.0 if over else 0.7)
    painter.drawPixmap(place, icons.pixmap("not-person", colour, 20, ratio))
    painter.setOpacity(1.0)


def _square(picture: QImage) -> QRectF:
    """Return the middle square of a picture."""
    side = min(picture.width(), picture.height())
    left, top = (picture.width() - side) / 2, (picture.height() - side) / 2
    return QRectF(left, top, side, side)
