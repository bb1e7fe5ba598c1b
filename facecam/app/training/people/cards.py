"""The cards beside the table: the fit, the setting, what changed."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme
from facecam.app.empty_state import larger
from facecam.app.training.people import saying
from facecam.app.training.people.saying import Line

SOON = 1000
"""What takes longer shows its progress, milliseconds."""
ICON = 20


class Doing(QWidget):
    """A bar with words and Cancel; comes only for what takes longer than a second."""

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = text(self, quiet=True)
        self.bar = QProgressBar(self, maximum=1000, textVisible=False)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.clicked.connect(self.cancelled)
        self._began = 0.0
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.show)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.text, 0, 0)
        grid.addWidget(self.bar, 1, 0)
        grid.addWidget(self.cancel, 0, 1, 2, 1)
        grid.setColumnStretch(0, 1)
        self.hide()

    def begin(self) -> None:
        """Begin counting; to begin again while it goes on changes nothing."""
        if not self._began:
            self._began = time.monotonic()
            self.tell("One moment", 0.0)
            self._soon.start()

    def tell(self, what: str, share: float) -> None:
        """Say what is being done, and how much of it."""
        spent = time.monotonic() - self._began
        rest = spent * (1 - share) / share if share else 0.0
        said = f"{what}, {saying.left(rest)}" if share and spent > 1 else f"{what}…"
        self.bar.setMaximum(1000 if share else 0)
        self.bar.setValue(round(1000 * share))
        self.text.setText(said)
        self.bar.setAccessibleName(said)

    def end(self) -> None:
        """Go away."""
        self._began = 0.0
        self._soon.stop()
        self.hide()


class FitCard(QFrame):
    """Who is learned, and the button that learns again."""

    wanted = Signal(bool)
    """A fit is wanted; whether from nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.learned = text(self)
        larger(self.learned, 1.2)
        self.about = text(self, quiet=True)
        self.again = QPushButton("Fit again", self)
        self.again.setProperty("primary", True)
        self.again.setShortcut("Ctrl+R")
        self.again.setToolTip(
            "Learn whatever changed; who did not change is kept (Ctrl+R)"
        )
        self.anew = QPushButton("From nothing", self)
        self.anew.setToolTip(
            "Learn everybody as if for the first time. It comes out the same and takes "
            "longer: a way to make sure"
        )
        self.doing = Doing(self)
        self.outcome = Told(self)
        self.wrong = text(self)
        self.wrong.setObjectName("wrong")
        self.again.clicked.connect(lambda: self.wanted.emit(False))
        self.anew.clicked.connect(lambda: self.wanted.emit(True))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.again)
        buttons.addWidget(self.anew)
        buttons.addStretch(1)
        column = inside(self)
        column.addWidget(self.learned)
        column.addWidget(self.about)
        column.addSpacing(4)
        column.addLayout(buttons)
        for widget in (self.doing, self.outcome, self.wrong):
            column.addWidget(widget)
        self.outcome.hide()
        self.wrong.hide()

    def show_busy(self, busy: bool) -> None:
        """Offer no other fit while one is under way."""
        self.again.setEnabled(not busy)
        self.anew.setEnabled(not busy)
        if busy:
            self.doing.begin()
        else:
            self.doing.end()

    def show_outcome(self, said: str, wrong: str) -> None:
        """Say what the last fit did, or why there was none."""
        self.outcome.show_line(Line("check", said))
        self.outcome.setVisible(bool(said) and not wrong)
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))


class SettingCard(QFrame):
    """When a name is given, in words; changed in the report card."""

    wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.threshold = text(self)
        self.threshold.setObjectName("heading")
        self.recognised = text(self, quiet=True)
        self.open = QPushButton("Change it in the report card", self)
        self.open.setProperty("link", True)
        self.open.clicked.connect(self.wanted)
        column = inside(self)
        column.addWidget(self.threshold)
        column.addWidget(self.recognised)
        row = QHBoxLayout()
        row.setContentsMargins(-4, 0, 0, 0)  # the button's own, for its focus
        row.addWidget(self.open)
        row.addStretch(1)
        column.addLayout(row)

    def show_setting(self, threshold: str, recognised: str) -> None:
        """Say what the setting in force means."""
        self.threshold.setText(threshold)
        self.recognised.setText(recognised)
        self.recognised.setVisible(bool(recognised))


class ChangesCard(QFrame):
    """A heading, and a line with an icon for each thing that changed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.heading = text(self)
        self.heading.setObjectName("heading")
        self.when = text(self, quiet=True)
        self.lines: list[Told] = []
        column = inside(self)
        column.addWidget(self.heading)
        column.addWidget(self.when)
        column.addSpacing(4)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column.addLayout(self._list)
        self.heading.setText("What the last fit changed")

    def show_lines(self, when: str, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.when.setText(when)
        self.when.setVisible(bool(when))
        while len(self.lines) > len(lines):
            gone = self.lines.pop()
            self._list.removeWidget(gone)
            gone.show_line(Line("info", ""))  # it may name somebody forgotten
            gone.hide()
            gone.deleteLater()
        while len(self.lines) < len(lines):
            self.lines.append(Told(self))
            self._list.addWidget(self.lines[-1])
        for widget, line in zip(self.lines, lines, strict=True):
            widget.show_line(line)


class ElsewhereCard(QFrame):
    """What was changed elsewhere, and the one button that learns it."""

    wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.told = Told(self)
        self.take = QPushButton("Take over the changes", self)
        self.take.setProperty("primary", True)
        self.take.clicked.connect(self.wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addWidget(self.told, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.take)
        self.hide()

    def show_changes(self, said: str) -> None:
        """Say what changed; nothing hides the card."""
        line = Line("info", f"Not learned yet: {said}.")
        self.told.show_line(line)
        self.take.setAccessibleDescription(line.text)
        self.setVisible(bool(said))


class Told(QWidget):
    """A sentence with an icon before it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = Line("info", "")
        self._icon = QLabel(self)
        self._icon.setFixedSize(ICON, ICON)
        self.text = text(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)

    def show_line(self, line: Line) -> None:
        """Say something else."""
        self.line = line
        self.text.setText(line.text)
        self._draw()

    def _draw(self) -> None:
        colours = theme.current()
        colour = {"check": colours.good, "warning": colours.warning}
        tint = QColor(colour.get(self.line.icon, colours.quiet))
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(self.line.icon, tint, ICON, ratio))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()


def text(parent: QWidget, quiet: bool = False) -> QLabel:
    """Return a label that wraps."""
    label = QLabel(parent, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if quiet:
        label.setObjectName("quiet")
    return label


def inside(card: QFrame) -> QVBoxLayout:
    """Give a card its column."""
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 14, 16, 14)
    column.setSpacing(6)
    return column
