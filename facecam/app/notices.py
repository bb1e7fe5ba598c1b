"""Readable lines: errors, offers, progress, short confirmations.

A notice has a key; showing the same key again replaces it, and `hide_notice` takes it
away when its cause is cured. What stays has a place of its own above the picture, so
that it hides nobody's face; what goes by itself floats over the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme, words

WIDEST = 640
SHADOW = 28
"""Room for the shadow of a floating notice, logical pixels."""
SHORTLY = 6.0
"""Seconds a confirmation stays, long enough to read it and to press Undo."""


@dataclass(frozen=True)
class Action:
    """A button of a notice."""

    text: str
    run: Callable[[], None]
    primary: bool = False


@dataclass(frozen=True)
class Notice:
    """What a line says and offers."""

    key: str
    text: str
    kind: str = "info"
    """"info", "error" or "done"; told by the icon and by the words."""
    actions: Sequence[Action] = ()
    progress: float | None = None
    """Share done, 0…1; None shows no bar."""
    seconds: float | None = None
    """When it goes by itself; None stays until hidden."""
    closable: bool = True


class Notices(QWidget):
    """A column of notices, as high as they need.

    Floating ones stand on the lower edge and the newest on top: one that comes, and one
    that soon goes, leave the others where they are, under somebody's pointer.
    """

    fitted = Signal()
    """The column needs another size."""

    def __init__(self, parent: QWidget, *, floating: bool = True) -> None:
        super().__init__(parent)
        self._lines: dict[str, _Line] = {}
        self._floating = floating
        self._column = QVBoxLayout(self)
        edge = SHADOW if floating else 16
        self._column.setContentsMargins(edge, edge, edge, edge if floating else 0)
        self._column.setSpacing(8)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice; one with the same key is updated in place."""
        line = self._lines.get(notice.key)
        if line is None or not line.update_from(notice):
            self.hide_notice(notice.key)
            line = self._lines[notice.key] = _Line(notice, self, self._floating)
            self._column.insertWidget(0 if self._floating else -1, line)
            line.show()  # a layout ignores what is not shown yet
        if notice.seconds is not None:
            line.leave_after(notice.seconds)
        self._fit()

    def hide_notice(self, key: str) -> None:
        """Take a notice away, if it is shown."""
        line = self._lines.pop(key, None)
        if line is not None:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
            self._fit()

    def text(self, key: str) -> str:
        """Return what a notice says; empty when it is not shown."""
        line = self._lines.get(key)
        return line.notice.text if line else ""

    def button(self, key: str, text: str) -> QPushButton:
        """Return a button of a notice that is shown."""
        return self._lines[key].buttons[text]

    def _fit(self) -> None:
        self.setVisible(bool(self._lines))
        self.fitted.emit()

    def size_in(self, width: int) -> QSize:
        """Return the size needed where `width` logical pixels are free."""
        wide = min(width, WIDEST)
        return QSize(wide, self._column.heightForWidth(wide))


class _Line(QFrame):
    """One notice."""

    def __init__(self, notice: Notice, column: Notices, floating: bool) -> None:
        super().__init__(column)
        self.notice = notice
        self.buttons: dict[str, QPushButton] = {}
        self._column = column
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(lambda: column.hide_notice(self.notice.key))
        self.setObjectName("notice")
        self.setProperty("kind", notice.kind)
        self._icon = QLabel(self)
        self._text = QLabel(self, wordWrap=True)
        self._text.setObjectName("noticeText")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(self, maximum=1000, textVisible=False)
        self._build(notice)
        self.update_from(notice)
        if floating:
            shadow = QGraphicsDropShadowEffect(self, blurRadius=24)
            shadow.setOffset(0, 4)
            shadow.setColor(QColor(0, 0, 0, 60))
            self.setGraphicsEffect(shadow)

    def _build(self, notice: Notice) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(4)
        row.addWidget(self._text, 1)
        for action in notice.actions:
            button = QPushButton(action.text, self)
            button.setProperty("primary", action.primary)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(action.run)
            self.buttons[action.text] = button
            row.addWidget(button)
        if notice.closable:
            close = QToolButton(self)
            close.setToolTip("Close")
            close.setAccessibleName("Close")
            close.setProperty("flat", True)
            close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            icons.wear(close, "close")
            close.clicked.connect(lambda: self._column.hide_notice(self.notice.key))
            row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._bar)
        self._draw()

    def update_from(self, notice: Notice) -> bool:
        """Take over text and progress; False if the buttons differ."""
        if [a.text for a in notice.actions] != list(self.buttons):
            return False
        if notice.kind != self.notice.kind:
            return False
        self.notice = notice
        self._text.setText(words.breakable(notice.text))
        self.setAccessibleName(notice.text)
        self._bar.setVisible(notice.progress is not None)
        if notice.progress is not None:
            self._bar.setValue(round(notice.progress * 1000))
        return True

    def leave_after(self, seconds: float) -> None:
        """Go away after some seconds."""
        self._timer.start(round(seconds * 1000))

    def _draw(self) -> None:
        colours = theme.current()
        name, colour = {
            "error": ("warning", colours.danger),
            "done": ("check", colours.good),
        }.get(self.notice.kind, ("info", colours.accent))
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(name, QColor(colour), 20, ratio))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
