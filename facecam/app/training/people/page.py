"""How faces are named: fitted again, measured, explained.

Left: the fit, the setting and what the last change did. Right: everybody, how surely
they are recognised and what would help.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facecam.app import differences
from facecam.app.empty_state import Choice, EmptyState, Message
from facecam.app.engine import Engine
from facecam.app.people.unlocking import UnlockCard
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails
from facecam.app.training.people import saying
from facecam.app.training.people.cards import (
    ChangesCard,
    ElsewhereCard,
    FitCard,
    SettingCard,
)
from facecam.app.training.people.elsewhere import Elsewhere
from facecam.app.training.people.everybody import EverybodyCard
from facecam.app.training.people.fitting import Fitting
from facecam.app.training.people.measuring import Measuring
from facecam.app.training.people.rows import person_rows
from facecam.app.training.people.saying import Line

if TYPE_CHECKING:
    from facecam.gallery.refits import Fit

SETTLE = 300
"""Milliseconds after a change until the people are read anew."""
NARROW = 900
"""Below this width the cards stand above the table, logical pixels."""
SIDE = 312
"""Width of the cards beside the table."""
NOBODY = Message(
    "Nobody is enrolled yet",
    "Each person has a small classifier, learned from their pictures in a moment. "
    "Enrol somebody, and this page says how surely they are recognised and what would "
    "help.",
    "person",
    choices=(
        Choice("enrol", "Enrol with the camera", "person-add", primary=True),
        Choice("pictures", "From pictures…", "picture"),
        Choice("folder", "From a folder…", "folder"),
    ),
)
NO_NET = Message(
    "Faces cannot be named yet",
    "The model that tells people apart is not installed. The Live place offers it.",
    "download",
)
LOADING = Message("Loading the people", icon="person", busy=True)


class ClassifierPage(QWidget):
    """The classifiers of the people: fitted in the background, measured, explained."""

    report_wanted = Signal()
    """The report card is to be shown."""
    person_wanted = Signal(str)
    """A person is to be opened: the id."""
    enrol_wanted = Signal(str)
    """Somebody is to be enrolled: "enrol" by camera, from "pictures" or a "folder"."""

    def __init__(
        self, engine: Engine, tasks: Tasks, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self.fitting = Fitting(engine, self)
        self.measuring = Measuring(engine, tasks, self)
        self.elsewhere = Elsewhere(engine, self)
        self._thumbnails = Thumbnails(tasks, engine.thumbnail, self)
        self._stale = True
        self._settle = QTimer(self, singleShot=True, interval=SETTLE)
        self._settle.timeout.connect(self._look)
        self.empty = EmptyState(self)
        self.locked = QWidget(self)
        self.area = QScrollArea(self, widgetResizable=True)
        self.outside = ElsewhereCard(self.area)
        self.fit = FitCard(self.area)
        self.setting = SettingCard(self.area)
        self.changes = ChangesCard(self.area)
        self.everybody = EverybodyCard(self._face, self.area)
        self.stack = QStackedWidget(self)
        self.pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._arrange()
        self._connect()
        self._show()

    def show_page(self) -> None:
        """Look whether anything has changed since."""
        self._show()
        if self._stale:
            self._look()

    # Arranging --------------------------------------------------------------------

    def _arrange(self) -> None:
        middle = Qt.AlignmentFlag.AlignCenter
        unlock = UnlockCard(self._engine, self._tasks, self.locked)
        QGridLayout(self.locked).addWidget(unlock, 0, 0, middle)
        self.locked.setFocusProxy(unlock)
        self._side = QWidget(self.area)
        cards = QVBoxLayout(self._side)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(16)
        for card in (self.fit, self.setting, self.changes):
            cards.addWidget(card)
        cards.addStretch(1)
        self.pair.setSpacing(16)
        self.pair.addWidget(self._side)
        self.pair.addWidget(self.everybody, 1)
        whole = QWidget(self.area)
        whole.setObjectName("column")
        column = QVBoxLayout(whole)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addWidget(self.outside)
        column.addLayout(self.pair, 1)
        self.area.setWidget(whole)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for widget in (self.empty, self.locked, self.area):
            self.stack.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)

    def _connect(self) -> None:
        self._engine.people_changed.connect(self._people_changed)
        self._engine.state_changed.connect(lambda state: self._show())
        self.empty.chosen.connect(self.enrol_wanted)
        self.fit.wanted.connect(self.fitting.start)
        self.outside.wanted.connect(lambda: self.fitting.start(False))
        self.fit.doing.cancelled.connect(self.fitting.cancel)
        self.fitting.progressed.connect(self.fit.doing.tell)
        self.fitting.changed.connect(self._show)
        self.setting.wanted.connect(self.report_wanted)
        self.everybody.opened.connect(self.person_wanted)
        self.everybody.measure.clicked.connect(self.measuring.measure)
        self.everybody.doing.cancelled.connect(self.measuring.cancel)
        self.measuring.progressed.connect(self.everybody.doing.tell)
        self.measuring.changed.connect(self._show)
        self.elsewhere.changed.connect(self._show_elsewhere)
        self._thumbnails.ready.connect(self.everybody.table.people.refresh)

    # Following --------------------------------------------------------------------

    def _people_changed(self, people: object) -> None:
        self._stale = True
        self._show()
        if self.isVisible():
            self._settle.start()

    def _look(self) -> None:
        state = self._engine.state
        if state.loaded and state.can_name and self._engine.people:
            self._stale = False
            self.measuring.look()

    def _face(self, identity_id: str) -> QImage | None:
        for person in self._engine.people:
            if person.identity.id == identity_id:
                return self._thumbnails.of(person)
        return None

    # Showing ----------------------------------------------------------------------

    def _show(self) -> None:
        state = self._engine.state
        if state.locked:
            self.stack.setCurrentWidget(self.locked)
        elif message := self._message():
            self.empty.show_message(message)
            self.stack.setCurrentWidget(self.empty)
        else:
            self.stack.setCurrentWidget(self.area)
            self._show_fit()
            self._show_setting()
            self._show_changes()
            self._show_everybody()
            self._show_elsewhere()

    def _message(self) -> Message | None:
        """Say why there is nothing to show; None if there is something."""
        state = self._engine.state
        if state.problem:
            return Message("Faces cannot be named", state.problem, "warning")
        if not state.loaded:
            return LOADING
        if not state.can_name:
            return NO_NET
        return None if self._engine.people else NOBODY

    def _show_fit(self) -> None:
        fit, busy = self._last, self.fitting.busy
        people = self._engine.people
        pictures = sum(len(person.portraits) for person in people)
        self.fit.learned.setText(saying.learned(len(people), pictures))
        self.fit.about.setText(saying.fitted(fit) if fit else saying.ABOUT)
        self.fit.show_busy(busy)
        done = self.fitting.fit if not busy else None
        self.fit.show_outcome(saying.outcome(done) if done else "", self.fitting.error)

    def _show_setting(self) -> None:
        kept, strangers = self.measuring.kept, self._strangers
        now = kept.now if kept and not self.measuring.stale else None
        said = saying.recognised(now, strangers)
        self.setting.show_setting(saying.threshold(strangers), said)

    def _show_changes(self) -> None:
        fit, kept = self._last, self.measuring.kept
        names = {p.identity.id: p.identity.name for p in self._engine.people}
        lines = saying.changes(fit, names) if fit else []
        if kept is not None and not self.measuring.stale:
            lines += saying.moved(kept, self._strangers, names)
        lines += saying.untouched(fit) if fit else []
        taken = self._engine.taken_over
        if taken is not None:
            said = differences.said(taken.differences, self._engine.people)
            if said:
                lines.append(Line("import", saying.taken_over(taken.when, said)))
        when = f"Fitted {saying.at(fit.when)}." if fit else ""
        self.changes.show_lines(when, lines or [Line("info", saying.NOTHING)])

    def _show_everybody(self) -> None:
        measuring, config = self.measuring, self._engine.config
        now = measuring.kept.now if measuring.kept else None
        rows = person_rows(self._engine.people, now, config)
        self.everybody.show_rows(rows)
        note = saying.measured(now, measuring.stale, measuring.expected)
        self.everybody.show_state(measuring.busy, note, measuring.error)

    def _show_elsewhere(self) -> None:
        seen = self.elsewhere
        said = differences.said(seen.differences, seen.people)
        self.outside.show_changes("" if self.fitting.busy else said)

    @property
    def _last(self) -> Fit | None:
        """What the last fit that changed anything did."""
        return self.measuring.snapshot.fit if self.measuring.snapshot else None

    @property
    def _strangers(self) -> float:
        return self._engine.config.identifier.strangers_per_wrong_name

    def showEvent(self, event: QShowEvent) -> None:
        """Look for changes made elsewhere while this is looked at."""
        super().showEvent(event)
        self.elsewhere.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no more."""
        super().hideEvent(event)
        self.elsewhere.watch(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards above the table where there is little room."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        direction = QBoxLayout.Direction
        self.pair.setDirection(
            direction.TopToBottom if narrow else direction.LeftToRight
        )
        widest = 16777215 if narrow else SIDE  # QWIDGETSIZE_MAX
        self._side.setMinimumWidth(0 if narrow else SIDE)
        self._side.setMaximumWidth(widest)
