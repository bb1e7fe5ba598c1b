"""What two runs were asked for differently, number by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facecam.app.tables import dress
from facecam.app.training.results.history_rows import Line
from facecam.app.training.results.standing import ASIDE, PURPOSES, preset, usual
from facecam.training.runs import RunState, changed_numbers

ROW = 32
PARTS = {
    "index": "Pictures",
    "pnet": "P-Net",
    "rnet": "R-Net",
    "onet": "O-Net",
    "samples": "samples",
    "fit": "fit",
    "mining": "Mining",
    "gate": "Gate",
    "trial": "Measuring",
    "preflight": "Look at the data",
    "people": "Pictures",
    "altering": "Altering",
    "teacher": "Teacher",
}
"""What the parts of the configuration are called."""
ASKED = {
    "data": "Pictures learned from",
    "replay": "Pictures remembered by",
    "negatives": "Pictures without faces",
    "hard": "Hard examples",
    "loss": "Learns by",
    "teacher": "Teacher",
    "pairs": "Verified on",
    "start": "Starts from",
}
STARTS = {
    "scratch": "nothing",
    "deployed": "the detector in use then",
    "distil": "a teacher",
    "softmax+center": "names, with softmax and center loss",
    "triplet": "names, with triplets",
}
CHOOSE = "Choose one run to see what is unusual in it, or two to see how they differ."
QWIDGETSIZE_MAX = (1 << 24) - 1
"""Of Qt: as high as there is room."""
MANY = "Two runs can be compared at a time."


@dataclass(frozen=True)
class Difference:
    """One thing asked for differently."""

    name: str
    old: str
    new: str


class DifferingPanel(QFrame):
    """A sentence, and a table of what differs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("actionBar")
        self.title = QLabel(CHOOSE, self, wordWrap=True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.table = QTableWidget(0, 3, self)
        self._arrange()
        self.show_lines(())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Say how two runs differ, or one from what is usual."""
        known = [line for line in lines if line.run is not None]
        damaged = [line for line in lines if line.problem]
        if len(lines) == len(damaged) == 1:
            self._show(damaged[0].problem, ("", ""), ())
        elif len(known) != len(lines) or not known:
            self._show(CHOOSE, ("", ""), ())
        elif len(known) > 2:
            self._show(MANY, ("", ""), ())
        elif len(known) == 2:
            first, second = sorted(known, key=_begun)
            assert first.run
            assert second.run
            found = between(first.run, second.run)
            self._show(
                f"{_counted(found)} between {first.title} and {second.title}",
                (first.title, second.title),
                found,
            )
        else:
            run = known[0].run
            assert run
            kind, found = PURPOSES[preset(run)], unusual(run)
            self._show(
                f"{_counted(found)} between {known[0].title} and what is usual for it",
                (f"Usual: {kind}", known[0].title),
                found,
            )

    def _show(
        self, title: str, heads: tuple[str, str], found: Sequence[Difference]
    ) -> None:
        self.title.setText(title)
        self.table.setVisible(bool(found))
        self._fit()
        self.table.setHorizontalHeaderLabels(["", *heads])
        self.table.setRowCount(len(found))
        for row, one in enumerate(found):
            for column, words in enumerate((one.name, one.old, one.new)):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.table.setItem(row, column, item)

    def _fit(self) -> None:
        """Take no more room than the sentence needs where there is no table."""
        low = self.title.heightForWidth(max(self.width() - 32, 1)) + 32
        self.setMaximumHeight(low if self.table.isHidden() else QWIDGETSIZE_MAX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width: the sentence may need more lines, or fewer."""
        super().resizeEvent(event)
        self._fit()

    def _arrange(self) -> None:
        self.title.setObjectName("heading")
        shown = self.table
        dress(shown, "What differs", ROW)
        header = shown.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(shown, 1)
        column.addStretch(0)


def between(old: RunState, new: RunState) -> tuple[Difference, ...]:
    """Return what two runs were asked for differently: data first, then numbers."""
    asked = [
        Difference(words, _folders(old.request, key), _folders(new.request, key))
        for key, words in ASKED.items()
    ]
    numbers = changed_numbers(old.config, new.config)
    return (*(one for one in asked if one.old != one.new), *_numbers(numbers))


def unusual(run: RunState) -> tuple[Difference, ...]:
    """Return which numbers of a run are not those of the preset it is nearest to."""
    numbers = changed_numbers(usual(preset(run), run.kind), run.config)
    return _numbers({k: v for k, v in numbers.items() if k not in ASIDE})


def number_name(name: str) -> str:
    """Return what a number is called: "P-Net, fit: steps" of "pnet.fit.steps"."""
    *parts, last = name.split(".")
    where = ", ".join(PARTS.get(part, part) for part in parts)
    words = last.replace("_", " ")
    return f"{where}: {words}" if where else words.capitalize()


def _numbers(changed: Mapping[str, tuple[Any, Any]]) -> tuple[Difference, ...]:
    return tuple(
        Difference(number_name(name), _value(old), _value(new))
        for name, (old, new) in changed.items()
    )


def _value(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _folders(request: Mapping[str, Any], key: str) -> str:
    asked = request.get(key) or ()
    if isinstance(asked, str):
        return STARTS.get(asked, Path(asked).name)
    return ", ".join(Path(str(folder)).name for folder in asked) or "none"


def _counted(found: Sequence[Difference]) -> str:
    if not found:
        return "No difference"
    return "1 difference" if len(found) == 1 else f"{len(found)} differences"


def _begun(line: Line) -> float:
    return line.run.started if line.run else 0.0
