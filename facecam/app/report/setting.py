"""The slider in words: about one wrong name per so many strangers, and its price."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from facecam.app.empty_state import larger
from facecam.report import sayings
from facecam.report.card import Promise, ReportCard

APPLY = 152
"""Width of the button whatever it says, logical pixels: the slider keeps its length."""


class SettingCard(QFrame):
    """What is promised now; another setting can be tried and applied."""

    moved = Signal(float)
    """Strangers per wrong name under the slider."""
    applied = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._card: ReportCard | None = None
        self.headline = QLabel(self, wordWrap=True)
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        larger(self.headline, 1.25)
        self.wrong = _quiet(self)
        self.problem = _quiet(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setPageStep(1)
        self.slider.setAccessibleName("Strangers per wrong name")
        self.slider.setToolTip("Left: more faces named. Right: fewer wrong names.")
        self.slider.valueChanged.connect(self._move)
        self.apply = QPushButton("Use this setting", self)
        self.apply.setProperty("primary", True)
        self.apply.setMinimumWidth(APPLY)
        self.apply.clicked.connect(lambda: self.applied.emit(self.chosen))
        self._arrange()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        for words, policy in (("names more", 0), ("", 1), ("errs less", 0)):
            if policy:
                row.addWidget(self.slider, 1)
                continue
            label = _quiet(self)
            label.setText(words)
            label.setWordWrap(False)
            row.addWidget(label)
        row.addWidget(self.apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(self.headline)
        column.addLayout(row)  # above what comes and goes: it stays under the pointer
        column.addWidget(self.wrong)
        column.addWidget(self.problem)

    @property
    def chosen(self) -> float:
        """Strangers per wrong name under the slider."""
        assert self._card is not None
        return self._card.promises[self.slider.value()].strangers

    def show_card(self, card: ReportCard) -> None:
        """Show the setting in force."""
        self._card = card
        steps = [promise.strangers for promise in card.promises]
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(steps) - 1)
        self.slider.setValue(steps.index(card.promise(card.setting).strangers))
        self.slider.blockSignals(False)
        self._say()

    def _move(self) -> None:
        self._say()
        self.moved.emit(self.chosen)

    def _say(self) -> None:
        card = self._card
        assert card is not None
        promise = card.promise(self.chosen)
        self.headline.setText(sayings.sentence(card, promise))
        span = sayings.wrong_span(promise)
        self.wrong.setText(f"Wrong names, with 95 % certainty: {span}.")
        self.problem.setText(_missing(card, promise))
        self.problem.setVisible(bool(self.problem.text()))
        self.slider.setAccessibleDescription(self.headline.text())
        same = promise.strangers == card.setting
        self.apply.setEnabled(not same)
        self.apply.setText("In use" if same else "Use this setting")


def _missing(card: ReportCard, promise: Promise) -> str:
    """Say what would be needed."""
    said = [promise.problem, card.missing.text]
    return " ".join(one for one in said if one)


def _quiet(parent: QWidget) -> QLabel:
    label = QLabel(parent, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName("quiet")
    return label
