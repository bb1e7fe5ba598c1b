"""Runs of one kind at the left; one of them, or another beginning, beside."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from facecam.app.empty_state import EmptyState, Message
from facecam.app.engine import Engine
from facecam.app.training.following import Runs
from facecam.app.training.kinds import RunKind
from facecam.app.training.results.history import HistoryPage
from facecam.app.training.results.rail import RunsRail
from facecam.app.training.run.page import MakeResult, RunPage
from facecam.app.training.setup.page import SetupPage

LOOKING = Message("Looking at the runs…", icon="training", busy=True)


class RunsPage(QWidget):
    """Runs of one kind: begun, followed, put to use, listed.

    Args:
        kind: of the runs.
        engine: what the window recognises with.
        runs: of every kind.
        make_result: makes what shows what a finished run has brought.
        parent: of the widget.
    """

    def __init__(
        self,
        kind: RunKind,
        engine: Engine,
        runs: Runs,
        make_result: MakeResult,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._kind, self._runs = kind, runs
        self.rail = RunsRail(runs, self, kind)
        self.run = RunPage(engine, runs, self, make_result)
        self.history = HistoryPage(engine, runs, self, kind)
        self.waiting = EmptyState(self)
        self.waiting.show_message(LOOKING)
        self.stack = QStackedWidget(self)
        for page in (self.waiting, self.run, self.history):
            self.stack.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        self.setup: SetupPage

    def take_setup(self, setup: SetupPage) -> None:
        """Take the page where another run is set up, and follow what is wanted."""
        self.setup = setup
        self.stack.addWidget(setup)
        self.rail.chosen.connect(self.show_run)
        self.rail.new_wanted.connect(lambda: self.begin())
        self.rail.history_wanted.connect(self.show_history)
        self.history.chosen.connect(self.show_run)
        self.history.new_wanted.connect(lambda: self.begin())
        setup.started.connect(self.show_run)
        setup.cancelled.connect(self.leave)
        self.run.another_wanted.connect(self.begin_from)
        self.run.deleted.connect(lambda name: self.leave())

    @property
    def names(self) -> list[str]:
        """The runs of the kind, the newest first."""
        return [state.path.name for state in self._runs.of_kind(self._kind.name)]

    def show_run(self, name: str) -> None:
        """Look at a run."""
        self.rail.choose(name)
        self.run.show_run(name)
        self.stack.setCurrentWidget(self.run)

    def begin(self) -> None:
        """Set up another run."""
        self.rail.choose("new")
        self.setup.begin()
        self.stack.setCurrentWidget(self.setup)

    def begin_from(self, name: str) -> None:
        """Set up another run that starts from what a run has made."""
        self.rail.choose("new")
        self.setup.begin(origin=name)
        self.stack.setCurrentWidget(self.setup)

    def leave(self) -> None:
        """Look at the newest run, or at the table that says that there is none."""
        gone = self.run.name if self.stack.currentWidget() is self.run else ""
        others = [name for name in self.names if name != gone]
        if others:
            self.show_run(others[0])
        else:
            self.show_history()

    def show_history(self) -> None:
        """Look at all runs in a table."""
        self.rail.choose("history")
        self.history.show_page()
        self.stack.setCurrentWidget(self.history)
