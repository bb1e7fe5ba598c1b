"""The field for a name, which finds people enrolled already while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme, words
from facecam.app.thumbnails import Thumbnails, rounded
from facecam.faces import Identity

if TYPE_CHECKING:
    from facecam.gallery import Person

LONGEST = 200
"""Characters of a name, as the gallery keeps it."""
SHOWN = 5
"""People suggested at once."""
ROW = 44
_WHO = Qt.ItemDataRole.UserRole


class NameField(QLineEdit):
    """Whom the pictures are of: `who` is a new name, or somebody enrolled."""

    changed = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent, placeholderText="Name")
        self.setAccessibleName("Name of the person")
        self.setMaxLength(LONGEST)
        self.people: Sequence[Person] = ()
        self._thumbnails = thumbnails
        self._chosen: Identity | None = None
        self._new = False
        """Whether somebody new is meant although the name is taken."""
        self._card = QFrame(parent)
        self._card.setObjectName("card")
        self.list = QListWidget(self._card)
        self.list.setAccessibleName("People with such a name")
        self.list.setIconSize(QSize(32, 32))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._choose)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.list)
        self._card.hide()
        self.textEdited.connect(self._edited)
        self.installEventFilter(self)

    @property
    def typed(self) -> str:
        """The name as it is typed, without needless spaces."""
        return " ".join(self.text().split())

    @property
    def known(self) -> Person | None:
        """Somebody enrolled who is meant, or at least has this very name."""
        wanted = words.plain(self.typed)
        same = [p for p in self.people if words.plain(p.identity.name) == wanted]
        chosen = [p for p in self.people if p.identity == self._chosen]
        found = chosen or same
        return found[0] if wanted and found else None

    @property
    def who(self) -> str | Identity:
        """Somebody enrolled, or the name of somebody new; "" while there is none."""
        known = self.known
        return self.typed if known is None or self._new else known.identity

    def mean_new(self, new: bool) -> None:
        """Say whether a name that is taken means somebody new."""
        self._new = new
        self.changed.emit()

    def choose(self, identity: Identity) -> None:
        """Take somebody enrolled."""
        self._chosen, self._new = identity, False
        self.setText(identity.name)
        self.close_suggestions()
        self.changed.emit()

    def start_anew(self) -> None:
        """Be ready for the next person."""
        self._chosen, self._new = None, False
        self.clear()
        self.close_suggestions()
        self.changed.emit()

    def show_people(self, people: Sequence[Person]) -> None:
        """Take over who is enrolled now."""
        self.people = people
        self.changed.emit()

    def show_faces(self) -> None:
        """Draw the suggestions again, with the faces read meanwhile."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            for person in self.people:
                if person.identity == item.data(_WHO):
                    item.setIcon(self._icon(person))

    def close_suggestions(self) -> None:
        """Take the list away."""
        self._card.hide()

    @property
    def suggesting(self) -> bool:
        """Whether the list is open."""
        return self._card.isVisible()

    def _edited(self) -> None:
        self._chosen, self._new = None, False
        self._suggest()
        self.changed.emit()

    def _suggest(self) -> None:
        """List whose name contains what was typed, those it begins with first."""
        wanted = words.plain(self.typed)
        found = [p for p in self.people if wanted in words.plain(p.identity.name)]
        found.sort(key=lambda p: not words.plain(p.identity.name).startswith(wanted))
        self.list.clear()
        for person in found[:SHOWN] if wanted else ():
            item = QListWidgetItem(self._icon(person), person.identity.name, self.list)
            item.setToolTip(person.identity.name)
            item.setData(_WHO, person.identity)
            item.setSizeHint(QSize(40, ROW))
        self._place()

    def _place(self) -> None:
        """Lay the list under the field, over what is below it."""
        rows = self.list.count()
        parent = self._card.parentWidget()
        assert parent is not None
        corner = self.mapTo(parent, QPoint(0, self.height() + 4))
        self._card.setGeometry(corner.x(), corner.y(), self.width(), rows * ROW + 16)
        self._card.setVisible(rows > 0)
        self._card.raise_()

    def _choose(self, item: QListWidgetItem) -> None:
        self.choose(item.data(_WHO))

    def _icon(self, person: Person) -> QIcon:
        image, ratio = self._thumbnails.of(person), self.devicePixelRatioF()
        if image is None or image.isNull():
            quiet = QColor(theme.current().quiet)
            picture: QPixmap = icons.pixmap("person", quiet, 20, ratio)
        else:
            picture = rounded(image, 32, 7, ratio)
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)
        return icon

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys choose a suggestion, Enter take it, Escape close it."""
        if event.type() == QEvent.Type.FocusOut:
            self.close_suggestions()
        elif self.suggesting and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                return event.key() == Qt.Key.Key_Escape
            if event.type() == QEvent.Type.KeyPress:
                return self._steer(event.key())
        return super().eventFilter(watched, event)

    def _steer(self, key: int) -> bool:
        row, rows = self.list.currentRow(), self.list.count()
        if key == Qt.Key.Key_Down:
            self.list.setCurrentRow(min(row + 1, rows - 1))
        elif key == Qt.Key.Key_Up:
            self.list.setCurrentRow(max(row - 1, 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._choose(self.list.item(row))
        elif key == Qt.Key.Key_Escape:
            self.close_suggestions()
        else:
            return False
        return True
