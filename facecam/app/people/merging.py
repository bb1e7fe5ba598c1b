"""Merging people: their faces side by side, and whose name stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QWidget

from facecam.app import words
from facecam.app.dialogs import Question
from facecam.app.people.cards import BELOW, LINES, CardPainter
from facecam.app.people.changing import Changes
from facecam.app.people.entries import entries
from facecam.app.people.everyone_model import ENTRY, EveryoneModel
from facecam.app.people.grid import Grid
from facecam.app.people.pictures import Pictures

if TYPE_CHECKING:
    from facecam.gallery import Gallery, Person

CARD = 148
LABEL = 160
"""Widest name on the button, logical pixels."""
ROWS = 2
"""So many rows of cards are seen at once; more are scrolled to."""


class MergeDialog(Question):
    """Asks whose name stays."""

    def __init__(
        self, people: Sequence[Person], pictures: Pictures, parent: QWidget | None
    ) -> None:
        count = words.pictures(sum(len(person.portraits) for person in people))
        super().__init__(
            f"Merge {words.people(len(people))}?",
            f"They become one person with {count}. Choose the name that stays. "
            "This can be undone.",
            "Merge",
            "Cancel",
            parent,
        )
        self.yes.setProperty("primary", True)
        self.yes.setDefault(True)
        self._model = EveryoneModel(self)
        self.grid = Grid(CARD, LINES, BELOW, self)
        self.grid.setModel(self._model)
        self.grid.setItemDelegate(CardPainter(pictures, self.grid))
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.grid.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.grid.setAcceptDrops(False)
        self.grid.setAccessibleName("The name that stays")
        self.grid.opened.connect(self.accept)
        self.grid.selectionModel().currentChanged.connect(self._say)
        pictures.ready.connect(self.grid.viewport().update)
        most = max(people, key=lambda person: len(person.portraits))
        self._model.show_lines(entries(people, {}))
        self.column.insertWidget(2, self.grid)
        columns = min(max(len(people), 2), 4)
        rows = min(-(-len(people) // columns), ROWS)
        height = rows * (CARD + self.grid.height_below() + 8) + 24
        self.grid.setFixedSize(columns * CARD + 56, height)
        self.grid.setCurrentIndex(self._model.position(most.identity.id))
        self.grid.setFocus()

    @property
    def stays(self) -> Person:
        """Whose name stays."""
        person: Person = self.grid.currentIndex().data(ENTRY).person
        return person

    def _say(self) -> None:
        metrics, elide = self.yes.fontMetrics(), Qt.TextElideMode.ElideRight
        name = metrics.elidedText(self.stays.identity.name, elide, LABEL)
        self.yes.setText(f"Merge into {name}".replace("&", "&&"))


def merge(
    people: Sequence[Person],
    changes: Changes,
    pictures: Pictures,
    parent: QWidget,
) -> None:
    """Ask which name stays, and make one person of several."""
    if len(people) < 2:
        return
    dialog = MergeDialog(people, pictures, parent)
    if not dialog.agreed():
        return
    into, ids = dialog.stays.identity, [person.identity.id for person in people]
    others = [person.identity.name for person in people if person.identity != into]
    gone = others[0] if len(others) == 1 else words.people(len(others))

    def work(gallery: Gallery) -> Person:
        from facecam.events import note_merger

        note_merger(gallery.directory.parent, ids, into.id)
        return gallery.merge(ids, into.id)

    changes.do(f"Merged {gone} into {into.name}.", work)
