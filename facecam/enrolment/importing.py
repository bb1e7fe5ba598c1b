"""People from files: pictures, a folder, a tree of one folder per person.

    planning    Plan: who, from which files
    Importer(gallery, screen).run(plan, progress, cancelled) -> Imported

Each file is one capture, named by the hash of its content. What anybody's record lists
is therefore known without looking at it again: a second run adds nothing and is quick,
one that was interrupted goes on, a person renamed since is found again, and a picture
that was moved to somebody else stays there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np

from facecam.enrolment.planning import Batch, Plan
from facecam.enrolment.screening import (
    Candidate,
    Reason,
    Screen,
    Skipped,
    strangers_among,
)
from facecam.errors import GalleryError, ImageError
from facecam.faces import Floats, Identity
from facecam.gallery import Gallery, Person
from facecam.gallery.lookup import folded
from facecam.gallery.names import clean_name
from facecam.media import decode_image

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many files are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the files of one person."""

    name: str
    person: Person | None
    """As enrolled now; None if no file could be used."""
    new: bool
    """Whether the person was not there before."""
    kept: tuple[Path, ...]
    known: tuple[Path, ...]
    """Those enrolled already, this time or earlier."""
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a plan."""

    people: tuple[Outcome, ...]
    skipped: tuple[Skipped, ...]
    """Of the plan itself."""
    cancelled: bool = False
    """Whether it was stopped: the person being looked at then was left as it was."""

    @property
    def kept(self) -> int:
        """How many pictures were added."""
        return sum(len(outcome.kept) for outcome in self.people)

    @property
    def known(self) -> int:
        """How many were enrolled already."""
        return sum(len(outcome.known) for outcome in self.people)

    @property
    def left_out(self) -> tuple[Skipped, ...]:
        """Every file that was left out."""
        theirs = (skipped for outcome in self.people for skipped in outcome.skipped)
        return (*self.skipped, *theirs)


@dataclass(frozen=True, eq=False, slots=True)
class Importer:
    """Enrols a plan, one person after another.

    Each person's pictures are saved all at once, whole, once the last was looked at;
    only somebody with more pictures than fit into memory is saved in portions.
    """

    gallery: Gallery
    screen: Screen
    to: Identity | None = None
    """Give everything to this person; None finds or makes one for each name."""
    again: bool = True
    """Whether a name that exists means that person, and a file that anybody has stays
    theirs, as with trees; False makes somebody new, but for files that somebody of
    that name has already."""
    consent: str = ""
    """When the people agreed, ISO 8601, UTC; empty if not noted."""

    def run(
        self,
        plan: Plan,
        progress: Progress = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Imported:
        """Enrol everybody.

        Args:
            plan: who, from which files.
            progress: told after each file.
            cancelled: asked before each file; the person then at hand is left out.

        Raises:
            GalleryError: the disk refuses; those enrolled before stay enrolled.
        """
        names = frozenset(folded(batch.name) for batch in plan.people)
        register = _Register.of(self.gallery, names)
        outcomes: list[Outcome] = []
        done = 0
        for batch in plan.people:
            work = _Work(self, batch, register)
            for path in batch.files:
                if cancelled():
                    return Imported(tuple(outcomes), plan.skipped, cancelled=True)
                work.take(path)
                done += 1
                progress(done, plan.files)
            outcomes.append(work.finish())
        return Imported(tuple(outcomes), plan.skipped)


def capture_of(data: bytes) -> str:
    """Return the capture that a file is: a name made from its content."""
    return hashlib.sha256(data).hexdigest()[:32]


@dataclass
class _Register:
    """Who has which captures, kept up to date while people are added."""

    gallery: Gallery
    people: dict[str, Person]
    owners: dict[str, str]
    """Id by capture."""
    names: frozenset[str]
    """Of everybody in the plan, folded."""
    _embeddings: dict[str, Floats] | None = field(default=None, init=False)

    @staticmethod
    def of(gallery: Gallery, names: frozenset[str]) -> _Register:
        register = _Register(gallery, {}, {}, names)
        for person in gallery.people():
            register.note(person)
        return register

    def note(self, person: Person) -> None:
        self.people[person.identity.id] = person
        for portrait in person.portraits:
            self.owners[portrait.capture] = person.identity.id

    def embeddings(self, person: Person | None) -> Floats | None:
        """Return what somebody is enrolled from, (n, d); None for somebody new."""
        if person is None:
            return None
        if self._embeddings is None:  # of those who were there before
            found = self.gallery.embeddings()
            self._embeddings = {who.id: rows for who, rows in found.items()}
        return self._embeddings.get(person.identity.id)


class _Work:
    """The files of one person, on their way in."""

    def __init__(self, importer: Importer, batch: Batch, register: _Register) -> None:
        self._importer, self._batch, self._register = importer, batch, register
        self._person: Person | None = None
        self._new = False
        self._seen: set[str] = set()
        self._owners: list[str] = []
        self._candidates: list[Candidate] = []
        self._kept: list[Path] = []
        self._known: list[Path] = []
        self._skipped: list[Skipped] = []

    def take(self, path: Path) -> None:
        """Look at one file, unless it is enrolled already."""
        try:
            data = path.read_bytes()
            capture = capture_of(data)
            if self._is_known(capture):
                self._known.append(path)
                return
            image = decode_image(data, path.name)
        except (OSError, ImageError) as error:
            text = str(error) if isinstance(error, ImageError) else _unreadable(error)
            self._skipped.append(Skipped(path, Reason.UNREADABLE, text))
            return
        seen = self._importer.screen.look(path, image, capture)
        if isinstance(seen, Skipped):
            self._skipped.append(seen)
            return
        self._seen.add(capture)
        self._candidates.append(seen)
        limit = self._importer.screen.config.enrolment.import_pixels
        if sum(candidate.pixels for candidate in self._candidates) > limit:
            self._enrol()

    def finish(self) -> Outcome:
        """Enrol what is left; return what became of the files."""
        self._enrol()
        if self._person is None and self._owners:
            self._person = self._register.people[self._owners[0]]
        return Outcome(
            self._batch.name,
            self._person,
            self._new,
            tuple(self._kept),
            tuple(self._known),
            tuple(self._skipped),
        )

    def _is_known(self, capture: str) -> bool:
        owner = self._register.owners.get(capture)
        if owner is not None and self._may_own(self._register.people[owner]):
            self._owners.append(owner)
            return True
        return capture in self._seen

    def _may_own(self, person: Person) -> bool:
        """Say whether a file counts as known because a person has it."""
        importer, identity = self._importer, person.identity
        if importer.to is not None:
            return identity == importer.to
        return importer.again or folded(identity.name) == folded(self._batch.name)

    def _enrol(self) -> None:
        """Save what is held in memory."""
        if not self._candidates:
            return
        try:
            self._person = self._person or self._owner()
        except GalleryError as error:
            self._skip(self._candidates, Reason.NOBODY, str(error))
            self._candidates = []
            return
        chosen = self._without_strangers()
        self._candidates = []
        if chosen:
            self._save(chosen)

    def _save(self, chosen: list[Candidate]) -> None:
        importer = self._importer
        who = self._person.identity if self._person else self._batch.name
        self._new = self._new or self._person is None
        shots = [candidate.shot for candidate in chosen]
        done = importer.gallery.enrol(who, shots, consent=importer.consent)
        self._person = done.person
        self._register.note(done.person)
        captures = {portrait.capture for portrait in done.person.portraits}
        for candidate in chosen:  # another file may hold the very same pixels
            new = candidate.shot.capture in captures
            (self._kept if new else self._known).append(candidate.path)

    def _owner(self) -> Person | None:
        """Return the person these files belong to; None for somebody new.

        Whoever has some of them is that person under another name, unless the plan has
        files of their own for them: then two people have the same picture.

        Raises:
            GalleryError: several people have that name, or nobody can have it.
        """
        importer, people = self._importer, self._register.people
        if importer.to is not None:
            return importer.gallery.find(importer.to.id)
        name = folded(self._batch.name)
        same = [p for p in people.values() if folded(p.identity.name) == name]
        theirs = [people[owner] for owner in self._owners]
        both = [person for person in theirs if person in same]
        if not same:  # somebody renamed since
            others = self._register.names - {name}
            both = [p for p in theirs if folded(p.identity.name) not in others]
        if both:
            return max(both, key=both.count)
        if not importer.again or not same:
            clean_name(self._batch.name)
            return None
        if len(same) > 1:
            ids = ", ".join(person.identity.id for person in same)
            raise GalleryError(
                f"Several people are called {self._batch.name}: {ids}. "
                "Import their pictures one person at a time, by id."
            )
        return same[0]

    def _without_strangers(self) -> list[Candidate]:
        """Return the candidates that show the person most of them show."""
        screen = self._importer.screen
        rows = [c.embedding for c in self._candidates if c.embedding is not None]
        if len(rows) < len(self._candidates) or not screen.strict:
            return self._candidates
        old = self._register.embeddings(self._person)
        strange = strangers_among(np.stack(rows), old, screen.config.enrolment)
        marked = list(zip(self._candidates, strange.tolist(), strict=True))
        name = self._batch.name or "this person"
        text = f"It looks like somebody else than the other pictures of {name}."
        out = [candidate for candidate, odd in marked if odd]
        self._skip(out, Reason.SOMEBODY_ELSE, text)
        return [candidate for candidate, odd in marked if not odd]

    def _skip(self, candidates: list[Candidate], reason: Reason, text: str) -> None:
        self._skipped += [Skipped(c.path, reason, text) for c in candidates]


def _unreadable(error: OSError) -> str:
    return f"It cannot be read: {error.strerror or error}. Check its rights."
