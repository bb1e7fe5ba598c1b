"""How faces are compared: the embedders, and the runs that train others."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.notices import Notice
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.training.embedder.page import EmbedderPage
from facecam.app.training.embedder.result import EmbedderResult
from facecam.app.training.embedder.setup import EmbedderSetup
from facecam.app.training.following import Runs
from facecam.app.training.kinds import EMBEDDER
from facecam.app.training.results.result_view import ResultView
from facecam.app.training.runs_page import RunsPage


class EmbedderRuns(RunsPage):
    """Embedders, and beside them runs that train one."""

    said = Signal(object)
    """A Notice, to be shown elsewhere while the page is not looked at."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        runs: Runs,
        parent: QWidget,
    ) -> None:
        super().__init__(EMBEDDER, engine, runs, self._make_result, parent)
        self.sheet = EmbedderPage(engine, tasks, settings, self)
        self.stack.addWidget(self.sheet)
        self.take_setup(EmbedderSetup(engine, runs, settings, self))
        self.rail.entry_wanted.connect(self.show_embedders)
        self.sheet.said.connect(self._say)
        self.sheet.train_wanted.connect(self.begin)
        self.show_embedders()

    def show_page(self) -> None:
        """Read anew what there is; whatever was looked at stays."""
        self._runs.look()
        self.sheet.show_page()

    def show_embedders(self) -> None:
        """Look at the embedders."""
        self.rail.choose(EMBEDDER.entry.key)
        self.sheet.show_page()
        self.stack.setCurrentWidget(self.sheet)

    def leave(self) -> None:
        """Look at the embedders, whatever was looked at."""
        self.show_embedders()

    def _say(self, notice: Notice) -> None:
        """Say it elsewhere, unless the run that is looked at says it itself."""
        if not self.run.isVisible():
            self.said.emit(notice)

    def _make_result(
        self, engine: Engine, runs: Runs, parent: QWidget
    ) -> ResultView[Any]:
        return EmbedderResult(self.sheet.switching, engine, runs, parent)
