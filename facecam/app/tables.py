"""How every table of the window looks and is gone through."""

from __future__ import annotations

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
