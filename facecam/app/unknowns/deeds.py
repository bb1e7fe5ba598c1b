"""What can be done with strangers: name, ignore, delete; each can be taken back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from facecam.app import moments, words
from facecam.app.engine import Engine
from facecam.app.keeping import Keeping
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.unknowns.strangers import shots
from facecam.app.who_is_this import Answer
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.gallery import Enrolled
    from facecam.inbox import Gone
    from facecam.keeping.keeper import Keeper

KEY = "strangers"
"""Of the one line that says what was done."""


class Deeds(QObject):
    """Changes the inbox and the people; says what was done, with Undo."""

    def __init__(
        self, engine: Engine, keeping: Keeping, toasts: Notices, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._engine, self._keeping, self._toasts = engine, keeping, toasts
        self._back: Callable[[], None] | None = None

    def name(self, groups: Sequence[str], answer: Answer) -> None:
        """Enrol strangers, all as one person; then they are strangers no more."""
        who = answer.who
        name = words.short(who if isinstance(who, str) else who.name)
        learning = Notice(KEY, f"Learning {name}…", closable=False)
        self._back = None
        self._toasts.show_notice(learning)
        pictures = shots(answer.views)

        def enrolled(result: Enrolled) -> None:
            kept = words.pictures(len(result.kept))
            text = f"Added {kept} to {name}."
            if isinstance(who, str):
                text = f"{name} is enrolled with {kept}."
            self._keeping.ask(
                lambda keeper: [keeper.inbox.delete(group) for group in groups],
                lambda gone: self._named(text, gone),
                self.refused,
            )

        self._engine.change(
            lambda gallery: gallery.enrol(who, pictures), enrolled, self.refused
        )

    def ignore(self, groups: Sequence[str]) -> None:
        """Delete what is kept of some strangers and keep no more for a while."""
        until = time.time() + self._keeping.choices.hours * moments.HOUR
        when = f"{moments.day(until)} {moments.clock(until)}"
        self._take_away(
            lambda keeper: [keeper.inbox.ignore(group) for group in groups],
            f"No more views of {_them(groups)} are kept until {_lower(when)}.",
        )

    def delete(self, groups: Sequence[str]) -> None:
        """Delete what is kept of some strangers."""
        self._take_away(
            lambda keeper: [keeper.inbox.delete(group) for group in groups],
            f"The views of {_them(groups)} are deleted.",
        )

    def heed(self) -> None:
        """Notice again everybody who is ignored."""

        def work(keeper: Keeper) -> list[Gone]:
            inbox = keeper.inbox
            return [inbox.delete(group.id) for group in inbox.ignored()]

        self._take_away(work, "Those who were ignored are noticed again.")

    def undo(self) -> bool:
        """Take back what was done last, while it is still said; tell whether it was."""
        back, self._back = self._back, None
        if back is None or not self._toasts.text(KEY):
            return False
        back()
        return True

    def _press_undo(self) -> None:
        self.undo()

    def refused(self, error: Exception) -> None:
        """Say what cannot be done; anything unexpected is a bug."""
        self._toasts.hide_notice(KEY)
        self._keeping.written.emit()
        if not isinstance(error, FacecamError):
            raise error
        self._toasts.show_notice(Notice("refused", str(error), "error"))

    def _take_away(self, work: Callable[[Keeper], list[Gone]], text: str) -> None:
        def done(gone: list[Gone]) -> None:
            self._keeping.written.emit()
            self._say(text, lambda: self._restore(gone))

        self._keeping.ask(work, done, self.refused)

    def _named(self, text: str, gone: list[Gone]) -> None:
        def undo() -> None:
            self._engine.change(
                lambda gallery: gallery.undo(),
                lambda _: self._restore(gone),
                self.refused,
            )

        self._keeping.written.emit()
        self._say(text, undo)

    def _restore(self, gone: list[Gone]) -> None:
        """Put groups back as they were."""
        self._toasts.hide_notice(KEY)

        def work(keeper: Keeper) -> None:
            for one in gone:
                keeper.inbox.restore(one)

        self._keeping.ask(work, lambda _: self._keeping.written.emit(), self.refused)

    def _say(self, text: str, undo: Callable[[], None]) -> None:
        self._toasts.hide_notice("refused")
        self._toasts.hide_notice(KEY)  # its button would undo something else
        self._back = undo
        actions = [Action("Undo", self._press_undo)]
        self._toasts.show_notice(Notice(KEY, text, "done", actions, seconds=SHORTLY))


def _them(groups: Sequence[str]) -> str:
    return "this person" if len(groups) == 1 else f"these {len(groups)} people"


def _lower(text: str) -> str:
    """Return a day as it stands inside a sentence."""
    first = text.split(maxsplit=1)[0]
    return text.replace(first, first.lower(), 1) if first[:1] in "TY" else text
