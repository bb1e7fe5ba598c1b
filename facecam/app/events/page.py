"""Who was seen when: a table with filters, export, and how long it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facecam.app.corrections import Corrections, Wrong
from facecam.app.empty_state import Choice, EmptyState, Message
from facecam.app.engine import Engine
from facecam.app.events import table
from facecam.app.events.filters import Filters
from facecam.app.events.table import Line, LinePainter, VisitsModel
from facecam.app.keeping import Keeping
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.retention import Retention
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails
from facecam.app.views import View
from facecam.errors import FacecamError
from facecam.faces import Identity

if TYPE_CHECKING:
    from facecam.events import Visit, Wanted
    from facecam.keeping.keeper import Keeper

SPANS = (
    ("for a day", 1.0),
    ("for a week", 7.0),
    ("for 30 days", 30.0),
    ("for 90 days", 90.0),
    ("for a year", 365.0),
)
"""For how long visits can be kept, days."""
ON, ALL = "on", "all"


@dataclass(frozen=True)
class Found:
    """What the page was told."""

    visits: tuple[Visit, ...]
    matching: int
    everywhere: int
    sources: tuple[str, ...]
    refusable: tuple[int, ...]
    """Of which visits a view is in memory."""


class EventsPage(QWidget):
    """The visits kept."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._settings = engine, settings
        self.keeping = Keeping.of(engine, tasks)
        self._thumbnails = Thumbnails(tasks, engine.thumbnail, self)
        self._found = Found((), 0, 0, (), ())
        self.tools = QWidget(self)
        self.retention = Retention("Keep visits", SPANS, self.tools)
        self.filters = Filters(self)
        self.empty = EmptyState(self)
        self.toasts = Notices(self)
        self.corrections = Corrections(engine, self.keeping, self.toasts, self)
        self.model = VisitsModel(engine.config.window, self)
        self.table = self._make_table()
        self._arrange()
        self._connect()
        self._show_choices()

    def _make_table(self) -> QTableView:
        shown = QTableView(self)
        shown.setModel(self.model)
        shown.setItemDelegate(LinePainter(shown))
        shown.setAccessibleName("Visits")
        shown.setShowGrid(False)
        shown.setFrameShape(QFrame.Shape.NoFrame)
        shown.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        shown.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        shown.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        shown.setTabKeyNavigation(False)
        shown.verticalHeader().hide()
        shown.verticalHeader().setDefaultSectionSize(table.HEIGHT)
        header = shown.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(table.WHO, QHeaderView.ResizeMode.Stretch)
        sizes = {
            table.WHEN: 210,
            table.LASTED: 100,
            table.WHERE: 160,
            table.SURE: 96,
            table.WRONG: 56,
        }
        for column, width in sizes.items():
            header.resizeSection(column, width)
        shown.installEventFilter(self)
        return shown

    def _arrange(self) -> None:
        beside = QHBoxLayout(self.tools)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addStretch(1)
        beside.addWidget(self.retention)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.retention.chosen.connect(self._choose)
        self.keeping.changed.connect(self._show_choices)
        self.keeping.written.connect(self._refresh)
        self.keeping.failed.connect(self._say_problem)
        self._engine.people_changed.connect(self._people_changed)
        self._engine.state_changed.connect(lambda _: self._refresh())
        self._thumbnails.ready.connect(self._show_lines)
        self.filters.changed.connect(self.read)
        self.filters.export.clicked.connect(self.export)
        self.filters.clear.clicked.connect(self.clear)
        self.empty.chosen.connect(self._chosen)
        self.table.clicked.connect(self._clicked)
        self.toasts.fitted.connect(self._arrange_toasts)

    def show_page(self) -> None:
        """Look at what is kept now."""
        self.filters.show_people(self._engine.people)
        self.read()

    def read(self) -> None:
        """Read the visits that are wanted."""
        wanted, present = self._wanted(), self._present()
        limit = self._engine.config.events.listed

        def work(keeper: Keeper) -> Found:
            events = keeper.events
            visits = tuple(events.visits(wanted, present))
            known = [v.number for v in visits[:limit] if keeper.sight(v.number)]
            sources = tuple(events.sources())
            count = events.count()
            return Found(visits[:limit], len(visits), count, sources, tuple(known))

        self.keeping.ask(work, self._got, self._failed)

    def refuse(self, line: Line) -> None:
        """Learn that a visit was not who it is called."""
        number = line.visit.number
        sight = self.keeping.keeper.sight(number)
        if not line.refusable or sight is None:
            return
        view = View(sight.image, sight.box, sight.landmarks, sight.quality, sight.taken)
        identity = Identity(line.visit.person, line.name)

        def restore() -> None:
            self._change(lambda keeper: keeper.events.rename(line.visit))

        def unname(keeper: Keeper) -> None:
            keeper.settle(number)
            keeper.events.unname(number)

        self.corrections.refuse(Wrong(identity, (view,), undone=restore))
        self._change(unname)

    def export(self) -> None:
        """Save the visits that are shown as a file of the user's choice."""
        start = str(Path(self._settings.text("events/export")) / "visits.csv")
        kinds = "Table (*.csv);;JSON (*.json)"
        path, _ = QFileDialog.getSaveFileName(self, "Export visits", start, kinds)
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Save the visits that are wanted, all of them, as CSV or JSON."""
        self._settings.keep("events/export", str(path.parent))
        wanted, present, names = self._wanted(), self._present(), self._names()

        def work(keeper: Keeper) -> int:
            from facecam.events import save

            visits = keeper.events.visits(wanted, present)
            save(path, visits, names)
            return len(visits)

        def done(count: int) -> None:
            text = f"{count:,} visits are in {path.name}."
            self._say(Notice("export", text, "done", seconds=SHORTLY))

        self.keeping.ask(work, done, self._failed)

    def clear(self) -> None:
        """Delete every visit, after asking in place: it cannot be undone."""

        def sure() -> None:
            self.toasts.hide_notice("clear")
            self._change(lambda keeper: keeper.events.clear())

        text = f"Delete all {self._found.everywhere:,} visits for good?"
        actions = (
            Action("Keep them", lambda: self.toasts.hide_notice("clear")),
            Action("Delete", sure, primary=True),
        )
        self._say(Notice("clear", text, "error", actions, closable=False))

    def _change(self, work: Callable[[Keeper], object]) -> None:
        self.keeping.ask(work, lambda _: self.keeping.written.emit(), self._failed)

    def _got(self, found: Found) -> None:
        self._found = found
        self.toasts.hide_notice("problem")
        self.filters.show_sources(found.sources)
        self.filters.show_count(len(found.visits), found.matching)
        self._show_lines()
        self._show_choices()

    def _show_lines(self) -> None:
        people = {person.identity.id: person for person in self._engine.people}
        seen = {visit.person for visit in self._found.visits} & people.keys()
        pictures = {key: self._thumbnails.of(people[key]) for key in seen}
        found = self._found
        rows = table.lines(found.visits, self._names(), pictures, found.refusable)
        self.model.show_lines(rows)

    def _show_choices(self) -> None:
        """Let switch, filters and the empty state follow."""
        choices, found = self.keeping.choices, self._found
        span = f"for {choices.days:g} days"
        self.retention.show_choice(choices.events, choices.days, span)
        self.filters.setVisible(found.everywhere > 0)
        self.stack.setCurrentWidget(self.table if found.visits else self.empty)
        self.empty.show_message(message(choices.events, found.everywhere > 0))

    def _choose(self, kept: bool, days: float) -> None:
        self.keeping.choose(replace(self.keeping.choices, events=kept, days=days))

    def _chosen(self, key: str) -> None:
        if key == ALL:
            self.filters.reset()
        else:
            self._choose(True, self.keeping.choices.days)

    def _clicked(self, index: table.Index) -> None:
        if index.column() == table.WRONG:
            self.refuse(index.data(table.VISIT))

    def _people_changed(self) -> None:
        if self.isVisible():
            self.show_page()

    def _refresh(self) -> None:
        if self.isVisible():
            self.read()

    def _wanted(self) -> Wanted:
        return self.filters.wanted(self._present())

    def _present(self) -> Sequence[str]:
        return [person.identity.id for person in self._engine.people]

    def _names(self) -> dict[str, str]:
        return {p.identity.id: p.identity.name for p in self._engine.people}

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, FacecamError):
            raise error
        self._say_problem(str(error))

    def _say_problem(self, text: str) -> None:
        if text:
            self._say(Notice("problem", text, "error"))
        else:
            self.toasts.hide_notice("problem")

    def _say(self, notice: Notice) -> None:
        self.toasts.show_notice(notice)

    def _arrange_toasts(self) -> None:
        """Put what was done at the bottom, in the middle."""
        size = self.toasts.size_in(self.width())
        left = (self.width() - size.width()) // 2
        top = self.height() - size.height() + 8
        self.toasts.setGeometry(left, top, size.width(), size.height())
        self.toasts.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """N in the table refuses a name."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            line: Line | None = self.table.currentIndex().data(table.VISIT)
            if event.key() == Qt.Key.Key_N and line is not None:
                self.refuse(line)
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line at the bottom in its place."""
        super().resizeEvent(event)
        self._arrange_toasts()


def message(kept: bool, some: bool) -> Message:
    """Say why there is nothing to see: filtered, not kept, or nobody came."""
    if some:
        everything = (Choice(ALL, "Show all visits", "clock", primary=True),)
        text = "Choose other people, days or places."
        return Message("No such visit", text, "clock", choices=everything)
    if kept:
        text = "Everybody in view for a second or more is listed here when they leave."
        return Message("Nobody was seen so far", text, "clock")
    return Message(
        "Visits are not kept",
        "Turn this on to see later who was there and when. The list holds no pictures, "
        "stays on this computer, and is deleted after the time you choose.",
        "clock",
        choices=(Choice(ON, "Keep visits", "clock", primary=True),),
    )
