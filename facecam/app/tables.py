"""How every table of the window looks, is headed and is gone through."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView


def dress(table: QTableView, name: str, row: int) -> None:
    """Give a table the looks of all tables: whole rows, no grid, Tab leaves it.

    Args:
        table: with its model.
        name: what it is, for screen readers.
        row: height of a row, logical pixels.
    """
    table.setObjectName("reportTable")
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row)
    table.horizontalHeader().setHighlightSections(False)


Index: TypeAlias = QModelIndex | QPersistentModelIndex


class HeadedModel(QAbstractTableModel):
    """A table with a heading over each column; numbers stand at the right.

    Args:
        heads: of the columns.
        numbers: columns that hold numbers.
        parent: of the model.
        tips: what a column means, by its number.
    """

    def __init__(
        self,
        heads: Sequence[str],
        numbers: Collection[int],
        parent: QObject | None = None,
        tips: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(parent)
        self.heads = tuple(heads)
        self._numbers, self._tips = numbers, tips

    def show_heads(self, heads: Sequence[str]) -> None:
        """Change the headings, if they are others."""
        if tuple(heads) != self.heads:
            self.heads = tuple(heads)
            side = Qt.Orientation.Horizontal
            self.headerDataChanged.emit(side, 0, len(heads) - 1)

    def aligned(self, column: int) -> Qt.AlignmentFlag:
        """Return where the cells of a column stand."""
        flags = Qt.AlignmentFlag
        side = flags.AlignRight if column in self._numbers else flags.AlignLeft
        return side | flags.AlignVCenter

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = 0
    ) -> Any:
        """Qt asks."""
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips.get(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.aligned(section)
        return None
