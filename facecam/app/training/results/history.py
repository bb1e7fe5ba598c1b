"""Every run in a table, and how their numbers differ."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.training.following import Runs


class HistoryPage(QWidget):
    """Every run in a table, and how their numbers differ."""

    chosen = Signal(str)
    """A run is to be looked at: its name."""

    def __init__(self, engine: Engine, runs: Runs, parent: QWidget) -> None:
        super().__init__(parent)

    def show_page(self) -> None:
        """Look at the runs there are."""
