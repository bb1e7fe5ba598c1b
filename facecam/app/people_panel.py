"""The list at the side: who is in view first, then everybody else enrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListView,
    QMenu,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from facecam.app import words
from facecam.app.people.search import SearchField
from facecam.app.people_rows import ROW, PeopleModel, Row, RowPainter, refuse_rect
from facecam.app.presence import Seen
from facecam.app.thumbnails import Thumbnails
from facecam.config import WindowConfig
from facecam.faces import Face, Identity

if TYPE_CHECKING:
    from facecam.gallery import Person

WIDTH = 264
REFUSE = "Not this person"
LOCKED = "The people are locked."
HINT = (
    "Nobody is enrolled yet.\n\n"
    "Start a camera or a video, click a face and type a name."
)


class PeoplePanel(QFrame):
    """Lists people; a row in view can be named, a person renamed or forgotten."""

    seen_clicked = Signal(int)
    """The track of somebody in view."""
    refused = Signal(int)
    """The track of somebody in view whose name is wrong."""
    renamed = Signal(object, str)
    """Identity, new name."""
    forget_wanted = Signal(object)
    """Identity, after the user confirmed."""

    def __init__(
        self,
        config: WindowConfig,
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._config = config
        self._thumbnails = thumbnails
        self._people: tuple[Person, ...] = ()
        self._seen: list[Seen] = []
        self._faces: dict[int, QImage] = {}
        self._forgotten: set[str] = set()
        self._loaded = False
        self.setObjectName("panel")
        self.setFixedWidth(WIDTH)
        self.search = _Search("Find a person", self, "Ctrl+F")
        self.search.textChanged.connect(self._show)
        self.model = PeopleModel(self)
        self.model.renamed.connect(self.renamed)
        self.list = _List(self)
        self.search.left.connect(self.list.setFocus)
        self.list.setModel(self.model)
        self.list.clicked.connect(lambda index: self._press(index.data(ROW)))
        self.list.activated.connect(lambda index: self._press(index.data(ROW)))
        self.list.menu_wanted.connect(self._open_menu)
        self.list.refuse_wanted.connect(lambda row: self.refused.emit(row.track))
        self.list.forget_wanted.connect(self._forget)
        self._arrange()
        thumbnails.ready.connect(self._show)
        self._show()

    def _arrange(self) -> None:
        self.hint = QLabel(HINT, self, wordWrap=True)
        self.hint.setObjectName("quiet")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.hint.setContentsMargins(16, 8, 16, 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(12, 12, 12, 4)
        top.addWidget(self.search)
        column.addLayout(top)
        column.addWidget(self.hint)
        column.addWidget(self.list, 1)

    def show_people(self, people: tuple[Person, ...]) -> None:
        """List who is enrolled."""
        here = {person.identity.id for person in people}
        gone = {person.identity.id for person in self._people} - here
        self._forgotten = (self._forgotten | gone) - here
        self._people, self._loaded = people, True
        self._show()

    def show_seen(self, seen: list[Seen], faces: dict[int, QImage]) -> None:
        """List who is in view, with a picture of each unknown face by track."""
        self._seen, self._faces = seen, faces
        self._show()

    def face_of(self, track: int) -> Face | None:
        """Return a face listed as in view, also one that just left the picture."""
        return next((s.face for s in self._seen if s.face.track == track), None)

    def _show(self) -> None:
        editing = self.list.state() == QAbstractItemView.State.EditingState
        if editing or self.list.menu_open:
            return
        current = self.list.currentIndex().data(ROW)
        if self.model.show_rows(self._rows()) and current is not None:
            index = self.model.position(current.key)
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flag)
        self.hint.setVisible(self._loaded and not self._people and not self._seen)
        self.search.setVisible(bool(self._people))

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        wanted = words.plain(self.search.text())
        if self._seen and not wanted:
            count = str(len(self._seen))
            rows.append(Row("in view", "In view", count, heading=True))
            rows += [self._seen_row(seen) for seen in self._seen]
        here = {seen.key for seen in self._seen} if not wanted else set()
        others = [
            person
            for person in self._people
            if person.identity.id not in here
            and wanted in words.plain(person.identity.name)
        ]
        if others:
            title = "People" if not here else "Others"
            rows.append(Row("people", title, str(len(others)), heading=True))
            rows += [self._person_row(person) for person in others]
        elif wanted:
            rows.append(Row("nobody", "Nobody has that name", heading=True))
        return rows

    def _seen_row(self, seen: Seen) -> Row:
        key, track = f"seen {seen.key}", seen.face.track
        identity = self._as_enrolled_now(seen.identity)
        if identity is None or seen.face.match is None:
            picture = self._faces.get(track)
            return Row(key, "Unknown", "Who is this?", None, track, picture)
        word = words.confidence_word(seen.face.match, self._config)
        said = f"{word} · {words.clock(seen.seconds)}" if word != "unknown" else word
        return Row(key, identity.name, said, identity, track, self._portrait(identity))

    def _as_enrolled_now(self, identity: Identity | None) -> Identity | None:
        """Return somebody in view under today's name; None who was forgotten."""
        if identity is None or identity.id in self._forgotten:
            return None
        named = (p.identity for p in self._people if p.identity.id == identity.id)
        return next(named, identity)

    def _person_row(self, person: Person) -> Row:
        identity, count = person.identity, len(person.portraits)
        picture = self._thumbnails.of(person)
        said = words.pictures(count)
        return Row(identity.id, identity.name, said, identity, None, picture)

    def _portrait(self, identity: Identity) -> QImage | None:
        for person in self._people:
            if person.identity.id == identity.id:
                return self._thumbnails.of(person)
        return None

    def _press(self, row: Row | None) -> None:
        if row is not None and row.track is not None:
            self.seen_clicked.emit(row.track)

    def _open_menu(self, row: Row, place: QPoint) -> None:
        menu = QMenu(self)
        track = row.track
        if track is not None:
            text = "Add pictures…" if row.identity else "Who is this?"
            menu.addAction(text, lambda: self.seen_clicked.emit(track))
            if row.refusable:
                wrong = menu.addAction(REFUSE, lambda: self.refused.emit(track))
                wrong.setShortcut("N")
        if row.identity is not None:
            index = self.model.position(row.key)
            menu.addAction("Rename", lambda: self.list.edit(index)).setShortcut("F2")
            forget = menu.addAction("Forget…", lambda: self._forget(row))
            forget.setShortcut("Del")
        self.list.menu_open = True
        menu.exec(place)
        self.list.menu_open = False

    def show_locked(self, locked: bool) -> None:
        """Say that nobody is listed because nobody has given the passphrase."""
        self.hint.setText(LOCKED if locked else HINT)

    def _forget(self, row: Row) -> None:
        if row.identity is not None:
            self.forget_wanted.emit(row.identity)


class _Search(SearchField):
    """Escape in an empty field is for the window: it leads back to the picture."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the window have what is not for the field."""
        if event.key() == Qt.Key.Key_Escape and not self.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


class _List(QListView):
    """A list with a menu per row and Delete to forget."""

    menu_wanted = Signal(object, QPoint)
    refuse_wanted = Signal(object)
    forget_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.menu_open = False
        self.setItemDelegate(RowPainter(self))
        self.setMouseTracking(True)
        self.setAccessibleName("People")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.setIconSize(QSize(40, 40))

    def _menu(self, point: QPoint) -> None:
        row: Row | None = self.indexAt(point).data(ROW)
        if row is not None and not row.heading:
            self.menu_wanted.emit(row, self.viewport().mapToGlobal(point))

    def _refusable(self, point: QPoint) -> Row | None:
        """Return the row whose button to refuse a name is at a point."""
        index = self.indexAt(point)
        row: Row | None = index.data(ROW)
        if row is None or not row.refusable:
            return None
        return row if refuse_rect(self.visualRect(index)).contains(point) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Refuse a name at its button; everything else is a list's own."""
        row = self._refusable(event.position().toPoint())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.refuse_wanted.emit(row)
        else:
            super().mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the button does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self._refusable(event.pos())
            QToolTip.showText(event.globalPos(), f"{REFUSE} (N)" if row else "", self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """N refuses a name, Delete forgets; everything else is a list's own."""
        row: Row | None = self.currentIndex().data(ROW)
        if event.key() == Qt.Key.Key_Delete and row is not None:
            self.forget_wanted.emit(row)
        elif event.key() == Qt.Key.Key_N and row is not None and row.refusable:
            self.refuse_wanted.emit(row)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)
