"""What was changed and what it takes to undo it.

    .history/<n>/change.json  what was done, and to which files
    .history/<n>/old-<k>      what file k held before, while the change is done
    .history/<n>/new-<k>      what file k held after, while it is undone

n is the generation the change made. Undoing swaps the two sides, as one change of the
journal. Files stay sealed as their owner's; change.json is sealed as "people".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from facecam.errors import GalleryError, VaultLocked
from facecam.gallery.journal import Step
from facecam.gallery.layout import HISTORY
from facecam.gallery.people import Change
from facecam.vault import Vault

SHARED = "people"
"""Owner of what concerns several people, for the vault."""
CHANGE = "change.json"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far back changes can be undone."""

    steps: int
    days: float


@dataclass(frozen=True, slots=True)
class Touched:
    """A file of a change."""

    path: str
    before: bool
    """Whether it was there before the change."""
    after: bool
    """Whether it is there after the change."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change that can be undone, or done again."""

    number: int
    text: str
    when: str
    about: tuple[str, ...]
    """Ids of everybody of whom it holds anything."""
    files: tuple[Touched, ...]
    undone: bool = False

    @property
    def folder(self) -> str:
        """Its folder below the people folder."""
        return f"{HISTORY}/{self.number}"

    @property
    def change(self) -> Change:
        """What is told about it."""
        return Change(self.number, self.text, self.when, self.undone)

    def stash(self, k: int, after: bool) -> str:
        """Return where one side of file k is kept."""
        return f"{self.folder}/{'new' if after else 'old'}-{k}"


class History:
    """The changes of a people folder; the caller holds its lock."""

    def __init__(self, directory: Path, vault: Vault, limits: Limits) -> None:
        self._directory = directory
        self._vault = vault
        self._limits = limits

    def entries(self) -> list[Entry]:
        """Return every change kept, the oldest first; unreadable ones are left out."""
        entries = (self._read(number) for number in self.numbers())
        return [entry for entry in entries if entry is not None]

    def numbers(self) -> list[int]:
        """Return the numbers of every change kept, rising."""
        return sorted(int(path.name) for path in self._folders())

    def torn(self) -> list[str]:
        """Return the folders of changes that cannot be read, below the people's."""
        read = {str(entry.number) for entry in self.entries()}
        return [f"{HISTORY}/{p.name}" for p in self._folders() if p.name not in read]

    def displaced(self) -> list[Entry]:
        """Return the changes that one more would leave no place for."""
        expired = self.expired()
        undone = [entry for entry in self.entries() if entry.undone]
        kept = [e for e in self.entries() if e not in expired and not e.undone]
        surplus = max(len(kept) + 1 - self._limits.steps, 0)
        return [*expired, *kept[:surplus], *(e for e in undone if e not in expired)]

    def expired(self) -> list[Entry]:
        """Return the changes that are older than may be kept, and those before them."""
        entries = self.entries()
        old = [k for k, entry in enumerate(entries) if self._expired(entry)]
        return entries[: old[-1] + 1] if old else []

    def noted(self, entry: Entry) -> Step:
        """Return the step that writes down a change."""
        stored = {
            "text": entry.text,
            "when": entry.when,
            "about": sorted(entry.about),
            "files": [[f.path, f.before, f.after] for f in entry.files],
            "undone": entry.undone,
        }
        data = json.dumps(stored, ensure_ascii=False).encode()
        return Step(f"{entry.folder}/{CHANGE}", self._vault.seal(SHARED, data))

    def undoing(self) -> tuple[Entry, list[Step], list[str]]:
        """Return the last change, the steps back, and what they leave to remove.

        Raises:
            GalleryError: there is nothing to undo, or its files have gone.
        """
        done = [entry for entry in self.entries() if not entry.undone]
        if not done:
            raise GalleryError("Nothing to undo.")
        return self._swapped(done[-1])

    def redoing(self) -> tuple[Entry, list[Step], list[str]]:
        """Return the first undone change, the steps to it, what they leave to remove.

        Raises:
            GalleryError: there is nothing to redo, or its files have gone.
        """
        undone = [entry for entry in self.entries() if entry.undone]
        if not undone:
            raise GalleryError("Nothing to redo.")
        return self._swapped(undone[0])

    def about(self, ids: Iterable[str]) -> list[Entry]:
        """Return the changes that hold anything of people, or cannot be without those.

        What was undone goes as well: doing it again builds on changes that may go.
        Going back in time, a change that shares a person with one that goes, goes too:
        undoing it would bring back that person's record of before both.
        """
        broken, going = set(ids), []
        for entry in reversed(self.entries()):
            if entry.undone or broken & set(entry.about):
                going.append(entry)
                broken |= set() if entry.undone else set(entry.about)
        return going

    def _swapped(self, entry: Entry) -> tuple[Entry, list[Step], list[str]]:
        to_after = entry.undone
        turned = replace(entry, undone=not to_after)
        steps, left = [self.noted(turned)], []
        for k, file in enumerate(entry.files):
            here = file.before if to_after else file.after
            there = file.after if to_after else file.before
            kept = entry.stash(k, to_after)
            source = self._directory / kept if there else None
            if here != (self._directory / file.path).exists() or (
                source is not None and not source.exists()
            ):
                raise GalleryError(
                    f"“{entry.text}” cannot be undone or redone: {file.path} was "
                    "changed by another program since."
                )
            stash = entry.stash(k, not to_after) if here else ""
            steps.append(Step(file.path, source, stash))
            left += [kept] if there else []
        return turned, steps, left

    def _expired(self, entry: Entry) -> bool:
        age = datetime.now(UTC) - datetime.fromisoformat(entry.when)
        return age > timedelta(days=self._limits.days)

    def _folders(self) -> list[Path]:
        try:
            found = list((self._directory / HISTORY).iterdir())
        except OSError:
            return []
        return [path for path in found if path.name.isdecimal()]

    def _read(self, number: int) -> Entry | None:
        path = self._directory / HISTORY / str(number) / CHANGE
        try:
            stored = json.loads(self._vault.unseal(path.read_bytes(), SHARED))
            return Entry(
                number,
                stored["text"],
                stored["when"],
                tuple(stored["about"]),
                tuple(Touched(*file) for file in stored["files"]),
                stored["undone"],
            )
        except VaultLocked:
            raise
        except (OSError, ValueError, KeyError, TypeError, GalleryError):
            return None
