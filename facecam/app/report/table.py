"""Everybody in a table: how surely recognised, the weakest picture, the look-alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import (
    QHeaderView,
    QTableView,
    QWidget,
)

from facecam.app.tables import HeadedModel, Index, dress
from facecam.app.thumbnails import rounded
from facecam.report import sayings
from facecam.report.card import PersonLine

FACE = 32
ROW = 44
HEAD = ("Name", "Pictures", "Sittings", "Recognised", "Weakest picture", "Resembles")
NAME, PICTURES, SITTINGS, RECOGNISED, WEAKEST, RESEMBLES = range(6)
SORT = Qt.ItemDataRole.UserRole
LONGEST = 12
"""Rows shown without scrolling inside the table."""
NUMBERS = (PICTURES, SITTINGS, RECOGNISED)


class PeopleModel(HeadedModel):
    """The lines of a report card at one setting."""

    def __init__(
        self, face: Callable[[str], QImage | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(HEAD, NUMBERS, parent)
        self._face = face
        self._lines: Sequence[PersonLine] = ()
        self._setting = 500.0

    def show_lines(self, lines: Sequence[PersonLine], setting: float) -> None:
        """Show other people."""
        self.beginResetModel()
        self._lines, self._setting = lines, setting
        self.endResetModel()

    def show_setting(self, setting: float) -> None:
        """Count again who is recognised."""
        self._setting = setting
        self.refresh()

    def refresh(self) -> None:
        """Ask for every cell again, as when faces have been read."""
        if self._lines:
            last = self.index(len(self._lines) - 1, len(HEAD) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def line(self, row: int) -> PersonLine:
        """Return the person of a row."""
        return self._lines[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        line, column = self._lines[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(line, column)
        if role == SORT:
            return self._key(line, column)
        if role == Qt.ItemDataRole.DecorationRole and column == NAME:
            image = self._face(line.identity.id)
            return None if image is None else QIcon(rounded(image, FACE, 6, 2.0))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.aligned(column)
        return None

    def _text(self, line: PersonLine, column: int) -> str:
        if column == WEAKEST:
            return _weakest(line)
        if column == RESEMBLES:
            return _alike(line)
        return {
            NAME: line.identity.name,
            PICTURES: f"{line.pictures:,}",
            SITTINGS: f"{line.sittings:,}",
            RECOGNISED: sayings.recognised_of(line, self._setting),
        }[column]

    def _key(self, line: PersonLine, column: int) -> Any:
        share = line.recognised(self._setting)
        return {
            NAME: line.identity.name.casefold(),
            PICTURES: line.pictures,
            SITTINGS: line.sittings,
            RECOGNISED: -1.0 if share is None else share,
            WEAKEST: min(line.evidence, default=-1.0),
            RESEMBLES: line.near,
        }[column]


class PeopleTable(QTableView):
    """The table; as high as its rows, up to a dozen."""

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
        dress(self, "How well everybody is recognised", ROW)
        self.setIconSize(QSize(FACE, FACE))
        header = self.horizontalHeader()
        for column, width in enumerate((0, 96, 96, 132, 160, 0)):
            header.resizeSection(column, width)
        for column in (NAME, RESEMBLES):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def show_lines(self, lines: Sequence[PersonLine], setting: float) -> None:
        """Show other people."""
        self.people.show_lines(lines, setting)
        rows = min(len(lines), LONGEST)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * ROW)


def _weakest(line: PersonLine) -> str:
    """Say how surely the weakest picture was recognised."""
    if not line.evidence:
        return "–"
    least = min(line.evidence)
    if least < 1:
        return "nearer to another"
    return f"1 in {sayings.number(sayings.rounded(least))}"


def _alike(line: PersonLine) -> str:
    if line.look_alike is None:
        return "–"
    near = sayings.number(sayings.rounded(line.near))
    return f"\u2068{line.look_alike.name}\u2069 · 1 in {near}"  # isolates Arabic names
