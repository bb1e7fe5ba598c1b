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
from facecam.app.training.results import signs, standing
from facecam.app.training.results.standing import Standing
from facecam.training.queue import Queue
from facecam.training.runs import RunState

LINE = Qt.ItemDataRole.UserRole
SORT = Qt.ItemDataRole.UserRole + 1
BEGAN, PURPOSE, STATE, TOOK, RECALL, MASKED, POINTS, ALARMS, USED, NOTE = range(10)
HEADS = (
    *("Begun", "Purpose", "State", "Took", "Faces found", "Masked", "Points off"),
    *("False alarms", "In use", "Note"),
)
TIPS = {
    BEGAN: "When the run was begun, or put into the queue.",
    PURPOSE: "What its numbers are nearest to: a quick trial, a fine-tune, or all.",
    TOOK: "Time its steps have taken so far, all together.",
    RECALL: "Share of the faces found at half a false alarm per picture, on pictures "
    "nothing was learned from. Runs on other pictures cannot be compared by it.",
    MASKED: "The same of faces with a mask.",
    POINTS: "How far eyes, nose and mouth lie from where people put them, by the "
    "distance of the eyes. Less is better.",
    ALARMS: "How often something else is taken for a face, per picture, as the "
    "detector would be used.",
    USED: "Whether its detector finds the faces now.",
    NOTE: "What was written about it.",
}
METRICS = {
    RECALL: "recall_all",
    MASKED: "recall_masked",
    POINTS: "landmark_error",
    ALARMS: "false_alarms",
}
NUMBERS = (TOOK, *METRICS)
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

    def __init__(self, parent: QWidget) -> None:
        super().__init__(HEADS, NUMBERS, parent, TIPS)
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; those that are the same runs change in place."""
        if [line.path for line in lines] == [line.path for line in self.lines]:
            changed = tuple(lines) != self.lines
            self.lines = tuple(lines)
            if lines and changed:
                last = self.index(len(lines) - 1, len(HEADS) - 1)
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
            return _key(line, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return text(line, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.aligned(column)
        if role == Qt.ItemDataRole.DecorationRole and column == STATE:
            return signs.icon(line.standing)
        return None


def text(line: Line, column: int) -> str:
    """Return what a cell says."""
    run = line.run
    if column in METRICS:
        return _metric(line, column)
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


def _metric(line: Line, column: int) -> str:
    value = line.metrics.get(METRICS[column])
    if value is None:
        return NONE
    return f"{value:.2f}" if column == ALARMS else f"{100 * value:.1f} %"


def _key(line: Line, column: int) -> Any:
    run = line.run
    if column in METRICS:
        return line.metrics.get(METRICS[column], -1.0)
    if column == BEGAN:
        return run.started if run else 0.0
    if column == TOOK:
        return standing.took(run) if run else -1.0
    if column == USED:
        return line.used
    return text(line, column).casefold()


def _tip(line: Line, column: int) -> str | None:
    if column in (BEGAN, PURPOSE):
        return line.name
    if column == STATE:
        error = line.problem or (line.run.error if line.run else "")
        return f"{standing.MEANINGS[line.standing]} {error}".strip()
    if column == NOTE:
        return line.problem or text(line, column) or None
    if column in METRICS and METRICS[column] not in line.metrics:
        return "Not measured, or not yet."
    return TIPS.get(column)
