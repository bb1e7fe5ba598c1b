"""New and deployed side by side: a row for each measure, explained when asked."""

from __future__ import annotations

from collections.abc import Sequence
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


class MeasuresModel(HeadedModel):
    """The verdicts of a comparison."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(("", "In use", "New", ""), (OLD, NEW), parent)
        self.verdicts: tuple[Verdict, ...] = ()

    def show_results(self, results: Results, used: bool) -> None:
        """Show what another run has brought."""
        self.beginResetModel()
        self.verdicts = ordered(results.comparison.verdicts)
        self.endResetModel()
        self.show_names(used)

    def show_names(self, used: bool) -> None:
        """Say whose numbers these are; `used`: the run's detector is in use."""
        old, new = ("The one before", "In use") if used else ("In use", "This run")
        outcome = "It is" if used else "This run is"
        self.show_heads(("Measured", old, new, outcome))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt asks."""
        return 0 if parent.isValid() else len(self.verdicts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        verdict, column = self.verdicts[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(verdict, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(verdict, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _text(verdict, column).removeprefix("▲ ").removeprefix("▼ ")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.aligned(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return _colour(verdict, column)
        if role == Qt.ItemDataRole.FontRole and column == OUTCOME:
            font = QFont()
            font.setWeight(
                QFont.Weight.Normal
                if verdict.outcome is Outcome.SAME
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
        dress(self, "This run and the detector in use, side by side", ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setSectionResizeMode(MEASURE, QHeaderView.ResizeMode.Stretch)
        for column in (OLD, NEW, OUTCOME):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_results(self, results: Results, used: bool) -> None:
        """Show what another run has brought."""
        self.measures.show_results(results, used)
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


def _text(verdict: Verdict, column: int) -> str:
    return {
        MEASURE: sayings.name(verdict),
        OLD: sayings.value(verdict.deployed, verdict.unit),
        NEW: sayings.value(verdict.candidate, verdict.unit),
        OUTCOME: sayings.SIGNS[verdict.outcome],
    }[column]


def _tip(verdict: Verdict, column: int) -> str:
    if column != OUTCOME:
        return sayings.tip(verdict)
    tip = sayings.OUTCOMES[verdict.outcome]
    return tip if verdict.gates else f"{tip} {sayings.ASIDE}"


def _colour(verdict: Verdict, column: int) -> QColor:
    colours = theme.current()
    if column == OUTCOME:
        return QColor(
            {Outcome.BETTER: colours.good, Outcome.WORSE: colours.danger}.get(
                verdict.outcome, colours.quiet
            )
        )
    quiet = column == OLD or not verdict.gates
    return QColor(colours.quiet if quiet else colours.text)
