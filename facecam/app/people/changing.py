"""Changes to the people, each with a line that says so and takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer

from facecam.app.engine import Engine
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.gallery import Gallery

T = TypeVar("T")

KEY = "change"
"""Of the one line about changes: a new one replaces the last."""
LONGEST = 200
"""Characters of a line; names have up to 200."""
PATIENCE = 500
"""Milliseconds until a change that takes long is said to be under way."""


class Changes(QObject):
    """The way every page of the people changes the gallery."""

    def __init__(self, engine: Engine, toasts: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._toasts = engine, toasts
        self._waiting = 0
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self._say_busy)

    def do(
        self,
        said: str | Callable[[T], str],
        work: Callable[[Gallery], T],
        done: Callable[[T], None] | None = None,
        steps: Callable[[T], int] = lambda answer: 1,
    ) -> None:
        """Change the gallery in the background, then say so and offer Undo.

        Args:
            said: what happened, or a function that tells it from the answer.
            work: changes the gallery.
            done: told the answer, before anything is said.
            steps: tells from the answer how many changes Undo has to take back.
        """

        def finished(answer: T) -> None:
            if done is not None:
                done(answer)
            count = steps(answer)
            text = said if isinstance(said, str) else said(answer)
            self.say(text, (lambda: self.undo(count)) if count else None)

        self._start(work, finished)

    def undo(self, count: int = 1) -> None:
        """Take the last changes back."""
        self._start(
            lambda gallery: [gallery.undo().text for _ in range(count)][-1],
            lambda text: self.say(f"Undone: {text}.", lambda: self.redo(count), "Redo"),
        )

    def redo(self, count: int = 1) -> None:
        """Do again what was taken back."""
        self._start(
            lambda gallery: [gallery.redo().text for _ in range(count)][-1],
            lambda text: self.say(f"Done again: {text}.", lambda: self.undo(count)),
        )

    def say(
        self, text: str, back: Callable[[], None] | None, label: str = "Undo"
    ) -> None:
        """Say what happened, with a button that takes it back."""
        actions = [Action(label, back)] if back else []
        self._toasts.hide_notice("refused")
        notice = Notice(KEY, shortened(text), "done", actions, seconds=SHORTLY)
        self._toasts.show_notice(notice)

    def refused(self, error: Exception) -> None:
        """Say what cannot be done; anything unexpected is a bug."""
        self._toasts.hide_notice(KEY)
        if not isinstance(error, FacecamError):
            raise error
        self._toasts.show_notice(Notice("refused", str(error), "error"))

    def _start(
        self, work: Callable[[Gallery], T], finished: Callable[[T], None]
    ) -> None:
        self._waiting += 1
        self._timer.start()

        def done(answer: T) -> None:
            self._ended()
            finished(answer)

        def failed(error: Exception) -> None:
            self._ended()
            self.refused(error)

        self._engine.change(work, done, failed)

    def _ended(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._timer.stop()
            self._toasts.hide_notice("busy")

    def _say_busy(self) -> None:
        busy = Notice("busy", "Changing the people…", closable=False)
        self._toasts.show_notice(busy)


def shortened(text: str) -> str:
    """Return a sentence that fits, the middle of a long one left out."""
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} … {text[-half:]}"
