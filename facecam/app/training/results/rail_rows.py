"""The rows of the rail: its model, and how they are painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from facecam.app import icons, theme
from facecam.app.training.results import signs
from facecam.app.training.results.standing import (
    MEANINGS,
    Standing,
    day,
    place,
    purpose,
    standing,
)
from facecam.app.training.run import remaining, saying
from facecam.training.queue import Queue
from facecam.training.runs import RunState

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
POOL, HISTORY = "pool", "history"
LOW, BAR = 40, 12
"""Heights of an entry, and of a bar below a run, logical pixels."""
EDGE = 12
IN_USE = "in use"


@dataclass(frozen=True)
class Row:
    """One row: an entry, or a run."""

    key: str
    """The name of a run, or "history", or the key of a kind's entry."""
    title: str
    about: str = ""
    icon: str = ""
    """Of an entry."""
    standing: Standing | None = None
    """Of a run."""
    share: float | None = None
    """How far it is, 0…1, where that is worth a bar."""
    in_use: bool = False
    tip: str = ""

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (self.title, self.about, IN_USE if self.in_use else "")
        return ", ".join(filter(None, parts))


def run_row(
    run: RunState,
    queue: Queue,
    used: str,
    expected: Mapping[str, float],
    about_use: str,
) -> Row:
    """Return the row of a run.

    Args:
        run: as it was last looked at.
        queue: says whether it waits.
        used: name of the run whose net is in use.
        expected: seconds of each step, as its check foresaw them.
        about_use: what that net does.
    """
    stands = standing(run, queue)
    done, left = remaining.share_done(run, expected), None
    if stands is Standing.RUNNING:
        left = remaining.seconds_left(run, expected)
    half = stands in (Standing.RUNNING, Standing.PAUSED, Standing.STOPPED)
    about = {
        Standing.RUNNING: f"{100 * done:.0f} %"
        + (f" · {saying.span(left)} left" if left is not None else ""),
        Standing.WAITING: place(run, queue),
    }.get(stands, f"{day(run)} · {stands.value}")
    tip = f"{run.path.name}, begun {day(run)}: {stands.value}. {MEANINGS[stands]}"
    in_use = run.path.name == used
    if in_use:
        tip += f" {about_use}"
    share = done if half and (done or stands is Standing.RUNNING) else None
    return Row(
        run.path.name, purpose(run), about, "", stands, share, in_use=in_use, tip=tip
    )


class RailModel(QAbstractListModel):
    """Rows that change in place: what is chosen and scrolled to stays."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; only those that differ are painted again."""
        before, self.rows = self.rows, tuple(rows)
        if [row.key for row in before] != [row.key for row in rows]:
            self.rows = before
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()
            return
        for number, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                index = self.index(number)
                self.dataChanged.emit(index, index)

    def number(self, key: str) -> int | None:
        """Return the position of a row; None if there is none."""
        keys = [row.key for row in self.rows]
        return keys.index(key) if key in keys else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip
        return None


class RowPainter(QStyledItemDelegate):
    """Paints entries and runs; narrow, only their signs."""

    narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A run is higher than an entry, and higher still with its bar."""
        row: Row = index.data(ROW)
        if row.standing is None or self.narrow:
            return QSize(40, LOW)
        text = 2 * QFontMetrics(option.font).height() + 18
        return QSize(40, text + BAR * (row.share is not None))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw one row."""
        row: Row = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        _back(painter, option)
        if row.standing is None:
            self._entry(painter, option.rect, row)
        elif self.narrow:
            middle = option.rect.center()
            square = QRectF(middle.x() - 7, middle.y() - 7, 16, 16)
            signs.paint(painter, square, row.standing)
        else:
            self._run(painter, option.rect, row)
        painter.restore()

    def _entry(self, painter: QPainter, rect: QRect, row: Row) -> None:
        colours = theme.current()
        ratio = painter.device().devicePixelRatioF()
        left = rect.center().x() - 10 if self.narrow else rect.left() + EDGE - 2
        picture = icons.pixmap(row.icon, QColor(colours.quiet), 20, ratio)
        painter.drawPixmap(left, rect.center().y() - 9, picture)
        if self.narrow:
            return
        inside = rect.adjusted(EDGE + 28, 0, -EDGE, 0)
        painter.setPen(QColor(colours.text))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, row.title)
        painter.setPen(QColor(colours.quiet))
        end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(inside, end, row.about)

    def _run(self, painter: QPainter, rect: QRect, row: Row) -> None:
        assert row.standing is not None
        colours, height = theme.current(), painter.fontMetrics().height()
        top = rect.top() + 8
        middle = top + height / 2
        signs.paint(
            painter, QRectF(rect.left() + EDGE, middle - 8, 16, 16), row.standing
        )
        left, right = rect.left() + EDGE + 28, rect.right() - EDGE
        if row.in_use:
            right = _chip(painter, right, top, IN_USE) - 8
        font = QFont(painter.font())
        painter.setFont(_weighted(font))
        painter.setPen(QColor(colours.text))
        _text(painter, QRect(left, top, right - left, height), row.title)
        painter.setFont(font)
        painter.setPen(QColor(colours.quiet))
        line = QRect(left, top + height + 2, rect.right() - EDGE - left, height)
        _text(painter, line, row.about)
        if row.share is not None:
            bar = QRectF(left, line.bottom() + 6, line.width(), 4)
            tint = signs.colour(row.standing)
            _bar(painter, bar, row.share, tint)


def _back(painter: QPainter, option: QStyleOptionViewItem) -> None:
    colours = theme.current()
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    over = bool(option.state & QStyle.StateFlag.State_MouseOver)
    focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
    place = QRectF(option.rect).adjusted(0.5, 1.5, -0.5, -1.5)
    if chosen or over:
        painter.setBrush(QColor(colours.tint if chosen else colours.hover))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(place, 8, 8)
    if focus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(colours.accent))
        painter.drawRoundedRect(place, 8, 8)


def _text(painter: QPainter, place: QRect, text: str) -> None:
    right = Qt.TextElideMode.ElideRight
    fitted = painter.fontMetrics().elidedText(text, right, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, fitted)


def _weighted(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.Medium)
    return bold


def _chip(painter: QPainter, right: int, top: int, text: str) -> int:
    """Draw a mark at the right; return where it begins."""
    colours, metrics = theme.current(), painter.fontMetrics()
    width = metrics.horizontalAdvance(text) + 12
    place = QRect(right - width, top - 1, width, metrics.height() + 2)
    painter.setPen(QColor(colours.accent))
    painter.setBrush(QColor(colours.surface))
    painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
    return place.left()


def _bar(painter: QPainter, place: QRectF, share: float, tint: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().line))
    painter.drawRoundedRect(place, 2, 2)
    painter.setBrush(tint)
    done = QRectF(place.left(), place.top(), max(place.width() * share, 4), 4)
    painter.drawRoundedRect(done, 2, 2)
