"""A guided start of a training run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.training.following import Runs


class SetupPage(QWidget):
    """A guided start of a training run."""

    started = Signal(str)
    """A run was put into the queue: its name."""
    cancelled = Signal()

    def __init__(
        self, engine: Engine, runs: Runs, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)

    def begin(self, hard: tuple[Path, ...] = ()) -> None:
        """Begin to set up another run, with pools of hard examples if there are any."""
