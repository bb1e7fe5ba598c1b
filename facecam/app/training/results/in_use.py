"""Which run's net is in use now; looked at again and again."""

from __future__ import annotations

import contextlib
import math
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from facecam import artifacts, config
from facecam.app.training.following import Runs
from facecam.app.training.kinds import DETECTOR
from facecam.errors import ConfigError, ModelError

EVERY = 2000
"""How often is looked, milliseconds: one small file, as the live view does."""
RUN = "training run "
"""How the source of a detector begins that a run has made."""


class InUse(QObject):
    """The detector or embedder in use, by the run it comes from."""

    changed = Signal()

    def __init__(self, runs: Runs, kind: str) -> None:
        super().__init__(runs)
        self.kind = kind
        self.source = ""
        """Where it comes from, for people."""
        self.note = ""
        """What else was written about it, such as what got worse."""
        self.before = ""
        """Where the one comes from that a roll-back brings back; "" without one."""
        self._runs, self._config = runs, runs.config
        self._of, self._when = "", math.inf
        self._stamp: bytes | None = None
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    @classmethod
    def of(cls, runs: Runs, kind: str = DETECTOR.name) -> InUse:
        """Return the one that all who show the runs of a kind share."""
        known = runs.findChildren(cls)
        return next((one for one in known if one.kind == kind), None) or cls(runs, kind)

    @property
    def run(self) -> str:
        """Name of the run in use; "" where it comes from elsewhere.

        A run begun since has only the name of one that was deleted.
        """
        named = self._runs.state(self._of)
        return "" if named is not None and named.started > self._when else self._of

    def look(self) -> None:
        """Look now."""
        where = self._config.models, self.kind, self._name()
        stamp = artifacts.stamp(*where)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        models, kind, name = where
        try:
            model = artifacts.read_installed(models / kind / name / artifacts.FINAL)
            before = artifacts.before(*where)
        except ModelError:
            model = before = None
        self.source = model.source if model else ""
        self.note = model.origin.note if model else ""
        self.before = before.source if before else ""
        by_run = self.source.startswith(RUN)
        self._of = self.source.removeprefix(RUN) if by_run else ""
        self._when = _moment(model.when) if model else math.inf
        self.changed.emit()

    def _name(self) -> str:
        """Return which model is used: of embedders, the one chosen last."""
        if self.kind == DETECTOR.name:
            return self._config.detector.model
        with contextlib.suppress(ConfigError):  # the file is just being written by hand
            self._config = config.load(self._config.home)
        return artifacts.running(self._config)


def _moment(when: str) -> float:
    """Return a moment (ISO 8601) in seconds since 1970; infinity if it is not known."""
    try:
        return datetime.fromisoformat(when).timestamp() if "T" in when else math.inf
    except ValueError:
        return math.inf
