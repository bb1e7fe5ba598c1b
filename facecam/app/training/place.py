"""The Training place: the classifier of people, the detector, the embedder.

A row of segments chooses the page; pages are built when they are first shown, and
learn by `show_page` that they are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from facecam.app.engine import Engine
from facecam.app.notices import Notices
from facecam.app.segments import Segment, Segments
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.training.following import Runs

if TYPE_CHECKING:
    from facecam.app.training.detector_page import DetectorPage


class TrainingPlace(QWidget):
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
        super().__init__(parent)
        self._engine, self._tasks, self._settings = engine, tasks, settings
        self._runs = runs
        self.tools = QWidget(self)
        self.toasts = Notices(self)
        self.toasts.fitted.connect(self._arrange_toasts)
        self._plan = {segment.key: segment for segment in self._segments()}
        self.segments = Segments(tuple(self._plan.values()), self)
        self.pages = QStackedWidget(self)
        self._made: dict[str, QWidget] = {}
        self._beside = QHBoxLayout()
        self._arrange()
        self.segments.chosen.connect(self.show_page)
        self.show_page("detector")

    @property
    def detector(self) -> DetectorPage:
        """The page of the detector, shown from now on."""
        from facecam.app.training.detector_page import DetectorPage

        self.show_page("detector")
        page = self.page("detector")
        assert isinstance(page, DetectorPage)
        return page

    def page(self, key: str) -> QWidget:
        """Return a page, building it if nobody has asked for it yet."""
        if key not in self._made:
            make = self._plan[key].make
            assert make is not None
            page = self._made[key] = make()
            self.pages.addWidget(page)
            if isinstance(tools := getattr(page, "tools", None), QWidget):
                self._beside.addWidget(tools)
        return self._made[key]

    def show_page(self, key: str) -> None:
        """Show a page, its tools beside the segments."""
        self.segments.choose(key)
        page = self.page(key)
        for other, widget in self._made.items():
            if isinstance(tools := getattr(widget, "tools", None), QWidget):
                tools.setVisible(other == key)
        self.pages.setCurrentWidget(page)
        self.setFocusProxy(page)
        if self.isVisible():
            page.setFocus()
            self._tell(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the lines at the bottom in their place."""
        super().resizeEvent(event)
        self._arrange_toasts()

    def _arrange_toasts(self) -> None:
        """Put what is said at the bottom, in the middle."""
        size = self.toasts.size_in(self.width())
        left = (self.width() - size.width()) // 2
        top = self.height() - size.height() + 8
        self.toasts.setGeometry(left, top, size.width(), size.height())
        self.toasts.raise_()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the page that it is looked at again."""
        super().showEvent(event)
        self._tell(self.page(self.segments.current))

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
        from facecam.app.training.embedder.page import EmbedderPage

        page = EmbedderPage(self._engine, self._tasks, self._settings, self)
        page.said.connect(self.said)
        return page

    def _tell(self, page: QWidget) -> None:
        """Let a page know that it is looked at."""
        shown = getattr(page, "show_page", None)
        if callable(shown):
            shown()

    def _arrange(self) -> None:
        self.setObjectName("place")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar = QWidget(self)
        bar.setObjectName("placeBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        row.addWidget(self.segments)
        self._beside.setContentsMargins(0, 0, 0, 0)
        row.addLayout(self._beside, 100)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.pages, 1)
