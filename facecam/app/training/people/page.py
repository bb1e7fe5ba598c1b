"""How faces are named: fitted again, measured, explained."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks


class ClassifierPage(QWidget):
    """How faces are named: fitted again, measured, explained."""

    report_wanted = Signal()
    """The report card is to be shown."""

    def __init__(
        self, engine: Engine, tasks: Tasks, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
