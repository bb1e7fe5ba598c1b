"""Two questions about pictures: whose are they, and what is a new person called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

from facecam.app import words
from facecam.app.dialogs import Question
from facecam.app.engine import Engine
from facecam.app.people.cards import BELOW, LINES, CardPainter
from facecam.app.people.entries import Order, entries, found
from facecam.app.people.everyone_model import ENTRY, EveryoneModel
from facecam.app.people.grid import Grid
from facecam.app.people.pictures import Pictures
from facecam.app.people.search import SearchField
from facecam.app.people.shots import Card
from facecam.faces import Identity

if TYPE_CHECKING:
    from facecam.app.tasks import Report
    from facecam.gallery import Gallery, Person

CARD = 136
LABEL = 220
"""Widest name on the button, logical pixels."""


class WhoDialog(Question):
    """Asks whose pictures these are; those who resemble them most come first."""

    def __init__(
        self,
        cards: Sequence[Card],
        people: Sequence[Person],
        pictures: Pictures,
        engine: Engine,
        parent: QWidget | None,
    ) -> None:
        super().__init__(
            f"Whose {'picture is this' if len(cards) == 1 else 'pictures are these'}?",
            "Those who resemble it most come first. Or type the name of a new person.",
            "Move",
            "Cancel",
            parent,
        )
        self._people = list(people)
        self._model = EveryoneModel(self)
        self.search = SearchField("Name", self)
        self.grid = Grid(CARD, LINES, BELOW, self)
        self._arrange(pictures)
        self._show()
        self.search.setFocus()
        key, files = cards[0].person.identity.id, [c.portrait.file for c in cards]

        def work(gallery: Gallery, report: Report) -> list[str]:
            from facecam.report.resemblance import nearest

            return [person.id for person in nearest(gallery.views(), key, files)]

        self._task = engine.ask(work, self._suggest, lambda error: None)
        self.finished.connect(self._task.cancel)

    def _arrange(self, pictures: Pictures) -> None:
        grid = self.grid
        self.yes.setProperty("primary", True)
        self.yes.setDefault(True)
        grid.setModel(self._model)
        grid.setItemDelegate(CardPainter(pictures, grid))
        grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        grid.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        grid.setAcceptDrops(False)
        grid.setAccessibleName("People")
        grid.setFixedSize(3 * CARD + 56, 2 * (CARD + grid.height_below()) + 24)
        grid.opened.connect(self.accept)
        grid.selectionModel().currentChanged.connect(self._say)
        pictures.ready.connect(grid.viewport().update)
        self.search.textChanged.connect(self._show)
        self.search.returnPressed.disconnect()
        self.search.left.connect(grid.setFocus)
        self.column.insertWidget(2, self.search)
        self.column.insertWidget(3, grid)

    @property
    def answer(self) -> str | Identity:
        """The person chosen; the name of a new one."""
        line = self.grid.currentIndex().data(ENTRY)
        return line.person.identity if line else self.search.text().strip()

    def _suggest(self, ids: list[str]) -> None:
        """Put those first who resemble the pictures."""
        place = {key: number for number, key in enumerate(ids)}
        self._people.sort(key=lambda p: place.get(p.identity.id, len(place)))
        self._show()

    def _show(self) -> None:
        text = self.search.text()
        listed = found(entries(self._people, {}), text, Order.NAME)
        keys = {line.key for line in listed}
        lines = [line for line in entries(self._people, {}) if line.key in keys]
        self._model.show_lines(lines)
        if lines:
            self.grid.setCurrentIndex(self._model.index(0))
            self.grid.scrollToTop()
        self._say()

    def _say(self) -> None:
        answer = self.answer
        name = answer if isinstance(answer, str) else answer.name
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, LABEL)
        verb = "New person:" if isinstance(answer, str) else "Move to"
        self.yes.setText(f"{verb} {short}".replace("&", "&&"))
        self.yes.setEnabled(bool(name))


class NameDialog(Question):
    """Asks what the person is called whom pictures are split off to."""

    def __init__(self, pictures: str, parent: QWidget | None) -> None:
        super().__init__(
            "Split off a new person",
            f"They get {pictures}.",
            "Split off",
            "Cancel",
            parent,
        )
        self.yes.setProperty("primary", True)
        self.yes.setDefault(True)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("Name")
        self.line.setAccessibleName("Name")
        self.line.textChanged.connect(
            lambda text: self.yes.setEnabled(bool(words.plain(text)))
        )
        self.yes.setEnabled(False)
        self.column.insertWidget(2, self.line)
        self.line.setFocus()

    @property
    def name(self) -> str:
        """What was typed."""
        return self.line.text().strip()
