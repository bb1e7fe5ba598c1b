"""The Training place: the classifiers of people, the detector, the embedder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.paged import PagedPlace
from facecam.app.segments import Segment
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.training.following import Runs

if TYPE_CHECKING:
    from facecam.app.training.detector_page import DetectorPage
    from facecam.app.training.embedder.runs import EmbedderRuns


class TrainingPlace(PagedPlace):
    """A row of pages about what learns."""

    report_wanted = Signal()
    """The report card of the people is to be shown."""
    person_wanted = Signal(str)
    """Somebody is to be shown, by id."""
    said = Signal(object)
    """A Notice for whoever is looking elsewhere by now."""
    enrol_wanted = Signal(str)
    """Somebody is to be enrolled, in a way as `PeoplePlace` names them."""
    live_wanted = Signal()
    """Live is to be shown, to teach."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        runs: Runs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(self._segments(), parent)
        self._engine, self._tasks, self._settings = engine, tasks, settings
        self._runs = runs
        self.tools = QWidget(self)
        self.show_page("detector")

    @property
    def detector(self) -> DetectorPage:
        """The page of the detector, shown from now on."""
        from facecam.app.training.detector_page import DetectorPage

        self.show_page("detector")
        page = self.page("detector")
        assert isinstance(page, DetectorPage)
        return page

    @property
    def embedder(self) -> EmbedderRuns:
        """The page of the embedder, shown from now on."""
        from facecam.app.training.embedder.runs import EmbedderRuns

        self.show_page("embedder")
        page = self.page("embedder")
        assert isinstance(page, EmbedderRuns)
        return page

    def _segments(self) -> tuple[Segment, ...]:
        return (
            Segment("people", "People", "How faces are named", self._make_people),
            Segment("detector", "Detector", "How faces are found", self._make_detector),
            Segment(
                "embedder", "Embedder", "How faces are compared", self._make_embedder
            ),
        )

    def _make_people(self) -> QWidget:
        from facecam.app.training.people.page import ClassifierPage

        page = ClassifierPage(self._engine, self._tasks, self._settings, self)
        page.report_wanted.connect(self.report_wanted)
        page.person_wanted.connect(self.person_wanted)
        page.enrol_wanted.connect(self.enrol_wanted)
        return page

    def _make_detector(self) -> QWidget:
        from facecam.app.training.detector_page import DetectorPage

        page = DetectorPage(self._engine, self._tasks, self._settings, self._runs, self)
        page.pool.live_wanted.connect(self.live_wanted)
        return page

    def _make_embedder(self) -> QWidget:
        from facecam.app.training.embedder.runs import EmbedderRuns

        page = EmbedderRuns(self._engine, self._tasks, self._settings, self._runs, self)
        page.said.connect(self.said)
        return page
