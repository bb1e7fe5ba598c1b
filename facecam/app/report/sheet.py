"""The card itself: the promise, the curves, everybody, look-alikes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from facecam.app.engine import Engine
from facecam.app.report.plots import Chart, Det, Roc, Scores
from facecam.app.report.setting import SettingCard
from facecam.app.report.table import PeopleTable
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails
from facecam.report import sayings
from facecam.report.card import LookAlike, ReportCard

NARROW = 760
"""From this width on the two curves stand side by side, logical pixels."""
WIDEST = 1160


class Sheet(QScrollArea):
    """A column of cards that scrolls."""

    def __init__(
        self, engine: Engine, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, widgetResizable=True)
        self._engine = engine
        self.card: ReportCard | None = None
        self._thumbnails = Thumbnails(tasks, engine.thumbnail, self)
        self._thumbnails.ready.connect(self._faces_read)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setting = SettingCard(self)
        self.setting.moved.connect(self._move)
        self.scores, self.roc, self.det = Scores(self), Roc(self), Det(self)
        self.table = PeopleTable(self._face, self)
        self.alike = _text(self)
        self.basis = _text(self)
        self._arrange()
        self._arranged = True

    _arranged = False

    def _arrange(self) -> None:
        column = QWidget(self)
        column.setObjectName("column")
        inner = QVBoxLayout(column)
        inner.setContentsMargins(24, 24, 24, 24)
        inner.setSpacing(16)
        self.pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.pair.setSpacing(16)
        self.pair.addWidget(_card(self, self.roc))
        self.pair.addWidget(_card(self, self.det))
        inner.addWidget(self.setting)
        inner.addWidget(_card(self, self.scores))
        inner.addLayout(self.pair)
        inner.addWidget(_card(self, _heading(self, "Everybody"), self.table))
        self.alikes = _card(self, _heading(self, "Look-alikes"), self.alike)
        inner.addWidget(self.alikes)
        inner.addWidget(self.basis)
        inner.addStretch(1)
        column.setMaximumWidth(WIDEST)
        self.setWidget(column)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The curves."""
        return self.scores, self.roc, self.det

    def show_card(self, card: ReportCard) -> None:
        """Show another card, or the same with another setting in force."""
        self.card = card
        self.setting.show_card(card)
        for chart in self.charts:
            chart.show_setting(card.setting)
            chart.show_card(card)
        self.table.show_lines(card.lines, card.setting)
        self.alike.setText("\n".join(_pair(pair) for pair in card.look_alikes))
        self.alikes.setVisible(bool(card.look_alikes))
        self.basis.setText(sayings.basis(card))

    def _move(self, strangers: float) -> None:
        for chart in self.charts:
            chart.show_setting(strangers)
        self.table.people.show_setting(strangers)

    def _face(self, identity_id: str) -> QImage | None:
        for person in self._engine.people:
            if person.identity.id == identity_id:
                return self._thumbnails.of(person)
        return None

    def _faces_read(self) -> None:
        self.table.people.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the curves in the colours of the scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._arranged:
            for chart in self.charts:
                chart.draw_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the curves below each other where there is little room."""
        super().resizeEvent(event)
        wide = event.size().width() >= NARROW
        direction = QBoxLayout.Direction
        self.pair.setDirection(direction.LeftToRight if wide else direction.TopToBottom)


def _pair(pair: LookAlike) -> str:
    text = f"{pair.first.name} and {pair.second.name}: {sayings.near(pair.near)}"
    if pair.confused:
        text += f"; {sayings.count(pair.confused, 'picture')} taken for the other"
    return f"{text}."


def _card(parent: QWidget, *widgets: QWidget) -> QFrame:
    frame = QFrame(parent)
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 12, 16, 12)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    return frame


def _heading(parent: QWidget, text: str) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName("heading")
    return label


def _text(parent: QWidget) -> QLabel:
    label = QLabel(parent, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName("quiet")
    return label
