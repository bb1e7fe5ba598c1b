"""Curves of a fit. Imports pyqtgraph: import it when there is something to draw.

Lines are told apart by dashes and marks as well as by colour. A figure is made once and
changed in place; what is drawn never has more points than the screen can show.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from facecam.app import theme
from facecam.app.plotting import QuietPlot
from facecam.app.training.run import figure_words, scales
from facecam.app.training.run.legend import Legend, Line
from facecam.training import progress
from facecam.training.curves import Curves, Series, thinned

HEIGHT = 168
"""Of a plot, logical pixels."""
WIDTH_OF_NUMBERS = 48
"""Of the numbers left of a plot, logical pixels."""
MARKED = 24
"""Up to so many points each has a mark."""
LEAST = 1e-6
"""Losses below are drawn as this on a logarithmic axis."""
FAINT = 0.45
"""How strongly the losses of single batches are drawn."""


@dataclass(frozen=True)
class Scale:
    """How values are laid out from below to above."""

    place: Callable[[float], float]
    ends: Callable[[Iterable[float]], tuple[float, float]]
    ticks: Callable[[float, float], list[float]]
    write: Callable[[float], str]
    """A place of the axis as text."""
    tell: Callable[[float], str]
    """A value as text."""
    leaps: bool = False
    """The first value may lie far above the others, and would press them flat."""


LOG = Scale(
    lambda value: math.log10(max(value, LEAST)),
    scales.logarithms,
    scales.log_ticks,
    lambda place: scales.short(10**place),
    progress.number,
)
SHARE = Scale(
    lambda value: value,
    scales.shares,
    lambda low, high: scales.ticks(low, high, 4),
    scales.percent,
    lambda value: f"{100 * value:.1f} %",
)
AMOUNT = Scale(
    lambda value: value,
    scales.amounts,
    lambda low, high: scales.ticks(low, high, 4),
    scales.percent,
    lambda value: f"{100 * value:.1f} %",
    leaps=True,
)


SCALES = {
    figure_words.LOG: LOG,
    figure_words.SHARE: SHARE,
    figure_words.AMOUNT: AMOUNT,
}


class Figure(QWidget):
    """A title, what the lines mean, and the plot.

    Args:
        title: what is measured.
        about: what that means, in a sentence or two.
        lines: the curves, the most important first.
        scale: from below to above.
        parent: of the widget.
    """

    def __init__(
        self,
        title: str,
        about: str,
        lines: Sequence[Line],
        scale: Scale,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.heading = QLabel(title, self)
        self.heading.setObjectName("heading")
        self.legend = Legend(lines, self)
        self.plot = Plot(title, lines, scale, self)
        for widget in (self.heading, self.plot):
            widget.setToolTip(about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.legend)
        column.addWidget(self.plot)

    def show_curves(
        self, curves: Curves, batches: Series, steps: int, hint: str
    ) -> None:
        """Show what was measured; see `Plot.show_curves`. `hint` is said before."""
        self.plot.hint.setText(hint)
        self.plot.show_curves(curves, batches, steps)


class Plot(QuietPlot):
    """Some curves over the steps of a fit."""

    tick_offset = 6
    said_offset = 8

    def __init__(
        self, title: str, lines: Sequence[Line], scale: Scale, parent: QWidget
    ) -> None:
        self._across, self._upright = _Axis("bottom"), _Axis("left")
        axes = {"bottom": self._across, "left": self._upright}
        super().__init__(axes, HEIGHT, WIDTH_OF_NUMBERS, parent)
        self.title, self.lines, self.scale = title, lines, scale
        self._curves: Curves = {}
        self._batches = Series()
        self._steps = 1
        self._ends = (0.0, 1.0)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.batch = pg.PlotCurveItem()
        self.items_by_key = {line.key: pg.PlotDataItem() for line in lines}
        for item in (self.batch, *self.items_by_key.values()):
            self.addItem(item)
        self.pointer = pg.InfiniteLine(angle=90)
        self.pointer.hide()
        self.addItem(self.pointer, ignoreBounds=True)
        self.hint = QLabel(self)
        self.hint.setObjectName("quiet")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.draw_anew()

    def show_curves(self, curves: Curves, batches: Series, steps: int) -> None:
        """Show what was measured.

        Args:
            curves: by the keys of the lines; others are passed over.
            batches: values of single batches, drawn faintly; may be empty.
            steps: the fit has, at most.
        """
        same = curves is self._curves and batches is self._batches
        if same and steps == self._steps:
            return
        self._curves, self._batches, self._steps = curves, batches, steps
        self._draw()

    def draw_anew(self) -> None:
        """Draw everything in today's colours."""
        colours = theme.current()
        self.wear_colours(("left", 30))
        faint = QColor(colours.quiet)
        faint.setAlphaF(FAINT)
        self.batch.setPen(pg.mkPen(faint, width=1))
        self.pointer.setPen(pg.mkPen(QColor(colours.quiet), width=1))
        self._draw()

    def _draw(self) -> None:
        place = self.scale.place
        shown = [*self._known().values(), self._batches]
        last = max((series.steps[-1] for series in shown if len(series)), default=0)
        across = max(self._steps, last, 1)
        if self.scale.leaps:
            shown = [_without_start(series) for series in shown]
        low, high = self.scale.ends(value for one in shown for value in one.values)
        self._ends = low, high
        self.setXRange(-0.01 * across, across * 1.02, padding=0)
        self.setYRange(low, high, padding=0.06)  # room for the numbers at the ends
        numbers = scales.ticks(0, across, 4)
        self._across.show_ticks([(n, scales.short(n)) for n in numbers])
        marks = self.scale.ticks(low, high)
        self._upright.show_ticks([(mark, self.scale.write(mark)) for mark in marks])
        most = max(2 * self.width(), 200)
        few = thinned(self._batches, most)
        self.batch.setData(list(few.steps), [place(value) for value in few.values])
        for line in self.lines:
            series = thinned(self._curves.get(line.key, Series()), most)
            self.items_by_key[line.key].setData(
                list(series.steps),
                [place(value) for value in series.values],
                **_drawn(line, len(series)),
            )
        said = self.say(across)
        self.hint.setVisible(not said)
        self.setAccessibleDescription(said)

    def say(self, step: float) -> str:
        """Return what the curves say at a step."""
        known = self._known()
        told = [
            f"{line.text}: {self.scale.tell(value)}"
            for line in self.lines
            if line.key in known and (value := known[line.key].at(step)) is not None
        ]
        batch = self._batches.at(step)
        if batch is not None:
            told.append(f"one batch: {self.scale.tell(batch)}")
        if not told:
            return ""
        steps = [s.steps for s in known.values()] or [self._batches.steps]
        nearest = min((n for some in steps for n in some), key=lambda n: abs(n - step))
        return "\n".join((f"after step {nearest:,}", *told))

    def _known(self) -> Curves:
        """Return the curves of this figure that have values."""
        return {
            line.key: series
            for line in self.lines
            if (series := self._curves.get(line.key)) and len(series)
        }

    def tell(self, x: float) -> None:
        """Say the values at a step, beside it."""
        text = self.say(x)
        self.said.setVisible(bool(text))
        self.pointer.setVisible(bool(text))
        if text:
            self.pointer.setPos(x)
            self.say_beside(x, self._ends[1], text)
            self.said.raise_()

    def hush(self) -> None:
        """Say nothing any more."""
        super().hush()
        self.pointer.hide()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the hint in the middle of the plot; pyqtgraph passes no event first."""
        super().resizeEvent(event)
        if hasattr(self, "hint"):
            place = self.rect().adjusted(WIDTH_OF_NUMBERS, 0, 0, -24)
            self.hint.setGeometry(place)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "said"):
            self.draw_anew()


def _without_start(series: Series) -> Series:
    """Return a series without its first value where there are enough others.

    What a net answers at first is many times farther off than what comes after.
    """
    many = len(series) > 3
    return Series(series.steps[1:], series.values[1:]) if many else series


def _drawn(line: Line, count: int) -> Mapping[str, Any]:
    """Return how a line is drawn, as pyqtgraph wants it."""
    colour = QColor(getattr(theme.current(), line.role))
    marked = 0 < count <= MARKED
    return {
        "pen": pg.mkPen(colour, width=2, style=line.style),
        "symbol": line.symbol if marked else None,
        "symbolSize": 7,
        "symbolPen": pg.mkPen(colour, width=1),
        "symbolBrush": colour,
    }


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis whose numbers are given to it."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self._given: Sequence[tuple[float, str]] = ()

    def show_ticks(self, given: Sequence[tuple[float, str]]) -> None:
        """Write other numbers: places, and their texts."""
        if given != self._given:
            self._given = given
            self.setTicks([given])
