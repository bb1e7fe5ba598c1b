"""Curves as SVG: recall over false alarms per picture, two detectors in one chart.

Colours, fonts and line widths come from the page the chart stands in, by the classes
"new", "deployed", "grid" and "axis", so that it suits a light and a dark page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from facecam.training.detector.evaluation.figures import Figures

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 10, 40
"""Room around the curves, units of the drawing."""
MOST_FALSE = 1.0
"""Right end of the chart, false alarms per picture."""
FEW_FALSE = 0.05
"""The chart begins below the recall here; further left, curves are chance."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One detector's figures, and the score its faces are shown from."""

    name: str
    style: str
    """Class of the line: "new" or "deployed"."""
    figures: Figures
    shown: float


def chart(title: str, curves: Sequence[Curve]) -> str:
    """Return an SVG element with one curve for each detector."""
    floor = min((_floor(curve.figures) for curve in curves), default=0.0)
    parts = [*_grid(floor), *(_line(curve, floor) for curve in curves)]
    parts += [_dot(curve, floor) for curve in curves]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _floor(figures: Figures) -> float:
    """Return the tenth from which a chart must begin to hold a curve."""
    return min(int(figures.recall_at(FEW_FALSE) * 10), 9) / 10


def _x(false: float) -> float:
    return LEFT + min(false / MOST_FALSE, 1) * (WIDTH - LEFT - RIGHT)


def _y(recall: float, floor: float) -> float:
    share = max(recall - floor, 0) / (1 - floor)
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _grid(floor: float) -> list[str]:
    parts = []
    step = 1 if floor >= 0.5 else 2  # tenths
    for tenth in range(10, round(floor * 10) - 1, -step):
        y = _y(tenth / 10, floor)
        parts.append(_rule((LEFT, y), (WIDTH - RIGHT, y)))
        parts.append(_label(LEFT - 6, y + 4, f"{tenth * 10} %", "end"))
    for quarter in range(5):
        x = _x(quarter / 4 * MOST_FALSE)
        parts.append(_rule((x, TOP), (x, HEIGHT - BOTTOM)))
        text = f"{quarter / 4 * MOST_FALSE:g}"
        parts.append(_label(x, HEIGHT - BOTTOM + 15, text, "middle"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_label(middle, HEIGHT - 6, "false alarms per picture", "middle"))
    return parts


def _rule(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    return (
        f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
    )


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text class="axis" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def _line(curve: Curve, floor: float) -> str:
    """Draw steps: between two points, recall is that of the one with fewer alarms."""
    best: dict[float, float] = {}
    for point in curve.figures.curve:
        if point.false <= MOST_FALSE:
            best[point.false] = max(point.recall, best.get(point.false, 0.0))
    path, last = [], None
    for false, recall in sorted(best.items()):
        x, y = _x(false), _y(recall, floor)
        path.append(f"M{x:.1f},{y:.1f}" if last is None else f"H{x:.1f}V{y:.1f}")
        last = recall
    if last is not None:
        path.append(f"H{_x(MOST_FALSE):.1f}")
    return f'<path class="curve {curve.style}" d="{"".join(path)}"/>'


def _dot(curve: Curve, floor: float) -> str:
    """Mark where the detector works: the score its faces are shown from."""
    point = curve.figures.at(curve.shown)
    x, y = _x(point.false), _y(point.recall, floor)
    text = (
        f"{curve.name}, as shown: recall {point.recall:.1%} at {point.false:.2f} "
        "false alarms per picture"
    )
    return (
        f'<circle class="dot {curve.style}" cx="{x:.1f}" cy="{y:.1f}" r="4">'
        f"<title>{escape(text)}</title></circle>"
    )
