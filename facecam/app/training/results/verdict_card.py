"""The verdict on a run in one sentence, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme
from facecam.app.empty_state import larger
from facecam.app.notices import Notices
from facecam.app.training.kinds import DETECTOR, RunKind

MOST = 4
"""So many doubts are listed; the rest is in the table."""
NEVERTHELESS = "Use it nevertheless"
ABOUT_REPORT = "The same numbers, curves and mistakes as a page in your browser."
ABOUT_OTHER = "Set up a run that begins where this one has ended."
ABOUT_AGAIN = "Measure both on the same pictures once more; it takes a minute or so."

ABOUT_NOTE = "Whatever you want to remember of this run; the history shows it, too."


@dataclass(frozen=True)
class Verdict:
    """What the card says."""

    headline: str
    basis: str = ""
    mood: str = "info"
    """"good", "bad", or "info": the icon, beside the words."""
    against: tuple[str, ...] = ()
    """What speaks against using it, in sentences."""
    used: bool = False
    """What it has made is in use."""
    outdated: bool = False
    """It was compared with another one than is in use now."""
    back: str = ""
    """The one that one can go back to, or where it comes from; "" without one."""


class VerdictCard(QFrame):
    """Icon, sentence, what speaks against it, buttons, note."""

    def __init__(self, parent: QWidget, kind: RunKind = DETECTOR) -> None:
        super().__init__(parent)
        self._words = kind.words
        self.setObjectName("card")
        self.verdict = Verdict("")
        self._icon = QLabel(self)
        self.headline = QLabel(self, wordWrap=True)
        larger(self.headline, 1.25)
        self.used = QLabel("In use", self)
        self.basis = QLabel(self, wordWrap=True)
        self.basis.setObjectName("quiet")
        self.against = QLabel(self, wordWrap=True)
        self.use = QPushButton(kind.words.use, self)
        self.again = QPushButton("Compare again", self)
        self.back = QPushButton("Go back to the one before", self)
        self.report = QPushButton("Open the report", self)
        self.other = QPushButton("Start another from this one", self)
        self.delete = QPushButton("Delete this run…", self)
        self.note = QLineEdit(self)
        self.notices = Notices(self, floating=False)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._describe()
        self._arrange()
        self.report.setVisible(kind.report)

    def show_verdict(self, verdict: Verdict) -> None:
        """Say something else."""
        self.verdict = verdict
        self.headline.setText(verdict.headline)
        self.basis.setText(verdict.basis)
        self.basis.setVisible(bool(verdict.basis))
        self.used.setVisible(verdict.used)
        self.use.setVisible(not verdict.used)
        doubtful = bool(verdict.against)
        self.use.setText(NEVERTHELESS if doubtful else self._words.use)
        self.use.setProperty("primary", not doubtful)
        self.use.style().polish(self.use)
        self.again.setVisible(verdict.outdated and not verdict.used)
        self.back.setVisible(verdict.used and bool(verdict.back))
        self.back.setToolTip(self._words.about_back.format(source=verdict.back))
        self.against.setText("\n".join(_listed(verdict.against)))
        self.against.setVisible(doubtful and not verdict.used)
        self._draw()

    def fold(self, narrow: bool) -> None:
        """Put the buttons into two rows where there is little room."""
        direction = QBoxLayout.Direction
        one, two = direction.LeftToRight, direction.TopToBottom
        self._buttons.setDirection(two if narrow else one)

    def show_note(self, text: str) -> None:
        """Show what was written, unless somebody is writing."""
        if not self.note.hasFocus() and self.note.text() != text:
            self.note.setText(text)

    def _describe(self) -> None:
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.against.setTextFormat(Qt.TextFormat.PlainText)
        self.headline.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.used.setObjectName("heading")
        self.use.setProperty("primary", True)
        self.use.setToolTip(self._words.about_use)
        self.again.setToolTip(ABOUT_AGAIN)
        self.report.setToolTip(ABOUT_REPORT)
        self.other.setToolTip(ABOUT_OTHER)
        self.delete.setProperty("danger", True)
        self.note.setPlaceholderText("Add a note")
        self.note.setAccessibleName("Note about this run")
        self.note.setProperty("note", True)
        self.note.setToolTip(ABOUT_NOTE)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.headline)
        words.addWidget(self.basis)
        words.addWidget(self.against)
        top.addLayout(words, 1)
        top.addWidget(self.used, 0, Qt.AlignmentFlag.AlignTop)
        first, second = QHBoxLayout(), QHBoxLayout()
        for button in (self.use, self.again, self.back, self.report):
            first.addWidget(button)
        first.addStretch(0)
        second.addWidget(self.other)
        second.addStretch(1)
        second.addWidget(self.delete)
        for part in (first, second, self._buttons):
            part.setSpacing(8)
        self._buttons.addLayout(first)
        self._buttons.addLayout(second, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.notices)
        column.addLayout(self._buttons)
        column.addWidget(self.note)
        margins = self.notices.layout()
        assert margins is not None
        margins.setContentsMargins(0, 0, 0, 0)

    def _draw(self) -> None:
        colours = theme.current()
        name, colour = {
            "good": ("check", colours.good),
            "bad": ("warning", colours.warning),
        }.get(self.verdict.mood, ("info", colours.accent))
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(name, QColor(colour), 28, ratio))
        self.used.setStyleSheet(
            f"color: {colours.accent}; border: 1px solid {colours.accent};"
            "border-radius: 8px; padding: 2px 10px;"
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.verdict.headline:
            self._draw()


def _listed(against: Sequence[str]) -> list[str]:
    if len(against) < 2:
        return list(against)
    lines = [f"▼ {one}" for one in against[:MOST]]
    rest = len(against) - MOST
    return [*lines, f"and {rest} more, in the table"] if rest > 0 else lines
