"""The visits as a table: its model, and how the cell of a person is painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from facecam.app import icons, moments, theme, words
from facecam.config import WindowConfig
from facecam.faces import Identity, Match

if TYPE_CHECKING:
    from facecam.events import Visit

Index = QModelIndex | QPersistentModelIndex
VISIT = Qt.ItemDataRole.UserRole
WHO, WHEN, LASTED, WHERE, SURE, WRONG = range(6)
HEADINGS = ("Who", "When", "For", "Where", "How sure", "")
HEIGHT = 52
FACE = 36
REFUSE = "Not this person"
GONE = "Somebody not enrolled any more"


@dataclass(frozen=True, eq=False)
class Line:
    """One row: a visit, the name it has now, and whether its view is known."""

    visit: Visit
    name: str
    picture: QImage | None = None
    refusable: bool = False

    @property
    def stranger(self) -> bool:
        """Whether nobody knows who it was."""
        return not self.visit.person


class VisitsModel(QAbstractTableModel):
    """Rows of visits, the newest first."""

    def __init__(self, config: WindowConfig, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self._config = config

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Replace the rows; the place on the screen stays if they are the same."""
        before = [line.visit.number for line in self.lines]
        if [line.visit.number for line in lines] == before:
            self.lines = tuple(lines)
            if lines:
                last = self.index(len(lines) - 1, WRONG)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Qt asks."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADINGS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        line = self.lines[index.row()]
        if role == VISIT:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(line, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(line, index.column())
        return None

    def _text(self, line: Line, column: int) -> str:
        visit = line.visit
        texts = {
            WHO: line.name,
            WHEN: moments.between(visit.began, visit.ended),
            LASTED: moments.lasting(visit.ended - visit.began),
            WHERE: visit.source,
            SURE: self._sure(line),
            WRONG: REFUSE if line.refusable else "",
        }
        return texts[column]

    def _sure(self, line: Line) -> str:
        """Say how sure the name is, as on the video."""
        if line.stranger:
            return "unknown"
        identity = Identity(line.visit.person, line.name)
        return words.confidence_word(
            Match(identity, line.visit.strangers), self._config
        )

    def _tip(self, line: Line, column: int) -> str | None:
        if column == WRONG and line.refusable:
            return f"{REFUSE} (N)"
        if column == SURE and not line.stranger:
            strangers = f"{max(round(line.visit.strangers), 1):,}"
            return f"About 1 in {strangers} strangers would look as much like them"
        return line.name if column == WHO else None


class LinePainter(QStyledItemDelegate):
    """Paints who it was with a face, and the button that refuses a name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are equally high."""
        return QSize(120, HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw one cell."""
        colours, rect = theme.current(), option.rect
        line: Line = index.data(VISIT)
        painter.save()
        if QStyle.StateFlag.State_Selected in option.state:
            painter.fillRect(rect, QColor(colours.tint))
        painter.setPen(QColor(colours.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        column = index.column()
        if column == WRONG:
            self._button(painter, rect, line)
        else:
            left = 12 if column else FACE + 28
            strong = column == WHO and not line.stranger
            font = QFont(option.font)
            font.setWeight(QFont.Weight.Medium if strong else QFont.Weight.Normal)
            painter.setFont(font)
            painter.setPen(QColor(colours.text if column <= WHEN else colours.quiet))
            place = rect.adjusted(left, 0, -8, 0)
            text = painter.fontMetrics().elidedText(
                str(index.data()), Qt.TextElideMode.ElideRight, place.width()
            )
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, middle, text)
        if column == WHO:
            top = rect.y() + (rect.height() - FACE) / 2
            _face(painter, QRectF(rect.x() + 16, top, FACE, FACE), line)
        painter.restore()

    def _button(self, painter: QPainter, rect: Any, line: Line) -> None:
        if not line.refusable:
            return
        ratio = painter.device().devicePixelRatioF()
        quiet = QColor(theme.current().quiet)
        place = QRectF(0, 0, 20, 20)
        place.moveCenter(QRectF(rect).center())
        painter.drawPixmap(place.toRect(), icons.pixmap("not-person", quiet, 20, ratio))


def _face(painter: QPainter, place: QRectF, line: Line) -> None:
    """Draw a face in a rounded square; a figure where there is none."""
    colours, path = theme.current(), QPainterPath()
    path.addRoundedRect(place, 8, 8)
    painter.fillPath(path, QColor(colours.pressed))
    if line.picture is not None and not line.picture.isNull():
        painter.setClipPath(path)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, line.picture)
        painter.setClipping(False)
        return
    ratio = painter.device().devicePixelRatioF()
    glyph = icons.pixmap("person", QColor(colours.quiet), 20, ratio)
    painter.drawPixmap(place.adjusted(8, 8, -8, -8).toRect(), glyph)


def lines(
    visits: Sequence[Visit],
    names: Mapping[str, str],
    pictures: Mapping[str, QImage | None],
    refusable: Sequence[int],
) -> tuple[Line, ...]:
    """Return the rows of visits.

    Args:
        visits: which.
        names: by id, of everybody enrolled.
        pictures: by id.
        refusable: numbers of the visits of which a view is known.
    """
    return tuple(
        Line(
            visit,
            names.get(visit.person, GONE) if visit.person else "Unknown",
            pictures.get(visit.person),
            bool(visit.person) and visit.person in names and visit.number in refusable,
        )
        for visit in visits
    )
