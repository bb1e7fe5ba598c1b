"""A finished run beside the detector in use: verdict, numbers, curves, pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from facecam.app.engine import Engine
from facecam.app.training.following import Runs
from facecam.app.training.kinds import DETECTOR
from facecam.app.training.results import sayings
from facecam.app.training.results.measures import MeasuresTable, ordered, sides_of
from facecam.app.training.results.outcome import Results, fingerprint, read_results
from facecam.app.training.results.pairs import Pairs
from facecam.app.training.results.result_view import ResultView
from facecam.app.training.results.verdict_card import Verdict
from facecam.training.detector.evaluation.comparison import group_name

if TYPE_CHECKING:
    from facecam.app.training.results.curve import CurvePlot, Key

OUTDATED = (
    "It was compared with another detector than the one in use now. Compare again to "
    "know which of the two is better."
)
ABOUT = "False alarms are counted per picture. Point at a number to see what it means."
NO_REPORT = "The report is not there any more. Compare again to write it anew."


class ComparisonView(ResultView[Results]):
    """What a run has brought, and whether to use it."""

    def __init__(self, engine: Engine, runs: Runs, parent: QWidget) -> None:
        super().__init__(DETECTOR, engine, runs, parent)
        self._named: bool | None = None
        self.table = MeasuresTable(self)
        self.groups = QComboBox(self)
        self.pairs = Pairs(runs.tasks, self)
        self.plot: CurvePlot | None = None
        self.key: Key | None = None
        self._arrange()
        self._connect()

    def open_report(self) -> None:
        """Open the report in the browser."""
        if self.results is not None and self.results.report.is_file():
            url = QUrl.fromLocalFile(str(self.results.report))
            QDesktopServices.openUrl(url)
        else:
            self._problem = NO_REPORT
            self._show()

    def _arrange(self) -> None:
        about = QLabel(ABOUT, self, wordWrap=True)
        about.setObjectName("quiet")
        self._numbers = self.add_card("Side by side", about, self.table)
        self.groups.setAccessibleName("Faces the curves are of")
        self.groups.setToolTip("Which faces the curves are of")
        self._heading = QHBoxLayout()
        self._heading.setSpacing(16)
        self._heading.addStretch(1)
        self._heading.addWidget(self.groups)
        self._curves = self.add_card("Faces found over false alarms")
        layout = self._curves.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(self._heading)
        self.add_card("Where they differ", self.pairs)

    def _connect(self) -> None:
        self.card.back.clicked.connect(self.acts.roll_back)
        self.card.report.clicked.connect(self.open_report)
        self.pairs.report_wanted.connect(self.open_report)
        self.groups.currentIndexChanged.connect(lambda _: self._draw_curves())

    def read_results(self, root: Path) -> Results:
        """Read the files of its last step."""
        return read_results(root)

    def judge(self, results: Results) -> None:
        """Say what holds now: in use or not, outdated or not."""
        if results.deployed is None:
            self._numbers.hide()
        used = self.in_use
        self._name(used)
        outdated = not used and results.content != fingerprint(self._engine.config)
        fine = results.comparison.passes and not outdated
        self.card.show_verdict(
            Verdict(
                sayings.headline(results, used),
                self._problem or sayings.basis(results),
                "good" if fine or used else "bad",
                () if used else self._against(results, outdated),
                used,
                outdated,
                self.in_use_now.before,
            )
        )

    def _name(self, used: bool) -> None:
        """Say everywhere whose numbers, curves and boxes these are."""
        if used != self._named:
            self._named = used
            self.table.measures.show_names(used)
            self.pairs.show_names(*self._names())
            self._draw_curves()

    def _against(self, results: Results, outdated: bool) -> tuple[str, ...]:
        """Return what speaks against using it, in sentences."""
        if outdated:
            return (OUTDATED,)
        worse = tuple(sayings.sentence(one) for one in ordered(results.worse))
        return worse or results.comparison.reasons

    def fill(self, results: Results) -> None:
        """Show the numbers, the curves and the pictures of other results."""
        self.table.show_sides(sides_of(results), self.in_use)
        self.groups.blockSignals(True)
        self.groups.clear()
        for group in results.trial.groups:
            text = group_name(group)
            self.groups.addItem(f"{text[0].upper()}{text[1:]}", group)
        self.groups.blockSignals(False)
        self._curves.setVisible(self.groups.count() > 0)
        self._make_plot()
        self._draw_curves()
        self.pairs.show_differences(results.differences)
        self.pairs.show_names(*self._names())

    def _names(self) -> tuple[str, str]:
        return ("The one before", "In use") if self.in_use else ("In use", "This run")

    def _make_plot(self) -> None:
        """Build the plot when there is something to draw: it loads much."""
        from facecam.app.training.results.curve import CurvePlot, Key

        if self.plot is None:
            self.plot, self.key = CurvePlot(self), Key(self)
            self._heading.insertWidget(0, self.key)
            layout = self._curves.layout()
            assert layout is not None
            layout.addWidget(self.plot)

    def _draw_curves(self) -> None:
        if self.results is None or self.plot is None or self.key is None:
            return
        old, new = self._names()
        both = (new, old) if self.results.deployed else (new,)
        self.key.show_names(*both)
        group = self.groups.currentData()
        trial, deployed = self.results.trial, self.results.deployed
        if group is not None:
            self.plot.show_trials(trial, deployed, (new, old), group)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the curves in the colours of the scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._draw_curves()
