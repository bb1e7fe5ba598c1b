"""Forgetting somebody: one question, progress, and the receipt in words.

The one place of the window that asks "are you sure?": nothing else cannot be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme, words
from facecam.app.empty_state import larger
from facecam.app.engine import Engine, EngineState
from facecam.app.notices import Notice
from facecam.app.people.lasting import LastingDialog
from facecam.app.tasks import Tasks
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.forgetting import Line, Outcome
    from facecam.gallery import Gallery, Person

WIDTH = 480
ICON = 20


class ForgetDialog(LastingDialog):
    """Asks, forgets, and shows the proof.

    Args:
        engine: changes the people.
        tasks: not needed: the engine has its own.
        person: whom to forget.
        parent: the window.
    """

    forgotten = Signal(object)
    """The outcome, when everything is done."""
    _progressed = Signal(str, float)

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks | None,
        person: Person,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._person = engine, person
        self._name = words.short(person.identity.name)
        self._outcome: Outcome | None = None
        self._said: list[QLabel] = []
        self.setFixedWidth(WIDTH)
        self._make_widgets()
        self._arrange()
        self._progressed.connect(self._show_progress)
        self._ask()

    def _make_widgets(self) -> None:
        self.title = QLabel(self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.title.setObjectName("heading")
        larger(self.title, 1.2)
        self.text = QLabel(self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.text.setObjectName("quiet")
        self.bar = QProgressBar(self, maximum=1000, textVisible=False)
        self.bar.setAccessibleName("Progress")
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        self.keep = QPushButton("Keep", self)
        self.keep.clicked.connect(self.reject)
        self.forget = QPushButton("Forget", self)
        self.forget.setProperty("danger", True)
        self.forget.clicked.connect(self._begin)
        self.open_receipt = QPushButton("Open receipt", self)
        self.open_receipt.clicked.connect(self._open)
        self.close_button = QPushButton("Close", self)
        self.close_button.clicked.connect(self.accept)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(self.lines)
        column.addSpacing(8)
        column.addWidget(self.bar)
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.keep, self.forget, self.open_receipt, self.close_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column.addLayout(buttons)
        for label in (self.title, self.text):
            label.setFixedWidth(WIDTH - 48)

    def _ask(self) -> None:
        self._say(
            f"Forget {self._name}?",
            "All pictures of this person, everything learned from them, their events "
            "and every backup are deleted from this computer. This cannot be undone.",
        )
        self._show_only(self.keep, self.forget)
        self.keep.setDefault(True)
        self.keep.setFocus()

    def _begin(self) -> None:
        from facecam import forgetting

        self._busy = True
        self._say(f"Forgetting {self._name}…", "Collecting what there is")
        self._show_only(self.bar)
        config, identity = self._engine.config, self._person.identity

        def work(gallery: Gallery) -> Outcome:
            return forgetting.forget(
                config, gallery, identity.id, self._progressed.emit
            )

        self._engine.change(work, self._done, self._failed)

    def _show_progress(self, text: str, share: float) -> None:
        if self._busy:
            self.text.setText(f"{text}…")
            self.bar.setValue(round(share * 1000))

    def _done(self, outcome: Outcome) -> None:
        from facecam.forgetting import sentences

        self._busy, self._outcome = False, outcome
        self._say(f"{self._name} is forgotten", "")
        for line in sentences(outcome)[1:]:
            self._add_line(line)
        self._show_only(self.open_receipt, self.close_button)
        self.close_button.setDefault(True)
        self.close_button.setFocus()
        self.forgotten.emit(outcome)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        expected = isinstance(error, FacecamError)
        self._say(
            f"{self._name} could not be forgotten completely",
            str(error) if expected else "Something went wrong. See the log.",
        )
        self._show_only(self.close_button)
        self.close_button.setFocus()
        if not expected:
            raise error

    def _add_line(self, line: Line) -> None:
        colours = theme.current()
        row = QHBoxLayout()
        row.setSpacing(12)
        mark = QLabel(self)
        name, colour = "check", colours.good
        if not line.good:
            name, colour = "info", colours.warning
        ratio = self.devicePixelRatioF()
        mark.setPixmap(icons.pixmap(name, QColor(colour), ICON, ratio))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        text = words.short(line.text, 400)
        said = QLabel(text, self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said.setFixedWidth(WIDTH - 48 - ICON - 12)
        row.addWidget(said, 1)
        self._said.append(said)
        self.lines.addLayout(row)

    def _say(self, title: str, text: str) -> None:
        self.title.setText(title)
        self.setWindowTitle(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))

    def _show_only(self, *shown: QWidget) -> None:
        for widget in (
            *(self.keep, self.forget, self.bar),
            *(self.open_receipt, self.close_button),
        ):
            widget.setVisible(widget in shown)

    def _open(self) -> None:
        if self._outcome is not None and self._outcome.receipt is not None:
            path = str(self._outcome.receipt)
            QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def said(self) -> list[str]:
        """Return the lines of the receipt in words."""
        return [label.text() for label in self._said]


def finish_interrupted(engine: Engine, tell: Callable[[Notice], None]) -> None:
    """Finish, once the people are loaded, a forgetting that a crash interrupted.

    Args:
        engine: of the window.
        tell: shows what was done, or why it could not be.
    """

    def begin(state: EngineState) -> None:
        interrupted = any(engine.config.home.glob("forgetting/*.npz"))
        if state.loaded and not state.locked and interrupted:
            engine.change(finish, done, failed)

    def finish(gallery: Gallery) -> list[Outcome]:
        from facecam import forgetting

        return forgetting.finish(engine.config, gallery)

    def done(outcomes: list[Outcome]) -> None:
        if outcomes:
            clean = all(outcome.clean for outcome in outcomes)
            text = "Forgetting somebody had been interrupted. It is finished now"
            rest = "; nothing of them is left." if clean else "; see the receipt."
            tell(Notice("forgotten", text + rest, "done" if clean else "info"))

    def failed(error: Exception) -> None:
        if not isinstance(error, FacecamError):
            raise error
        text = f"Forgetting somebody was interrupted and cannot be finished: {error}"
        tell(Notice("forgotten", text, "error"))

    engine.state_changed.connect(begin)
