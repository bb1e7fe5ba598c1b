"""Strangers who were seen: a card each, to be named, ignored or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facecam.app.empty_state import EmptyState
from facecam.app.engine import Engine
from facecam.app.flow import Flow
from facecam.app.keeping import Keeping
from facecam.app.notices import Notice, Notices
from facecam.app.retention import Retention
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails
from facecam.app.unknowns import saying
from facecam.app.unknowns.bar import ChosenBar
from facecam.app.unknowns.card import StrangerCard
from facecam.app.unknowns.deeds import Deeds
from facecam.app.unknowns.strangers import Stranger, Strangers
from facecam.app.views import View
from facecam.app.who_is_this import Answer, WhoIsThis
from facecam.faces import Face

if TYPE_CHECKING:
    from facecam.gallery import Person
    from facecam.inbox import Sight

TICK = 30_000
"""Milliseconds between two looks at what the cards say of time."""


class UnknownsPage(QWidget):
    """The inbox of unknown people."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self.keeping = Keeping.of(engine, tasks)
        self.strangers = Strangers(engine, tasks, self.keeping, self)
        self.cards: dict[str, StrangerCard] = {}
        self._asked: tuple[str, ...] = ()
        self.tools = QWidget(self)
        self.retention = Retention("Keep strangers", saying.SPANS, self.tools)
        self.empty = EmptyState(self)
        self.toasts = Notices(self)
        self.deeds = Deeds(engine, self.keeping, self.toasts, self)
        self.question = WhoIsThis(Thumbnails(tasks, engine.thumbnail, self), self)
        self.bar = ChosenBar(self)
        self._arrange()
        self._connect()
        self._show_choices()
        self._show()

    def _arrange(self) -> None:
        beside = QHBoxLayout(self.tools)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addStretch(1)
        beside.addWidget(self.retention)
        inside = QWidget(self)
        inside.setObjectName("column")
        self._flow = Flow(self._part(inside), 16)
        around = QVBoxLayout(inside)
        around.setContentsMargins(24, 24, 24, 24)
        grid = self._flow.parentWidget()
        assert grid is not None
        around.addWidget(grid)
        around.addWidget(self._make_foot(inside))
        around.addStretch(1)
        self.area = QScrollArea(self, widgetResizable=True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addWidget(self.bar)

    def _part(self, parent: QWidget) -> QWidget:
        part = QWidget(parent)
        part.setObjectName("column")
        return part

    def _make_foot(self, parent: QWidget) -> QWidget:
        """A line about those who are ignored."""
        self.foot = self._part(parent)
        self.ignored = QLabel(self.foot)
        self.ignored.setObjectName("quiet")
        self.heed = QPushButton("Notice them again", self.foot)
        self.heed.setProperty("link", True)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 16, 0, 0)
        row.addWidget(self.ignored)
        row.addWidget(self.heed)
        row.addStretch(1)
        return self.foot

    def _connect(self) -> None:
        keeping = self.keeping
        self.retention.chosen.connect(self._choose)
        keeping.changed.connect(self._show_choices)
        keeping.written.connect(self._refresh)
        keeping.failed.connect(self._say_problem)
        self.strangers.changed.connect(self._show)
        self.strangers.failed.connect(self._say_problem)
        self._engine.people_changed.connect(self._people_changed)
        self.empty.chosen.connect(lambda _: self._choose(True, keeping.choices.hours))
        self._engine.state_changed.connect(lambda _: self._refresh())
        self.question.answered.connect(self._answered)
        self.question.closed.connect(self._return_focus)
        self.toasts.fitted.connect(self._arrange_toasts)
        self.bar.name.clicked.connect(lambda: self.ask(self.chosen))
        self.bar.ignore.clicked.connect(lambda: self.deeds.ignore(self.chosen))
        self.bar.delete.clicked.connect(lambda: self.deeds.delete(self.chosen))
        self.bar.leave.clicked.connect(self.choose_none)
        self.heed.clicked.connect(self.deeds.heed)
        clock = QTimer(self, interval=TICK)
        clock.timeout.connect(self._refresh)
        clock.start()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The groups that are chosen."""
        return tuple(key for key, card in self.cards.items() if card.chosen)

    def show_page(self) -> None:
        """Look at what is kept now."""
        self.strangers.read()

    def undo(self) -> bool:
        """Take back what was just done here; tell whether there was anything."""
        return self.deeds.undo()

    def ask(self, groups: Sequence[str]) -> None:
        """Ask who the stranger of one group is, or of several at once."""

        def ready(views: list[Sight]) -> None:
            card = self.cards.get(groups[0])
            if card is not None and views:
                self._asked = tuple(groups)
                self._open(card, views)

        if groups:
            self.strangers.views(groups, ready)

    def choose_none(self) -> None:
        """Leave every card that is chosen."""
        for card in self.cards.values():
            card.choose(False)

    def _open(self, card: StrangerCard, views: list[Sight]) -> None:
        """Open the question beside a card."""
        shown = [View(v.image, v.box, v.landmarks, v.quality, v.taken) for v in views]
        shown.sort(key=lambda view: -view.quality)
        nowhere = np.zeros(4, np.float32), np.zeros((5, 2), np.float32)
        face = Face(*nowhere, 1.0, track=0, match=card.stranger.guess)
        corner = card.mapTo(self, card.rect().topLeft())
        beside = QRect(corner, card.size())
        self.question.ask(face, tuple(shown), self._engine.people, beside)

    def _answered(self, answer: Answer) -> None:
        self.choose_none()
        self.deeds.name(self._asked, answer)

    def _return_focus(self) -> None:
        """Let the keyboard go on where it was."""
        asked = [self.cards[key] for key in self._asked if key in self.cards]
        (asked[0] if asked else self).setFocus()

    def _choose(self, kept: bool, hours: float) -> None:
        choices = self.keeping.choices
        self.keeping.choose(saying.with_strangers(choices, kept, hours))

    def _show_choices(self) -> None:
        choices = self.keeping.choices
        text = f"for {choices.hours:g} hours"
        self.retention.show_choice(choices.inbox, choices.hours, text)
        self._show()

    def _refresh(self) -> None:
        if self.isVisible():
            self.strangers.read()

    def _people_changed(self, people: tuple[Person, ...]) -> None:
        self.question.show_people(people)
        if self.isVisible():
            self.strangers.guess()

    def _show(self) -> None:
        """Show a card for everybody, or why there is none."""
        listed = self.strangers.listed
        here = {stranger.group.id for stranger in listed}
        for gone in self.cards.keys() - here:
            card = self.cards.pop(gone)
            self._flow.removeWidget(card)
            card.deleteLater()
        for place, stranger in enumerate(listed):
            self._show_card(stranger, place)
        self.cards = {s.group.id: self.cards[s.group.id] for s in listed}
        ignored = self.strangers.ignored
        self.foot.setVisible(ignored > 0)
        self.ignored.setText(saying.ignored(ignored))
        self.bar.show_count(len(self.chosen))
        self.stack.setCurrentWidget(self.area if listed else self.empty)
        self.empty.show_message(saying.nobody(self.keeping.choices, ignored))

    def _show_card(self, stranger: Stranger, place: int) -> None:
        key = stranger.group.id
        card = self.cards.get(key)
        if card is None:
            card = self.cards[key] = StrangerCard(stranger, self)
            card.name_wanted.connect(lambda group: self.ask((group,)))
            card.ignore_wanted.connect(lambda group: self.deeds.ignore((group,)))
            card.delete_wanted.connect(lambda group: self.deeds.delete((group,)))
            card.toggled.connect(lambda *_: self.bar.show_count(len(self.chosen)))
        else:
            card.show_stranger(stranger)
        self._flow.move_widget(card, place)

    def _say_problem(self, text: str) -> None:
        if text:
            self.toasts.show_notice(Notice("problem", text, "error"))
        else:
            self.toasts.hide_notice("problem")

    def _arrange_toasts(self) -> None:
        """Put what was done at the bottom, in the middle."""
        size = self.toasts.size_in(self.width())
        left = (self.width() - size.width()) // 2
        top = self.height() - size.height() + 8
        if self.bar.isVisible():
            top -= self.bar.height()
        self.toasts.setGeometry(left, top, size.width(), size.height())
        self.toasts.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the question, then chooses nobody."""
        if event.key() == Qt.Key.Key_Escape and self.question.isVisible():
            self.question.close_card()
        elif event.key() == Qt.Key.Key_Escape and self.chosen:
            self.choose_none()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what floats in its place."""
        super().resizeEvent(event)
        self._arrange_toasts()
        self.question.keep_inside()
