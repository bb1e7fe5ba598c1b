"""The window's pool of hard examples: read and changed in the background.

One object for the whole window, `Pool.of(engine, tasks)`: Live adds to it, the page of
the pool prunes it. Everything runs on the lane "pool", one thing after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from facecam.app.engine import Engine
from facecam.app.tasks import Task, Tasks
from facecam.app.teaching.mark import Mark

if TYPE_CHECKING:
    from facecam.gallery import Person
    from facecam.training.detector.hard_examples import HardExample
    from facecam.training.detector.hard_pool import Listing, Removed

T = TypeVar("T")

LANE = "pool"

Failed = Callable[[Exception], None]


@dataclass(frozen=True)
class Held:
    """What the pool holds."""

    listing: Listing
    open: bool = False
    """The people are protected, but these pictures lie open on the disk."""


class Pool(QObject):
    """Adds, removes, puts back; knows what is there."""

    changed = Signal()
    """`held` is another than before."""
    forgotten = Signal()
    """Somebody was forgotten: no picture is to be put back, or stay in memory."""

    def __init__(self, engine: Engine, tasks: Tasks) -> None:
        super().__init__(engine)
        self._ids = {person.identity.id for person in engine.people}
        engine.people_changed.connect(self._see_people)
        self._tasks, self._home = tasks, engine.config.home
        self.folder: Path = engine.config.hard
        self.held: Held | None = None
        """None until it was looked at."""

    @staticmethod
    def of(engine: Engine, tasks: Tasks) -> Pool:
        """Return the window's one and only."""
        return engine.findChild(Pool) or Pool(engine, tasks)

    @property
    def examples(self) -> tuple[HardExample, ...]:
        """What can be learned from, the oldest first."""
        return self.held.listing.examples if self.held else ()

    def look(self, done: Callable[[], None], failed: Failed) -> Task:
        """Look at what is there: other programs may have changed it."""
        return self._do(lambda: None, lambda _: done(), failed)

    def keep(
        self, mark: Mark, done: Callable[[HardExample], None], failed: Failed
    ) -> Task:
        """Add what was marked, with its whole picture."""

        def work() -> HardExample:
            from facecam.training.detector import hard_examples

            kind = hard_examples.Kind(mark.kind)
            where = self.folder, mark.image, mark.box
            return hard_examples.add(*where, kind, mark.landmarks)

        return self._do(work, done, failed)

    def remove(
        self,
        examples: Sequence[HardExample],
        done: Callable[[Removed], None],
        failed: Failed,
    ) -> Task:
        """Take examples out; what `done` gets is enough to put them back."""

        def work() -> Removed:
            from facecam.training.detector import hard_pool

            return hard_pool.remove(self.folder, examples)

        return self._do(work, done, failed)

    def mend(self, done: Callable[[Removed], None], failed: Failed) -> Task:
        """Take out the lines that cannot be read."""

        def work() -> Removed:
            from facecam.training.detector import hard_pool

            return hard_pool.mend(self.folder)

        return self._do(work, done, failed)

    def restore(
        self, removed: Removed, done: Callable[[None], None], failed: Failed
    ) -> Task:
        """Put back what was taken out."""

        def work() -> None:
            from facecam.training.detector import hard_pool

            hard_pool.restore(self.folder, removed)

        return self._do(work, done, failed)

    def bring(
        self,
        other: Path,
        done: Callable[[tuple[HardExample, ...]], None],
        failed: Failed,
    ) -> Task:
        """Add the examples of another pool."""

        def work() -> tuple[HardExample, ...]:
            from facecam.training.detector import hard_pool

            return hard_pool.bring(self.folder, other)

        return self._do(work, done, failed)

    def _see_people(self, people: tuple[Person, ...]) -> None:
        """Know whether somebody has gone; what shows them has gone with them."""
        before, self._ids = self._ids, {person.identity.id for person in people}
        if before - self._ids:
            self.forgotten.emit()

    def _do(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Failed,
    ) -> Task:
        """Do something with the pool, then know what it holds, then say so."""

        def whole() -> tuple[T, Held]:
            return work(), self._look()

        def finished(answer: tuple[T, Held]) -> None:
            value, held = answer
            if held != self.held:
                self.held = held
                self.changed.emit()
            done(value)

        return self._tasks.start(whole, finished, failed, LANE)

    def _look(self) -> Held:
        from facecam import vault
        from facecam.training.detector import hard_pool

        listing = hard_pool.listed(self.folder)
        protected = vault.protection(self._home) != "off"
        return Held(listing, protected and bool(listing.examples))
