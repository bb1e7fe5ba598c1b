"""Which run's detector finds the faces now; looked at again and again."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from facecam import artifacts
from facecam.app.training.following import Runs
from facecam.errors import ModelError

EVERY = 2000
"""How often is looked, milliseconds: one small file, as the live view does."""
RUN = "training run "
"""How the source of a detector begins that a run has made."""


class InUse(QObject):
    """The detector in use, by the run it comes from."""

    changed = Signal()

    def __init__(self, runs: Runs) -> None:
        super().__init__(runs)
        self.run = ""
        """Name of the run in use; "" where it comes from elsewhere."""
        self.source = ""
        """Where it comes from, for people."""
        self.note = ""
        """What else was written about it, such as what got worse."""
        self.before = ""
        """Where the one comes from that a roll-back brings back; "" without one."""
        self._models = runs.config.models
        self._name = runs.config.detector.model
        self._stamp: bytes | None = None
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    @classmethod
    def of(cls, runs: Runs) -> InUse:
        """Return the one that all who show these runs share."""
        known = runs.findChild(cls)
        return known if isinstance(known, cls) else cls(runs)

    def look(self) -> None:
        """Look now."""
        stamp = artifacts.stamp(self._models, "detector", self._name)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        final = self._models / "detector" / self._name / artifacts.FINAL
        try:
            model = artifacts.read_installed(final)
            before = artifacts.before(self._models, "detector", self._name)
        except ModelError:
            model = before = None
        self.source = model.source if model else ""
        self.note = model.origin.note if model else ""
        self.before = before.source if before else ""
        by_run = self.source.startswith(RUN)
        self.run = self.source.removeprefix(RUN) if by_run else ""
        self.changed.emit()
