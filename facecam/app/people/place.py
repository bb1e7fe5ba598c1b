"""The People place: everybody enrolled, audit, unknowns, events, report card.

A row of segments chooses the page; pages are built when they are first shown, and
learn by `show_page` that they are looked at. What is changed anywhere is said in a
line at the bottom, with Undo.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facecam.app.engine import Engine, EngineState
from facecam.app.live_tools import tool
from facecam.app.notices import Notices
from facecam.app.people.changing import Changes
from facecam.app.people.pictures import Pictures
from facecam.app.segments import Segment, Segments
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks

if TYPE_CHECKING:
    from facecam.app.people.audit_page import AuditPage
    from facecam.app.people.people_page import PeoplePage


class PeopleTools(QWidget):
    """What the header offers while people are looked at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.undo = tool(self, "undo", "Undo the last change", "Ctrl+Z")
        self.redo = tool(self, "redo", "Redo what was undone", "Ctrl+Shift+Z")
        self.protect = tool(self, "lock", "Protect the people with a passphrase")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.buttons = self.undo, self.redo, self.protect
        for button in self.buttons:
            row.addWidget(button)


class PeoplePlace(QWidget):
    """A row of pages about people."""

    enrol_wanted = Signal(str)
    """Enrol somebody: "enrol" by camera, from "pictures" or from a "folder"."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._tasks, self._settings = engine, tasks, settings
        self.tools = PeopleTools(self)
        self.toasts = Notices(self)
        self.changes = Changes(engine, self.toasts, self)
        self.pictures = Pictures(engine, self)
        self.segments = Segments(self._plan(), self)
        self.pages = QStackedWidget(self)
        self._made: dict[str, QWidget] = {}
        self._beside = QHBoxLayout()
        self._locked: QWidget | None = None
        self._arrange()
        self._connect()
        self.show_page(self.segments.current)
        self._show_engine(engine.state)

    def _plan(self) -> tuple[Segment, ...]:
        self._makers: dict[str, Callable[[], QWidget]] = {
            "people": self._make_people,
            "audit": self._make_audit,
            "unknowns": self._make_unknowns,
            "events": self._make_events,
            "report": self._make_report,
        }
        return (
            Segment("people", "People", "Everybody enrolled"),
            Segment("audit", "Audit", "Pictures and people that are probably wrong"),
            Segment("unknowns", "Unknowns", "Strangers seen, if they are kept"),
            Segment("events", "Events", "Who was seen when, if it is kept"),
            Segment("report", "Report card", "What this gallery can promise"),
        )

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

    def _connect(self) -> None:
        self.segments.chosen.connect(self.show_page)
        self._engine.state_changed.connect(self._show_engine)
        self.tools.undo.clicked.connect(self._undo)
        self.tools.redo.clicked.connect(lambda: self.changes.redo())
        self.tools.protect.clicked.connect(self._protect)
        self.toasts.fitted.connect(self._arrange_toasts)
        for keys, run in (
            (QKeySequence.StandardKey.Undo, self._undo),
            (QKeySequence("Ctrl+Shift+Z"), lambda: self.changes.redo()),
            (QKeySequence("Ctrl+Y"), lambda: self.changes.redo()),
            (QKeySequence.StandardKey.Find, self._find),
        ):
            shortcut = QShortcut(keys, self)  # wherever the focus is, while this shows
            shortcut.activated.connect(run)

    @property
    def people(self) -> PeoplePage:
        """The page of everybody enrolled."""
        from facecam.app.people.people_page import PeoplePage

        page = self.page("people")
        assert isinstance(page, PeoplePage)
        return page

    @property
    def audit(self) -> AuditPage:
        """The page of what is probably wrong."""
        from facecam.app.people.audit_page import AuditPage

        page = self.page("audit")
        assert isinstance(page, AuditPage)
        return page

    def page(self, key: str) -> QWidget:
        """Return a page, building it if nobody has asked for it yet."""
        if key not in self._made:
            page = self._made[key] = self._makers[key]()
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
        self.pages.setCurrentWidget(self._locked or page)
        self.setFocusProxy(page)
        if self.isVisible():
            page.setFocus()
            self._tell(page)

    def open_person(self, key: str) -> None:
        """Show the page of one person."""
        self.show_page("people")
        self.people.open_person(key)

    def _show_engine(self, state: EngineState) -> None:
        """Ask for the passphrase, instead of every page, while people are locked."""
        if state.locked and self._locked is None:
            from facecam.app.people.unlocking import UnlockCard

            self._locked = QWidget(self)
            grid = QGridLayout(self._locked)
            middle = Qt.AlignmentFlag.AlignCenter
            grid.addWidget(UnlockCard(self._engine, self._tasks, self), 0, 0, middle)
            self.pages.addWidget(self._locked)
        elif not state.locked and self._locked is not None:
            self._locked.deleteLater()
            self._locked = None
        self.segments.setEnabled(not state.locked)
        for button in (self.tools.undo, self.tools.redo):
            button.setEnabled(state.loaded and not state.locked)
        self.show_page(self.segments.current)

    def _protect(self) -> None:
        """Turn the protection on or off."""
        from facecam.app.people.protecting import ProtectionDialog

        ProtectionDialog(self._engine, self._tasks, self.window()).exec()

    def _tell(self, page: QWidget) -> None:
        """Let a page know that it is looked at."""
        shown = getattr(page, "show_page", None)
        if callable(shown):
            shown()

    def _make_people(self) -> QWidget:
        from facecam.app.people.people_page import PeoplePage

        page = PeoplePage(self._engine, self._tasks, self._settings, self)
        page.enrol_wanted.connect(self.enrol_wanted)
        return page

    def _make_audit(self) -> QWidget:
        from facecam.app.people.audit_page import AuditPage

        page = AuditPage(self._engine, self._tasks, self)
        page.person_wanted.connect(self.open_person)
        page.enrol_wanted.connect(self.enrol_wanted)
        return page

    def _make_unknowns(self) -> QWidget:
        from facecam.app.unknowns.page import UnknownsPage

        return UnknownsPage(self._engine, self._tasks, self._settings, self)

    def _make_events(self) -> QWidget:
        from facecam.app.events.page import EventsPage

        return EventsPage(self._engine, self._tasks, self._settings, self)

    def _make_report(self) -> QWidget:
        from facecam.app.report.page import ReportPage

        page = ReportPage(self._engine, self._tasks, self._settings, self)
        page.enrol_wanted.connect(self.enrol_wanted)
        return page

    def _undo(self) -> None:
        """Take back the last deed of the page shown, or the last change of people."""
        undo = getattr(self.page(self.segments.current), "undo", None)
        if not (callable(undo) and undo()):
            self.changes.undo()

    def _find(self) -> None:
        self.show_page("people")
        self.people.find_person()

    def _arrange_toasts(self) -> None:
        """Put what was done at the bottom, in the middle."""
        size = self.toasts.size_in(self.width())
        left = (self.width() - size.width()) // 2
        top = self.height() - size.height() + 8
        self.toasts.setGeometry(left, top, size.width(), size.height())
        self.toasts.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line at the bottom in its place."""
        super().resizeEvent(event)
        self._arrange_toasts()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the page that it is looked at again."""
        super().showEvent(event)
        self._tell(self.page(self.segments.current))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back from a person."""
        if event.key() == Qt.Key.Key_Escape and self.segments.current == "people":
            self.people.back()
        else:
            super().keyPressEvent(event)
