"""Axes of the curves: where they begin and end, which numbers stand beside them.

Plain functions of numbers. An axis changes in leaps, so that a curve that grows does
not make it tremble.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

LOGS = (1.0, 2.0, 5.0)
"""What may stand before a power of ten on a logarithmic axis."""


def nice(span: float, count: int) -> float:
    """Return a round distance of which about so many make a span."""
    if span <= 0:
        return 1.0
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    return next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= rough * 0.999)


def ticks(low: float, high: float, count: int) -> list[float]:
    """Return round numbers from low to high, about so many."""
    step = nice(high - low, count)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def amounts(values: Iterable[float]) -> tuple[float, float]:
    """Return an axis from nought to above the largest value."""
    top = max(values, default=1.0)
    if top <= 0:
        return 0.0, 1.0
    step = nice(top, 4)
    return 0.0, step * math.ceil(top * 1.05 / step)


def shares(values: Iterable[float]) -> tuple[float, float]:
    """Return an axis of shares that ends at 1, its lower end at a round share."""
    low = min(values, default=0.0)
    for begin in (0.95, 0.9, 0.8, 0.5):
        if low >= begin + 0.1 * (1 - begin):
            return begin, 1.0
    return 0.0, 1.0


def logarithms(values: Iterable[float]) -> tuple[float, float]:
    """Return the ends of a logarithmic axis, as powers of ten; without nought."""
    positive = [value for value in values if value > 0]
    if not positive:
        return -2.0, 0.0
    low = math.floor(math.log10(min(positive)) * 2 - 0.1) / 2
    high = math.ceil(math.log10(max(positive)) * 2 + 0.1) / 2
    return low, max(high, low + 1)


def log_ticks(low: float, high: float) -> list[float]:
    """Return the powers of ten to write beside a logarithmic axis."""
    found = [
        math.log10(n) + power
        for power in range(math.floor(low), math.ceil(high) + 1)
        for n in (LOGS if high - low <= 1.5 else LOGS[:1])
    ]
    return [one for one in found if low - 1e-9 <= one <= high + 1e-9]


def short(value: float) -> str:
    """Return a number for an axis: "2,000", "0.05"."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def percent(value: float) -> str:
    """Return a share for an axis: "95 %"."""
    return f"{100 * value:.3g} %"
