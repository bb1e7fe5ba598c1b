"""A row of buttons of which one is chosen, and the pages it shows, built when asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)


@dataclass(frozen=True)
class Segment:
    """One choice."""

    key: str
    text: str
    about: str
    make: Callable[[], QWidget] | None = None


class Segments(QFrame):
    """Buttons side by side in one frame; arrows go from one to the next."""

    chosen = Signal(str)

    def __init__(self, segments: Sequence[Segment], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("segments")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.current = segments[0].key
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetFixedSize)
        for segment in segments:
            button = self.buttons[segment.key] = self._button(segment)
            group.addButton(button)
            row.addWidget(button)
        self.buttons[self.current].setChecked(True)

    def choose(self, key: str) -> None:
        """Choose as a click would."""
        self.buttons[key].setChecked(True)
        for other, button in self.buttons.items():  # Tab stops at the chosen one
            policy = Qt.FocusPolicy.TabFocus if other == key else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(policy)

    def say(self, key: str, text: str) -> None:
        """Change what a button says, as to tell a number."""
        self.buttons[key].setText(text)

    def _button(self, segment: Segment) -> QToolButton:
        button = QToolButton(self)
        button.setText(segment.text)
        button.setToolTip(segment.about)
        button.setAccessibleName(segment.text)
        button.setProperty("segment", True)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.toggled.connect(lambda on: self._choose(segment.key, on))
        return button

    def _choose(self, key: str, on: bool) -> None:
        if on and key != self.current:
            self.current = key
            self.chosen.emit(key)
