"""The panel beside the picture: the form before a capture, its progress during one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

WIDTH = 344
"""Logical pixels."""


class SidePanel(QFrame):
    """One of two contents; the form scrolls where the window is low."""

    def __init__(self, form: QWidget, taken: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setFixedWidth(WIDTH)
        self._taken = taken
        self._scroll = QScrollArea(self, widgetResizable=True)
        self._scroll.setObjectName("bare")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bars = Qt.ScrollBarPolicy
        self._scroll.setHorizontalScrollBarPolicy(bars.ScrollBarAlwaysOff)
        self._scroll.setWidget(form)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._scroll)
        self._pages.addWidget(taken)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def show_capture(self, on: bool) -> None:
        """Show the progress of a capture, or the form."""
        self._pages.setCurrentWidget(self._taken if on else self._scroll)
