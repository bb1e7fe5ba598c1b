"""One import from files: planned, agreed to, run in the background, reported, undone.

The window never waits: what the lane "work" is doing is left in a slot that the page
looks at some times a second, and cancelling sets an event it looks at before each file.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from facecam.app.engine import Engine
from facecam.app.tasks import Tasks
from facecam.errors import FacecamError
from facecam.media import SUFFIXES

if TYPE_CHECKING:
    from facecam.enrolment.importing import Imported, Importer, Plan
    from facecam.gallery import Gallery


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
        self.progress = Progress(0, 0)
        """Replaced by the lane, read by the page."""

    def plan(self, paths: Sequence[Path], name: str) -> None:
        """Find out whose pictures there are; opens none of them."""

        def work() -> Plan:
            from facecam.enrolment import importing

            return importing.plan(paths, name)

        self._tasks.start(work, self.planned.emit, self._failed, lane="look")

    def run(self, plan: Plan) -> None:
        """Enrol everybody of a plan; they agreed."""
        self._cancelled = cancelled = threading.Event()
        self.progress = Progress(0, plan.files)

        def report(done: int, total: int) -> None:
            self.progress = Progress(done, total)

        def work(gallery: Gallery) -> Imported:
            importer = _importer(gallery, self._engine)
            return importer.run(plan, report, cancelled.is_set)

        self._engine.change(work, self.finished.emit, self._failed)

    def cancel(self) -> None:
        """Stop before the next file; who is enrolled by then stays so."""
        self._cancelled.set()

    def undo(self, imported: Imported) -> None:
        """Take back what an import did, person by person."""
        count = sum(1 for outcome in imported.people if outcome.kept)

        def work(gallery: Gallery) -> None:
            for _ in range(count):
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


def _importer(gallery: Gallery, engine: Engine) -> Importer:
    """Build what looks at pictures, with nets of its own."""
    from facecam import pipeline
    from facecam.enrolment.importing import Importer
    from facecam.enrolment.screening import Screen

    config = engine.config
    detector = pipeline.build_detector(config)
    embedder = pipeline.build_embedder(config, later=True)
    return Importer(gallery, Screen(detector, embedder, config))


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
