"""The People place: everybody enrolled, unknowns, events and the report card."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks


class PeoplePlace(QWidget):
    """The People place: everybody enrolled, unknowns, events and the report card."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._tasks, self._settings = engine, tasks, settings
        self.tools = QWidget(self)
