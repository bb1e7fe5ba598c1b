"""Training as the whole window sees it: its place, and the ways that lead there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.live_tab import LiveTab
from facecam.app.notices import Notice
from facecam.app.places import Places
from facecam.app.settings import Settings
from facecam.app.status_line import StatusLine
from facecam.app.tasks import Tasks
from facecam.app.training.following import Runs
from facecam.app.training.telling import KEY, Telling

if TYPE_CHECKING:
    from facecam.app.training.place import TrainingPlace

PLACE = "training"


class Training(QObject):
    """Makes the place when it is first shown, and leads to its pages.

    Args:
        engine: what the window recognises with.
        tasks: work in the background.
        settings: what the window remembers.
        parent: the window.
    """

    report_wanted = Signal()
    """The report card of the people is to be shown."""
    person_wanted = Signal(str)
    """Somebody is to be shown, by id."""
    enrol_wanted = Signal(str)
    """Somebody is to be enrolled, in a way as `PeoplePlace` names them."""

    def __init__(
        self, engine: Engine, tasks: Tasks, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine, self._tasks, self._settings = engine, tasks, settings
        self._window = parent
        self.runs = Runs(engine.config, tasks, self)
        self._places: Places
        self._live: LiveTab

    def join(self, places: Places, live: LiveTab, status: StatusLine) -> None:
        """Tell the window of runs from now on, and follow those who want to teach."""
        self._places, self._live = places, live
        live.fine_tune_wanted.connect(self._fine_tune)
        say, show = status.show_training, self._show_notice
        Telling(self.runs, say, show, self.open_run, self._window)

    def make(self) -> QWidget:
        """Build the place."""
        from facecam.app.training.place import TrainingPlace

        place = TrainingPlace(
            self._engine, self._tasks, self._settings, self.runs, self._window
        )
        place.report_wanted.connect(self.report_wanted)
        place.person_wanted.connect(self.person_wanted)
        place.enrol_wanted.connect(self.enrol_wanted)
        place.said.connect(self._show_notice)
        place.live_wanted.connect(lambda: self._places.show_place("live"))
        return place

    def open_run(self, name: str) -> None:
        """Show a run."""
        place = self._shown()
        place.toasts.hide_notice(KEY)
        state = self.runs.state(name)
        of_embedder = state is not None and state.kind == "embedder"
        (place.embedder if of_embedder else place.detector).show_run(name)

    def _fine_tune(self, pool: Path) -> None:
        """Set up a run from a pool of hard examples."""
        self._shown().detector.begin((pool,))

    def _shown(self) -> TrainingPlace:
        from facecam.app.training.place import TrainingPlace

        place = self._places.show_place(PLACE)
        assert isinstance(place, TrainingPlace)
        return place

    def _show_notice(self, notice: Notice) -> None:
        """Show a notice wherever somebody is looking."""
        place = self._places.place(self._places.current)
        getattr(place, "toasts", self._live.stage.toasts).show_notice(notice)
