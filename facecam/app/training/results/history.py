"""Every run in a table, and how their numbers differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSortFilterProxyModel, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facecam.app.empty_state import Choice, EmptyState, Message
from facecam.app.engine import Engine
from facecam.app.notices import Notices
from facecam.app.tables import Index, dress
from facecam.app.training.following import Runs
from facecam.app.training.kinds import DETECTOR, RunKind
from facecam.app.training.results import history_rows as rows
from facecam.app.training.results.acts import Acts
from facecam.app.training.results.differing import DifferingPanel
from facecam.app.training.results.history_rows import HistoryModel, Line
from facecam.app.training.results.in_use import InUse
from facecam.app.training.results.standing import Standing

LANE = "runs"
KIND = re.compile(r'"kind": "(\w+)"')
ROW = 40
NEW = "new"
SIZES = (320, 232)
"""Of the table and of what differs, logical pixels."""
WIDTHS = {
    rows.BEGAN: 144,
    rows.STATE: 112,
    rows.TOOK: 76,
    rows.USED: 80,
}


class HistoryPage(QWidget):
    """Every run in a table, and how their numbers differ."""

    chosen = Signal(str)
    """A run is to be looked at: its name."""
    new_wanted = Signal()
    """A first run is to be set up."""

    def __init__(
        self,
        engine: Engine,
        runs: Runs,
        parent: QWidget,
        kind: RunKind = DETECTOR,
    ) -> None:
        super().__init__(parent)
        self._runs, self._kind = runs, kind
        self.in_use_now = InUse.of(runs, kind.name)
        self._damaged: tuple[Line, ...] = ()
        self.model = HistoryModel(kind, self)
        self.sorted = QSortFilterProxyModel(self)
        self.table = self._make_table()
        self.panel = DifferingPanel(self)
        self.empty = EmptyState(self)
        self.stack = QStackedWidget(self)
        self.notices = Notices(self, floating=False)
        self.acts = Acts(runs, self.notices, self, kind)
        self.open = QPushButton("Open", self)
        self.folder = QPushButton("Show its folder", self)
        self.delete = QPushButton("Delete…", self)
        self.count = QLabel(self)
        self._arrange()
        self._connect()
        self.empty.show_message(_nothing(kind))

    def show_page(self) -> None:
        """Look at the runs there are."""
        self._show()
        self._look_for_damaged()
        self.table.setFocus()

    @property
    def selected(self) -> tuple[Line, ...]:
        """The runs that are chosen."""
        indexes = self.table.selectionModel().selectedRows()
        return tuple(index.data(rows.LINE) for index in indexes)

    def _make_table(self) -> QTableView:
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(rows.SORT)
        shown = QTableView(self)
        shown.setModel(self.sorted)
        shown.setSortingEnabled(True)
        shown.sortByColumn(rows.BEGAN, Qt.SortOrder.DescendingOrder)
        dress(shown, "Training runs", ROW)
        shown.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = shown.horizontalHeader()
        measures = enumerate(self._kind.measures, rows.MEASURED)
        widths = WIDTHS | {column: one.width for column, one in measures}
        widths[rows.PURPOSE] = self._kind.purpose
        for column, width in widths.items():
            header.resizeSection(column, width)
        header.setSectionResizeMode(rows.NOTE, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(64)
        shown.installEventFilter(self)
        return shown

    def _arrange(self) -> None:
        self.open.setToolTip("Look at this run (Enter)")
        self.folder.setToolTip("Show the directory of this run")
        self.delete.setToolTip("Delete this run with all it has made (Delete)")
        self.delete.setProperty("danger", True)
        self.count.setObjectName("quiet")
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 8, 16, 8)
        bar.setSpacing(8)
        bar.addWidget(self.count)
        bar.addStretch(1)
        for button in (self.open, self.folder, self.delete):
            bar.addWidget(button)
        top = QWidget(self)
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.notices)
        column.addWidget(self.table, 1)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.addWidget(top)
        self._split.addWidget(self.panel)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._split.setChildrenCollapsible(False)
        self._split.setSizes([*SIZES])
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._split)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    def _connect(self) -> None:
        self._runs.changed.connect(self._changed)
        self.in_use_now.changed.connect(self._show)
        self.table.selectionModel().selectionChanged.connect(self._select)
        self.table.doubleClicked.connect(self._open)
        self.open.clicked.connect(self._open_selected)
        self.folder.clicked.connect(self._open_folder)
        self.delete.clicked.connect(self._delete)
        self.empty.chosen.connect(lambda key: self.new_wanted.emit())

    def _changed(self) -> None:
        if self.isVisible():
            self._show()
            self._look_for_damaged()

    def _show(self) -> None:
        runs = self._runs.of_kind(self._kind.name)
        used, queue = self.in_use_now.run, self._runs.queue
        known = {run.path for run in self._runs.states}
        damaged = [line for line in self._damaged if line.path not in known]
        chosen = {line.path for line in self.selected}
        lines = [*(rows.line_of(run, queue, used) for run in runs), *damaged]
        self.model.show_lines(lines)
        self._choose(chosen)
        self.count.setText("1 run" if len(lines) == 1 else f"{len(lines):,} runs")
        self.stack.setCurrentWidget(self._split if lines else self.empty)
        self._select()

    def _choose(self, paths: set[Path]) -> None:
        """Keep what is chosen where rows came or went."""
        if paths and not self.selected:
            selection = self.table.selectionModel()
            for row in range(self.sorted.rowCount()):
                index = self.sorted.index(row, 0)
                if index.data(rows.LINE).path in paths:
                    flags = selection.SelectionFlag
                    selection.select(index, flags.Select | flags.Rows)

    def _look_for_damaged(self) -> None:
        """Read the records that nobody could read, for what is wrong with them."""
        folder = self._runs.config.runs
        known = {run.path for run in self._runs.states}

        def found(lines: Sequence[Line]) -> None:
            if tuple(lines) != self._damaged:
                self._damaged = tuple(lines)
                self._show()

        kind = self._kind.name
        self._runs.tasks.start(lambda: _damaged(folder, known, kind), found, lane=LANE)

    def _select(self) -> None:
        """Say what differs, and what can be done with what is chosen."""
        lines = self.selected
        one = lines[0] if len(lines) == 1 else None
        self.open.setEnabled(one is not None and one.run is not None)
        self.folder.setEnabled(one is not None)
        at_work = one is not None and one.standing is Standing.RUNNING
        self.delete.setEnabled(one is not None and not at_work)
        self.panel.show_lines(lines)

    def _open(self, index: Index) -> None:
        line: Line = index.data(rows.LINE)
        if line.run is not None:
            self.chosen.emit(line.name)

    def _open_selected(self) -> None:
        if self.open.isEnabled():
            self._open(self.table.selectionModel().selectedRows()[0])

    def _open_folder(self) -> None:
        for line in self.selected[:1]:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(line.path)))

    def _delete(self) -> None:
        if self.delete.isEnabled():
            self.acts.delete(self.selected[0].name, self._look_for_damaged)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter opens a run, Delete deletes it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open_selected()
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._delete()
                return True
        return super().eventFilter(watched, event)


def _nothing(kind: RunKind) -> Message:
    """Return what is said before there is a run."""
    choices = (Choice(NEW, kind.new, "add", primary=True),)
    return Message("No run so far", kind.nothing, "clock", choices=choices)


def _damaged(folder: Path, known: set[Path], kind: str) -> tuple[Line, ...]:
    """Return the runs whose records cannot be read, with what to do.

    Of another kind are those of which so much can still be read.
    """
    from facecam.errors import TrainingError
    from facecam.training import runs

    lines = []
    for record in sorted(folder.glob(f"[!.]*/{runs.RECORD}")):
        if record.parent not in known and _may_be(record, kind):
            try:
                runs.read_run(record.parent)
            except TrainingError as error:
                lines.append(Line(record.parent, Standing.DAMAGED, problem=str(error)))
    return tuple(lines)


def _may_be(record: Path, kind: str) -> bool:
    """Tell whether a damaged record may be one of some kind."""
    try:
        said = KIND.search(record.read_text("utf-8", "replace"))
    except OSError:
        return True
    return said is None or said[1] == kind
