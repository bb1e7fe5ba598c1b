"""What a run is and how it stands, with the buttons that change that."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons
from facecam.app.empty_state import larger
from facecam.app.training.results import signs
from facecam.app.training.results.standing import MEANINGS, Standing

WHOLE = 1000
PAUSE, STOP, WITHDRAW = "pause", "stop", "withdraw"
RESUME, AGAIN, START, NOW = "resume", "again", "start", "now"
GOING_ON = (RESUME, AGAIN, START, NOW)
"""What begins a run or goes on with it: the first thing to do where nothing goes on."""
BUTTONS = {
    PAUSE: (
        "Pause",
        "",
        "Stops within a second and keeps what is done; nothing else begins until it "
        "is resumed",
    ),
    RESUME: ("Resume", "play", "Goes on where it stopped"),
    AGAIN: ("Try again", "refresh", "Goes on from the step that failed"),
    START: ("Start", "play", "Begins, or waits for the run that is under way"),
    NOW: ("Start now", "play", "Begins at once, before the others that wait"),
    STOP: (
        "Stop",
        "stop",
        "Stops within a second and keeps what is done; the next run in the queue "
        "begins. It can be resumed at any time",
    ),
    WITHDRAW: (
        "Take out of the queue",
        "",
        "It is kept, and can be started at any time",
    ),
}

NOTE = 264
"""Width of the note, at most, logical pixels."""
NARROW = 560
"""Width from which words stand beside the bar, logical pixels."""


@dataclass(frozen=True)
class Headline:
    """What the header says."""

    title: str = ""
    about: str = ""
    standing: Standing = Standing.WAITING
    stands: str = ""
    """The same in words."""
    progress: str = ""
    """Which step, and how long it all still takes; or how long it took."""
    share: float | None = None
    """Of the whole run that is done, 0…1; None shows no bar."""
    buttons: tuple[str, ...] = ()
    """Which are offered, of `BUTTONS`; the first one is what to do next."""
    busy: bool = False
    """What was asked for is being done: nothing else can be."""


class RunHeader(QWidget):
    """Title, state, progress, note, buttons."""

    pressed = Signal(str)
    """One of the keys of `BUTTONS`."""
    noted = Signal(str)
    """Another note."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown = Headline()
        self._note = ""
        self.title = QLabel(self)
        larger(self.title, 1.4)
        self.sign = _Sign(self)
        self.stands = QLabel(self)
        self.stands.setObjectName("heading")
        self.about = _Elided(self)
        self.about.setObjectName("quiet")
        for label in (self.title, self.stands, self.about):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.note = QLineEdit(self)
        self.note.setPlaceholderText("Add a note")
        self.note.setAccessibleName("Note about this run")
        self.note.setProperty("note", True)
        self.note.setMaximumWidth(NOTE)
        self.note.setMinimumWidth(NOTE // 2)
        self.bar = QProgressBar(self, maximum=WHOLE, textVisible=False)
        self.bar.setAccessibleName("Progress of the whole run")
        self.progress = QLabel(self)
        self.buttons = {key: self._button(key) for key in BUTTONS}
        self._arrange()
        self.note.editingFinished.connect(self._noted)

    def _arrange(self) -> None:
        self._top = top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.title)
        top.addSpacing(8)
        top.addWidget(self.sign)
        top.addWidget(self.stands)
        top.addStretch(1)
        for button in self.buttons.values():
            top.addWidget(button)
        self._going = going = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        going.setSpacing(16)
        going.addWidget(self.bar, 1)
        going.addWidget(self.progress)
        self.progress.setMinimumWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        told = QHBoxLayout()
        told.setSpacing(16)
        told.addWidget(self.about, 2)
        told.addWidget(self.note, 1)
        column.addLayout(top)
        column.addLayout(told)
        column.addLayout(going)

    def show_headline(self, headline: Headline) -> None:
        """Say something else; nothing is done where nothing has changed."""
        if headline == self.shown:
            return
        self.shown = headline
        self.title.setText(headline.title)
        self.about.show_text(headline.about)
        self.stands.setText(headline.stands)
        self.stands.setToolTip(MEANINGS[headline.standing])
        self.sign.show_standing(headline.standing)
        self.progress.setText(headline.progress)
        self.progress.setVisible(bool(headline.progress))
        self.bar.setVisible(headline.share is not None)
        self.bar.setValue(round(WHOLE * (headline.share or 0.0)))
        primary = self._primary(headline)
        for key, button in self.buttons.items():
            button.setVisible(key in headline.buttons)
            button.setEnabled(not headline.busy)
            if button.property("primary") != (key == primary):
                button.setProperty("primary", key == primary)
                button.style().unpolish(button)
                button.style().polish(button)
                self._dress(key, button)
        self.setAccessibleName(f"{headline.title}: {headline.stands}")

    def add(self, widget: QWidget) -> None:
        """Put something at the end of the first line."""
        self._top.addWidget(widget)

    def show_note(self, text: str) -> None:
        """Show what was noted, unless somebody is writing."""
        self._note = text
        if not self.note.hasFocus() and self.note.text() != text:
            self.note.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the words below the bar where there is little room."""
        super().resizeEvent(event)
        wide = event.size().width() >= NARROW
        direction = QBoxLayout.Direction
        self._going.setDirection(
            direction.LeftToRight if wide else direction.TopToBottom
        )
        self._going.setSpacing(16 if wide else 4)

    def _noted(self) -> None:
        text = self.note.text().strip()
        if text != self._note.strip():
            self._note = text
            self.noted.emit(text)

    @staticmethod
    def _primary(headline: Headline) -> str:
        """Return the one button that stands out: to go on where nothing goes on."""
        first = headline.buttons[:1]
        return first[0] if first and first[0] in GOING_ON else ""

    def _button(self, key: str) -> QPushButton:
        text, _, about = BUTTONS[key]
        button = QPushButton(text, self)
        button.setToolTip(about)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.pressed.emit(key))
        button.hide()
        self._dress(key, button)
        return button

    def _dress(self, key: str, button: QPushButton) -> None:
        icon = BUTTONS[key][1]
        if icon:
            role = self.palette().ColorRole
            primary = bool(button.property("primary"))
            icons.wear(
                button, icon, role.HighlightedText if primary else role.ButtonText
            )


class _Elided(QLabel):
    """One line, its end left out where there is no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        self._whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    def _fit(self) -> None:
        right = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._whole, right, self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out more, or less."""
        super().resizeEvent(event)
        self._fit()


class _Sign(QWidget):
    """The shape that goes with the state."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._standing = Standing.WAITING
        self.setFixedSize(QSize(signs.SIDE, signs.SIDE))

    def show_standing(self, standing: Standing) -> None:
        self._standing = standing
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        with QPainter(self) as painter:
            signs.paint(painter, QRectF(self.rect()), self._standing)
