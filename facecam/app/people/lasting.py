"""A dialog about something that must not be left in the middle."""

from __future__ import annotations

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget


class LastingDialog(QDialog):
    """Closes only while nothing is under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = False

    def reject(self) -> None:
        """Escape closes, but not in the middle."""
        if not self._busy:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay open until it is done."""
        if self._busy:
            event.ignore()
        else:
            super().closeEvent(event)
