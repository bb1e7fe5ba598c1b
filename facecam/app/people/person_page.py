"""One person: cover and name at the left, their pictures at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facecam.app import words
from facecam.app.empty_state import EmptyState
from facecam.app.engine import Engine
from facecam.app.live_tools import tool
from facecam.app.people import invitations
from facecam.app.people.changing import Changes
from facecam.app.people.grid import Grid, dropped_files
from facecam.app.people.pictures import Pictures
from facecam.app.people.shots import (
    BELOW,
    CARD,
    LINES,
    WIDTH,
    Card,
    ShotPainter,
    ShotsModel,
)
from facecam.app.people.shots import cards as cards_of
from facecam.app.people.side import PersonSide
from facecam.app.segments import Segment, Segments
from facecam.faces import Identity

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from facecam.gallery import Person


class PersonPage(QWidget):
    """Pictures of one person; what is done with them is undoable."""

    left = Signal()
    renamed = Signal(object, str)
    """Identity, new name."""
    forget_wanted = Signal(object)
    """A Person."""
    dropped = Signal(object, object)
    """A Person and a list of Path."""
    person_wanted = Signal(str)
    """The id of somebody else to be shown."""

    def __init__(
        self, engine: Engine, pictures: Pictures, changes: Changes, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine, self._pictures, self._changes = engine, pictures, changes
        self._person: Person | None = None
        self._seen: Mapping[str, float] = {}
        self.setAcceptDrops(True)
        self.side = PersonSide(pictures, self)
        self.model = ShotsModel(self)
        self.grid = Grid(WIDTH, LINES, BELOW, self)
        self.grid.setAcceptDrops(False)
        self.grid.setAccessibleName("Pictures")
        self.grid.setModel(self.model)
        self.grid.setItemDelegate(ShotPainter(pictures, self.grid))
        self.empty = EmptyState(self)
        self.kinds = Segments(
            (
                Segment("own", "Pictures", "Pictures this person is recognised by"),
                Segment("not", "Not them", "Views said not to show this person"),
            ),
            self,
        )
        self.cover = tool(self, "star", "Use as cover", "C")
        self.move_to = self._button("Move…", "Give to somebody else (Ctrl+M)")
        self.split = self._button("Split off…", "Make a new person of them")
        self.remove = self._button("Remove", "Take away (Delete)")
        self._stack = QStackedWidget(self)
        self._arrange()
        self._connect()

    def _button(self, text: str, about: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(about)
        return button

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(24, 12, 16, 0)
        bar.setSpacing(8)
        bar.addWidget(self.kinds)
        bar.addStretch(1)
        for button in (self.cover, self.move_to, self.split, self.remove):
            bar.addWidget(button)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout()
        column.addLayout(bar)
        column.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.addWidget(self.side)
        row.addLayout(column, 1)
        for layout in (column, row):
            if layout is not bar:
                layout.setContentsMargins(0, 0, 0, 0)
                layout.setSpacing(0)
        self.setFocusProxy(self.grid)

    def _connect(self) -> None:
        side, grid = self.side, self.grid
        side.left.connect(self.left)
        side.renamed.connect(self._rename)
        side.add_wanted.connect(self._add)
        side.forget_wanted.connect(lambda: self.forget_wanted.emit(self._person))
        self.kinds.chosen.connect(lambda key: self._show())
        self.cover.clicked.connect(self._choose_cover)
        self.move_to.clicked.connect(self._move)
        self.split.clicked.connect(self._split)
        self.remove.clicked.connect(self._remove)
        grid.opened.connect(lambda index: self._open(index.row()))
        grid.delete_wanted.connect(self._remove)
        grid.selectionModel().selectionChanged.connect(self._show_buttons)
        self.model.modelReset.connect(self._show_buttons)
        self._pictures.ready.connect(lambda: grid.viewport().update())
        for keys, run in (("C", self._choose_cover), ("Ctrl+M", self._move)):
            QShortcut(QKeySequence(keys), self, run)
        QShortcut(QKeySequence("F2"), self, side.name.start)

    @property
    def key(self) -> str:
        """The id of the person shown."""
        return self._person.identity.id if self._person else ""

    def show_person(self, person: Person) -> None:
        """Show a person, or the same one after a change."""
        if person.identity.id != self.key:
            self.kinds.choose("own")
            self.grid.clearSelection()
        self._person = person
        self._show()

    def show_seen(self, seen: Mapping[str, float]) -> None:
        """Tell when people were last seen."""
        self._seen = seen
        if self._person is not None:
            self.side.show_person(self._person, seen.get(self.key, 0.0))

    def _show(self) -> None:
        person = self._person
        if person is None:
            return
        negatives = self.kinds.current == "not"
        self.side.show_person(person, self._seen.get(self.key, 0.0))
        self.kinds.say("own", f"Pictures  {len(person.portraits)}")
        self.kinds.say("not", f"Not them  {len(person.negatives)}")
        shown = cards_of(person, negatives)
        files = [card.portrait.file for card in self._chosen()]
        self.model.show_cards(shown)
        for row, card in enumerate(shown):
            if card.portrait.file in files:
                self.grid.setCurrentIndex(self.model.index(row))
        empty = invitations.NO_NEGATIVES if negatives else invitations.NO_PICTURES
        self.empty.show_message(empty)
        self._stack.setCurrentWidget(self.grid if shown else self.empty)
        self._show_buttons()

    def _show_buttons(self) -> None:
        """Offer what can be done with what is selected."""
        count, own = len(self._chosen()), self.kinds.current == "own"
        for button in (self.cover, self.move_to, self.split):
            button.setVisible(own)
        self.cover.setEnabled(count == 1)
        for button in (self.move_to, self.split, self.remove):
            button.setEnabled(count > 0)

    def _chosen(self) -> list[Card]:
        return [index.data(CARD) for index in self.grid.chosen()]

    def _files(self) -> list[str]:
        return [card.portrait.file for card in self._chosen()]

    def _choose_cover(self) -> None:
        person, files = self._person, self._files()
        if person is None or len(files) != 1 or self.kinds.current != "own":
            return
        key, name = person.identity.id, person.identity.name
        self._changes.do(
            f"{name} has another cover.",
            lambda gallery: gallery.choose_cover(key, files[0]),
        )

    def _remove(self) -> None:
        person, files = self._person, self._files()
        if person is None or not files:
            return
        key, name, count = self.key, person.identity.name, words.pictures(len(files))
        if self.kinds.current == "own":
            self._changes.do(
                f"Removed {count} of {name}.",
                lambda gallery: gallery.remove(key, files),
            )
        else:
            self._changes.do(
                f"{count} may be {name} again.",
                lambda gallery: gallery.remove_negative(key, files),
            )

    def _move(self) -> None:
        """Ask to whom the pictures belong, and give them to that person."""
        from facecam.app.people.choosing import WhoDialog

        person, chosen = self._person, self._chosen()
        if person is None or not chosen or self.kinds.current != "own":
            return
        others = [p for p in self._engine.people if p.identity.id != self.key]
        dialog = WhoDialog(chosen, others, self._pictures, self._engine, self.window())
        if dialog.agreed():
            self._give(dialog.answer)

    def _split(self) -> None:
        """Ask for a name, and make a new person of the pictures."""
        from facecam.app.people.choosing import NameDialog

        count = len(self._files())
        if not count:
            return
        dialog = NameDialog(words.pictures(count), self.window())
        if dialog.agreed():
            self._give(dialog.name)

    def _give(self, to: str | Identity) -> None:
        key, files = self.key, self._files()
        name = to if isinstance(to, str) else to.name
        self._changes.do(
            f"Moved {words.pictures(len(files))} to {name}.",
            lambda gallery: gallery.move(key, files, to),
        )

    def _rename(self, name: str) -> None:
        if self._person is not None:
            self.renamed.emit(self._person.identity, name)

    def _add(self) -> None:
        from facecam.app.enrol.import_page import ask_for_pictures

        if paths := ask_for_pictures(self):
            self.dropped.emit(self._person, paths)

    def _open(self, row: int) -> None:
        from facecam.app.people.original import OriginalView

        OriginalView(self._engine, self.model.cards, row, self.window()).exec()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures may be dropped anywhere on the person."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add them."""
        if paths := dropped_files(event):
            event.acceptProposedAction()
            self.dropped.emit(self._person, paths)
