"""Everybody or one person: goes from one to the other and makes the changes asked for.

The widgets below only say what is wanted; here it becomes a change of the gallery
with a line that says so and takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from facecam.app.engine import Engine
from facecam.app.people.changing import Changes
from facecam.app.people.everyone import Everyone
from facecam.app.people.pictures import Pictures
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.faces import Identity

if TYPE_CHECKING:
    from facecam.app.people.person_page import PersonPage
    from facecam.gallery import Person


class Around(Protocol):
    """What the place around a page gives it."""

    changes: Changes
    pictures: Pictures


class PeoplePage(QWidget):
    """The grid of everybody and, over it, one person."""

    enrol_wanted = Signal(str)

    def __init__(
        self, engine: Engine, tasks: Tasks, settings: Settings, around: Around
    ) -> None:
        assert isinstance(around, QWidget)
        super().__init__(around)
        self._engine, self._tasks = engine, tasks
        self._changes, self._pictures = around.changes, around.pictures
        self.everyone = Everyone(engine, around.pictures, settings, self)
        self.tools = self.everyone.tools
        self._person: PersonPage | None = None
        self._seen: dict[str, float] = {}
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.everyone)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self.everyone)
        self._connect()
        self.everyone.show_people(engine.people)

    def _connect(self) -> None:
        everyone = self.everyone
        self._engine.people_changed.connect(self._show_people)
        self._engine.state_changed.connect(
            lambda state: everyone.show_people(self._engine.people)
        )
        everyone.chosen.connect(self.enrol_wanted)
        everyone.opened.connect(lambda person: self.open_person(person.identity.id))
        everyone.renamed.connect(self.rename)
        everyone.merge_wanted.connect(self.merge)
        everyone.forget_wanted.connect(self.forget)
        everyone.dropped.connect(self.add_files)
        everyone.refused.connect(lambda text: self._changes.say(text, None))
        QShortcut(QKeySequence("Ctrl+M"), everyone, everyone.merge)

    @property
    def person(self) -> PersonPage:
        """The page of one person, built when first needed."""
        if self._person is None:
            from facecam.app.people.person_page import PersonPage

            page = PersonPage(self._engine, self._pictures, self._changes, self)
            page.left.connect(self.back)
            page.renamed.connect(self.rename)
            page.forget_wanted.connect(self.forget)
            page.dropped.connect(self.add_files)
            page.person_wanted.connect(self.open_person)
            page.show_seen(self._seen)
            self._person = page
            self._stack.addWidget(page)
        return self._person

    def show_page(self) -> None:
        """Ask when people were last seen, now that somebody looks."""
        home, config = self._engine.config.home, self._engine.config
        present = [person.identity.id for person in self._engine.people]

        def work() -> dict[str, float]:
            from facecam.events import Events

            return Events(home, config.events).last_seen(present)

        self._tasks.start(work, self._show_seen, lambda error: None, lane="look")

    def open_person(self, key: str) -> None:
        """Show one person."""
        for person in self._engine.people:
            if person.identity.id == key:
                self.person.show_person(person)
                self._stack.setCurrentWidget(self.person)
                self.tools.hide()
                self.person.setFocus()

    def back(self) -> None:
        """Show everybody again, the person just seen selected."""
        if self._stack.currentWidget() is not self.everyone:
            self._stack.setCurrentWidget(self.everyone)
            self.tools.show()
            self.everyone.go_to(self.person.key)
            self.everyone.setFocus()

    def find_person(self) -> None:
        """Find a person by name."""
        self.back()
        self.everyone.find_person()

    def rename(self, identity: Identity, name: str) -> None:
        """Give a person another name."""
        self._changes.do(
            f"{identity.name} is now called {name}.",
            lambda gallery: gallery.rename(identity.id, name),
        )

    def merge(self, people: Sequence[Person]) -> None:
        """Ask which name stays, and make one person of several."""
        from facecam.app.people.merging import merge

        merge(people, self._changes, self._pictures, self.window())

    def forget(self, person: Person) -> None:
        """Ask before forgetting: the only deed here that cannot be undone."""
        from facecam.app.people.forgetting import ForgetDialog

        self.back()
        ForgetDialog(self._engine, self._tasks, person, self.window()).exec()

    def add_files(self, person: Person, paths: Sequence[Path]) -> None:
        """Give a person the pictures of files."""
        from facecam.app.people.adding import add_files

        add_files(self._changes, person.identity, paths)

    def _show_people(self, people: tuple[Person, ...]) -> None:
        self.everyone.show_people(people)
        if self._person is not None and self._stack.currentWidget() is self._person:
            here = [p for p in people if p.identity.id == self._person.key]
            if here:
                self._person.show_person(here[0])
            else:
                self.back()

    def _show_seen(self, seen: dict[str, float]) -> None:
        self._seen = seen
        self.everyone.show_seen(seen)
        if self._person is not None:
            self._person.show_seen(seen)
