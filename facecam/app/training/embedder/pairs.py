"""Accuracy on pairs of pictures: a folder chosen, measured as a command, drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from facecam.app.empty_state import larger
from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.training.commands import Answer, Command
from facecam.app.training.embedder import saying
from facecam.app.training.embedder.models import Embedder
from facecam.app.training.embedder.parts import Card, Doing, label, say, wrong

if TYPE_CHECKING:
    from facecam.app.training.embedder.roc import Roc

KEPT = "embedder/pairs"
NARROW = 800
"""Below this width the curve stands below the numbers, logical pixels."""
CHOOSE = "Choose a folder with pairs.txt"
NOTHING_SAID = "The measurement ended without an answer. Try it again."


class PairsCard(Card):
    """Measures an installed embedder on LFW, or on pairs in its layout."""

    busy_changed = Signal()

    def __init__(self, engine: Engine, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine, self._settings = engine, settings
        self.results: dict[str, Mapping[str, Any]] = {}
        """What was measured, by the title of the embedder; the last one last."""
        self.command: Command | None = None
        self.heading("On pairs of pictures")
        self.about = label(saying.PAIRS_ABOUT, self, quiet=True)
        self.which = QComboBox(self)
        self.which.setAccessibleName("Embedder to measure")
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.which.setMinimumContentsLength(16)
        self.choose = QPushButton("Choose a folder…", self)
        self.measures = Measures(self)
        self.basis = label("", self, quiet=True)
        self.doing = Doing(self)
        self.wrong = wrong(self)
        self.roc: Roc | None = None
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._arrange()
        self.choose.clicked.connect(self._ask)
        self.which.currentTextChanged.connect(self._tell)
        self.doing.cancelled.connect(self.cancel)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard reaches, in the order of reading."""
        return self.choose, self.which, self.doing.cancel

    @property
    def running(self) -> bool:
        """Whether something is measured."""
        return self.command is not None

    def offer(self, listed: tuple[Embedder, ...]) -> None:
        """Let one of the installed embedders be chosen."""
        there = [one for one in listed if one.installed]
        chosen = self.which.currentData()
        self.which.clear()
        for one in there:
            self.which.addItem(one.title, one.name)
        self.which.setCurrentIndex(max(self.which.findData(chosen), 0))
        self.which.setVisible(len(there) > 1)
        self.choose.setEnabled(bool(there) and not self.running)

    def measure(self, folder: str) -> None:
        """Measure the embedder chosen on the pairs of a folder."""
        self._settings.keep(KEPT, folder)
        name = str(self.which.currentData())
        words = "evaluate", "lfw", folder, "--embedder", name
        self.command = Command(self._engine.config, words, self)
        self.command.progressed.connect(self._progressed)
        self.command.ended.connect(self._ended)
        say(self.wrong, "")
        self.choose.setEnabled(False)
        self.doing.begin(f"Measuring {self.which.currentText()}")
        self.command.start()
        self.busy_changed.emit()

    def cancel(self) -> None:
        """Stop measuring; what was measured before stays."""
        if self.command is not None:
            self.command.cancel()
            self._stop()

    def show_result(self, result: Mapping[str, Any]) -> None:
        """Show what was measured, its curve beside those before."""
        title = str(result["title"])
        self.results.pop(title, None)
        self.results[title] = result
        self._tell(title)
        if self.roc is None:
            from facecam.app.training.embedder.roc import Roc

            self.roc = Roc(self)
            self._pair.addWidget(self.roc, 1)
        self.roc.show_results(self.results)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.choose)
        row.addWidget(self.which)
        row.addStretch(1)
        self.column.addWidget(self.about)
        self.column.addLayout(row)
        self._pair.setSpacing(24)
        self._pair.addWidget(self.measures, 1)
        self.column.addWidget(self.doing)
        self.column.addWidget(self.wrong)
        self.column.addLayout(self._pair)
        self.column.addWidget(self.basis)
        self.measures.hide()
        self.basis.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the curve below the numbers where there is no room beside them."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        narrow = event.size().width() < NARROW
        self._pair.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def _tell(self, title: str) -> None:
        """Show the numbers of an embedder, if it was measured."""
        if title in self.results:
            self.measures.show_result(self.results[title])
            basis = saying.pairs_basis(self.results[title])
            say(self.basis, f"{title}: {basis}")

    def _ask(self) -> None:
        before = self._settings.text(KEPT)
        folder = QFileDialog.getExistingDirectory(self, CHOOSE, before)
        if folder:
            self.measure(folder)

    def _progressed(self, share: float, text: str) -> None:
        self.doing.tell(text, share)

    def _ended(self, answer: Answer) -> None:
        self._stop()
        if not answer.done:
            say(self.wrong, answer.error or NOTHING_SAID)
        elif isinstance(answer.value, dict) and "roc" in answer.value:
            self.show_result(answer.value)
        else:
            say(self.wrong, NOTHING_SAID)

    def _stop(self) -> None:
        if self.command is not None:
            self.command.deleteLater()
        self.command = None
        self.doing.end()
        self.choose.setEnabled(True)
        self.busy_changed.emit()


class Measures(QWidget):
    """Numbers with a sentence each, two beside each other."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 8, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, QLabel, QLabel]] = []

    def show_result(self, result: Mapping[str, Any]) -> None:
        """Show the measures of a result."""
        measures = saying.pairs_measures(result)
        while len(self._labels) < len(measures):
            self._labels.append(self._add(len(self._labels)))
        for labels, texts in zip(self._labels, measures, strict=True):
            for one, text in zip(labels, texts, strict=True):
                one.setText(text)
            labels[1].setAccessibleName(f"{texts[0]}: {texts[1]}. {texts[2]}")
            for one in labels:
                one.setToolTip(texts[2])
        self.show()

    def _add(self, number: int) -> tuple[QLabel, QLabel, QLabel]:
        name, value, about = (label("", self, quiet=n != 1) for n in range(3))
        larger(value, 1.3)
        value.setWordWrap(False)
        row, column = 4 * (number // 2), number % 2
        top = Qt.AlignmentFlag.AlignTop
        for n, one in enumerate((name, value, about)):
            self._grid.addWidget(one, row + n, column, top)
        self._grid.setRowMinimumHeight(row + 3, 8)
        self._grid.setRowStretch(row + 3, 0)
        self._grid.setRowStretch(row + 4, 1)
        return name, value, about
