"""Rows of a report: a picture, a line, and a quieter text below it.

Pictures are read when a row is first drawn, so that thousands of rows cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QImage, QPainter, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from facecam.app import icons, theme
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import rounded

SIDE = 52
HEIGHT = 76
_ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Row:
    """One line of a report."""

    title: str
    text: str
    about: str
    """Shown as a tooltip."""
    icon: str
    """Where there is no picture."""
    read: Callable[[], QImage | None]
    """Reads the picture, on another thread."""


class Rows(QAbstractListModel):
    """The rows, and the pictures read so far."""

    def __init__(self, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.rows: Sequence[Row] = ()
        self._images: dict[int, QImage | None] = {}
        self._shown = 0

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows, self._images = rows, {}
        self._shown += 1
        self.endResetModel()

    def image(self, number: int) -> QImage | None:
        """Return a row's picture; None while it is read, and without one."""
        if number not in self._images:
            self._images[number] = None
            row, shown = self.rows[number], self._shown

            def got(image: QImage | None) -> None:
                if shown == self._shown:
                    self._images[number] = image
                    self.dataChanged.emit(self.index(number), self.index(number))

            self._tasks.start(row.read, got, lane="look")
        return self._images[number]

    def rowCount(
        self, parent: QModelIndex | QPersistentModelIndex | None = None
    ) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return what a view asks for."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.about
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}: {row.text}"
        return row if role == _ROW else None


class ReportList(QListView):
    """A scrollable list of rows."""

    def __init__(self, tasks: Tasks, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = Rows(tasks, self)
        self.setModel(self.rows)
        self.setItemDelegate(_RowDelegate(self.rows, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        bars = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(bars.ScrollBarAlwaysOff)
        self.setAccessibleName(name)


class _RowDelegate(QStyledItemDelegate):
    """Draws a picture with round corners, a title and up to two lines of text."""

    def __init__(self, rows: Rows, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def sizeHint(
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        """Return one height for all."""
        return QSize(160, HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one row."""
        row: Row = self._rows.rows[index.row()]
        area: QRect = option.rect
        colours = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_picture(painter, area, row, self._rows.image(index.row()))
        font = painter.font()
        bold = painter.font()
        bold.setWeight(font.Weight.DemiBold)
        text = area.adjusted(SIDE + 16, 10, -12, -6)
        painter.setFont(bold)
        painter.setPen(QColor(colours.text))
        metrics = painter.fontMetrics()
        title = metrics.elidedText(
            row.title, Qt.TextElideMode.ElideMiddle, text.width()
        )
        painter.drawText(text, int(Qt.AlignmentFlag.AlignTop), title)
        painter.setFont(font)
        painter.setPen(QColor(colours.quiet))
        below = text.adjusted(0, metrics.height() + 2, 0, 0)
        wrap = QTextOption(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.setClipRect(below)
        painter.drawText(below, row.text, wrap)
        painter.restore()

    def _paint_picture(
        self, painter: QPainter, area: QRect, row: Row, image: QImage | None
    ) -> None:
        """Draw the picture, or an icon on a plate while there is none."""
        colours, device = theme.current(), painter.device()
        ratio = device.devicePixelRatioF()
        place = QRect(area.left(), area.top() + 10, SIDE, SIDE)
        if image is not None and not image.isNull():
            painter.drawPixmap(place.topLeft(), rounded(image, SIDE, 8, ratio))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.hover))
        painter.drawRoundedRect(place, 8, 8)
        sign = icons.pixmap(row.icon, QColor(colours.quiet), 24, ratio)
        painter.drawPixmap(place.left() + 14, place.top() + 14, sign)
