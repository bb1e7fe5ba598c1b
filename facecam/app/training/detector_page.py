"""How faces are found: runs at the left; one of them, or another beginning, beside."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from facecam.app.empty_state import EmptyState, Message
from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.training.following import Runs
from facecam.app.training.pool.page import PoolPage
from facecam.app.training.results.history import HistoryPage
from facecam.app.training.results.rail import RunsRail
from facecam.app.training.run.page import RunPage
from facecam.app.training.setup.page import SetupPage

LOOKING = Message("Looking at the runs…", icon="training", busy=True)


class DetectorPage(QWidget):
    """Runs that train a detector: begun, followed, compared, put to use."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        runs: Runs,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.rail = RunsRail(runs, self)
        self.setup = SetupPage(engine, runs, settings, self)
        self.run = RunPage(engine, runs, self)
        self.pool = PoolPage(engine, tasks, self)
        self.history = HistoryPage(engine, runs, self)
        self.waiting = EmptyState(self)
        self.waiting.show_message(LOOKING)
        self.stack = QStackedWidget(self)
        for page in (self.waiting, self.setup, self.run, self.pool, self.history):
            self.stack.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        self._runs = runs
        self._begun = False
        self._connect()

    def show_page(self) -> None:
        """Look at the newest run, or begin the first one."""
        self._runs.look()
        if not self._begun:
            self._begun = True
            self.stack.setCurrentWidget(self.waiting)
            self._runs.changed.connect(self._show_newest)
            if self._runs.known:
                self._show_newest()

    def _show_newest(self) -> None:
        """Show the newest run, unless somebody has gone elsewhere meanwhile."""
        self._runs.changed.disconnect(self._show_newest)
        if self.stack.currentWidget() is not self.waiting:
            return
        if self._runs.states:
            self.show_run(self._runs.states[0].path.name)
        else:
            self.begin()

    def show_run(self, name: str) -> None:
        """Look at a run."""
        self.rail.choose(name)
        self.run.show_run(name)
        self.stack.setCurrentWidget(self.run)

    def begin(self, hard: tuple[Path, ...] = ()) -> None:
        """Set up another run."""
        self.rail.choose("new")
        self.setup.begin(hard)
        self.stack.setCurrentWidget(self.setup)

    def begin_from(self, name: str) -> None:
        """Set up another run that starts from what a run has made."""
        self.rail.choose("new")
        self.setup.begin(origin=name)
        self.stack.setCurrentWidget(self.setup)

    def _leave(self) -> None:
        """Look at the newest run, or at the table that says that there is none."""
        names = [state.path.name for state in self._runs.states]
        gone = self.run.name if self.stack.currentWidget() is self.run else ""
        others = [name for name in names if name != gone]
        if others:
            self.show_run(others[0])
        else:
            self.show_history()

    def show_pool(self) -> None:
        """Look at the hard examples."""
        self.rail.choose("pool")
        self.pool.show_page()
        self.stack.setCurrentWidget(self.pool)

    def show_history(self) -> None:
        """Look at all runs in a table."""
        self.rail.choose("history")
        self.history.show_page()
        self.stack.setCurrentWidget(self.history)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_run)
        self.rail.new_wanted.connect(lambda: self.begin())
        self.rail.pool_wanted.connect(self.show_pool)
        self.rail.history_wanted.connect(self.show_history)
        self.history.chosen.connect(self.show_run)
        self.history.new_wanted.connect(lambda: self.begin())
        self.setup.started.connect(self.show_run)
        self.setup.cancelled.connect(self._leave)
        self.run.another_wanted.connect(self.begin_from)
        self.run.deleted.connect(lambda name: self._leave())
        self.pool.pool.changed.connect(self.rail.count_hard)
        self.pool.fine_tune_wanted.connect(lambda folder: self.begin((folder,)))
