"""One import from files: planned, agreed to, run in the background, reported, undone.

The window never waits: what the lane "work" is doing is left in a slot that the page
looks at some times a second, and cancelling sets an event it looks at before each file.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from facecam.app.engine import Engine
from facecam.app.tasks import Tasks
from facecam.errors import FacecamError, GalleryError
from facecam.faces import Identity
from facecam.media import SUFFIXES

if TYPE_CHECKING:
    from facecam.enrolment.importing import Imported, Importer
    from facecam.enrolment.planning import Plan
    from facecam.gallery import Gallery


CHANGED_SINCE = "The people were changed since. Undo that first, in People with Ctrl+Z."


@dataclass(frozen=True)
class Progress:
    """How far an import has come."""

    done: int
    total: int


class Importing(QObject):
    """The import under way, if there is one."""

    planned = Signal(object)
    """A Plan, to be agreed to."""
    finished = Signal(object)
    """An Imported."""
    failed = Signal(str)
    undone = Signal()

    def __init__(self, engine: Engine, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self._cancelled = threading.Event()
        self._changes = 0, 0
        """Numbers of the newest change before and after the last import."""
        self.progress = Progress(0, 0)
        """Replaced by the lane, read by the page."""

    def plan(self, paths: Sequence[Path], name: str) -> None:
        """Find out whose pictures there are; opens none of them."""

        def work() -> Plan:
            from facecam.enrolment import planning

            return planning.plan(paths, name)

        self._tasks.start(work, self.planned.emit, self._failed, lane="look")

    def plan_tree(self, folder: Path) -> None:
        """Find out whose pictures there are, each folder in a folder being a person."""

        def work() -> Plan:
            from facecam.enrolment import planning

            return planning.plan_tree(folder)

        self._tasks.start(work, self.planned.emit, self._failed, lane="look")

    def run(self, plan: Plan, to: Identity | None = None) -> None:
        """Enrol everybody of a plan, who agreed; or give all of it to one person."""
        self._cancelled = cancelled = threading.Event()
        self.progress = Progress(0, plan.files)
        agreed = datetime.now(UTC).isoformat(timespec="seconds")

        def report(done: int, total: int) -> None:
            self.progress = Progress(done, total)

        def work(gallery: Gallery) -> Imported:
            importer = _importer(gallery, self._engine, to, agreed)
            before = _newest(gallery)
            imported = importer.run(plan, report, cancelled.is_set)
            self._changes = before, _newest(gallery)
            return imported

        self._engine.change(work, self.finished.emit, self._failed)

    def cancel(self) -> None:
        """Stop before the next file; who is enrolled by then stays so."""
        self._cancelled.set()

    def undo(self) -> None:
        """Take back what the last import did, change by change."""
        before, after = self._changes

        def work(gallery: Gallery) -> None:
            if _newest(gallery) != after:
                raise GalleryError(CHANGED_SINCE)
            while _newest(gallery) > before:
                gallery.undo()

        def done(_: None) -> None:
            self.undone.emit()

        self._engine.change(work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        """Say what could not be done; anything else is a bug."""
        if not isinstance(error, FacecamError):
            self.failed.emit("Something went wrong. The details are in the log.")
            raise error
        self.failed.emit(str(error))


def named(plan: Plan, name: str) -> Plan:
    """Give the pictures nobody has a name for a name."""
    people = tuple(
        batch if batch.name else replace(batch, name=name) for batch in plan.people
    )
    return replace(plan, people=people)


def _newest(gallery: Gallery) -> int:
    """Return the number of the last change that is in force; 0 without one."""
    numbers = [change.number for change in gallery.history() if not change.undone]
    return max(numbers, default=0)


def _importer(
    gallery: Gallery, engine: Engine, to: Identity | None, agreed: str
) -> Importer:
    """Build what looks at pictures, with nets of its own."""
    from facecam import pipeline
    from facecam.enrolment.importing import Importer
    from facecam.enrolment.screening import Screen

    config = engine.config
    detector = pipeline.build_detector(config)
    embedder = pipeline.build_embedder(config, later=True)
    screen = Screen(detector, embedder, config)
    return Importer(gallery, screen, to, consent=agreed)


def ask_for_pictures(parent: QWidget) -> list[Path]:
    """Ask for pictures; none if the user thinks better of it."""
    kinds = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
    found, _ = QFileDialog.getOpenFileNames(
        parent.window(), "Choose pictures", "", f"Pictures ({kinds});;All files (*)"
    )
    return [Path(one) for one in found]


def ask_for_folder(parent: QWidget) -> list[Path]:
    """Ask for a folder of pictures, or one with a folder per person."""
    title = "Choose a folder of pictures"
    found = QFileDialog.getExistingDirectory(parent.window(), title)
    return [Path(found)] if found else []
