"""The line at the bottom: what is going on, how fast, on what, with how many people."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from facecam.app import theme

HEIGHT = 36


@dataclass(frozen=True)
class Status:
    """What the line says; an empty text hides its part."""

    mood: str
    """"live", "busy", "bad" or "idle": the shape and colour of the sign in front."""
    state: str
    rate: str = ""
    latency: str = ""


class StatusLine(QWidget):
    """Sign and state at the left; rate, latency, runtime and people at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._mood = "idle"
        self._sign = QLabel(self)
        self.state = QLabel(self)
        self.state.setObjectName("state")
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.keeping, self.training = QLabel(self), QLabel(self)
        self.rate, self.latency = QLabel(self), QLabel(self)
        self.runtime, self.people = QLabel(self), QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self.state, 1)
        for label, about in (
            (self.keeping, "Turn it off under People › Unknowns or Events"),
            (self.training, "See Training"),
            (self.rate, "Pictures looked at in a second"),
            (self.latency, "Time from taking a picture to its boxes and names"),
            (self.runtime, "What compares faces, and what runs the nets"),
            (self.people, "People enrolled"),
        ):
            label.setToolTip(about)
            row.addSpacing(16)
            row.addWidget(label)
        self.show_keeping("")
        self.show_training("")
        self.show_status(Status("idle", "Ready"))

    def show_status(self, status: Status) -> None:
        """Say how it goes."""
        _say(self.state, status.state)
        for label, text in ((self.rate, status.rate), (self.latency, status.latency)):
            _say(label, text)
            widest = label.fontMetrics().horizontalAdvance("0000 ms to name")
            label.setMinimumWidth(min(widest, max(label.minimumWidth(), _width(label))))
        if status.mood != self._mood or self._sign.pixmap().isNull():
            self._mood = status.mood
            self._draw()

    def show_runtime(self, text: str) -> None:
        """Say what runs the nets."""
        _say(self.runtime, text)

    def show_people(self, text: str) -> None:
        """Say how many people are enrolled."""
        _say(self.people, text)

    def show_keeping(self, text: str) -> None:
        """Say what is being kept, if anything is."""
        _say(self.keeping, f"● {text}" if text else "")

    def show_training(self, text: str) -> None:
        """Say how far a training run is, if one is under way."""
        _say(self.training, text)

    def _draw(self) -> None:
        """Draw the sign: a disc, a ring while busy, a square if something is wrong."""
        colours, ratio = theme.current(), self.devicePixelRatioF()
        picture = QPixmap(round(12 * ratio), round(12 * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._mood == "busy":
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(QColor(colours.accent))
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.drawEllipse(2, 2, 8, 8)
        elif self._mood == "bad":
            painter.setBrush(QColor(colours.danger))
            painter.drawRect(2, 2, 8, 8)
        else:
            live = self._mood == "live"
            painter.setBrush(QColor(colours.good if live else colours.quiet))
            painter.drawEllipse(2, 2, 8, 8)
        painter.end()
        self._sign.setPixmap(picture)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _width(label: QLabel) -> int:
    return label.fontMetrics().horizontalAdvance(label.text())
