"""What stands beside the segments: how old the card is, Refresh, progress, Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from facecam.app.live_tools import tool

BAR = 120
"""Width of the bar, logical pixels."""


class ReportTools(QWidget):
    """A line of text with a button, or with a bar while something is made."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setObjectName("quiet")
        self.bar = QProgressBar(self, maximum=100, textVisible=False)
        self.bar.setFixedWidth(BAR)
        self.refresh = tool(self, "refresh", "Make the report card anew", "Ctrl+R")
        self.cancel = QPushButton("Cancel", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addStretch(1)
        for widget in (self.text, self.bar, self.cancel, self.refresh):
            row.addWidget(widget)
        self.show_state(False, "", False)

    def show_progress(self, text: str, share: float) -> None:
        """Say what is being done and how much of it is."""
        self.text.setText(f"{text}…")
        self.bar.setValue(round(100 * share))

    def show_state(self, busy: bool, made: str, old: bool) -> None:
        """Show whether something is under way, and else how old the card is."""
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        self.refresh.setVisible(not busy)
        if not busy:
            self.text.setText(f"{made}, changed since" if old and made else made)
