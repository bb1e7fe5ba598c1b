"""Step 2: what to train, as three large choices; the suggested one is marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facecam.app import theme
from facecam.app.training.setup.results import Costs
from facecam.app.training.setup.saying import PresetWords, roughly
from facecam.app.training.setup.section import plain, quiet
from facecam.training.disk import in_words

CIRCLE, GAP = 16, 8
"""Of a radio button, and the room to its words, logical pixels."""
NARROW = 780
"""Width below which the presets stand one below the other, logical pixels."""


class Radio(QRadioButton):
    """One of several choices, in colours that are seen on dark as well."""

    def sizeHint(self) -> QSize:
        """Circle and words."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(CIRCLE + GAP + words + 4, max(CIRCLE, 20) + 4)

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """Answer to a click on the words, too."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the circle, its dot if chosen, the words, where the keyboard is."""
        colours, on = theme.current(), self.isChecked()
        circle = QRectF(2, (self.height() - CIRCLE) / 2, CIRCLE, CIRCLE)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.accent if on else colours.quiet), 1.5))
            painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
            if on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.accent))
                painter.drawEllipse(circle.adjusted(4, 4, -4, -4))
            words = QRectF(self.rect()).adjusted(CIRCLE + GAP, 0, 0, 0)
            painter.setPen(QColor(colours.text))
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(colours.accent), 1))
                ring = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
                painter.drawRoundedRect(ring, 6, 6)


class PresetCard(QFrame):
    """One preset: chosen by a click anywhere on it."""

    def __init__(self, said: PresetWords, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("option")
        self.said = said
        self.radio = Radio(said.text, self)
        font = self.radio.font()
        font.setWeight(font.Weight.DemiBold)
        self.radio.setFont(font)
        self.mark = QLabel("Suggested", self)
        self.mark.setObjectName("mark")
        self.about = quiet(said.about, self)
        self.cost = plain(said.rough, self)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.cost, 1000)
        foot.addStretch(1)
        foot.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.radio)
        column.addWidget(self.about)
        column.addStretch(1)
        column.addLayout(foot)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.mark.hide()
        self.cost.setVisible(bool(said.rough))
        self._say()

    def show_costs(self, costs: Costs | None) -> None:
        """Show what was estimated for the data; a rough word before."""
        text = self.said.rough
        if costs is not None:
            text = f"{roughly(costs.seconds)}, {in_words(costs.disk)}"
            text = text[0].upper() + text[1:]
        self.cost.setText(text)
        measured = "Estimated from your pictures on this computer; up to twice as long"
        rough = "A rough guess; looking at the data makes it a better one"
        self.cost.setToolTip(rough if costs is None else measured)
        self.cost.setVisible(bool(text))
        self._say()

    def show_state(self, chosen: bool, why: str) -> None:
        """Show whether it is the one to be trained, and why it suits the data."""
        self.radio.setChecked(chosen)
        self.mark.setVisible(bool(why))
        self.mark.setToolTip(why)
        if self.property("chosen") != chosen:
            self.setProperty("chosen", chosen)
            self.style().unpolish(self)
            self.style().polish(self)
        self._say()

    def _say(self) -> None:
        mark = f". Suggested: {self.mark.toolTip()}" if self.mark.toolTip() else ""
        self.radio.setAccessibleDescription(
            f"{self.said.about} {self.cost.text()}{mark}"
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Be chosen."""
        if self.rect().contains(event.position().toPoint()):
            self.radio.click()
            self.radio.setFocus()


class PresetChoice(QWidget):
    """The presets side by side; arrows go from one to the next."""

    chosen = Signal(str)

    def __init__(self, presets: Sequence[PresetWords], parent: QWidget) -> None:
        super().__init__(parent)
        self.cards = {said.name: PresetCard(said, self) for said in presets}
        group = QButtonGroup(self)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        for name, card in self.cards.items():
            group.addButton(card.radio)
            self._row.addWidget(card, 1)
            card.radio.clicked.connect(lambda _, name=name: self.chosen.emit(name))

    def show_choice(self, preset: str, suggested: str, why: str) -> None:
        """Show which one is chosen, and which one suits the data."""
        for name, card in self.cards.items():
            card.show_state(name == preset, why if name == suggested else "")

    def show_costs(self, preset: str, costs: Costs) -> None:
        """Show what a preset costs on the data chosen."""
        self.cards[preset].show_costs(costs)

    def forget_costs(self) -> None:
        """Other data: what was estimated holds no more."""
        for card in self.cards.values():
            card.show_costs(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand one below the other where there is no room beside each other."""
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        narrow = event.size().width() < NARROW
        self._row.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
