"""One embedder on a card: what it is, how quick, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from facecam.app import icons, theme
from facecam.app.empty_state import larger
from facecam.app.training.embedder import saying
from facecam.app.training.embedder.models import Embedder
from facecam.app.training.embedder.parts import Card, Doing, label, say, wrong

ICON = 20
USED, THERE, ABSENT = "In use", "Installed", "Not installed"
SIGNS = {USED: "check", ABSENT: "download"}
ABOUT = {
    USED: "Faces are compared by this embedder",
    THERE: "It can be used at once",
    ABSENT: "It has to be installed before it can be used",
}


class EmbedderCard(Card):
    """Shows an embedder; one in use has no buttons but the way back."""

    install_wanted = Signal(str)
    use_wanted = Signal(str)
    compare_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: Embedder | None = None
        self._sign = QLabel(self)
        self.title = label("", self)
        larger(self.title, 1.2)
        self.state = label("", self, quiet=True)
        self.purpose = label("", self)
        self.facts = label("", self, quiet=True)
        self.licence = label("", self, quiet=True)
        self.note = label("", self)
        self.install = QPushButton("Install", self)
        self.use = QPushButton("Use", self)
        self.compare = QPushButton("Compare", self)
        self.back = QPushButton("", self)
        self.doing = Doing(self)
        self.wrong = wrong(self)
        self._previous = self._state = ""
        self._seconds: float | None = None
        self.facts.setToolTip(saying.FACTS)
        self._arrange()
        self._connect()

    @property
    def controls(self) -> tuple[QPushButton, ...]:
        """What the keyboard reaches, in the order of reading."""
        shown = self.compare, self.install, self.use, self.back
        return *shown, self.doing.cancel

    def show_embedder(self, one: Embedder) -> None:
        """Show what is known of an embedder."""
        self.shown = one
        state = self._state = USED if one.used else THERE if one.installed else ABSENT
        self.title.setText(one.title)
        self.state.setText(f"·  {state}")
        self.state.setToolTip(ABOUT[state])
        self.purpose.setText(one.purpose)
        self.facts.setText(saying.facts(one, self._seconds))
        self.licence.setText(saying.licence(one))
        self.setAccessibleName(f"{one.title}, {state.lower()}")
        self.install.setVisible(not one.installed)
        self.use.setVisible(one.installed and not one.used)
        self.compare.setVisible(one.installed and not one.used)
        self.back.setVisible(one.used and bool(self._previous))
        for button, what in (
            (self.install, f"Install {one.title}"),
            (self.use, f"Use {one.title}: everybody is embedded with it first"),
            (self.compare, f"Compare {one.title} with the one in use on your people"),
        ):
            button.setAccessibleName(what)
            button.setToolTip(what)
        self._draw()

    def show_speed(self, seconds: float | None) -> None:
        """Say how long a face takes; None if that is not known."""
        self._seconds = seconds
        if self.shown is not None:
            self.facts.setText(saying.facts(self.shown, seconds))

    def show_note(self, text: str) -> None:
        """Say what else should be known, as that it stands in for another."""
        say(self.note, text)

    def show_previous(self, name: str, title: str) -> None:
        """Offer the way back to the one used before; none without a name."""
        self._previous = name
        self.back.setText(f"Back to {title}")
        self.back.setToolTip(
            f"Use {title} again, as before the last switch; whoever was enrolled since "
            "is embedded with it first"
        )
        self.back.setVisible(bool(name) and self.shown is not None and self.shown.used)

    def allow(self, allowed: bool) -> None:
        """Let the buttons be pressed, or not while something else is under way."""
        for button in (self.install, self.use, self.compare, self.back):
            button.setEnabled(allowed)

    def _arrange(self) -> None:
        self.use.setProperty("primary", True)
        self.install.setProperty("primary", True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sign)
        self.state.setWordWrap(False)
        self.title.setWordWrap(False)
        head.addWidget(self.title)
        head.addWidget(self.state)
        head.addStretch(1)
        for button in (self.compare, self.install, self.use, self.back):
            head.addWidget(button)
        text = QGridLayout()
        text.setVerticalSpacing(4)
        rows = self.purpose, self.facts, self.licence, self.note
        for row, widget in enumerate(rows):
            text.addWidget(widget, row, 0)
        self.column.addLayout(head)
        self.column.addLayout(text)
        self.column.addWidget(self.doing)
        self.column.addWidget(self.wrong)
        self.show_note("")
        self.back.hide()

    def _connect(self) -> None:
        for button, signal in (
            (self.install, self.install_wanted),
            (self.use, self.use_wanted),
            (self.compare, self.compare_wanted),
        ):
            button.clicked.connect(
                lambda _, signal=signal: self.shown and signal.emit(self.shown.name)
            )
        self.back.clicked.connect(lambda: self.use_wanted.emit(self._previous))

    def _draw(self) -> None:
        colours = theme.current()
        state = self._state
        colour = colours.good if state == USED else colours.quiet
        ratio = self.devicePixelRatioF()
        self._sign.setVisible(state in SIGNS)
        if state in SIGNS:
            drawn = icons.pixmap(SIGNS[state], QColor(colour), ICON, ratio)
            self._sign.setPixmap(drawn)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
