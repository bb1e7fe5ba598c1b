"""The ROC curve of pairs. Imports pyqtgraph: import it when first shown.

The axis of pairs taken wrongly is a logarithm: what matters happens where few pass.
Curves differ by their dashes as well as by their colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from facecam.app import theme
from facecam.app.plotting import QuietPlot

HEIGHT = 264
"""Logical pixels."""
WIDTH_OF_NUMBERS = 56
FIRST = -3.0
"""Where the axis begins: 1 in 10 to the power of this."""
DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
)
MARKS = ("━━", "╍╍", "┅┅", "╌╌")
"""The same in the legend."""
TITLE = "Pairs of one person recognised (ROC)"
ACROSS = "share of pairs of two people taken for one"


class Roc(QuietPlot):
    """Share of pairs recognised over pairs taken wrongly."""

    def __init__(self, parent: QWidget) -> None:
        axes = {"bottom": _Rates("bottom"), "left": _Shares("left")}
        super().__init__(axes, HEIGHT, WIDTH_OF_NUMBERS, parent)
        self.results: dict[str, Mapping[str, Any]] = {}
        self.setXRange(FIRST, 0, padding=0.03)
        self.setLabel("bottom", ACROSS)

    def show_results(self, results: Mapping[str, Mapping[str, Any]]) -> None:
        """Draw the curve of each result, by the title of its embedder."""
        self.results = dict(results)
        told = (f"{title}: {self._value(title, -3)} %" for title in self.results)
        about = "; ".join(told)
        self.setAccessibleName(TITLE)
        self.setAccessibleDescription(f"At 1 in 1,000 pairs taken wrongly: {about}")
        self.draw_anew()

    def draw_anew(self) -> None:
        """Draw everything in today's colours."""
        colours = theme.current()
        self.wear_colours(("left", 30))
        self.clear()
        tints = (colours.accent, colours.warning, colours.good, colours.text)
        keys, lowest = [], 1.0
        for n, (title, result) in enumerate(self.results.items()):
            x, y = _curve(result)
            lowest = min(lowest, _held(x, y, FIRST))
            colour, dashes = tints[n % len(tints)], DASHES[n % len(DASHES)]
            pen = pg.mkPen(QColor(colour), width=2, style=dashes)
            # The value of a step holds until the next one.
            edges = np.append(x, 0.1)
            self.addItem(pg.PlotCurveItem(edges, y, stepMode="center", pen=pen))
            mark = MARKS[n % len(MARKS)]
            keys.append(f'<span style="color: {colour}">{mark}</span> {title}')
        floor = max(np.floor(lowest * 10) / 10, 0.0) if lowest < 1 else 0.9
        self.setYRange(min(floor, 0.9), 1.0 + 0.04 * (1 - min(floor, 0.9)), padding=0)
        size = f"{self.font().pointSizeF():.0f}pt"
        said = "&nbsp;&nbsp; ".join([TITLE, *keys])
        self.getPlotItem().setTitle(said, color=colours.text, size=size)
        self.hush()

    @property
    def answers(self) -> bool:
        """Whether there is a curve."""
        return bool(self.results)

    def tell(self, x: float) -> None:
        """Say what the curves say at a place of the axis, beside it."""
        place = float(np.clip(x, FIRST, 0))
        _, (_, top) = self.getPlotItem().vb.viewRange()
        lines = [f"{title}: {self._value(title, place)} %" for title in self.results]
        text = "\n".join([f"{_rate(place)} taken wrongly", *lines])
        self.say_beside(place, top, text)

    def _value(self, title: str, place: float) -> str:
        return f"{100 * _held(*_curve(self.results[title]), place):.1f}"

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "said"):
            self.draw_anew()


def _curve(result: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return logarithms of the rates, and the shares, (k,) each, rising."""
    points = result["roc"]
    far = np.array([point["far"] for point in points])
    tar = np.array([point["tar"] for point in points])
    x = np.log10(np.maximum(far, 10 ** (FIRST - 1)))
    last = np.append(np.diff(x) > 0, True)
    return x[last], tar[last]


def _held(x: Any, y: Any, place: float) -> float:
    """Return the value that holds at a place of the axis: that of the step below."""
    below = y[x <= place]
    return float(below[-1] if len(below) else y[0])


def _rate(place: float) -> str:
    return f"{100 * 10**place:.2g} %"


class _Rates(pg.AxisItem):  # type: ignore[misc]
    """Logarithms as per cent."""

    def tickValues(self, low: float, high: float, size: float) -> list[Any]:
        """Every factor of ten; pyqtgraph asks."""
        return [(1.0, [float(x) for x in range(int(np.ceil(low)), int(high) + 1)])]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Pyqtgraph asks."""
        return [f"{100 * 10**value:g} %" for value in values]


class _Shares(pg.AxisItem):  # type: ignore[misc]
    """Shares as per cent."""

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Pyqtgraph asks."""
        return [f"{100 * value:.0f} %" if value <= 1.0001 else "" for value in values]
