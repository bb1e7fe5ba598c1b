"""A finished run beside the detector in use: verdict, numbers, curves, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from facecam.app.engine import Engine
from facecam.app.training.following import Runs
from facecam.app.training.results import sayings
from facecam.app.training.results.acts import Acts
from facecam.app.training.results.in_use import InUse
from facecam.app.training.results.measures import MeasuresTable, ordered
from facecam.app.training.results.outcome import Results, fingerprint, read_results
from facecam.app.training.results.pairs import Pairs
from facecam.app.training.results.verdict_card import Verdict, VerdictCard
from facecam.errors import FacecamError
from facecam.training.detector.evaluation.comparison import group_name
from facecam.training.runs import RunState, State

if TYPE_CHECKING:
    from facecam.app.training.results.curve import CurvePlot, Key

LANE = "runs"
WIDEST, NARROW = 1160, 900
"""Logical pixels."""
OUTDATED = (
    "It was compared with another detector than the one in use now. Compare again to "
    "know which of the two is better."
)
ABOUT = "False alarms are counted per picture. Point at a number to see what it means."
NO_REPORT = "The report is not there any more. Compare again to write it anew."


class ComparisonView(QScrollArea):
    """What a run has brought, and whether to use it."""

    another_wanted = Signal(str)
    """Another run is to begin where this one has ended: its name."""
    deleted = Signal(str)
    """A run is gone: its name."""

    def __init__(self, engine: Engine, runs: Runs, parent: QWidget) -> None:
        super().__init__(parent, widgetResizable=True)
        self._engine, self._runs = engine, runs
        self.in_use_now = InUse.of(runs)
        self.name = ""
        self.results: Results | None = None
        self._problem = ""
        self._read: tuple[float, str] | None = None
        self._named: bool | None = None
        self.card = VerdictCard(self)
        self.acts = Acts(runs, self.card.notices, self)
        self.table = MeasuresTable(self)
        self.groups = QComboBox(self)
        self.pairs = Pairs(runs.tasks, self)
        self.plot: CurvePlot | None = None
        self.key: Key | None = None
        self._arrange()
        self._connect()

    def show_run(self, name: str) -> None:
        """Show what a run has brought."""
        if name != self.name:
            self.name, self.results, self._problem = name, None, ""
            self._read = None
            self.card.note.clear()
            self.verticalScrollBar().setValue(0)
        self._follow()

    @property
    def run(self) -> RunState | None:
        """The run that is shown."""
        return self._runs.state(self.name)

    @property
    def in_use(self) -> bool:
        """Whether its detector finds the faces now."""
        return bool(self.name) and self.in_use_now.run == self.name

    def delete(self) -> None:
        """Delete the run, after one question: it cannot be undone."""
        name = self.name
        self.acts.delete(name, lambda: self.deleted.emit(name))

    def open_report(self) -> None:
        """Open the report in the browser."""
        if self.results is not None and self.results.report.is_file():
            url = QUrl.fromLocalFile(str(self.results.report))
            QDesktopServices.openUrl(url)
        else:
            self._problem = NO_REPORT
            self._show()

    def _arrange(self) -> None:
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName("What the run has brought")
        column = QWidget(self)
        column.setObjectName("column")
        column.setMaximumWidth(WIDEST)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(24, 16, 24, 24)
        inner.setSpacing(16)
        about = QLabel(ABOUT, column, wordWrap=True)
        about.setObjectName("quiet")
        self._numbers = _card(column, "Side by side", about, self.table)
        self.groups.setAccessibleName("Faces the curves are of")
        self.groups.setToolTip("Which faces the curves are of")
        self._heading = QHBoxLayout()
        self._heading.setSpacing(16)
        self._heading.addStretch(1)
        self._heading.addWidget(self.groups)
        self._curves = _card(column, "Faces found over false alarms")
        layout = self._curves.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(self._heading)
        self._pairs = _card(column, "Where they differ", self.pairs)
        for card in (self.card, self._numbers, self._curves, self._pairs):
            inner.addWidget(card)
        inner.addStretch(1)
        self.setWidget(column)

    def _connect(self) -> None:
        card = self.card
        card.use.clicked.connect(self._use)
        card.back.clicked.connect(self.acts.roll_back)
        card.again.clicked.connect(lambda: self.acts.compare_again(self.name))
        card.report.clicked.connect(self.open_report)
        card.other.clicked.connect(lambda: self.another_wanted.emit(self.name))
        card.delete.clicked.connect(self.delete)
        card.note.editingFinished.connect(self._keep_note)
        self.pairs.report_wanted.connect(self.open_report)
        self.groups.currentIndexChanged.connect(lambda _: self._draw_curves())
        self._runs.changed.connect(self._follow)
        self.in_use_now.changed.connect(self._show)

    def _use(self) -> None:
        """Put it to use; where the card says what speaks against it, all the same."""
        self.acts.deploy(self.name, force=bool(self.card.verdict.against))

    def _keep_note(self) -> None:
        run, text = self.run, self.card.note.text().strip()
        if run is not None and text != run.note:
            self.acts.write_note(run.path, text)

    def _follow(self) -> None:
        """Read what the run has brought, if it has been evaluated anew since."""
        run = self.run
        if run is None or not self.isVisible():
            return
        self.card.show_note(run.note)
        self.card.delete.setEnabled(not run.running)
        self.card.delete.setToolTip(
            "Stop it first." if run.running else "Delete it with all it has made."
        )
        last = run.steps[-1]
        stamp = (last.seconds or 0.0, repr(sorted(last.metrics.items())))
        if run.state is State.DONE and stamp != self._read:
            self._read = stamp
            self._begin(run)
        self._show()

    def _begin(self, run: RunState) -> None:
        def got(results: Results) -> None:
            if run.path.name == self.name:
                self.results, self._problem = results, ""
                self._fill(results)
                self._show()

        def failed(error: Exception) -> None:
            if not isinstance(error, FacecamError | OSError):
                raise error
            if run.path.name == self.name:
                self.results, self._problem = None, str(error)
                self._show()

        self._runs.tasks.start(lambda: read_results(run.path), got, failed, LANE)

    def _show(self) -> None:
        """Say what holds now: in use or not, outdated or not."""
        results = self.results
        for card in (self._numbers, self._curves, self._pairs):
            card.setVisible(results is not None)
        for button in (self.card.use, self.card.other, self.card.report):
            button.setEnabled(results is not None)
        if results is None:
            said = self._problem or "Reading what it has brought…"
            mood = "bad" if self._problem else "info"
            self.card.show_verdict(Verdict(said, mood=mood))
            self.card.use.hide()
            return
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

    def _fill(self, results: Results) -> None:
        """Show the numbers, the curves and the pictures of other results."""
        self.table.show_results(results, self.in_use)
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

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what has changed meanwhile."""
        super().showEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the buttons where there is little room."""
        super().resizeEvent(event)
        self.card.fold(event.size().width() < NARROW)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the curves in the colours of the scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._draw_curves()


def _card(parent: QWidget, title: str, *widgets: QWidget) -> QFrame:
    frame = QFrame(parent)
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 12, 16, 12)
    column.setSpacing(8)
    heading = QLabel(title, frame)
    heading.setObjectName("heading")
    column.addWidget(heading)
    for widget in widgets:
        column.addWidget(widget)
    return frame
