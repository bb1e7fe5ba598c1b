"""Embedders: measured, compared, switched."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks


class EmbedderPage(QWidget):
    """Embedders: measured, compared, switched."""

    def __init__(
        self, engine: Engine, tasks: Tasks, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
