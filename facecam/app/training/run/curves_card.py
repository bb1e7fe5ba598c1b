"""How a net learns, as curves; the net that is learning, or another that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from facecam.app.segments import Segment, Segments
from facecam.app.training.run import figure_words, saying
from facecam.app.training.run.figure_words import FigureWords
from facecam.app.training.run.hard_card import HardCard
from facecam.app.training.run.reading import FIT, Seen
from facecam.app.training.run.stage_bars import Stage, StageBars
from facecam.training.curves import Series
from facecam.training.runs import RunState, State

if TYPE_CHECKING:
    from facecam.app.training.run.figures import Figure

EMPTY: Mapping[str, Series] = {}
NONE = Series()
PAIRED = 560
"""Width from which two figures stand beside each other, logical pixels."""
PLACEHOLDER = 400
"""Height before there is a curve, logical pixels: that of the figures."""


class CurvesCard(QFrame):
    """Figures of one net, and what it gets most wrong in a card below."""

    def __init__(self, hard: HardCard, parent: QWidget) -> None:
        super().__init__(parent)
        self._said: tuple[FigureWords, ...] = ()
        self.setObjectName("card")
        self.figures: tuple[Figure, ...] = ()
        self.segments: Segments | None = None
        self._hard = hard
        self._fits: tuple[str, ...] = ()
        self._by_hand = False
        self._columns = 0
        self._run: RunState | None = None
        self._seen = Seen()
        self.waiting = QLabel(self, wordWrap=True)
        self.waiting.setObjectName("quiet")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.waiting.setMinimumHeight(PLACEHOLDER)
        self.together = Together(self)
        self._head, self._grid = QHBoxLayout(), QGridLayout()
        self._arrange()

    def _arrange(self) -> None:
        heading = QLabel("How it learns", self)
        heading.setObjectName("heading")
        hint = self._hint = QLabel("from left to right: steps", self)
        hint.setObjectName("quiet")
        hint.setMinimumWidth(1)
        self._head.setSpacing(12)
        self._head.addWidget(heading)
        self._head.addWidget(hint, 1)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._head)
        column.addWidget(self.waiting)
        column.addLayout(self._grid)
        self.together.hide()

    def begin(self, run: RunState) -> None:
        """Show another run: the net that learns is followed again."""
        self._use(figure_words.of(run))
        fits = tuple(step.name for step in run.steps if step.name.endswith(FIT))
        if fits == self._fits:
            if self.segments is not None:
                self.segments.choose(fits[0])
            self._by_hand = False
            return
        self._by_hand = False
        self._fits = fits
        if self.segments is not None:
            self.segments.hide()
            self.segments.deleteLater()
            self.segments = None
        if len(fits) > 1:
            self.segments = Segments([_segment(fit) for fit in fits], self)
            self.segments.setAccessibleName("Net whose curves are shown")
            self.segments.chosen.connect(self._choose)
            self._head.addWidget(self.segments)

    def show_run(self, run: RunState, seen: Seen) -> None:
        """Show how far the nets are."""
        self._run, self._seen = run, seen
        self.setVisible(bool(self._fits))
        if not self._fits:
            self._hard.show_hard("", None)
            return
        if not self._by_hand:
            self._follow(run)
        self._show()

    @property
    def fit(self) -> str:
        """The step whose curves are shown."""
        return self._fits[0] if self.segments is None else self.segments.current

    def _follow(self, run: RunState) -> None:
        begun = [
            step.name
            for step in run.steps
            if step.name in self._fits and step.state is not State.WAITING
        ]
        if self.segments is not None and begun and begun[-1] != self.fit:
            self.segments.choose(begun[-1])
            self._by_hand = False

    def _choose(self, key: str) -> None:
        self._by_hand = True
        if self._run is not None:
            self._show()

    def _show(self) -> None:
        assert self._run is not None
        fit = self.fit
        if self.segments is not None:
            for name, button in self.segments.buttons.items():
                begun = name in self._seen.losses or bool(self._seen.curves.get(name))
                button.setEnabled(begun or name == fit)
        curves = self._seen.curves.get(fit) or EMPTY
        batches = self._seen.losses.get(fit) or NONE
        there = bool(curves) or len(batches) > 0
        net = saying.NETS.get(saying.step_words(fit).net, "the net")
        if there and not self.figures:
            self._make()
        self.waiting.setText(f"The curves begin when {net} begins to learn.")
        self.waiting.setVisible(not there)
        found = stages(self._run)
        self.together.bars.show_stages(found)
        for figure in self.figures:
            figure.setVisible(there)
        self.together.setVisible(there and bool(found))
        if there:
            steps, every = fit_steps(self._run, fit), _number(self._run, fit, "every")
            hint = f"measured first after step {every:,}" if every else ""
            for said, figure in zip(self._said, self.figures, strict=True):
                faint = batches if said.batches else NONE
                figure.show_curves(curves, faint, steps, hint)
        self._hard.show_hard(net, self._seen.hard.get(fit))

    def _use(self, said: tuple[FigureWords, ...]) -> None:
        """Draw other curves: those of a run that learns in another way."""
        if said == self._said:
            return
        self._said = said
        for figure in self.figures:
            figure.hide()
            figure.deleteLater()
        self.figures, self._columns = (), 0

    def _make(self) -> None:
        """Make the figures; this loads pyqtgraph."""
        from facecam.app.training.run.figures import SCALES, Figure

        self.figures = tuple(
            Figure(said.title, said.about, said.lines, SCALES[said.scale], self)
            for said in self._said
        )
        self._lay_out()

    def _lay_out(self) -> None:
        """Put the figures two beside each other, or one where there is little room."""
        columns = 2 if self.width() >= PAIRED else 1
        if not self.figures or columns == self._columns:
            return
        self._columns = columns
        self._hint.setText("from left to right: steps" if columns == 2 else "")
        for number, widget in enumerate((*self.figures, self.together)):
            self._grid.removeWidget(widget)
            self._grid.addWidget(widget, number // columns, number % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the figures anew where that changes anything."""
        super().resizeEvent(event)
        self._lay_out()


class Together(QWidget):
    """What the nets find together, with its heading."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        heading = QLabel("Faces found in whole pictures", self)
        heading.setObjectName("heading")
        about = QLabel("by the nets up to each; the mark is needed", self)
        about.setObjectName("quiet")
        self.bars = StageBars(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (heading, about, self.bars):
            column.addWidget(widget)
        column.addStretch(1)


def stages(run: RunState) -> list[Stage]:
    """Return what the nets find together after each, from the steps' figures."""
    found: list[Stage] = []
    for step in run.steps:
        said = saying.step_words(step.name)
        if said.net and said.part == "check":
            number = len(found)
            gates = run.config.get("gate", {}).get("recall", ())
            needed = float(gates[number]) if number < len(gates) else 0.0
            found.append(
                Stage(
                    saying.NETS[said.net],
                    step.metrics.get("recall"),
                    step.metrics.get("proposals"),
                    needed,
                    step.state is State.FAILED,
                )
            )
    return found


def fit_steps(run: RunState, fit: str) -> int:
    """Return how many steps a fit has, at most; 0 if nobody knows."""
    step = next((one for one in run.steps if one.name == fit), None)
    if step is not None and step.total:
        return step.total
    return _number(run, fit, "steps")


def _number(run: RunState, fit: str, name: str) -> int:
    """Return a number of a fit's configuration; 0 if nobody knows."""
    net = saying.step_words(fit).net
    try:
        return int((run.config[net] if net else run.config)["fit"][name])
    except (KeyError, TypeError, ValueError):
        return 0


def _segment(fit: str) -> Segment:
    said = saying.step_words(fit)
    return Segment(fit, saying.NETS.get(said.net, said.text), said.group[1])
