"""Enrolling from files: progress, then a report of what was taken and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from facecam.app.engine import Engine
from facecam.app.tasks import Tasks
from facecam.media import SUFFIXES


class ImportPage(QWidget):
    """One import at a time."""

    closed = Signal()

    def __init__(self, engine: Engine, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self.busy = False

    def begin(self, paths: Sequence[Path]) -> bool:
        """Start."""
        return False


def ask_for_pictures(parent: QWidget) -> list[Path]:
    """Ask for pictures; none if the user thinks better of it."""
    kinds = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
    found, _ = QFileDialog.getOpenFileNames(
        parent.window(), "Choose pictures", "", f"Pictures ({kinds});;All files (*)"
    )
    return [Path(one) for one in found]


def ask_for_folder(parent: QWidget) -> list[Path]:
    """Ask for a folder of pictures, or one with a folder per person."""
    title = "Choose a folder of pictures"
    found = QFileDialog.getExistingDirectory(parent.window(), title)
    return [Path(found)] if found else []
