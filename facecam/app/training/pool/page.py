"""Hard examples as thumbnails."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.tasks import Tasks


class PoolPage(QWidget):
    """Hard examples as thumbnails."""

    fine_tune_wanted = Signal(object)
    """A fine-tune from these is wanted: the folder of the pool, a Path."""

    def __init__(self, engine: Engine, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)

    def show_page(self) -> None:
        """Look at the pool anew."""
