"""Before a capture: who it is, that they agree, and the other ways in."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, words
from facecam.app.enrol.check_row import CheckRow
from facecam.app.enrol.name_field import NameField
from facecam.app.thumbnails import Thumbnails
from facecam.faces import Identity

CONSENT = (
    "{} agrees that pictures of their face are kept on this computer to recognise "
    "them. They can be deleted at any time."
)
AGREED = (
    "{} agreed on {} that pictures of their face are kept on this computer to "
    "recognise them. They can be deleted at any time."
)
GLASSES = "With and without glasses"
PICTURES = (
    "Drop pictures or folders here. A folder with a folder for each person enrols "
    "all of them."
)


class Form(QWidget):
    """The fields; it knows nothing of cameras, only what it is told is missing."""

    started = Signal()
    pictures_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = NameField(thumbnails, self)
        self._known = QLabel(self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._known.setObjectName("quiet")
        self.other = QPushButton(self)
        self.other.setProperty("link", True)
        self.consent = CheckRow(CONSENT.format("This person"), self)
        self.glasses = CheckRow(GLASSES, self)
        self.glasses.setToolTip("For people who do not always wear them")
        self.start = QPushButton("Take pictures", self)
        self.start.setProperty("primary", True)
        self.reason = QLabel(self, wordWrap=True)
        self.reason.setObjectName("quiet")
        self.pictures = QPushButton(" Pictures…", self)
        self.folder = QPushButton(" Folder…", self)
        self._missing = ""
        self._noted = ""
        """When the person meant agreed before, ISO 8601; empty if that is not known."""
        self._arrange()
        self._connect()
        self._follow()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addWidget(_heading("Who is it?", self))
        column.addWidget(self.name)
        column.addWidget(self._known)
        column.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(4)
        column.addWidget(self.consent)
        column.addWidget(self.glasses)
        column.addSpacing(8)
        column.addWidget(self.start)
        column.addWidget(self.reason)
        column.addStretch(1)
        column.addSpacing(8)
        column.addWidget(_line(self))
        column.addSpacing(8)
        column.addWidget(_heading("Or from pictures", self))
        about = QLabel(PICTURES, self, wordWrap=True)
        about.setObjectName("quiet")
        column.addWidget(about)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.pictures)
        buttons.addWidget(self.folder)
        column.addLayout(buttons)

    def _connect(self) -> None:
        icons.wear(self.pictures, "picture")
        icons.wear(self.folder, "folder")
        self.pictures.setAccessibleName("Enrol from pictures")
        self.folder.setAccessibleName("Enrol from a folder")
        self.name.changed.connect(self._follow)
        self.name.returnPressed.connect(self.start.click)
        self.other.clicked.connect(self._turn)
        self.consent.toggled.connect(self._follow)
        self.start.clicked.connect(self.started)
        self.pictures.clicked.connect(self.pictures_wanted)
        self.folder.clicked.connect(self.folder_wanted)

    def show_missing(self, text: str) -> None:
        """Say what else is missing before anything can start; "" is nothing."""
        if text != self._missing:
            self._missing = text
            self._follow()

    def start_anew(self) -> None:
        """Be ready for the next person, who has not agreed to anything yet."""
        self.consent.setChecked(False)
        self.glasses.setChecked(False)
        self.name.start_anew()

    @property
    def agreed(self) -> bool:
        """Whether the person agreed."""
        return self.consent.isChecked()

    @property
    def agreed_before(self) -> bool:
        """Whether it is noted already that the person agreed."""
        return bool(self._noted)

    def _turn(self) -> None:
        """Mean somebody new with the same name, or the one enrolled after all."""
        self.name.mean_new(isinstance(self.name.who, Identity))

    def _follow(self) -> None:
        """Say whom it is about, and why nothing can start yet."""
        name, known, who = self.name.typed, self.name.known, self.name.who
        self._follow_consent(name or "This person")
        self._known.setVisible(known is not None)
        self.other.setVisible(known is not None)
        if known is not None and isinstance(who, Identity):
            kept = words.pictures(len(known.portraits))
            self._known.setText(f"Enrolled already, with {kept}. New ones are added.")
            self.other.setText("It is somebody else of this name")
        elif known is not None:
            self._known.setText("A second person of this name will be enrolled.")
            self.other.setText("Add the pictures to the first one")
        reason = self._reason(name)
        self.reason.setText(reason)
        self.start.setEnabled(not reason)
        self.start.setToolTip(reason)

    def _follow_consent(self, name: str) -> None:
        """Tick the consent of somebody who gave it before, and of nobody else."""
        known, who = self.name.known, self.name.who
        again = known is not None and known.identity == who
        noted = known.consent if known is not None and again else ""
        if noted != self._noted:
            self._noted = noted
            self.consent.setChecked(bool(noted))
        day = QDate.fromString(noted[:10], Qt.DateFormat.ISODate)
        said = QLocale().toString(day, "d MMMM yyyy")
        self.consent.say(AGREED.format(name, said) if noted else CONSENT.format(name))

    def _reason(self, name: str) -> str:
        """Return why nothing can start yet; "" if it can."""
        if self._missing:
            return self._missing
        if not name:
            return "Type a name to begin."
        if not self.agreed:
            return f"{words.short(name, 24)} has to agree first."
        return ""


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName("heading")
    return label


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setObjectName("line")
    line.setFixedHeight(1)
    return line
