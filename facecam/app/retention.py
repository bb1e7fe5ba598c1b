"""A switch that keeps something, and for how long: one row for a page's tools."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facecam.app.box import Box
from facecam.app.toggle import Toggle


class Retention(QWidget):
    """Says whether something is kept and for how long; both can be changed."""

    chosen = Signal(bool, float)
    """Whether it is kept, and for how long, after the user changed either."""

    def __init__(
        self, what: str, spans: Sequence[tuple[str, float]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.toggle = Toggle(what, self)
        self.spans = Box(self)
        self.spans.setAccessibleName("For how long")
        self.spans.setToolTip("What is older is deleted")
        for text, value in spans:
            self.spans.addItem(text, value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.toggle)
        row.addWidget(self.spans)
        self.toggle.clicked.connect(self._changed)
        self.spans.activated.connect(self._changed)

    def show_choice(self, kept: bool, span: float, text: str) -> None:
        """Show what is chosen; a span not on the list is added as `text`."""
        self.toggle.setChecked(kept)
        index = self.spans.findData(span)
        if index < 0:
            self.spans.addItem(text, span)
            index = self.spans.count() - 1
        self.spans.setCurrentIndex(index)
        self.spans.setEnabled(kept)

    def _changed(self) -> None:
        self.chosen.emit(self.toggle.isChecked(), float(self.spans.currentData()))
