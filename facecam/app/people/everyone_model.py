"""The model of the grid of people: changes only what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QWidget

from facecam.app import words
from facecam.app.people.entries import Entry, moment, quality_word

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
FEW = 24
"""Up to so many rows come and go one by one; more of them are another list."""


class EveryoneModel(QAbstractListModel):
    """Lines of people; a name can be edited in place."""

    renamed = Signal(object, str)
    """Identity, new name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Entry] = []

    def show_lines(self, lines: Sequence[Entry]) -> bool:
        """Show these lines; False if rows only changed, came or went one by one."""
        before = [line.key for line in self.lines]
        after = [line.key for line in lines]
        if before != after and not self._step(before, after, lines):
            self.beginResetModel()
            self.lines = list(lines)
            self.endResetModel()
            return True
        self._update(lines)
        return False

    def _step(
        self, before: Sequence[str], after: Sequence[str], lines: Sequence[Entry]
    ) -> bool:
        """Take rows out and put rows in; False where that is not all there is to it."""
        gone, new = set(before) - set(after), set(after) - set(before)
        stay = [key for key in before if key not in gone]
        if len(gone) + len(new) > FEW or stay != [k for k in after if k not in new]:
            return False
        for row in reversed(range(len(before))):
            if before[row] in gone:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.lines[row]
                self.endRemoveRows()
        for row, line in enumerate(lines):
            if line.key in new:
                self.beginInsertRows(QModelIndex(), row, row)
                self.lines.insert(row, line)
                self.endInsertRows()
        return True

    def _update(self, lines: Sequence[Entry]) -> None:
        for row, line in enumerate(lines):
            if line != self.lines[row]:
                self.lines[row] = line
                self.dataChanged.emit(self.index(row), self.index(row))

    def position(self, key: str) -> QModelIndex:
        """Return where somebody is; invalid when not listed."""
        for row, line in enumerate(self.lines):
            if line.key == key:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        line = self.lines[index.row()]
        if role == ENTRY:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return line.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return _wrapped(line.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(line)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Everybody can be chosen, renamed, and given pictures."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.NoItemFlags
        return (
            flag.ItemIsEnabled
            | flag.ItemIsSelectable
            | flag.ItemIsEditable
            | flag.ItemIsDropEnabled
        )

    def setData(
        self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Ask for a new name; the row changes when the gallery has changed."""
        identity, name = self.lines[index.row()].person.identity, str(value).strip()
        if not name or name == identity.name:
            return False
        self.renamed.emit(identity, name)
        return True


def spoken(line: Entry) -> str:
    """Return what a screen reader says of somebody."""
    seen = f", seen {moment(line.seen)}" if line.seen else ""
    count = words.pictures(len(line.person.portraits))
    return f"{line.name}, {count}, quality {quality_word(line.quality)}{seen}"


def _wrapped(name: str) -> str:
    """Return a name for a tooltip, long ones in lines."""
    size = 60
    return "\n".join(name[i : i + size] for i in range(0, len(name), size))
