"""New and old side by side: a row for each measure, explained when asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from facecam.app import theme
from facecam.app.tables import HeadedModel, Index, dress
from facecam.app.training.results import sayings
from facecam.app.training.results.outcome import Results
from facecam.training.detector.evaluation.comparison import Outcome, Verdict
from facecam.training.detector.evaluation.figures import FPI

MEASURE, OLD, NEW, OUTCOME = range(4)
ROW = 36


@dataclass(frozen=True)
class Side:
    """One measure of both."""

    name: str
    old: str
    new: str
    tip: str
    outcome: Outcome | None = None
    """None where nobody judges."""
    about: str = ""
    """What the outcome means."""
    counts: bool = True
    """Whether it decides anything."""


class MeasuresModel(HeadedModel):
    """Measures of two, side by side."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(("", "In use", "New", ""), (OLD, NEW), parent)
        self.sides: tuple[Side, ...] = ()

    def show_sides(self, sides: Sequence[Side], used: bool) -> None:
        """Show what another run has brought."""
        self.beginResetModel()
        self.sides = tuple(sides)
        self.endResetModel()
        self.show_names(used)

    def show_names(self, used: bool, old: str = "") -> None:
        """Say whose numbers these are.

        Args:
            used: what the run has made is in use.
            old: what the other one is called; "" for the one in use, or before.
        """
        other, new = ("The one before", "In use") if used else ("In use", "This run")
        old = old or other
        outcome = "It is" if used else "This run is"
        self.show_heads(("Measured", old, new, outcome))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.sides)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        side, column = self.sides[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(side, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return side.about if column == OUTCOME and side.about else side.tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _text(side, column).removeprefix("▲ ").removeprefix("▼ ")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.aligned(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return _colour(side, column)
        if role == Qt.ItemDataRole.FontRole and column == OUTCOME:
            font = QFont()
            font.setWeight(
                QFont.Weight.Normal
                if side.outcome in (None, Outcome.SAME)
                else QFont.Weight.DemiBold
            )
            return font
        return None


class MeasuresTable(QTableView):
    """The table; as high as its rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.measures = MeasuresModel(self)
        self.setModel(self.measures)
        dress(self, "This run and the one in use, side by side", ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setSectionResizeMode(MEASURE, QHeaderView.ResizeMode.Stretch)
        for column in (OLD, NEW, OUTCOME):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_sides(self, sides: Sequence[Side], used: bool) -> None:
        """Show what another run has brought; `used`: that is in use."""
        self.measures.show_sides(sides, used)
        rows = self.measures.rowCount()
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + rows * ROW + 2)


def ordered(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Put measures of all faces first, then group by group, the usual recall first."""
    groups = ["", "all", *(verdict.group for verdict in verdicts)]

    def weight(verdict: Verdict) -> tuple[int, bool]:
        place = groups.index(verdict.group)
        return max(place, 1), verdict.false not in (FPI, None)

    return tuple(sorted(verdicts, key=weight))


def sides_of(results: Results) -> tuple[Side, ...]:
    """Return the verdicts of a comparison as rows."""
    return tuple(map(_side, ordered(results.comparison.verdicts)))


def _side(verdict: Verdict) -> Side:
    about = sayings.OUTCOMES[verdict.outcome]
    return Side(
        sayings.name(verdict),
        sayings.value(verdict.deployed, verdict.unit),
        sayings.value(verdict.candidate, verdict.unit),
        sayings.tip(verdict),
        verdict.outcome,
        about if verdict.gates else f"{about} {sayings.ASIDE}",
        verdict.gates,
    )


def _text(side: Side, column: int) -> str:
    outcome = sayings.SIGNS[side.outcome] if side.outcome else ""
    return {MEASURE: side.name, OLD: side.old, NEW: side.new, OUTCOME: outcome}[column]


def _colour(side: Side, column: int) -> QColor:
    colours = theme.current()
    if column == OUTCOME and side.outcome is not None:
        return QColor(
            {Outcome.BETTER: colours.good, Outcome.WORSE: colours.danger}.get(
                side.outcome, colours.quiet
            )
        )
    quiet = column == OLD or not side.counts
    return QColor(colours.quiet if quiet else colours.text)
