"""A finished run beside the detector in use."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.training.following import Runs


class ComparisonView(QWidget):
    """A finished run beside the detector in use."""

    def __init__(self, engine: Engine, runs: Runs, parent: QWidget) -> None:
        super().__init__(parent)

    def show_run(self, name: str) -> None:
        """Show what a run has brought."""
