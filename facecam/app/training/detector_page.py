"""How faces are found: runs at the left; one of them, or another beginning, beside."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.training.following import Runs
from facecam.app.training.kinds import DETECTOR
from facecam.app.training.pool.page import PoolPage
from facecam.app.training.results.comparison import ComparisonView
from facecam.app.training.runs_page import RunsPage
from facecam.app.training.setup.page import SetupPage


class DetectorPage(RunsPage):
    """Runs that train a detector: begun, followed, compared, put to use."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        runs: Runs,
        parent: QWidget,
    ) -> None:
        super().__init__(DETECTOR, engine, runs, ComparisonView, parent)
        self.pool = PoolPage(engine, tasks, self)
        self.stack.addWidget(self.pool)
        self.take_setup(SetupPage(engine, runs, settings, self))
        self._begun = False
        self.rail.entry_wanted.connect(self.show_pool)
        self.pool.pool.changed.connect(self.rail.count_hard)
        self.pool.fine_tune_wanted.connect(lambda folder: self.begin((folder,)))

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
        if self.names:
            self.show_run(self.names[0])
        else:
            self.begin()

    def begin(self, hard: tuple[Path, ...] = ()) -> None:
        """Set up another run, perhaps from hard examples."""
        self.rail.choose("new")
        self.setup.begin(hard)
        self.stack.setCurrentWidget(self.setup)

    def show_pool(self) -> None:
        """Look at the hard examples."""
        self.rail.choose("pool")
        self.pool.show_page()
        self.stack.setCurrentWidget(self.pool)
