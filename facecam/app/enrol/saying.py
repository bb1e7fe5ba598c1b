"""Short confirmations of the Enrol place, each with its Undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from facecam.app import words
from facecam.app.engine import Engine
from facecam.app.enrol.capturing import Capturing, Saved
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.errors import FacecamError

KEY = "enrolled"


class Saying(QObject):
    """Says what became of a capture."""

    live_wanted = Signal()

    def __init__(
        self, engine: Engine, capturing: Capturing, toasts: Notices, offers: Notices
    ) -> None:
        super().__init__(toasts)
        self._engine, self._toasts, self._offers = engine, toasts, offers
        capturing.saved.connect(self._saved)
        capturing.refused.connect(self.refuse)

    def learning(self, name: str) -> None:
        """Say that somebody is being enrolled."""
        self._offers.hide_notice("refused")
        text = f"Learning {words.short(name)}…"
        self._toasts.show_notice(Notice(KEY, text, closable=False))

    def cancelled(self) -> None:
        """Say that nothing was kept."""
        text = "Cancelled. Nothing was kept."
        self._toasts.show_notice(Notice(KEY, text, seconds=SHORTLY))

    def refuse(self, text: str) -> None:
        """Say what the gallery did not accept."""
        self._toasts.hide_notice(KEY)
        self._offers.show_notice(Notice("refused", text, "error"))

    def undo(self, then: Callable[[], None]) -> None:
        """Undo the last change of the people."""

        def failed(error: Exception) -> None:
            if not isinstance(error, FacecamError):
                raise error
            self.refuse(str(error))

        def done(_: object) -> None:
            self._toasts.show_notice(Notice(KEY, "Undone.", "done", seconds=SHORTLY))
            then()

        self._toasts.hide_notice(KEY)
        self._engine.change(lambda gallery: gallery.undo(), done, failed)

    def _saved(self, saved: Saved) -> None:
        kept, name = words.pictures(saved.kept), words.short(saved.identity.name)
        text = f"Added {kept} to {name}."
        if saved.new:
            text = f"{name} is enrolled with {kept}."
        actions = (
            Action("Undo", lambda: self.undo(lambda: None)),
            Action("See the name in Live", self.live_wanted.emit, primary=True),
        )
        self._toasts.show_notice(Notice(KEY, text, "done", actions, seconds=STAY))


STAY = 2 * SHORTLY
"""Seconds the confirmation stays: there are two things to choose from."""
