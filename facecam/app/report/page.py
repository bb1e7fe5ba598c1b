"""The page of the report card: what this gallery can promise, and to whom.

Made when it is first looked at, and again when the people change while it is shown. A
line says for which gallery it was made; making it never holds up anything else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from facecam.app import words
from facecam.app.empty_state import Choice, EmptyState, Message
from facecam.app.engine import Engine
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.report.tools import ReportTools
from facecam.app.settings import Settings
from facecam.app.tasks import Report, Task, Tasks
from facecam.config import chosen, load
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.app.report.sheet import Sheet
    from facecam.gallery import Gallery
    from facecam.report.card import Enrolled, ReportCard

LANE = "report"
NOBODY = Message(
    "Nobody is enrolled yet",
    "Once somebody is, this page says how surely they are recognised, and at which "
    "price in wrong names.",
    "person",
    choices=(Choice("enrol", "Enrol with the camera", "person-add", primary=True),),
)
NO_NET = Message(
    "Faces cannot be named yet",
    "The model that tells people apart is not installed. The Live place offers it.",
    "download",
)
MAKING = Message(
    "Making the report card",
    "Every picture is tried as if it were new, against strangers.",
    "timings",
    busy=True,
)
WAITING = Message("Loading the people…", icon="person", busy=True)
UNEXPECTED = "The report card could not be made. The details are in the log."


class ReportPage(QWidget):
    """Shows the card; makes it in the background."""

    enrol_wanted = Signal(str)
    """Somebody is to be enrolled: "enrol" with the camera."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._tasks, self._settings = engine, tasks, settings
        self.card: ReportCard | None = None
        self._task: Task | None = None
        self._stale = True
        self._problem = ""
        self._before: float | None = None
        self.sheet: Sheet | None = None
        self.tools = ReportTools(self)
        self.tools.refresh.clicked.connect(self.refresh)
        self.tools.cancel.clicked.connect(self.cancel)
        self.empty = EmptyState(self)
        self.empty.chosen.connect(self.enrol_wanted)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.toasts = Notices(self)
        self.toasts.fitted.connect(self._arrange_toasts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        engine.people_changed.connect(self._people_changed)
        engine.state_changed.connect(lambda state: self._show())
        self._show()

    def show_page(self) -> None:
        """Make the card if the people have changed since the last one."""
        if self._stale and self._task is None:
            self.refresh()

    def refresh(self) -> None:
        """Make the card anew."""
        self.cancel()
        self._problem = ""
        if self._engine.state.loaded and self._engine.state.can_name:
            if self._engine.people:
                self._begin()
            else:
                self.card, self._stale = None, False
        self._show()

    def cancel(self) -> None:
        """Stop making a card; the one before stays, marked as old."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._show()

    def apply(self, strangers: float) -> None:
        """Name faces with another setting from now on, and after the next start."""
        before = self._engine.config.identifier.strangers_per_wrong_name
        if not self._choose(strangers):
            return
        self._before = before

        def undo() -> None:
            self.undo()

        text = f"About 1 wrong name per {strangers:,.0f} strangers from now on."
        actions = (Action("Undo", undo),)
        self._say(Notice("setting", text, "done", actions, seconds=SHORTLY))

    def undo(self) -> bool:
        """Take back the setting, while that is still said; tell whether it was."""
        before, self._before = self._before, None
        if before is None or not self.toasts.text("setting"):
            return False
        self.toasts.hide_notice("setting")
        self._choose(before)
        return True

    def _choose(self, strangers: float) -> bool:
        """Remember a setting and use it; False if it cannot be."""
        config = self._engine.config
        try:
            part, name = "identifier", "strangers_per_wrong_name"
            chosen.choose(config.home, part, name, strangers)
            said = load(config.home).identifier.strangers_per_wrong_name
        except (OSError, FacecamError) as error:
            text = f"The setting cannot be kept: {error}"
            self._say(Notice("setting", text, "error"))
            return False
        if said != strangers:
            text = (
                f"facecam.toml says {said:,.0f} strangers per wrong name, and that "
                "wins. Take the line out of it to choose here."
            )
            self._say(Notice("setting", text, "error"))
            return False
        identifier = replace(config.identifier, strangers_per_wrong_name=strangers)
        self._engine.config = replace(config, identifier=identifier)
        self._applying = True
        self._engine.change(lambda gallery: None, self._in_use, self._failed)
        if self.card is not None:
            self.card = replace(self.card, setting=strangers)
        self._show()
        return True

    def _in_use(self, _: None) -> None:
        """The identifier has the setting; the card, made of evidence, still holds."""
        self._applying = False

    _applying = False

    # Making the card --------------------------------------------------------------

    def _begin(self) -> None:
        config = self._engine.config

        def read(gallery: Gallery, report: Report) -> Enrolled:
            from facecam import pipeline
            from facecam.report.card import Enrolled

            identifier = pipeline.fit_identifier(config, gallery)
            return Enrolled(gallery.examples(), gallery.views(), identifier)

        self._stale = False
        self.tools.show_progress("Reading the people", 0.0)
        self._task = self._engine.ask(read, self._try, self._failed)

    def _try(self, enrolled: Enrolled) -> None:
        config = self._engine.config.report

        def work(report: Report) -> ReportCard:
            from facecam.report.card import make_card

            return make_card(enrolled, config, report)

        self._task = self._tasks.start_reporting(
            work, self._progressed, self._made, self._failed, LANE
        )

    def _progressed(self, text: str, share: float) -> None:
        self.tools.show_progress(text, share)

    def _made(self, card: ReportCard) -> None:
        self._task = None
        self.card = card
        self._show()
        if self._stale and self.isVisible():
            self.refresh()

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._stale = True
        self._problem = str(error) if isinstance(error, FacecamError) else UNEXPECTED
        self._show()
        if not isinstance(error, FacecamError):
            raise error

    def _people_changed(self, people: object) -> None:
        if self._applying:
            return
        self._stale = True
        if self.isVisible():
            QTimer.singleShot(0, self.refresh)
        else:
            self._show()

    # Showing it -------------------------------------------------------------------

    def _show(self) -> None:
        busy, card = self._task is not None, self.card
        self.tools.show_state(busy, self._made_at(), self._stale and not busy)
        if card is None or not card.people or not self._engine.people:
            self.empty.show_message(self._message())
            self.stack.setCurrentWidget(self.empty)
            return
        if self.sheet is None:
            self.sheet = self._make_sheet()
        if self.sheet.card is not card:
            self.sheet.show_card(card)
        self.stack.setCurrentWidget(self.sheet)

    def _message(self) -> Message:
        state = self._engine.state
        if self._problem or state.problem:
            return Message("No report card", self._problem or state.problem, "warning")
        if not state.loaded:
            return WAITING
        if not state.can_name:
            return NO_NET
        return MAKING if self._engine.people else NOBODY

    def _make_sheet(self) -> Sheet:
        from facecam.app.report.sheet import Sheet

        sheet = Sheet(self._engine, self._tasks, self)
        sheet.setting.applied.connect(self.apply)
        self.stack.addWidget(sheet)
        return sheet

    def _made_at(self) -> str:
        """Say for which gallery the card was made."""
        if self.card is None:
            return ""
        when = datetime.fromisoformat(self.card.made).astimezone()
        who = words.people(self.card.people)
        return f"{who}, as of {when:%H:%M}"

    def _say(self, notice: Notice) -> None:
        self.toasts.show_notice(notice)
        self._arrange_toasts()

    def _arrange_toasts(self) -> None:
        size = self.toasts.size_in(self.width())
        self.toasts.resize(size)
        left = (self.width() - size.width()) // 2
        self.toasts.move(left, self.height() - size.height())
        self.toasts.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the notices in their place."""
        super().resizeEvent(event)
        self._arrange_toasts()
