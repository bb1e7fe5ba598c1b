"""The curves of the report card. Imports pyqtgraph: import it when first shown.

All three share one axis, the setting: "about 1 wrong name per so many strangers", as a
logarithm, lax on the left and strict on the right. A line marks the setting chosen;
pointing at a curve tells its values in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from facecam.app import theme
from facecam.app.plotting import QuietPlot
from facecam.report import sayings
from facecam.report.card import ReportCard
from facecam.report.curves import Curve

HEIGHT = 248
"""Logical pixels."""
WIDTH_OF_NUMBERS = 56
"""Of the numbers left of a plot, logical pixels."""
LAST = 6.0
"""The strictest setting shown: 10 to the power of this."""
PROBITS = (0.001, 0.01, 0.05, 0.2, 0.5, 0.8)
"""Shares written at the axis of the DET curve."""
LEAST = 0.0005
"""Shares below cannot be told apart on that axis."""
STRANGERS = "strangers as expected"
OWN = "own people"
REAL = "real strangers"


class Chart(QuietPlot):
    """What a report card says over the settings."""

    def __init__(self, title: str, left: _Axis, parent: QWidget | None) -> None:
        axes = {"bottom": _Settings("bottom"), "left": left}
        numbers = WIDTH_OF_NUMBERS if left.numbered else 12
        super().__init__(axes, HEIGHT, numbers, parent)
        self.title = title
        self.card: ReportCard | None = None
        self._setting = 500.0
        self.setAccessibleName(title)
        self.setXRange(0, LAST, padding=0.01)
        self.line = pg.InfiniteLine(angle=90)

    def show_card(self, card: ReportCard) -> None:
        """Draw what a card says."""
        self.card = card
        self.draw_anew()

    def show_setting(self, strangers: float) -> None:
        """Move the line that marks a setting."""
        self._setting = strangers
        self.line.setPos(np.log10(strangers))

    def draw_anew(self) -> None:
        """Draw everything in today's colours."""
        colours = theme.current()
        self.wear_colours(("left", 30))
        self.clear()
        self.show_title(self.title)
        if self.card is not None:
            self.draw_card(self.card)
        pen = pg.mkPen(QColor(colours.text), width=1.5, style=Qt.PenStyle.DashLine)
        self.line.setPen(pen)
        self.line.setPos(np.log10(self._setting))
        self.hush()
        self.addItem(self.line)

    def draw_card(self, card: ReportCard) -> None:
        """Draw the curves."""
        raise NotImplementedError

    def say(self, strangers: float) -> str:
        """Return what the curves say at a setting."""
        raise NotImplementedError

    def show_title(self, text: str) -> None:
        """Write above the plot in the window's font; the text may be HTML."""
        size = f"{self.font().pointSizeF():.0f}pt"
        colour = theme.current().text
        self.getPlotItem().setTitle(text, color=colour, size=size)

    @property
    def answers(self) -> bool:
        """Whether there is a card."""
        return self.card is not None

    def tell(self, x: float) -> None:
        """Say the values at a place of the axis, beside it."""
        _, (_, top) = self.getPlotItem().vb.viewRange()
        self.say_beside(x, top, self.say(10**x))


class Scores(Chart):
    """How much own people and strangers resemble somebody enrolled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("How surely faces are told apart", _Hidden("left"), parent)
        self.setLabel("bottom", "about one stranger in … looks this much like somebody")

    def draw_card(self, card: ReportCard) -> None:
        """Two heaps: strangers on the left, own people on the right."""
        colours, bars = theme.current(), card.histogram
        edges = np.array(bars.edges)
        self.setXRange(0, edges[-1], padding=0.01)
        heaps = [(bars.strangers, colours.quiet, STRANGERS)]
        if any(bars.own):
            heaps.append((bars.own, colours.accent, OWN))
        if bars.real:
            heaps.append((bars.real, colours.warning, REAL))
        top = max(max(heights) for heights, _, _ in heaps)
        for heights, colour, _ in heaps:
            curve = pg.PlotCurveItem(
                edges,
                np.array(heights) / top,
                stepMode="center",
                fillLevel=0,
                pen=pg.mkPen(QColor(colour), width=1.5),
                brush=_faded(colour, 0.22),
            )
            self.addItem(curve)
        self.setYRange(0, 1.05, padding=0)
        names = "&nbsp;&nbsp; ".join(_key(name, colour) for _, colour, name in heaps)
        self.show_title(f"{self.title} &nbsp;&nbsp;&nbsp; {names}")

    def say(self, strangers: float) -> str:
        """Return how many of each lie to the right of a place."""
        assert self.card is not None
        curve = self.card.curve
        lines = [f"from 1 in {sayings.number(sayings.rounded(strangers))} on:"]
        if curve.recognised:
            lines.append(f"{_percent(_at(curve, curve.recognised, strangers))} {OWN}")
        lines.append(f"{_percent(_at(curve, curve.wrong, strangers))} {STRANGERS}")
        if curve.real:
            lines.append(f"{_percent(_at(curve, curve.real, strangers))} {REAL}")
        return "\n".join(lines)


class Roc(Chart):
    """Share of own people recognised at each setting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Own people recognised (ROC)", _Shares("left"), parent)
        self.setLabel("bottom", "about 1 wrong name per … strangers")
        self.setYRange(-0.04, 1.05, padding=0)

    def draw_card(self, card: ReportCard) -> None:
        """A line and the band of its interval."""
        _band(self, card.curve, lambda share: share)

    def say(self, strangers: float) -> str:
        """Return the share recognised and its interval."""
        assert self.card is not None
        curve = self.card.curve
        if not curve.recognised:
            return sayings.NOT_ENOUGH
        share, low, high = (
            _percent(_at(curve, values, strangers))
            for values in (curve.recognised, curve.low, curve.high)
        )
        per = sayings.number(sayings.rounded(strangers))
        return f"1 wrong name per {per}:\n{share} recognised ({low}–{high})"


class Det(Chart):
    """Share of own people missed, drawn so that small shares can be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Own people missed (DET)", _Probits("left"), parent)
        self.setLabel("bottom", "about 1 wrong name per … strangers")
        self.setYRange(_probit(LEAST), _probit(0.9), padding=0.02)

    def draw_card(self, card: ReportCard) -> None:
        """A line and the band of its interval, on the scale of the normal deviate."""
        _band(self, card.curve, lambda share: _probit(1 - share))

    def say(self, strangers: float) -> str:
        """Return the share missed and its interval."""
        assert self.card is not None
        curve = self.card.curve
        if not curve.recognised:
            return sayings.NOT_ENOUGH
        share, low, high = (
            _percent(1 - _at(curve, values, strangers))
            for values in (curve.recognised, curve.high, curve.low)
        )
        per = sayings.number(sayings.rounded(strangers))
        return f"1 wrong name per {per}:\n{share} missed ({low}–{high})"


def _band(chart: Chart, curve: Curve, scale: Any) -> None:
    """Draw the share recognised with its interval on a scale."""
    if not curve.recognised:
        return
    colours = theme.current()
    x = np.log10(curve.strangers)
    low = np.array([scale(share) for share in curve.low])
    high = np.array([scale(share) for share in curve.high])
    middle = np.array([scale(share) for share in curve.recognised])
    outline = QPainterPath(QPointF(x[0], low[0]))
    for a, b in [*zip(x, low, strict=True), *zip(x[::-1], high[::-1], strict=True)]:
        outline.lineTo(a, b)
    band = QGraphicsPathItem(outline)
    band.setPen(QColor(0, 0, 0, 0))
    band.setBrush(_faded(colours.accent, 0.18))
    chart.addItem(band, ignoreBounds=True)
    chart.plot(x, middle, pen=pg.mkPen(QColor(colours.accent), width=2))


def _key(name: str, colour: str) -> str:
    """Return an entry of the legend: a square in a colour and what it stands for."""
    return f'<span style="color: {colour}">■</span> {name}'


def _at(curve: Curve, values: Sequence[float], strangers: float) -> float:
    """Return a curve's value at a setting, between its points."""
    places = np.log10(curve.strangers)
    return float(np.interp(np.log10(max(strangers, 1)), places, values))


def _percent(share: float) -> str:
    """Return a share with the digits that matter."""
    percent = 100 * share
    if 0 < percent < 10:
        return f"{percent:.2g} %"
    return f"{percent:.0f} %"


def _probit(share: float) -> float:
    return NormalDist().inv_cdf(min(max(share, LEAST), 1 - LEAST))


def _faded(colour: str, strength: float) -> QColor:
    faded = QColor(colour)
    faded.setAlphaF(strength)
    return faded


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis with words of its own."""

    numbered = True


class _Settings(_Axis):
    """Logarithms as numbers of strangers."""

    def tickValues(self, low: float, high: float, size: float) -> list[Any]:
        """Every factor of ten; pyqtgraph asks."""
        return [(1.0, [float(x) for x in range(int(np.ceil(low)), int(high) + 1)])]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Pyqtgraph asks."""
        return [_short(10**value) for value in values]


class _Shares(_Axis):
    """Shares as per cent."""

    def tickValues(self, low: float, high: float, size: float) -> list[Any]:
        """Quarters; pyqtgraph asks."""
        return [(0.25, [0.0, 0.25, 0.5, 0.75, 1.0])]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Pyqtgraph asks."""
        return [f"{100 * value:.0f} %" for value in values]


class _Probits(_Axis):
    """Normal deviates as per cent."""

    def tickValues(self, low: float, high: float, size: float) -> list[Any]:
        """The shares worth writing; pyqtgraph asks."""
        return [(1.0, [_probit(share) for share in PROBITS])]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Pyqtgraph asks."""
        return [f"{100 * NormalDist().cdf(value):.2g} %" for value in values]


class _Hidden(_Axis):
    """An axis without numbers: heights of heaps mean nothing by themselves."""

    numbered = False

    def tickValues(self, low: float, high: float, size: float) -> list[Any]:
        """None; pyqtgraph asks."""
        return []


def _short(strangers: float) -> str:
    """Return "1,000" or "1 million"."""
    if strangers >= 1e6:
        return f"{strangers / 1e6:,.0f} M"
    return f"{strangers:,.0f}"
