"""The runs, beside the one that is looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facecam.app.training.following import Runs


class RunsRail(QWidget):
    """The runs, beside the one that is looked at."""

    new_wanted = Signal()
    pool_wanted = Signal()
    history_wanted = Signal()
    chosen = Signal(str)
    """The name of a run."""

    def __init__(self, runs: Runs, parent: QWidget) -> None:
        super().__init__(parent)

    def choose(self, name: str) -> None:
        """Mark what is looked at: a run, or "new", "pool" or "history"."""
