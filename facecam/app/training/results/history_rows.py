"""All runs as a table: its lines, and the model that sorts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    Qt,
)
from PySide6.QtWidgets import QWidget

from facecam.app import moments
from facecam.app.tables import HeadedModel, Index
from facecam.app.training.kinds import RunKind
from facecam.app.training.results import signs, standing
from facecam.app.training.results.standing import Standing
from facecam.training.queue import Queue
from facecam.training.runs import RunState

LINE = Qt.ItemDataRole.UserRole
SORT = Qt.ItemDataRole.UserRole + 1
BEGAN, PURPOSE, STATE, TOOK, MEASURED = range(5)
USED, NOTE = MEASURED + 4, MEASURED + 5
"""Columns: four figures of the kind lie between."""
TIPS = {
    BEGAN: "When the run was begun, or put into the queue.",
    PURPOSE: "What its numbers are nearest to: a quick trial, a fine-tune, or all.",
    TOOK: "Time its steps have taken so far, all together.",
    NOTE: "What was written about it.",
}
NONE = "–"


@dataclass(frozen=True)
class Line:
    """One row: a run, or a directory whose record is damaged."""

    path: Path
    standing: Standing
    run: RunState | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Of its evaluation."""
    used: bool = False
    problem: str = ""
    """What is damaged, and what to do."""

    @property
    def name(self) -> str:
        """Name of its directory."""
        return self.path.name

    @property
    def title(self) -> str:
        """What it is called in a sentence: "Fine-tune of today 10:12"."""
        if self.run is None:
            return self.name
        return f"{standing.purpose(self.run)} of {standing.day(self.run)}"


def line_of(run: RunState, queue: Queue, used: str) -> Line:
    """Return the line of a run.

    Args:
        run: as it was last looked at.
        queue: says whether it waits.
        used: name of the run whose detector is in use.
    """
    last = run.steps[-1].metrics if run.steps else {}
    stands = standing.standing(run, queue)
    return Line(run.path, stands, run, last, run.path.name == used)


class HistoryModel(HeadedModel):
    """The lines, in any order."""

    def __init__(self, kind: RunKind, parent: QWidget) -> None:
        self._measures = dict(enumerate(kind.measures, MEASURED))
        figures = [one.head for one in kind.measures]
        heads = ("Begun", "Purpose", "State", "Took", *figures, "In use", "Note")
        self._tips = {**TIPS, USED: kind.words.told}
        self._tips |= {column: one.tip for column, one in self._measures.items()}
        numbers = (TOOK, *self._measures)
        super().__init__(heads, numbers, parent, self._tips)
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; those that are the same runs change in place."""
        if [line.path for line in lines] == [line.path for line in self.lines]:
            changed = tuple(lines) != self.lines
            self.lines = tuple(lines)
            if lines and changed:
                last = self.index(len(lines) - 1, NOTE)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        line, column = self.lines[index.row()], index.column()
        if role == LINE:
            return line
        if role == SORT:
            return self._key(line, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.aligned(column)
        if role == Qt.ItemDataRole.DecorationRole and column == STATE:
            return signs.icon(line.standing)
        return None

    def _text(self, line: Line, column: int) -> str:
        if column not in self._measures:
            return text(line, column)
        measure = self._measures[column]
        value = line.metrics.get(measure.key)
        return NONE if value is None else measure.write(value)

    def _key(self, line: Line, column: int) -> Any:
        if column in self._measures:
            return line.metrics.get(self._measures[column].key, -1.0)
        return _key(line, column)

    def _tip(self, line: Line, column: int) -> str | None:
        if column in (BEGAN, PURPOSE):
            return line.name
        if column == STATE:
            error = line.problem or (line.run.error if line.run else "")
            return f"{standing.MEANINGS[line.standing]} {error}".strip()
        if column == NOTE:
            return line.problem or text(line, column) or None
        measure = self._measures.get(column)
        if measure is not None and measure.key not in line.metrics:
            return "Not measured, or not yet."
        return self._tips.get(column)


def text(line: Line, column: int) -> str:
    """Return what a cell says that is no figure of the kind."""
    run = line.run
    if run is None:
        _, _, why = line.problem.rpartition(" is damaged: ")
        said = {BEGAN: line.name, STATE: line.standing.value, NOTE: why}
        return said.get(column, "")
    took = standing.took(run)
    return {
        BEGAN: standing.day(run),
        PURPOSE: standing.purpose(run),
        STATE: line.standing.value,
        TOOK: moments.lasting(took) if took else NONE,
        USED: "✓ in use" if line.used else "",
        NOTE: run.note,
    }[column]


def _key(line: Line, column: int) -> Any:
    run = line.run
    if column == BEGAN:
        return run.started if run else 0.0
    if column == TOOK:
        return standing.took(run) if run else -1.0
    if column == USED:
        return line.used
    return text(line, column).casefold()
