"""One finding of the audit: faces side by side, a sentence, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app.people.pictures import Pictures
from facecam.app.people.strip import Group, Strip
from facecam.report.findings import Finding, Kind, Remedy

if TYPE_CHECKING:
    from facecam.gallery import Person, Portrait

FACES = 4
"""So many pictures of somebody are shown to compare with."""
LABEL = 110
"""Widest name on a button, logical pixels."""


class FindingCard(QFrame):
    """A card; `remedied`, `accepted` and `opened` say which button was pressed."""

    remedied = Signal(object)
    """The Finding, to be cured as it says."""
    accepted = Signal(object)
    """The Finding, which is right as it is."""
    opened = Signal(str)
    """The id of the person to look at."""

    def __init__(
        self,
        finding: Finding,
        people: Mapping[str, Person],
        pictures: Pictures,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.finding = finding
        self.remedy = QPushButton(self._label(finding), self)
        self.accept = QPushButton(right_as_it_is(finding), self)
        self.open = QPushButton("Open", self)
        self.open.setAccessibleName(f"Open {finding.people[0].name}")
        self.open.setVisible(finding.remedy is not Remedy.CHOOSE)
        self.remedy.clicked.connect(self._cure)
        self.accept.clicked.connect(lambda: self.accepted.emit(finding))
        self.open.clicked.connect(lambda: self.opened.emit(finding.people[0].id))
        strip = Strip(pictures, self)
        strip.show_groups(groups(finding, people))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 12)
        row.setSpacing(16)
        row.addWidget(strip, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._column(finding), 1)
        self.setAccessibleName(finding.text)

    def _column(self, finding: Finding) -> QVBoxLayout:
        """Lay out the sentence, the advice and the buttons."""
        text, advice = QLabel(finding.text, self), QLabel(finding.advice, self)
        for label in (text, advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        advice.setObjectName("quiet")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.remedy, self.accept, self.open):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(text)
        column.addWidget(advice)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addStretch(1)
        return column

    def _cure(self) -> None:
        """Ask for the cure once; where somebody has to look, lead there."""
        if self.finding.remedy is Remedy.CHOOSE:
            self.opened.emit(self.finding.people[0].id)
            return
        if self.finding.remedy in (Remedy.MOVE, Remedy.REMOVE):
            self.setEnabled(False)  # until the audit has looked again
        self.remedied.emit(self.finding)

    def _label(self, finding: Finding) -> str:
        """Return what the button that cures it says."""
        count = len(finding.files)
        text = {
            Remedy.MOVE: f"Move to {self._short(finding.people[-1].name)}",
            Remedy.REMOVE: "Remove" if count == 1 else f"Remove {count} pictures",
            Remedy.MERGE: "Merge…",
            Remedy.ADD: f"Add pictures of {self._short(finding.people[0].name)}…",
            Remedy.CHOOSE: "Look at both",
        }[finding.remedy]
        return text.replace("&", "&&")

    def _short(self, name: str) -> str:
        elide = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(name, elide, LABEL)


def right_as_it_is(finding: Finding) -> str:
    """Return what the button says that leaves everything as it is."""
    if finding.kind in (Kind.TWICE, Kind.ALIKE):
        return "They are different people"
    if finding.kind is Kind.FEW:
        return "That is enough"
    return "It is right" if len(finding.files) == 1 else "They are right"


def groups(finding: Finding, people: Mapping[str, Person]) -> list[Group]:
    """Return the faces in question, then those to compare them with."""
    known = [people[who.id] for who in finding.people if who.id in people]
    shown: list[Group] = []
    if finding.files and known:
        doubted = [p for p in known[0].portraits if p.file in finding.files]
        caption = "this picture" if len(doubted) == 1 else "these pictures"
        shown.append(Group(caption, known[0], doubted[:FACES], doubted=True))
    for person in known:
        others = _others(person, finding)
        if others:
            shown.append(Group(person.identity.name, person, others[:FACES]))
    return shown


def _others(person: Person, finding: Finding) -> list[Portrait]:
    """Return the pictures of somebody that are not in question, the best first."""
    rest = [p for p in person.portraits if p.file not in finding.files]
    return sorted(rest, key=lambda p: -(p.quality or 0.0))
