"""What the look at the data has brought: findings, bars, costs, contact sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from facecam.app import words
from facecam.app.training.setup.bars import Bar, Bars
from facecam.app.training.setup.pictures import SheetPictures
from facecam.app.training.setup.results import Checked, Costs, Counted, Finding
from facecam.app.training.setup.saying import roughly
from facecam.app.training.setup.section import Sign, plain, quiet
from facecam.app.training.setup.sheets import SheetsView
from facecam.training.disk import in_words
from facecam.training.progress import duration

SIGNS = {
    "error": ("warning", "danger", "Error"),
    "warning": ("warning", "warning", "Warning"),
    "note": ("info", "accent", "Note"),
}
"""Icon, colour and word of each severity: never told by the colour alone."""


HEADINGS = {
    "Size": "Faces by size",
    "Sharpness": "Faces by sharpness",
    "Covered": "Faces by how much is covered",
}


class FindingRow(QWidget):
    """One thing found, and what cures it."""

    def __init__(self, finding: Finding, parent: QWidget) -> None:
        super().__init__(parent)
        icon, colour, word = SIGNS.get(finding.severity, SIGNS["note"])
        text = plain(words.breakable(f"{word}: {finding.text}"), self)
        cure = quiet(words.breakable(finding.cure), self)
        cure.setVisible(bool(finding.cure))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(text)
        column.addWidget(cure)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Sign(icon, colour, self), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.setAccessibleName(f"{word}: {finding.text} {finding.cure}")


class Titled(QFrame):
    """Bars under a heading."""

    def __init__(self, heading: str, bars: Sequence[Bar], parent: QWidget) -> None:
        super().__init__(parent)
        title = QLabel(heading, self)
        title.setObjectName("heading")
        self.bars = Bars(heading, self)
        self.bars.show_bars(bars)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self.bars)


class SeenView(QWidget):
    """All that was seen, the gravest first."""

    def __init__(self, about: str, pictures: SheetPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[FindingRow] = []
        self.charts: list[Titled] = []
        self._findings = QVBoxLayout()
        self._findings.setSpacing(8)
        self.amounts = quiet("", self)
        self.costs = quiet("", self)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        self.heading = QLabel("Contact sheets", self)
        self.heading.setObjectName("heading")
        self.about = quiet(about, self)
        self.sheets = SheetsView(pictures, self)
        self._arrange()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        for place, side in enumerate((self._left, self._right)):
            side.setSpacing(16)
            grid.addLayout(side, 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(16)
        column.addLayout(self._findings)
        column.addLayout(grid)
        heads = QVBoxLayout()
        heads.setSpacing(4)
        heads.addWidget(self.heading)
        heads.addWidget(self.about)
        column.addLayout(heads)
        column.addWidget(self.sheets)

    def show_checked(self, checked: Checked) -> None:
        """Show what another look has brought."""
        for widget in (*self.rows, *self.charts):
            widget.hide()
            widget.deleteLater()
        self.rows = [FindingRow(each, self) for each in checked.findings]
        for row in self.rows:
            self._findings.addWidget(row)
        self.charts = []
        self._left.addWidget(self.amounts)
        self._right.addWidget(self.costs)
        self.amounts.setText(_amounts(checked.training, checked.held_out))
        self.costs.setVisible(checked.costs is not None)
        if checked.costs is not None:
            self.costs.setText(_total(checked.costs))
            self._chart(self._right, "Time and disk by part", _parts(checked.costs))
        for number, (heading, counts) in enumerate(checked.faces.items()):
            side = self._right if number == 2 else self._left  # about equally long
            self._chart(side, HEADINGS.get(heading, heading), _counts(counts))
        self.sheets.show_sheets(checked.sheets)
        for widget in (self.heading, self.about, self.sheets):
            widget.setVisible(bool(checked.sheets))

    def _chart(self, side: QVBoxLayout, heading: str, bars: Sequence[Bar]) -> None:
        self.charts.append(Titled(heading, bars, self))
        side.addWidget(self.charts[-1])


def _amounts(training: Counted, held_out: Counted) -> str:
    """Say what is learned from and what is measured on."""
    if training.people is not None:
        return f"To learn from: {_faces(training)}. To measure on: {_faces(held_out)}."
    return (
        f"To learn from: {words.pictures(training.pictures)} with {training.faces:,} "
        f"faces, of which {training.learned:,} are large and clear enough and "
        f"{training.points:,} have five points. To measure on: "
        f"{words.pictures(held_out.pictures)} with {held_out.faces:,} faces."
    )


def _faces(counted: Counted) -> str:
    """Say how many pictures there are, and of how many people if they have names."""
    of = f" of {counted.people:,} people" if counted.people else ""
    return f"{words.pictures(counted.pictures)}{of}"


def _total(costs: Costs) -> str:
    """Say what the whole run costs, and what there is."""
    return (
        f"It takes {roughly(costs.seconds)}, up to twice as long. "
        f"{in_words(costs.disk)} of disk ({in_words(costs.free_disk)} free), "
        f"{in_words(costs.memory)} of memory ({in_words(costs.free_memory)} free)."
    )


def _counts(counts: Mapping[str, int]) -> list[Bar]:
    whole = sum(counts.values()) or 1
    return [
        Bar(name, count, f"{count:,}  ({count / whole:.0%})")
        for name, count in counts.items()
    ]


def _parts(costs: Costs) -> list[Bar]:
    return [
        Bar(one.part, one.seconds, _cost(one.seconds, one.disk)) for one in costs.parts
    ]


def _cost(seconds: float, disk: float) -> str:
    space = f"  ·  {in_words(disk)}" if disk else ""
    return f"{duration(seconds)}{space}"
