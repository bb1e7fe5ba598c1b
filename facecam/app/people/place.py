"""The People place: everybody enrolled, audit, unknowns, events, report card.

What is changed anywhere is said in a line at the bottom, with Undo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QWidget,
)

from facecam.app.engine import Engine, EngineState
from facecam.app.live_tools import tool
from facecam.app.paged import PagedPlace
from facecam.app.people.changing import Changes
from facecam.app.people.pictures import Pictures
from facecam.app.segments import Segment
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


class PeoplePlace(PagedPlace):
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
        super().__init__(self._segments(), parent)
        self._engine, self._tasks, self._settings = engine, tasks, settings
        self.tools = PeopleTools(self)
        self.changes = Changes(engine, self.toasts, self)
        self.pictures = Pictures(engine, self)
        self._locked = False
        self._connect()
        self.show_page(self.segments.current)
        self._show_engine(engine.state)

    def _segments(self) -> tuple[Segment, ...]:
        audit = "Pictures and people that are probably wrong"
        unknowns = "Strangers seen, if they are kept"
        events = "Who was seen when, if it is kept"
        report = "What this gallery can promise"
        return (
            Segment("people", "People", "Everybody enrolled", self._make_people),
            Segment("audit", "Audit", audit, self._make_audit),
            Segment("unknowns", "Unknowns", unknowns, self._make_unknowns),
            Segment("events", "Events", events, self._make_events),
            Segment("report", "Report card", report, self._make_report),
        )

    def _connect(self) -> None:
        self._engine.state_changed.connect(self._show_engine)
        self.tools.undo.clicked.connect(self._undo)
        self.tools.redo.clicked.connect(lambda: self.changes.redo())
        self.tools.protect.clicked.connect(self._protect)
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

    def open_person(self, key: str) -> None:
        """Show the page of one person."""
        self.show_page("people")
        self.people.open_person(key)

    def _show_engine(self, state: EngineState) -> None:
        """Ask for the passphrase, instead of every page, while people are locked."""
        self.segments.setEnabled(not state.locked)
        for button in (self.tools.undo, self.tools.redo):
            button.setEnabled(state.loaded and not state.locked)
        if state.locked != self._locked:
            self._locked = state.locked
            self.show_instead(self._unlock_card() if state.locked else None)
        else:
            self.show_page(self.segments.current)

    def _unlock_card(self) -> QWidget:
        from facecam.app.people.unlocking import UnlockCard

        around = QWidget(self)
        grid = QGridLayout(around)
        middle = Qt.AlignmentFlag.AlignCenter
        grid.addWidget(UnlockCard(self._engine, self._tasks, self), 0, 0, middle)
        return around

    def _protect(self) -> None:
        """Turn the protection on or off."""
        from facecam.app.people.protecting import ProtectionDialog

        ProtectionDialog(self._engine, self._tasks, self.window()).exec()

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back from a person."""
        if event.key() == Qt.Key.Key_Escape and self.segments.current == "people":
            self.people.back()
        else:
            super().keyPressEvent(event)
