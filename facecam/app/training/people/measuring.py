"""How surely everybody is recognised: read where it is kept, measured where it is old.

Measuring tries every sitting as if it were new, as the report card does. That is quick
for a family; for a large gallery it waits until somebody asks for it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facecam.app.engine import Engine
from facecam.app.tasks import Report, Task, Tasks
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.gallery import Gallery
    from facecam.gallery.refits import Fit
    from facecam.report.card import Enrolled
    from facecam.report.standings import Kept, Standings

LANE = "report"
QUICK = 15.0
"""What is expected to take longer is measured only when asked for, seconds."""
UNEXPECTED = "That could not be measured. The details are in the log."


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The people as they were read, and what is known of them."""

    enrolled: Enrolled
    generation: int
    sittings: int
    """How many would be tried."""
    of: str
    """Which classifiers these are."""
    fit: Fit | None
    """What the last fit that changed anything did."""
    kept: Kept | None


class Measuring(QObject):
    """Reads and measures; says when there is something else to show."""

    changed = Signal()
    progressed = Signal(str, float)
    """What it is doing, and the share done."""

    def __init__(self, engine: Engine, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self._reading: Task | None = None
        self._task: Task | None = None
        self.snapshot: Snapshot | None = None
        self.kept: Kept | None = None
        """The last two measurements; None before any."""
        self.error = ""

    @property
    def busy(self) -> bool:
        """Whether it is being measured."""
        return self._task is not None

    @property
    def stale(self) -> bool:
        """Whether the people are others than those that were measured."""
        if self.snapshot is None or not self.snapshot.enrolled.people:
            return False
        return self.kept is None or self.kept.now.of != self.snapshot.of

    @property
    def expected(self) -> float:
        """About how many seconds measuring takes."""
        from facecam.report import standings

        sittings = self.snapshot.sittings if self.snapshot else 0
        return standings.expected(self.kept, sittings)

    def look(self) -> None:
        """Read the people anew; measure if they are others and that is quick."""
        self.cancel()
        if self._reading is not None:
            self._reading.cancel()
        config = self._engine.config

        def read(gallery: Gallery, report: Report) -> Snapshot:
            from facecam import pipeline
            from facecam.gallery import fits
            from facecam.report import standings
            from facecam.report.card import Enrolled

            generation = gallery.generation
            identifier = pipeline.fit_identifier(config, gallery)
            enrolled = Enrolled(gallery.examples(), gallery.views(), identifier)
            counts = [len(set(view.captures)) for view in enrolled.views.values()]
            sittings = sum(count for count in counts if count > 1)
            return Snapshot(
                enrolled,
                generation,
                min(sittings, config.report.most_sittings),
                standings.stamp(identifier),
                fits.last(gallery),
                standings.read(gallery),
            )

        self._reading = self._engine.ask(read, self._read, self._failed)

    def measure(self) -> None:
        """Measure everybody; the results before stay until it is done."""
        snapshot, config = self.snapshot, self._engine.config.report
        if snapshot is None or self.busy:
            return

        def work(report: Report) -> Standings:
            from facecam.report import standings
            from facecam.report.card import make_card

            began = time.thread_time()  # however busy the computer was
            card = make_card(snapshot.enrolled, config, report)
            took = time.thread_time() - began
            return standings.of_card(card, snapshot.enrolled.identifier, took)

        self.error = ""
        self._task = self._tasks.start_reporting(
            work, self.progressed.emit, self._measured, self._failed, LANE
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Stop measuring; the results before stay."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.changed.emit()

    def _read(self, snapshot: Snapshot) -> None:
        self._reading = None
        self.snapshot, self.kept, self.error = snapshot, snapshot.kept, ""
        if self.stale and self.expected <= QUICK:
            self.measure()
        self.changed.emit()

    def _measured(self, measured: Standings) -> None:
        assert self.snapshot is not None
        generation = self.snapshot.generation

        def keep(gallery: Gallery, report: Report) -> Kept:
            from facecam.report import standings

            return standings.keep(gallery, measured, generation)

        self._task = self._engine.ask(keep, self._keep, self._failed)

    def _keep(self, kept: Kept) -> None:
        self._task = None
        self.kept = kept
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._reading = self._task = None
        expected = isinstance(error, FacecamError)
        self.error = str(error) if expected else UNEXPECTED
        self.changed.emit()
        if not expected:
            raise error
