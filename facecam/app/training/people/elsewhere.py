"""Looks whether pictures were changed behind the window's back.

What another program changes is taken over by itself (see `app.following`); what hands
change in the folders of people is not, and neither is what went wrong the first time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from facecam.app.differences import Difference, between
from facecam.app.engine import Engine
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.gallery import Person

EVERY = 5000
"""How often is looked, milliseconds: longer than taking over by itself needs."""


class Elsewhere(QObject):
    """Compares the people on the disk with those that were learned, while watched."""

    changed = Signal()
    """`differences` are others."""

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._looking = False
        self._seen: tuple[Person, ...] = ()
        self.differences: tuple[Difference, ...] = ()
        """What has not been learned yet."""
        self.people: tuple[Person, ...] = ()
        """Whom they are about: everybody as on the disk."""
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        engine.people_changed.connect(lambda people: self._show(()))

    def watch(self, on: bool) -> None:
        """Look from now on, or no more."""
        if on and not self._timer.isActive():
            self._timer.start()
            self.look()
        elif not on:
            self._timer.stop()

    def look(self) -> None:
        """Look now; what differs is told when it is the same at two looks."""
        state = self._engine.state
        if not self._looking and state.loaded and not state.locked:
            self._looking = True
            self._engine.ask(
                lambda gallery, report: tuple(gallery.people()), self._got, self._failed
            )

    def _got(self, people: tuple[Person, ...]) -> None:
        self._looking = False
        again, self._seen = people == self._seen, people
        if again:
            self.people = people
            self._show(between(self._engine.people, people))

    def _failed(self, error: Exception) -> None:
        self._looking = False
        if not isinstance(error, FacecamError):
            raise error

    def _show(self, differences: tuple[Difference, ...]) -> None:
        if differences != self.differences:
            self.differences = differences
            self.changed.emit()
