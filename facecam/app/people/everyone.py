"""The page of everybody enrolled: a grid of cards, found, sorted, renamed, merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facecam.app import words
from facecam.app.empty_state import EmptyState
from facecam.app.engine import Engine
from facecam.app.people import invitations
from facecam.app.people.cards import BELOW, LINES, WIDTH, CardPainter
from facecam.app.people.entries import ORDERS, Entry, Order, entries, found
from facecam.app.people.everyone_model import ENTRY, EveryoneModel
from facecam.app.people.grid import Grid
from facecam.app.people.pictures import Pictures
from facecam.app.people.search import SearchField
from facecam.app.settings import Settings

if TYPE_CHECKING:
    from facecam.gallery import Person


class Everyone(QWidget):
    """Everybody enrolled; `tools` go beside the row of pages."""

    opened = Signal(object)
    """A Person."""
    renamed = Signal(object, str)
    """Identity, new name."""
    merge_wanted = Signal(object)
    """A list of Person, at least two."""
    forget_wanted = Signal(object)
    """A Person."""
    refused = Signal(str)
    """Why something cannot be done."""
    dropped = Signal(object, object)
    """A Person and a list of Path."""
    chosen = Signal(str)
    """What the empty page offered."""

    def __init__(
        self, engine: Engine, pictures: Pictures, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine, self._settings = engine, settings
        self._people: tuple[Person, ...] = ()
        self._seen: Mapping[str, float] = {}
        self._lines: list[Entry] = []
        self.model = EveryoneModel(self)
        self.tools = QWidget(self)
        self.search = SearchField("Find a person", self.tools, "Ctrl+F")
        self.order = QPushButton(self.tools)
        self.add = QPushButton("Enrol", self.tools)
        self.grid = Grid(WIDTH, LINES, BELOW, self)
        self.grid.setAccessibleName("People")
        self.grid.setModel(self.model)
        self.grid.setItemDelegate(CardPainter(pictures, self.grid))
        self.empty = EmptyState(self)
        self.bar = SelectionBar(self)
        self._typing = QTimer(self, singleShot=True, interval=0)
        self._stack = QStackedWidget(self)
        self._order = Order.NAME
        self._arrange()
        self._connect(pictures)
        self._sort(settings.text("people/order", Order.NAME.value))

    def _arrange(self) -> None:
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(240)
        row.addStretch(1)
        row.addWidget(self.search, 100)
        row.addWidget(self.order)
        row.addWidget(self.add)
        self.add.setToolTip("Enrol somebody (Ctrl+2)")
        self.add.setProperty("primary", True)
        self.order.setProperty("opens", True)
        self.order.setMenu(self._orders())
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self.bar)
        self.bar.hide()
        self.setFocusProxy(self.grid)

    def _connect(self, pictures: Pictures) -> None:
        grid = self.grid
        self._typing.timeout.connect(self._show)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.search.left.connect(self._leave_search)
        self.add.clicked.connect(lambda: self.chosen.emit("enrol"))
        self.empty.chosen.connect(self._choose)
        self.model.renamed.connect(self.renamed)
        grid.opened.connect(lambda index: self.opened.emit(index.data(ENTRY).person))
        grid.delete_wanted.connect(self._delete)
        grid.menu_wanted.connect(self._open_menu)
        grid.dropped.connect(
            lambda index, paths: self.dropped.emit(index.data(ENTRY).person, paths)
        )
        grid.selectionModel().selectionChanged.connect(self._show_bar)
        self.model.modelReset.connect(self._show_bar)
        self.bar.merge.clicked.connect(self.merge)
        self.bar.clear.clicked.connect(grid.clearSelection)
        pictures.ready.connect(lambda: grid.viewport().update())

    def show_people(self, people: tuple[Person, ...]) -> None:
        """List who is enrolled."""
        self._people = people
        self._lines = entries(people, self._seen)
        self._show()

    def show_seen(self, seen: Mapping[str, float]) -> None:
        """Tell when people were last seen, seconds since 1970 by id."""
        self._seen = seen
        self._lines = entries(self._people, seen)
        self._show()

    def find_person(self) -> None:
        """Give the keyboard to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def go_to(self, key: str) -> None:
        """Select somebody and scroll there."""
        index = self.model.position(key)
        if index.isValid():
            self.grid.go_to(index)

    def selected(self) -> list[Person]:
        """Return who is selected."""
        return [index.data(ENTRY).person for index in self.grid.chosen()]

    def merge(self) -> None:
        """Ask to make one person of those selected."""
        if len(people := self.selected()) > 1:
            self.merge_wanted.emit(people)

    def _show(self) -> None:
        """Fill the grid, keeping who is selected and where the list is."""
        shown = found(self._lines, self.search.text(), self._order)
        keys = {person.identity.id for person in self.selected()}
        current = self.grid.currentIndex().data(ENTRY)
        if self.model.show_lines(shown):
            self._select(keys, current.key if current else "")
        message = invitations.everyone(
            self._engine.state, len(self._people), self.search.text()
        )
        searching = bool(self._people)
        for widget in (self.search, self.order, self.add):
            widget.setVisible(searching)
        if message is not None and not shown:
            self.empty.show_message(message)
        self._stack.setCurrentWidget(self.grid if shown else self.empty)

    def _select(self, keys: set[str], current: str) -> None:
        flag = QItemSelectionModel.SelectionFlag
        selection = self.grid.selectionModel()
        for key in keys:
            selection.select(self.model.position(key), flag.Select)
        index = self.model.position(current)
        if index.isValid():
            selection.setCurrentIndex(index, flag.NoUpdate)
            self.grid.scrollTo(index)

    def _show_bar(self) -> None:
        people = self.selected()
        self.bar.setVisible(len(people) > 1)
        self.bar.say(len(people), sum(len(p.portraits) for p in people))

    def _choose(self, key: str) -> None:
        if key == "clear":
            self.search.clear()
        else:
            self.chosen.emit(key)

    def _leave_search(self) -> None:
        self.grid.setFocus()
        if self.model.lines and not self.grid.currentIndex().isValid():
            self.grid.setCurrentIndex(self.model.index(0))

    def _delete(self) -> None:
        people = self.selected()
        if len(people) == 1:
            self.forget_wanted.emit(people[0])
        elif people:
            self.refused.emit("Forget people one at a time. Choose a single person.")

    def _orders(self) -> QMenu:
        menu = QMenu(self)
        for order, text in ORDERS.items():
            menu.addAction(text).setData(order.value)
        menu.triggered.connect(lambda action: self._sort(action.data()))
        return menu

    def _sort(self, name: str) -> None:
        self._order = Order(name) if name in set(Order) else Order.NAME
        self._settings.keep("people/order", self._order.value)
        self.order.setText(f"{ORDERS[self._order]}  ▾")
        self.order.setAccessibleName(f"Sorted by: {ORDERS[self._order]}")
        self.order.setToolTip("What people are sorted by")
        self._show()

    def _open_menu(self, index: QModelIndex, place: QPoint) -> None:
        person, people = index.data(ENTRY).person, self.selected()
        menu = QMenu(self)
        if len(people) > 1:
            menu.addAction(f"Merge {len(people)} people…", self.merge)
        else:
            menu.addAction("Open", lambda: self.opened.emit(person))
            rename = menu.addAction("Rename", lambda: self.grid.edit(index))
            rename.setShortcut("F2")
            menu.addSeparator()
            forget = menu.addAction("Forget…", lambda: self.forget_wanted.emit(person))
            forget.setShortcut("Del")
        menu.exec(place)


class SelectionBar(QWidget):
    """What can be done with several people at once."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("actionBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = QLabel(self)
        self.merge = QPushButton("Merge…", self)
        self.merge.setToolTip("Make one person of those selected (Ctrl+M)")
        self.merge.setProperty("primary", True)
        self.clear = QPushButton("Select none", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self.clear)
        row.addWidget(self.merge)

    def say(self, people: int, pictures: int) -> None:
        """Tell how many are selected."""
        text = f"{words.people(people)} with {words.pictures(pictures)} selected"
        self._text.setText(text)
