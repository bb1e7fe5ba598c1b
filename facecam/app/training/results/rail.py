"""The runs, beside the one that is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons
from facecam.app.training.following import Runs
from facecam.app.training.kinds import DETECTOR, RunKind
from facecam.app.training.results.in_use import InUse
from facecam.app.training.results.rail_rows import (
    HISTORY,
    POOL,
    ROW,
    RailModel,
    Row,
    RowPainter,
    run_row,
)
from facecam.app.training.run import remaining
from facecam.training.runs import State

WIDE, NARROW = 248, 56
"""Logical pixels."""
NEW = "new"
LANE = "runs"
ABOUT_HISTORY = "All runs in a table, with what they reached and how they differ"


class RunsRail(QFrame):
    """A button, two entries, and the runs, the newest first."""

    new_wanted = Signal()
    entry_wanted = Signal()
    """What the kind has beside its runs is to be shown."""
    history_wanted = Signal()
    chosen = Signal(str)
    """The name of a run."""

    def __init__(self, runs: Runs, parent: QWidget, kind: RunKind = DETECTOR) -> None:
        super().__init__(parent)
        self._runs, self._kind = runs, kind
        self.in_use_now = InUse.of(runs, kind.name)
        self._hard: int | None = None
        self._stamp: tuple[int, int] | None = None
        self._expected: dict[str, Mapping[str, float]] = {}
        self._choosing = False
        self._current = ""
        self.new = QPushButton(kind.new, self)
        self.fold = QToolButton(self)
        self.model = RailModel(self)
        self.list = QListView(self)
        self.painter = RowPainter(self.list)
        self._arrange()
        self._connect()
        self._show_rows()

    def choose(self, name: str) -> None:
        """Mark what is looked at: a run, "new", "history", or the kind's entry."""
        self._current = name
        number = self.model.number(name)
        self._choosing = True
        selection = self.list.selectionModel()
        if number is None:
            selection.clear()
        else:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            selection.setCurrentIndex(self.model.index(number), flag)
            self.list.scrollTo(self.model.index(number))
        self._choosing = False

    def collapse(self, narrow: bool) -> None:
        """Show only signs, or everything again."""
        self.painter.narrow = narrow
        self.setFixedWidth(NARROW if narrow else WIDE)
        self.new.setText("" if narrow else self._kind.new)
        icons.wear(self.new, "add", self.palette().ColorRole.HighlightedText)
        self.fold.setToolTip("Show the runs in words" if narrow else "Show signs only")
        self.fold.setAccessibleName(self.fold.toolTip())
        self.list.doItemsLayout()

    def count_hard(self) -> None:
        """Count the hard examples, in the background, when their list has changed."""
        if self._kind.entry.key != POOL:
            return
        pool = self._runs.config.hard

        def work() -> tuple[tuple[int, int], int] | None:
            from facecam.training.detector.hard_examples import LIST

            path = pool / LIST
            try:
                known = path.stat()
                stamp = known.st_mtime_ns, known.st_size
                lines = [] if stamp == self._stamp else path.read_bytes().splitlines()
            except OSError:
                return (0, 0), 0
            if stamp == self._stamp:
                return None
            return stamp, sum(bool(line.strip()) for line in lines)

        self._runs.tasks.start(work, self._counted, lane=LANE)

    def _arrange(self) -> None:
        self.setObjectName("sidebar")
        self.new.setProperty("primary", True)
        self.new.setToolTip(self._kind.about_new)
        self.new.setAccessibleName(self._kind.new.removesuffix("…"))
        self.fold.setProperty("flat", True)
        self.fold.setCheckable(True)
        icons.wear(self.fold, "panel")
        shown = self.list
        shown.setModel(self.model)
        shown.setItemDelegate(self.painter)
        shown.setAccessibleName("Training runs")
        entry = self._kind.entry.title
        shown.setAccessibleDescription(f"{entry}, the history, and every run")
        shown.setMouseTracking(True)
        shown.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        shown.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        shown.setUniformItemSizes(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.new)
        column.addWidget(shown, 1)
        last = QHBoxLayout()
        last.addWidget(self.fold)
        last.addStretch(1)
        column.addLayout(last)
        self.collapse(False)

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_wanted)
        self.fold.toggled.connect(self.collapse)
        self.list.selectionModel().currentChanged.connect(self._changed)
        self.list.clicked.connect(self._open)
        self._runs.changed.connect(self._show_rows)
        self.in_use_now.changed.connect(self._show_rows)

    def _show_rows(self) -> None:
        rows = [
            self._entry(),
            Row(HISTORY, "History", "", "clock", tip=ABOUT_HISTORY),
        ]
        rows += [
            run_row(
                run,
                self._runs.queue,
                self.in_use_now.run,
                self._expected.get(run.path.name, {}),
                self._kind.words.used,
            )
            for run in self._runs.of_kind(self._kind.name)
        ]
        heights = [row.share is None for row in self.model.rows]
        self.model.show_rows(rows)
        if heights != [row.share is None for row in rows]:
            self.list.doItemsLayout()
        if self._current and not self.list.selectionModel().hasSelection():
            self.choose(self._current)
        self.count_hard()
        self._expect()

    def _entry(self) -> Row:
        """Return the row of what the kind has beside its runs; hard ones counted."""
        entry, tip = self._kind.entry, self._kind.entry.about
        hard = "" if not self._hard else f"{self._hard:,}"
        if entry.key == POOL:
            tip = f"{entry.title}: {hard or 'none'}. {tip}"
        return Row(entry.key, entry.title, hard, entry.icon, tip=tip)

    def _expect(self) -> None:
        """Read what was expected of runs under way, once their check is done."""
        for run in self._runs.states:
            name, checked = run.path.name, run.steps[:1]
            known = bool(checked) and checked[0].state is State.DONE
            if run.running and known and name not in self._expected:
                self._expected[name] = {}
                self._read_expected(run.path)

    def _read_expected(self, root: Path) -> None:
        def got(expected: Mapping[str, float]) -> None:
            self._expected[root.name] = expected
            self._show_rows()

        self._runs.tasks.start(lambda: remaining.read_expected(root), got, lane=LANE)

    def _counted(self, found: tuple[tuple[int, int], int] | None) -> None:
        if found is not None and found != (self._stamp, self._hard):
            self._stamp, self._hard = found
            self._show_rows()

    def _changed(self, now: QModelIndex, before: QModelIndex) -> None:
        """Go with the arrow keys; what is chosen by the page itself is not told."""
        if not self._choosing and now.isValid():
            self._open(now)

    def _open(self, index: QModelIndex) -> None:
        row: Row = index.data(ROW)
        if row.key == self._current:
            return
        self._current = row.key
        if row.key == self._kind.entry.key:
            self.entry_wanted.emit()
        elif row.key == HISTORY:
            self.history_wanted.emit()
        else:
            self.chosen.emit(row.key)

    def showEvent(self, event: QShowEvent) -> None:
        """Count what was added meanwhile."""
        super().showEvent(event)
        self.count_hard()
