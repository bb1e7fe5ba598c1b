"""Taking over what other programs change: a command may enrol or forget meanwhile.

Somebody forgotten on the command line must not go on being named in an open window.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from facecam.app.differences import Difference, TakenOver, between
from facecam.app.engine import Engine
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.gallery import Person

EVERY = 2000
"""How often is looked whether there was a change, milliseconds: one tiny file."""


class Following(QObject):
    """Looks now and then whether the people were changed from outside.

    Args:
        engine: reads and fits the people again when they were.
        parent: the window.
    """

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._known = self._seen = b""
        self._people: tuple[Person, ...] = ()
        self._changed: tuple[Difference, ...] = ()
        self._reading = False
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        engine.people_changed.connect(self._told)

    def look(self) -> None:
        """Read the people again if another program has changed them.

        Only what is the same at two looks: the window's own changes are soon told.
        """
        state = self._engine.state
        if self._reading or not state.loaded or state.locked:
            return
        now = self._now()
        again, self._seen = now == self._seen, now
        if again and now != self._known:
            self._reading = True
            self._engine.change(lambda gallery: None, self._taken, self._failed)

    def _told(self, people: tuple[Person, ...]) -> None:
        self._changed = between(self._people, people)
        self._people = people
        self._known, self._reading = self._now(), False

    def _taken(self, _: None) -> None:
        """Remember what was taken over; a change of the window's own was told before.

        The engine tells everybody about the people, then this.
        """
        if self._changed:
            self._engine.taken_over = TakenOver(datetime.now(), self._changed)

    def _failed(self, error: Exception) -> None:
        """Try again at the next change; whoever asks for the people hears of it."""
        if not isinstance(error, FacecamError):
            raise error

    def _now(self) -> bytes:
        from facecam.gallery.layout import GENERATION  # loads more than it seems

        try:
            return (self._engine.config.people / GENERATION).read_bytes()
        except OSError:
            return b""
