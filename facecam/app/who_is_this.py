"""“Who is this?”: a small card beside a face that gives it a name.

It shows the good views it would keep, suggests people while a name is typed, and
offers whom the face resembles first. Escape or a click elsewhere closes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QIcon,
    QKeyEvent,
    QPainter,
    QPixmap,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme, words
from facecam.app.thumbnails import Thumbnails, rounded
from facecam.app.view_strip import ViewStrip
from facecam.app.views import View
from facecam.faces import Face, Identity

if TYPE_CHECKING:
    from facecam.gallery import Person

WIDTH = 312
SHOWN = 4
"""Suggestions listed at once."""
ROW = 44
_WHO = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, eq=False)
class Answer:
    """What the user said about a face."""

    who: str | Identity
    """A name for somebody new, or somebody enrolled."""
    views: tuple[View, ...]


class WhoIsThis(QFrame):
    """The card. One is reused for all faces."""

    answered = Signal(object)
    refused = Signal(object)
    """The face, when the name it has is wrong."""
    closed = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._people: Sequence[Person] = ()
        self._face: Face | None = None
        self._beside = QRect()
        self.setObjectName("card")
        self.setFixedWidth(WIDTH)
        self._make_widgets()
        self._arrange()
        thumbnails.ready.connect(self._show_icons)
        self.hide()

    def _make_widgets(self) -> None:
        self.title = QLabel(self, textFormat=Qt.TextFormat.PlainText)
        self.title.setObjectName("heading")
        self._about = QLabel(self, wordWrap=True)
        self._about.setObjectName("quiet")
        self.strip = ViewStrip(self)
        self.strip.changed.connect(self._say_kept)
        self.line = QLineEdit(self, placeholderText="Name")
        self.line.setAccessibleName("Name")
        self.line.setMaxLength(80)
        self.line.textChanged.connect(self._suggest)
        self.line.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Suggestions")
        self.list.setIconSize(QSize(32, 32))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._choose)
        self.list.currentItemChanged.connect(lambda: self._name_button())
        self.save = QPushButton("Save", self)
        self.save.setProperty("primary", True)
        self.save.clicked.connect(lambda: self._choose(self.list.currentItem()))
        self.refuse = QPushButton("Not this person", self)
        self.refuse.setToolTip("Nobody like this is called by that name again")
        self.refuse.setProperty("link", True)
        self.refuse.clicked.connect(self._refuse)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.clicked.connect(self.close_card)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.refuse)
        column.addLayout(top)
        for widget in (self._about, self.strip, self.line, self.list):
            column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        column.addLayout(buttons)
        shadow = QGraphicsDropShadowEffect(self, blurRadius=32)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)

    def ask(
        self,
        face: Face,
        views: tuple[View, ...],
        people: Sequence[Person],
        beside: QRect,
    ) -> None:
        """Open beside a face (logical pixels of the parent)."""
        self._face, self._people = face, people
        known = face.match.identity if face.match else None
        title = f"This is {known.name}" if known else "Who is this?"
        self.refuse.setVisible(known is not None)
        self.title.setText(self._fitting(title, known is not None))
        self.title.setToolTip(title)
        self.setAccessibleName(title)
        self._beside = beside
        self.line.setPlaceholderText("Somebody else" if known else "Name")
        self.strip.show_views(views)
        self._say_kept()
        self.line.clear()
        self._suggest("")
        self.adjustSize()
        self._place(beside)
        self.show()
        self.raise_()
        self.line.setFocus()

    def close_card(self) -> None:
        """Close without an answer."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def keep_inside(self) -> None:
        """Stay in view when the parent has become smaller."""
        if self.isVisible():
            self._place(self._beside)

    @property
    def track(self) -> int | None:
        """The track being asked about."""
        return self._face.track if self._face and self.isVisible() else None

    def show_people(self, people: Sequence[Person]) -> None:
        """Take over who is enrolled now, while open."""
        self._people = people
        if self.isVisible():
            self._suggest(self.line.text())

    def _fitting(self, title: str, narrow: bool) -> str:
        """Shorten a title so that the button beside it stays whole."""
        room = WIDTH - 32 - (self.refuse.sizeHint().width() + 8 if narrow else 0)
        elide = Qt.TextElideMode.ElideRight
        return self.title.fontMetrics().elidedText(title, elide, room)

    def _say_kept(self) -> None:
        """Say how many pictures will be kept; views left out are none of them."""
        kept = words.pictures(len(self.strip.chosen))
        self._about.setText(
            f"Add {kept} of this moment, or say who it really is."
            if self.refuse.isVisibleTo(self)
            else f"{kept[0].upper()}{kept[1:]} of this face will be kept."
        )

    def _refuse(self) -> None:
        """Say that the name is wrong."""
        face = self._face
        self.hide()
        self.refused.emit(face)
        self.closed.emit()

    def _suggest(self, text: str) -> None:
        """List whom the text may mean; a new person unless a name fits exactly."""
        self.list.clear()
        typed = " ".join(text.split())
        found = self._found(words.plain(typed))
        exact = any(words.plain(p.identity.name) == words.plain(typed) for p in found)
        for person in found[: SHOWN - (1 if typed else 0)]:
            self._add(person.identity.name, person.identity, self._icon(person))
        if typed:
            new = self._glyph("person-add", theme.current().accent)
            self._add(f"New person “{typed}”", typed, new)
        if typed and not exact and not _begins(found, typed):
            self.list.setCurrentRow(self.list.count() - 1)
        elif typed or self._likely() is not None:
            self.list.setCurrentRow(0)
        rows = self.list.count()
        self.list.setFixedHeight(rows * ROW)
        self.list.setVisible(rows > 0)
        self._name_button()
        self.adjustSize()

    def _found(self, wanted: str) -> list[Person]:
        """Return whose name contains a text, those it begins with first."""
        found = [p for p in self._ranked() if wanted in words.plain(p.identity.name)]
        found.sort(key=lambda p: not words.plain(p.identity.name).startswith(wanted))
        return found

    def _ranked(self) -> list[Person]:
        """Return everybody, whom the face resembles most first."""
        likely = self._likely()
        return sorted(self._people, key=lambda p: p.identity != likely)

    def _likely(self) -> Identity | None:
        match = self._face.match if self._face else None
        return (match.identity or match.candidate) if match else None

    def _add(self, text: str, who: str | Identity, icon: QIcon) -> None:
        item = QListWidgetItem(icon, text, self.list)
        item.setData(_WHO, who)
        item.setSizeHint(QSize(WIDTH - 48, ROW))

    def _name_button(self) -> None:
        item = self.list.currentItem()
        self.save.setEnabled(item is not None and bool(self.strip.chosen))
        new = item is None or isinstance(item.data(_WHO), str)
        self.save.setText("Save" if new else "Add pictures")

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or not self.strip.chosen:
            return
        answer = Answer(item.data(_WHO), self.strip.chosen)
        self.hide()
        self.answered.emit(answer)
        self.closed.emit()

    def _icon(self, person: Person) -> QIcon:
        image = self._thumbnails.of(person)
        if image is None or image.isNull():
            return self._glyph("person", theme.current().quiet)
        picture = rounded(image, 32, 7, self.devicePixelRatioF())
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)
        return icon

    def _show_icons(self) -> None:
        """Show the faces that have been read meanwhile."""
        people = {person.identity: person for person in self._people}
        for row in range(self.list.count()):
            item = self.list.item(row)
            if (person := people.get(item.data(_WHO))) is not None:
                item.setIcon(self._icon(person))

    def _glyph(self, name: str, colour: str) -> QIcon:
        """Return an icon in the middle of a thumbnail's place."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(32 * ratio), round(32 * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.drawPixmap(6, 6, icons.pixmap(name, QColor(colour), 20, ratio))
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)
        return icon

    def _place(self, beside: QRect) -> None:
        """Move to the right of a face, else to its left, always inside the parent."""
        parent = self.parentWidget()
        assert parent is not None
        area = parent.rect().adjusted(8, 8, -8, -8)
        size = self.sizeHint()
        left = beside.right() + 16
        if left + WIDTH > area.right():
            left = beside.left() - 16 - WIDTH
        left = max(min(left, area.right() - WIDTH), area.left())
        top = beside.center().y() - size.height() // 2
        top = max(min(top, area.bottom() - size.height() - 2 * ROW), area.top())
        self.move(left, top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys choose and Enter answer while the name is typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row, last = self.list.currentRow(), self.list.count() - 1
            if event.key() == Qt.Key.Key_Down:
                self.list.setCurrentRow(min(row + 1, last))
                return True
            if event.key() == Qt.Key.Key_Up:
                self.list.setCurrentRow(max(row - 1, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)


def _begins(people: Sequence[Person], typed: str) -> bool:
    """Tell whether the first person's name begins with what was typed."""
    first = words.plain(people[0].identity.name) if people else ""
    return bool(first) and first.startswith(words.plain(typed))
