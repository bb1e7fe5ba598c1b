"""What can be done with several strangers at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class ChosenBar(QWidget):
    """A row at the bottom, there while somebody is chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("actionBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.count = QLabel(self)
        self.count.setObjectName("heading")
        self.leave = QPushButton("Choose none", self)
        self.leave.setProperty("flat", True)
        self.delete = QPushButton("Delete", self)
        self.ignore = QPushButton("Ignore", self)
        self.name = QPushButton("Name…", self)
        self.name.setProperty("primary", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(8)
        row.addWidget(self.count)
        row.addStretch(1)
        for button in (self.leave, self.delete, self.ignore, self.name):
            row.addWidget(button)
        self.hide()

    def show_count(self, count: int) -> None:
        """Say how many are chosen; with none there is no row."""
        self.count.setText(f"{count} chosen")
        self.name.setText("Name…" if count == 1 else "All one person: name…")
        self.setVisible(count > 0)
