"""The line below a frozen picture: what to do next, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

KEEP, NOT_A_FACE = "Keep", "Not a face"
HEIGHT = 58
"""Logical pixels; more where the font is large."""


class TeachBar(QWidget):
    """One sentence and up to four buttons."""

    cancelled = Signal()
    points_wanted = Signal()
    back_wanted = Signal()
    skipped = Signal()
    """The points are left out."""
    agreed = Signal()
    """What is marked is to be kept."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("actionBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QLabel(self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.cancel = self._button(
            "Cancel", "Go back to the live picture; nothing is kept (Esc)"
        )
        self.points = self._button(
            "Mark five points…",
            "Click eyes, nose and mouth, too: the detector learns better where they "
            "are (P)",
        )
        self.back = self._button("Undo point", "Take the last point back (Backspace)")
        self.skip = self._button(
            "Without points", "Keep the box alone; the points help, but need not be"
        )
        self.keep = self._button(KEEP, "Keep the whole picture with this box (Enter)")
        self.keep.setProperty("primary", True)
        lines = 2 * self.fontMetrics().lineSpacing() + 24
        self.setFixedHeight(max(HEIGHT, lines))  # or the picture would jump
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        for button, signal in (
            (self.cancel, self.cancelled),
            (self.back, self.back_wanted),
            (self.skip, self.skipped),
            (self.points, self.points_wanted),
            (self.keep, self.agreed),
        ):
            button.clicked.connect(signal)
            row.addWidget(button)

    def show_state(
        self,
        text: str,
        shown: tuple[QPushButton, ...],
        keep: str = KEEP,
        ready: bool = True,
    ) -> None:
        """Say something, and offer these buttons beside Cancel.

        Args:
            text: what to do next.
            shown: buttons of this bar.
            keep: what the button says that ends it.
            ready: whether that can be pressed.
        """
        self.text.setText(text)
        for button in (self.points, self.back, self.skip, self.keep):
            button.setVisible(button in shown)
        self.keep.setText(keep)
        self.keep.setAccessibleName(keep)
        self.keep.setEnabled(ready)

    def _button(self, text: str, about: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(about)
        button.setAccessibleDescription(about)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
