"""Follows recognitions and keeps of them what the user wants kept.

Following costs next to nothing and belongs to the thread that sees the recognitions;
writing happens on whichever one thread the caller has for it. Between them goes a
`Batch`.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from facecam.config import Config
from facecam.events import Events, Visit
from facecam.faces import Recognition
from facecam.inbox import Inbox, Sight
from facecam.keeping.attendance import Attendance, Changes
from facecam.keeping.choices import Choices, load
from facecam.keeping.strangers import Strangers, sight
from facecam.vault import PLAIN, Vault

REMEMBERED = 200
"""Visits of which a view stays in memory, for "Not this person"."""
CLEANING = 600.0
"""Seconds between two looks for what has expired."""


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """What is to be written."""

    changes: Changes
    views: tuple[tuple[int, Sight], ...]
    """Of strangers, with their tracks."""
    mistaken: tuple[tuple[int, tuple[float, ...]], ...]
    """Tracks named after all, and when their views were taken."""

    def __bool__(self) -> bool:
        return bool(
            self.changes.visits or self.changes.dropped or self.views or self.mistaken
        )


class Keeper:
    """Keeps visits and strangers.

    Args:
        config: how.
        vault: seals the strangers' views.
        choices: what; None reads what the user has chosen.
    """

    def __init__(
        self, config: Config, vault: Vault = PLAIN, choices: Choices | None = None
    ) -> None:
        self._config = config
        self.vault = vault
        self.choices = choices or load(config)
        self._attendance = Attendance(config)
        self._strangers = Strangers(config.inbox)
        self._views: OrderedDict[int, tuple[str, Sight]] = OrderedDict()
        """By token: whose visit, and its best view; in memory only."""
        self._numbers: dict[int, int] = {}
        self._groups: dict[int, str] = {}
        self._settled: set[int] = set()
        self._inbox: Inbox | None = None
        self._cleaned = -CLEANING

    @property
    def events(self) -> Events:
        """The visits, kept for as long as chosen."""
        return Events(self._config.home, self._config.events, self.choices.days)

    @property
    def inbox(self) -> Inbox:
        """The strangers, kept for as long as chosen."""
        if self._inbox is None or self._inbox.hours != self.choices.hours:
            home, hours = self._config.home, self.choices.hours
            self._inbox = Inbox(home, self._config.inbox, self.vault, hours)
        return self._inbox

    # Following --------------------------------------------------------------------

    def use(self, choices: Choices) -> None:
        """Keep something else from now on."""
        if not choices.events:
            self._attendance.leave()
            self._attendance.changes()
        if not choices.inbox:
            self._strangers.leave(time.time())
            self._strangers.take()
        self.choices = choices

    def use_vault(self, vault: Vault) -> None:
        """Seal with another vault from now on, as after the passphrase was given."""
        if vault is not self.vault:
            self.vault, self._inbox = vault, None

    def use_config(self, config: Config) -> None:
        """Group strangers by other numbers from now on, as with another embedder."""
        if config.inbox != self._config.inbox:
            self._config, self._inbox = config, None

    def know_embedder(self, fingerprint: str) -> None:
        """Take note which embedder made the vectors that follow."""
        self._strangers.fingerprint = fingerprint

    def follow(self, recognition: Recognition, source: str, now: float) -> None:
        """Look at a new recognition.

        Args:
            recognition: of a frame.
            source: where, as a person would call it.
            now: seconds since 1970, must not go back.
        """
        if recognition.embedder not in ("", self._strangers.fingerprint):
            self.leave(now)  # other tracks, other vectors
            self.know_embedder(recognition.embedder)
        if self.choices.events:
            self._attendance.follow(recognition, source, now)
            self._remember(recognition, now)
        if self.choices.inbox:
            self._strangers.follow(recognition, now)

    def leave(self, now: float) -> None:
        """End every visit, as when another source is chosen."""
        self._attendance.leave()
        self._strangers.leave(now)

    def collect(self) -> Batch:
        """Return what has to be written since the last time; false if it is nothing."""
        changes = self._attendance.changes() if self.choices.events else Changes()
        mistaken = self._strangers.take_mistaken()
        return Batch(changes, self._strangers.take(), mistaken)

    def sight(self, number: int) -> Sight | None:
        """Return the view of a visit that is still in memory."""
        tokens = [token for token, known in self._numbers.items() if known == number]
        return self._view(tokens[0]) if tokens else None

    def recent(self, but: Sight | None = None) -> list[Sight]:
        """Return the views in memory, one of each visit of late, but for one."""
        return [view for _, view in self._views.values() if view is not but]

    def sight_of(self, track: int) -> Sight | None:
        """Return the view in memory of the visit that a track belongs to."""
        visit = self._attendance.visit_of(track)
        return self._view(visit.token) if visit else None

    def drop_gone(self, present: Collection[str]) -> None:
        """Drop the views of whoever is not enrolled any more from memory."""
        for token, (person, _) in list(self._views.items()):
            if person not in present:
                del self._views[token]

    def retract(self, track: int, person: str) -> Callable[[], Visit | None]:
        """Make the visit of a track a stranger's: its name was refused.

        Returns:
            What takes that back in memory, and returns the visit as it then has to be
            written; None if there is nothing to write.
        """
        visit = self._attendance.retract(track, person)

        def back() -> Visit | None:
            if visit is None:
                return None
            visit.person, visit.written = person, None
            number = self._numbers.get(visit.token, 0)
            return replace(visit.visit(), number=number) if number else None

        return back

    def _view(self, token: int) -> Sight | None:
        _, view = self._views.get(token, ("", None))
        return view

    def _remember(self, recognition: Recognition, now: float) -> None:
        """Keep the best view of each named visit in memory."""
        for face in recognition.faces:
            visit = self._attendance.visit_of(face.track)
            if visit is None or not visit.person or face.embedding is None:
                continue
            known = self._view(visit.token)
            if known is None or face.quality > known.quality:
                view = sight(face, recognition.frame, now, self._strangers.fingerprint)
                self._views[visit.token] = (visit.person, view)
                self._views.move_to_end(visit.token)
        while len(self._views) > REMEMBERED:
            self._views.popitem(last=False)

    # Writing ----------------------------------------------------------------------

    def write(self, batch: Batch) -> None:
        """Write a batch, and delete now and then what has expired.

        Raises:
            GalleryError: something cannot be written; what came before it is.
            VaultLocked: the passphrase has not been given.
        """
        if batch.changes.dropped or batch.changes.visits:
            self._write_visits(batch.changes)
        inbox = self.inbox
        for track, view in batch.views:
            self._groups[track] = inbox.add(view, self._groups.get(track, ""))
        for track, taken in batch.mistaken:
            inbox.drop(self._groups.pop(track, ""), taken)
        if time.monotonic() - self._cleaned >= CLEANING:
            self.expire()

    def expire(self) -> int:
        """Delete everything too old, whether anything is kept now or not."""
        self._cleaned = time.monotonic()
        return self.events.expire() + self.inbox.expire()

    def flush(self) -> None:
        """Write what there is, at once."""
        self.write(self.collect())

    def settle(self, number: int) -> None:
        """Leave a visit as it is written: the user has corrected it."""
        self._settled.add(number)

    def _write_visits(self, changes: Changes) -> None:
        events = self.events
        events.remove(
            [self._numbers.pop(t) for t in changes.dropped if t in self._numbers]
        )
        known = [
            (token, replace(visit, number=self._numbers.get(token, 0)))
            for token, visit in changes.visits
            if self._may_be_kept(visit)
        ]
        known = [(t, v) for t, v in known if v.number not in self._settled]
        written = events.write([visit for _, visit in known])
        for (token, _), visit in zip(known, written, strict=True):
            self._numbers[token] = visit.number

    def _may_be_kept(self, visit: Visit) -> bool:
        """Tell whether somebody is enrolled still: forgetting may be just over."""
        return not visit.person or (self._config.people / visit.person).is_dir()
