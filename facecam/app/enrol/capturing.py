"""One capture from begin to end: coach in, pictures kept in memory, people enrolled.

Nothing is written before `save`, which is one change of the gallery; `cancel` drops
everything. While the place is not looked at a capture is paused: Live names faces.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facecam.app.engine import Engine
from facecam.enrolment.advice import Advice, Caution, Concern, Taken
from facecam.errors import FacecamError
from facecam.faces import Identity

if TYPE_CHECKING:
    from facecam.enrolment import Coach
    from facecam.gallery import Gallery
    from facecam.gallery.people import Enrolled


@dataclass(frozen=True)
class Saved:
    """Somebody was enrolled, or given pictures."""

    identity: Identity
    kept: int
    new: bool


class Capturing(QObject):
    """The capture under way, if there is one."""

    changed = Signal()
    """Begun, named differently, or over."""
    saved = Signal(object)
    refused = Signal(str)

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._coach: Coach | None = None
        self._accepted: set[tuple[Concern, Identity | None]] = set()
        self.who: str | Identity = ""
        self.agreed = ""
        """When the person agreed, ISO 8601, UTC; empty leaves what is noted."""
        self.saving = False

    @property
    def active(self) -> bool:
        """Whether pictures are being taken."""
        return self._coach is not None

    @property
    def name(self) -> str:
        """The name of the person meant."""
        return self.who if isinstance(self.who, str) else self.who.name

    @property
    def advice(self) -> Advice | None:
        """What the coach said last."""
        return self._coach.advice.peek() if self._coach else None

    @property
    def taken(self) -> tuple[Taken, ...]:
        """The pictures taken so far."""
        return self._coach.shots if self._coach else ()

    @property
    def caution(self) -> Caution | None:
        """A warning nobody has answered yet."""
        advice = self.advice
        caution = advice.warning if advice else None
        if caution is None or self._answered(caution):
            return None
        return caution

    def begin(
        self, who: str | Identity, glasses: bool, agreed_before: bool = False
    ) -> bool:
        """Start taking pictures of somebody; False while the nets are not loaded."""
        enrolling = who if isinstance(who, Identity) else None
        coach = self._engine.new_coach(enrolling, glasses)
        if coach is None:
            return False
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.who, self.agreed = who, "" if agreed_before else now
        self._accepted = set()
        self._coach = self._engine.coach = coach
        self.changed.emit()
        return True

    def mean(self, who: str | Identity) -> None:
        """Take the pictures for somebody else than was said first."""
        self.who = who
        if self._coach is not None and isinstance(who, Identity):
            self._coach.sitting = replace(self._coach.sitting, enrolling=who)
        self.changed.emit()

    def accept(self, caution: Caution) -> None:
        """Take note that a warning was answered: all is as it should be."""
        self._accepted.add((caution.concern, caution.identity))

    def pause(self) -> None:
        """Let faces be named again until `go_on`."""
        self._engine.coach = None

    def go_on(self) -> None:
        """Go on where the capture was paused."""
        self._engine.coach = self._coach

    def shoot(self) -> None:
        """Take a picture now; the advice says why not if it cannot be used."""
        if self._coach is not None:
            self._coach.shoot()

    def undo(self) -> None:
        """Drop the last picture."""
        if self._coach is not None:
            self._coach.undo()

    def cancel(self) -> None:
        """Drop everything."""
        self._engine.coach = self._coach = None
        self.changed.emit()

    def save(self) -> None:
        """Enrol the person with the pictures taken, all at once."""
        taken, who, agreed = self.taken, self.who, self.agreed
        if not taken:
            return
        began = {person.identity for person in self._engine.people}

        def work(gallery: Gallery) -> Enrolled:
            from facecam.gallery import Shot

            shots = [Shot(one.image, one.box, one.landmarks) for one in taken]
            capture = uuid.uuid4().hex
            return gallery.enrol(who, shots, capture=capture, consent=agreed)

        def done(enrolled: Enrolled) -> None:
            self.saving = False
            identity = enrolled.person.identity
            new = identity not in began
            self.saved.emit(Saved(identity, len(enrolled.kept), new))

        self.saving = True
        self.cancel()
        self._engine.change(work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        """Say what the gallery did not accept; anything else is a bug."""
        self.saving = False
        self.changed.emit()
        if not isinstance(error, FacecamError):
            raise error
        self.refused.emit(str(error))

    def _answered(self, caution: Caution) -> bool:
        """Tell whether a warning is settled by an answer, or by who is meant now."""
        known = (caution.concern, caution.identity) in self._accepted
        return known or (caution.identity is not None and caution.identity == self.who)
