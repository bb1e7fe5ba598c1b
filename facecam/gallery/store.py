"""The people folder as files: read under a lock, changed through the journal.

Knows records and bytes; nothing of faces, nets or numbers computed from them.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path

from facecam.errors import GalleryError, PersonNotFound
from facecam.gallery import journal, records
from facecam.gallery.history import Entry, History, Limits, Touched
from facecam.gallery.index import Index
from facecam.gallery.journal import Journal, Step
from facecam.gallery.layout import (
    BEFORE,
    GENERATION,
    HISTORY,
    IDENTIFIER,
    INDEX,
    LOCK,
    MANIFEST,
    RECORD,
    VERSION,
    explained,
    people_folders,
)
from facecam.gallery.listing import Listed, Listing
from facecam.gallery.people import Change
from facecam.gallery.records import Record
from facecam.vault import Vault

PATIENCE = 10.0
"""Longest wait for another program that is changing the people, seconds."""


MANIFEST_TEXT = f"{json.dumps({'version': VERSION})}\n".encode()


@dataclass(eq=False)
class Draft:
    """A change while it is put together."""

    text: str
    """For the history: "Renamed Ada to Countess"."""
    files: dict[str, bytes | None] = field(default_factory=dict)
    """New content by path below the people folder, not sealed; None removes it."""
    about: set[str] = field(default_factory=set)
    """Ids of everybody whose data it holds or touches."""

    def put(self, identity_id: str, file: str, data: bytes) -> None:
        """Write a file of a person."""
        self.files[f"{identity_id}/{file}"] = data
        self.about.add(identity_id)

    def drop(self, identity_id: str, file: str) -> None:
        """Remove a file of a person; one that is not there does no harm."""
        self.files.setdefault(f"{identity_id}/{file}", None)
        self.about.add(identity_id)

    def note(self, identity_id: str, record: Record) -> None:
        """Write a person's record."""
        self.put(identity_id, RECORD, records.dump(record))
        self.about |= record.mentions


class Store:
    """Reads and changes the files of a people folder.

    Args:
        directory: the people folder; made at the first change.
        vault: what seals and unseals every byte of a person.
        limits: how many changes, and for how many days, can be undone.
    """

    def __init__(
        self,
        directory: Path,
        vault: Vault,
        limits: Limits,
    ) -> None:
        self.directory = directory
        self.vault = vault
        self.index = Index(directory / INDEX, vault)
        self._limits = limits
        self.history = History(directory, vault, limits)
        self._listing = Listing(directory, vault)
        self._mutex = threading.RLock()
        self._depth = 0

    @property
    def before(self) -> Path:
        """The copy of the folder as an older version left it, from inside of it."""
        return Path("..") / f"{self.directory.name}{BEFORE}"

    @property
    def generation(self) -> int:
        """How many changes there were, by any program."""
        try:
            return int((self.directory / GENERATION).read_bytes())
        except (OSError, ValueError):
            return 0

    @contextlib.contextmanager
    def locked(self, writing: bool = False) -> Iterator[None]:
        """Keep every other program and thread away; finish what a crash interrupted.

        Raises:
            GalleryError: another program keeps the lock, or the disk refuses.
        """
        with self._mutex, contextlib.ExitStack() as stack:
            if self._depth == 0:
                self._lock(stack, writing)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def listed(self) -> dict[str, Listed | GalleryError]:
        """Return what there is of everybody, by id; an error where it is damaged."""
        with self.locked():
            return self._listing.all()

    def one(self, identity_id: str) -> Listed:
        """Return what there is of one person.

        Raises:
            PersonNotFound: there is no such person.
            GalleryError: the record is damaged.
        """
        with self.locked():
            self.require(identity_id)
            return self._listing.one(identity_id)

    def require(self, identity_id: str) -> None:
        """Make sure that somebody has an id; raises PersonNotFound."""
        if identity_id not in self.ids():
            raise PersonNotFound(f"Nobody has the id {identity_id}. See: people list")

    def ids(self) -> list[str]:
        """Return the ids of everybody, also of those whose record is damaged."""
        return [folder.name for folder in people_folders(self.directory)]

    def read(self, identity_id: str, file: str) -> bytes:
        """Return the content of a person's file, unsealed.

        Raises:
            OSError: it is not there.
            GalleryError: it cannot be unsealed.
        """
        data = (self.directory / identity_id / file).read_bytes()
        return self.vault.unseal(data, identity_id)

    def commit(self, draft: Draft) -> None:
        """Make a change, so that it can be undone.

        Raises:
            GalleryError: the disk refuses; nothing is changed.
        """
        undoable = self._limits.steps > 0
        with self._changing():
            for identity_id in tuple(draft.about):
                draft.about |= self._mentioned(identity_id)
            number, when = self._next(), records.now()
            touched = tuple(self._touched(draft))
            entry = Entry(number, draft.text, when, tuple(sorted(draft.about)), touched)
            steps = [
                Step(
                    file.path,
                    self._sealed(file.path, draft.files[file.path]),
                    entry.stash(k, after=False) if file.before and undoable else "",
                )
                for k, file in enumerate(touched)
            ]
            noted = [self.history.noted(entry)] if undoable else []
            self._apply([*steps, *noted], self.history.displaced())

    def undo(self) -> Change:
        """Take the last change back.

        Raises:
            GalleryError: there is nothing to undo, or the disk refuses.
        """
        with self._changing():
            return self._swap(*self.history.undoing())

    def redo(self) -> Change:
        """Make the change again that was undone last.

        Raises:
            GalleryError: there is nothing to redo, or the disk refuses.
        """
        with self._changing():
            return self._swap(*self.history.redoing())

    def forget(self, identity_id: str, others: Draft) -> None:
        """Remove somebody, and what in the history or the keys is left of them.

        Args:
            identity_id: the person.
            others: what has to change about other people; not undone, either.

        Raises:
            GalleryError: the disk refuses.
        """
        with self._changing():
            steps = [Step(p, self._sealed(p, d)) for p, d in others.files.items()]
            affected = {p.partition("/")[0] for p in others.files}
            going = self.history.about({identity_id, *affected})
            copy = f"{self.before.as_posix()}/{identity_id}"
            remove = [identity_id, IDENTIFIER, copy, *self.history.torn()]
            self._apply(steps, going, remove, {identity_id})

    def tidy(self) -> None:
        """Let go of changes that are too old to be undone."""
        if (self.directory / HISTORY).is_dir() and self.history.expired():
            with self._changing():
                self._apply([], self.history.expired())

    def plain_change(self, steps: list[Step], remove: list[str]) -> None:
        """Carry out steps that cannot be undone, as one change."""
        with self._changing():
            self._apply(steps, [], remove)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        with self.locked(writing=True), explained("Cannot change the people"):
            yield

    def _swap(self, entry: Entry, steps: list[Step], left: list[str]) -> Change:
        self._apply(steps, [], left)
        return entry.change

    def _apply(
        self,
        steps: list[Step],
        displaced: list[Entry],
        remove: Iterable[str] = (),
        destroy: Set[str] = frozenset(),
    ) -> None:
        """Carry out steps as one change, letting go of displaced entries."""
        directory = self.directory
        steps = [*steps, Step(GENERATION, str(self._next()).encode())]
        if not (directory / MANIFEST).exists():
            steps.append(Step(MANIFEST, MANIFEST_TEXT))
        begun = journal.begin(
            directory,
            steps,
            [*remove, *(entry.folder for entry in displaced)],
            destroy | self._orphans(displaced),
        )
        self._carry_out(begun)

    def _next(self) -> int:
        """Return the number of the change to come; no older one has it.

        Where the file with the last one is lost, the history knows.
        """
        return max(self.generation, *self.history.numbers(), 0) + 1

    def _orphans(self, displaced: list[Entry]) -> set[str]:
        """Return people who only lived on in the changes that go now."""
        if not displaced:
            return set()
        going = {entry.number for entry in displaced}
        left = (e.about for e in self.history.entries() if e.number not in going)
        living = set(self.ids()).union(*left)
        return set().union(*(entry.about for entry in displaced)) - living

    def _carry_out(self, begun: Journal) -> None:
        for identity_id in begun.destroy:
            self.vault.destroy(identity_id)
        journal.carry_out(self.directory, begun)
        for identity_id in begun.destroy:
            self.index.forget(identity_id)
        journal.finish(self.directory)

    def _sealed(self, path: str, data: bytes | None) -> bytes | None:
        owner = path.partition("/")[0]
        return None if data is None else self.vault.seal(owner, data)

    def _touched(self, draft: Draft) -> Iterator[Touched]:
        """Return the files a draft changes, without those it finds gone already."""
        for path, data in draft.files.items():
            before, after = (self.directory / path).exists(), data is not None
            if before or after:
                yield Touched(path, before, after)

    def _mentioned(self, identity_id: str) -> frozenset[str]:
        """Return whom the record of somebody names now."""
        with contextlib.suppress(GalleryError):
            return self._listing.one(identity_id).record.mentions
        return frozenset()

    def _lock(self, stack: contextlib.ExitStack, writing: bool) -> None:
        """Take the lock and finish what a crash interrupted.

        Where the folder is absent or read-only, nobody can change it: reading needs no
        lock then.
        """
        from filelock import FileLock, Timeout

        if writing:
            with explained("Cannot change the people"):
                self.directory.mkdir(parents=True, exist_ok=True)
        elif not self.directory.is_dir():
            return
        lock = FileLock(self.directory / LOCK, PATIENCE, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise GalleryError(
                "Another facecam program is changing the people. Try again in a moment."
            ) from error
        except (OSError, NotImplementedError) as error:
            if not writing:
                return
            raise GalleryError(
                f"Cannot change {self.directory}: {error}. Check its rights."
            ) from error
        stack.callback(lock.release)
        self._recover()

    def _recover(self) -> None:
        interrupted = journal.pending(self.directory)
        if interrupted is None:
            journal.sweep(self.directory)
            return
        with explained("A change to the people was interrupted and cannot be finished"):
            self._carry_out(interrupted)
