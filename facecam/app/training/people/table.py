"""Everybody in a table: how surely recognised, who is alike, what would help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from facecam.app import icons, theme
from facecam.app.tables import HeadedModel, Index, dress
from facecam.app.thumbnails import rounded

FACE = 32
ROW = 44
NAME, PICTURES, SITTINGS, RECOGNISED, RESEMBLES, HELP = range(6)
HEAD = ("Name", "Pictures", "Sittings", "Recognised", "Resembles", "What would help")
ABOUT = (
    "Who is enrolled.",
    "How many pictures this person is learned from.",
    "On how many occasions they were taken; pictures of one sitting resemble each "
    "other and teach less.",
    "How many pictures get the right name when their sitting is left out, as if they "
    "were new.",
    "Who of the others looks most like this person, and how rare that is: one stranger "
    "in so many is as near.",
    "Which pictures would make recognising this person surer.",
)
WIDTHS = {PICTURES: 76, SITTINGS: 76, RECOGNISED: 172}
"""Of the columns that are always as wide; the others share the rest."""
NUMBERS = (PICTURES, SITTINGS)
SORT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class PersonRow:
    """What a row says; how it is sorted."""

    id: str
    cells: tuple[str, ...]
    """The text of each column."""
    keys: tuple[float | str, ...]
    sign: str
    """Name of the icon beside how surely they are recognised."""


class PeopleModel(HeadedModel):
    """Rows of people."""

    def __init__(
        self, face: Callable[[str], QImage | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(HEAD, NUMBERS, parent, dict(enumerate(ABOUT)))
        self._face = face
        self.rows: Sequence[PersonRow] = ()

    def show_rows(self, rows: Sequence[PersonRow]) -> None:
        """Show other rows; where only texts differ, the place scrolled to stays."""
        if [row.id for row in rows] == [row.id for row in self.rows]:
            self.rows = rows
            self.refresh()
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def refresh(self) -> None:
        """Ask for every cell again, as when faces have been read."""
        if self.rows:
            last = self.index(len(self.rows) - 1, len(HEAD) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[column]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{HEAD[column]}: {row.cells[column]}"
        if role == SORT:
            return row.keys[column]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(row, column)
        if role == Qt.ItemDataRole.ForegroundRole and column in (RESEMBLES, HELP):
            return QColor(theme.current().quiet)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.aligned(column)
        return None

    def _icon(self, row: PersonRow, column: int) -> QIcon | QPixmap | None:
        if column == RECOGNISED:
            return _sign(row.sign)
        if column != NAME:
            return None
        image = self._face(row.id)
        if image is None:
            return _nobody()
        return _untinted(rounded(image, FACE, 6, 2.0))


class PeopleTable(QTableView):
    """The table; Enter or a double click opens somebody."""

    opened = Signal(str)
    """The id of the person."""

    def __init__(
        self, face: Callable[[str], QImage | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.people = PeopleModel(face, self)
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.people)
        self.sorted.setSortRole(SORT)
        self.setModel(self.sorted)
        self.setSortingEnabled(True)
        self.sortByColumn(RECOGNISED, Qt.SortOrder.AscendingOrder)
        dress(self, "How surely everybody is recognised", ROW)
        self.setAccessibleDescription("Press Enter to open a person.")
        self.setIconSize(QSize(FACE, FACE))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(64)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        self.doubleClicked.connect(self._open)

    @property
    def chosen(self) -> str:
        """The id of the person chosen; empty while nobody is."""
        index = self.currentIndex()
        return self._id(index) if index.isValid() else ""

    def choose(self, identity_id: str) -> None:
        """Choose a person, the first one if they are not listed."""
        ids = [self._id(self.sorted.index(k, 0)) for k in range(self.sorted.rowCount())]
        row = ids.index(identity_id) if identity_id in ids else 0
        self.setCurrentIndex(self.sorted.index(row, 0))

    def _id(self, index: QModelIndex) -> str:
        return self.people.rows[self.sorted.mapToSource(index).row()].id

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._id(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the person chosen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen:
            self.opened.emit(self.chosen)
            return
        super().keyPressEvent(event)


def _nobody() -> QIcon:
    colour = QColor(theme.current().quiet)
    return _untinted(icons.pixmap("person", colour, FACE, 2.0))


def _untinted(pixmap: QPixmap) -> QIcon:
    """Return an icon that keeps its colours in the row that is chosen."""
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


def _sign(name: str) -> QPixmap:
    colours = theme.current()
    colour = {"check": colours.good, "warning": colours.warning}
    return icons.pixmap(name, QColor(colour.get(name, colours.quiet)), 20, 2.0)
