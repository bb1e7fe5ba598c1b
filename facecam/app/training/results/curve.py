"""Recall over false alarms, two detectors in one plot. Imports pyqtgraph: be late.

The lines are told apart by their stroke and their mark as well: solid with a dot is
the new one, dashed with a square the one it is compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from facecam.app import theme
from facecam.app.plotting import QuietPlot
from facecam.app.training.results import sayings
from facecam.training.detector.evaluation.comparison import group_name
from facecam.training.detector.evaluation.figures import Figures, Trial

HEIGHT = 296
"""Logical pixels."""
MOST_FALSE = 1.0
"""Right end, false alarms per picture."""
FEW_FALSE = 0.05
"""The plot begins below the recall here; further left, curves are chance."""
NUMBERS = 56
"""Room for the numbers at the left, logical pixels."""
TITLE = "Faces found over false alarms"


class CurvePlot(QuietPlot):
    """Recall over false alarms of both detectors."""

    def __init__(self, parent: QWidget) -> None:
        axes = {"bottom": _Axis("bottom", _plain), "left": _Axis("left", _share)}
        super().__init__(axes, HEIGHT, NUMBERS, parent)
        self._pair: tuple[Trial, Trial | None] | None = None
        self._group = "all"
        self._names = ("this run", "in use")
        self.setAccessibleName(TITLE)
        self.setXRange(0, MOST_FALSE, padding=0.01)
        self.setLabel("bottom", "false alarms per picture")

    def show_trials(
        self, new: Trial, old: Trial | None, names: tuple[str, str], group: str
    ) -> None:
        """Draw the curves of a group of faces.

        Args:
            new: what the new detector can do.
            old: what the one can do that it is compared with.
            names: of the two, for people.
            group: name of the faces, as in Trial.
        """
        self._pair, self._names, self._group = (new, old), names, group
        self.draw_anew()

    def draw_anew(self) -> None:
        """Draw everything in today's colours."""
        self.wear_colours(("bottom", 40), ("left", 40))
        self.clear()
        self.hush()
        lowest = min((_floor(one) for _, one, _ in self._drawn()), default=0.0)
        self.setYRange(lowest, 1.0, padding=0.02)
        for number, figures, shown in reversed(self._drawn()):
            self._draw(number, figures, shown)
        self.setAccessibleDescription(self.say(0.5).replace("\n", "; "))

    def say(self, false: float) -> str:
        """Return what the curves say at so many false alarms per picture."""
        lines = [f"{group_name(self._group)}, {false:.2f} false alarms per picture:"]
        for number, figures, _ in self._drawn():
            share = sayings.percent(figures.recall_at(false))
            lines.append(f"{self._names[number]} finds {share}")
        return "\n".join(lines)

    def _drawn(self) -> list[tuple[int, Figures, float]]:
        """Return number, figures and score of each detector that has such faces."""
        return [
            (number, trial.groups[self._group], trial.shown)
            for number, trial in enumerate(self._pair or ())
            if trial is not None and self._group in trial.groups
        ]

    def _draw(self, number: int, figures: Figures, shown: float) -> None:
        x, y = steps(figures)
        self.plot(x, y, pen=stroke(number))
        point = figures.at(shown)
        colour = stroke(number).color()
        self.addItem(
            pg.ScatterPlotItem(
                [min(point.false, MOST_FALSE)],
                [point.recall],
                symbol="os"[number],
                size=11,
                pen=pg.mkPen(QColor(theme.current().surface), width=1.5),
                brush=colour,
            )
        )

    @property
    def answers(self) -> bool:
        """Whether there is a curve."""
        return bool(self._drawn())

    def tell(self, x: float) -> None:
        """Say the values at a place of the axis, beside it."""
        _, (low, _) = self.getPlotItem().vb.viewRange()
        text = self.say(min(max(x, 0.0), MOST_FALSE))
        self.say_beside(x, low, text, above=True)


class Key(QWidget):
    """The legend: a piece of each line with its mark, and whose it is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()

    def show_names(self, *names: str) -> None:
        """Say whose lines these are, the new detector's first."""
        self.names = names
        self.setAccessibleName("Legend")
        strokes = ("solid line with a dot", "dashed line with a square")
        pairs = zip(names, strokes, strict=False)
        self.setAccessibleDescription("; ".join(f"{a}: {b}" for a, b in pairs))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the names."""
        metrics = self.fontMetrics()
        width = sum(metrics.horizontalAdvance(name) + 68 for name in self.names)
        return QSize(width, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pieces."""
        left, middle = 0, self.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, name in enumerate(self.names):
                pen = stroke(number)
                painter.setPen(pen)
                painter.drawLine(QPointF(left, middle), QPointF(left + 36, middle))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(pen.color())
                mark = QRectF(left + 13, middle - 5, 10, 10)
                (painter.drawRect if number else painter.drawEllipse)(mark)
                painter.setPen(QColor(theme.current().text))
                width = self.fontMetrics().horizontalAdvance(name)
                place = QRectF(left + 44, 0, width + 4, self.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
                left += width + 68


def stroke(number: int) -> QPen:
    """Return the pen of the new detector (0) or of the other one (1)."""
    colours = theme.current()
    if number == 0:
        return pg.mkPen(QColor(colours.accent), width=2.5)
    return pg.mkPen(QColor(colours.quiet), width=2, style=Qt.PenStyle.DashLine)


def steps(figures: Figures) -> tuple[list[float], list[float]]:
    """Return a curve as corners of steps: recall is that of fewer alarms, till more."""
    best: dict[float, float] = {}
    for point in figures.curve:
        if point.false <= MOST_FALSE:
            best[point.false] = max(point.recall, best.get(point.false, 0.0))
    x: list[float] = []
    y: list[float] = []
    highest = 0.0
    for false, recall in sorted(best.items()):
        if x:
            x.append(false)
            y.append(highest)
        highest = max(highest, recall)
        x.append(false)
        y.append(highest)
    if x:
        x.append(MOST_FALSE)
        y.append(highest)
    return x, y


def _floor(figures: Figures) -> float:
    """Return the tenth from which a plot must begin to hold a curve."""
    return min(int(figures.recall_at(FEW_FALSE) * 10), 9) / 10


def _plain(value: float) -> str:
    return f"{value:.2g}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis with words of its own, few of them."""

    def __init__(self, side: str, word: Callable[[float], str]) -> None:
        super().__init__(side)
        self._word = word

    def tickValues(self, low: float, high: float, size: float) -> list[Any]:
        """Quarters of the axis, or tenths; pyqtgraph asks."""
        step = 0.1 if high - low <= 0.55 else 0.25
        first = int(np.ceil(low / step - 1e-6))
        last = int(np.floor(high / step + 1e-6))
        return [(step, [step * n for n in range(first, last + 1)])]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Pyqtgraph asks."""
        return [self._word(value) for value in values]
