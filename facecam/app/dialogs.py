"""The question that needs a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import words

WIDTH = 440


class Question(QDialog):
    """A heading, a sentence, something to fill in, and two buttons."""

    def __init__(
        self, heading: str, text: str, yes: str, no: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setMinimumWidth(WIDTH)
        self.text = QLabel(text, self)
        self.text.setObjectName("quiet")
        self.text.setWordWrap(True)
        self.yes, self.no = QPushButton(yes, self), QPushButton(no, self)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 24, 24, 24)
        self.column.setSpacing(8)
        title = QLabel(heading, self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        title.setObjectName("heading")
        self.column.addWidget(title)
        self.column.addWidget(self.text)
        self.column.addSpacing(16)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        self.column.addLayout(buttons)

    def agreed(self) -> bool:
        """Ask and wait; True if the user said yes."""
        return self.exec() == QDialog.DialogCode.Accepted


class AddressDialog(Question):
    """Asks for the address of a stream."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Address of the camera",
            "Its manual calls it RTSP or stream address. An address with a password is "
            "remembered only until the window closes.",
            "Watch",
            "Cancel",
            parent,
        )
        self.yes.setProperty("primary", True)
        self.yes.setDefault(True)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("rtsp://camera.local:554/stream")
        self.line.setAccessibleName("Address")
        self.line.textChanged.connect(self._check)
        self.column.insertWidget(1, self.line)
        self.line.setFocus()
        self._check("")

    @property
    def address(self) -> str:
        """What was typed."""
        return self.line.text().strip()

    def _check(self, text: str) -> None:
        self.yes.setEnabled(words.is_address(text.strip()))
