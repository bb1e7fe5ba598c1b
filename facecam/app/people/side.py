"""Who a person is: a large cover, the name to be changed in place, some facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, words
from facecam.app.people import cards, shots
from facecam.app.people.entries import NEVER, day, mean_quality, moment, quality_word
from facecam.app.people.pictures import Pictures

if TYPE_CHECKING:
    from facecam.gallery import Person

WIDTH = 248
FACTS = ("Pictures", "Quality", "Enrolled", "Agreed", "Last seen")


class PersonSide(QFrame):
    """The column at the left of a person's page."""

    left = Signal()
    renamed = Signal(str)
    add_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(WIDTH)
        self.back = QPushButton(" People", self)
        self.back.setProperty("flat", True)
        self.back.setToolTip("Back to everybody (Escape)")
        icons.wear(self.back, "back")
        self.cover = Cover(pictures, self)
        self.name = NameLine(self)
        self.facts = {fact: QLabel(self) for fact in FACTS}
        self.add = QPushButton("Add pictures…", self)
        self.add.setToolTip("Pictures can also be dropped here")
        self.forget = QPushButton("Forget…", self)
        self.forget.setProperty("danger", True)
        self.back.clicked.connect(self.left)
        self.name.changed.connect(self.renamed)
        self.add.clicked.connect(self.add_wanted)
        self.forget.clicked.connect(self.forget_wanted)
        self._arrange()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for fact, label in self.facts.items():
            title = QLabel(fact, self)
            title.setObjectName("quiet")
            label.setWordWrap(True)
            form.addRow(title, label)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.cover, 1000)
        column.addWidget(self.name)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self.add)
        column.addWidget(self.forget)

    def show_person(self, person: Person, seen: float) -> None:
        """Tell about a person; `seen` in seconds since 1970, 0 when not known."""
        self.cover.show_person(person)
        self.name.show_name(person.identity.name)
        count, sittings = len(person.portraits), shots.sittings(person)
        where = "1 sitting" if sittings == 1 else f"{sittings} sittings"
        self.facts["Pictures"].setText(f"{count}, from {where}" if count else "none")
        self.facts["Quality"].setText(quality_word(mean_quality(person)))
        self.facts["Enrolled"].setText(day(person.created))
        agreed = day(person.consent)
        self.facts["Agreed"].setText(agreed if agreed != NEVER else "not noted")
        self.facts["Last seen"].setText(moment(seen))
        self.add.setAccessibleName(f"Add pictures to {person.identity.name}")
        self.setAccessibleName(f"{person.identity.name}, {words.pictures(count)}")


class Cover(QWidget):
    """The picture that is shown for a person, large."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._person: Person | None = None
        self.setFixedWidth(WIDTH - 32)
        self.setMinimumHeight(64)
        self.setMaximumHeight(WIDTH - 32)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        pictures.ready.connect(self.update)

    def show_person(self, person: Person) -> None:
        """Show somebody."""
        self._person = person
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the face in a rounded square."""
        image = self._pictures.cover(self._person) if self._person else None
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            side = min(self.width(), self.height())
            cards.portrait(painter, QRectF(0, 0, side, side), image)

    def sizeHint(self) -> QSize:
        """A square; a low window makes it smaller."""
        return QSize(WIDTH - 32, WIDTH - 32)


class NameLine(QLineEdit):
    """A name that becomes a field when it is clicked; Escape leaves it as it was."""

    changed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("heading", True)
        self.setAccessibleName("Name")
        self.setToolTip("Rename (F2)")
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self.setFont(font)
        self._name = ""
        self.editingFinished.connect(self._finish)

    def show_name(self, name: str) -> None:
        """Show a name, unless another is being typed."""
        self._name = name
        if not self.hasFocus():
            self.setText(name)
            self.setCursorPosition(0)

    def start(self) -> None:
        """Begin to change the name."""
        self.setFocus()
        self.selectAll()

    def _finish(self) -> None:
        name = self.text().strip()
        if name and name != self._name:
            self._name = name
            self.changed.emit(name)
        else:
            self.setText(self._name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is done, Escape takes the old name back; then the pictures go on."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._name)
            self.clearFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the beginning of a long name again."""
        super().focusOutEvent(event)
        self.setCursorPosition(0)
