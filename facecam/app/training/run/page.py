"""One run: its steps, curves and log, and in the end what it brought."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.training.following import Runs


class RunPage(QWidget):
    """One run: its steps, curves and log, and in the end what it brought."""

    def __init__(self, engine: Engine, runs: Runs, parent: QWidget) -> None:
        super().__init__(parent)

    def show_run(self, name: str) -> None:
        """Follow a run."""
