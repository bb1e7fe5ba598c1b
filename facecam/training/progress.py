"""How long a step still takes, and how far it is as one line of text."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace

from facecam.training.step import Progress

WINDOW = 60.0
"""Seconds over which the pace is measured: a fit pauses now and then to be measured."""
SPACING = 0.5
"""Seconds between two looks at how much is done."""
SETTLED = 2.0
"""Seconds after which a pace is worth telling."""
BAR = 20
"""Width of the bar, characters."""
LARGE = 1000
"""Metrics from here on are shown as whole numbers."""
MINUTE, HOUR = 60, 3600
NETS = {"pnet": "P-Net", "rnet": "R-Net", "onet": "O-Net"}
"""The nets of the detector, as people read them."""


class Pace:
    """Tells from what was done lately how long the rest takes.

    A step that is gone on with begins at what it had done: only what is added counts.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._task: tuple[str, int] | None = None
        self._seen: deque[tuple[float, int]] = deque()

    def estimated(self, progress: Progress) -> Progress:
        """Return the progress with the seconds left; what a step says itself stays."""
        now, done = self._now(), progress.done
        task = (progress.step, progress.total)
        if task != self._task or (self._seen and done < self._seen[-1][1]):
            self._task = task
            self._seen.clear()
        if not self._seen or now - self._seen[-1][0] >= SPACING:
            self._seen.append((now, done))
        while now - self._seen[0][0] > WINDOW and len(self._seen) > 2:
            self._seen.popleft()
        if progress.left is not None:
            return progress
        return replace(progress, left=self._left(now, progress))

    def _left(self, now: float, progress: Progress) -> float | None:
        then, before = self._seen[0]
        if now - then < SETTLED or progress.done <= before:
            return None
        pace = (now - then) / (progress.done - before)
        return max(0.0, pace * (progress.total - progress.done))


def line(progress: Progress, width: int) -> str:
    """Return one line: a bar, how much of how much, time left, text, metrics.

    Args:
        progress: of one step.
        width: columns; what does not fit is left out, metrics first.
    """
    share = min(1.0, progress.done / progress.total) if progress.total else 0.0
    filled = round(share * BAR)
    parts = [
        "█" * filled + "·" * (BAR - filled),
        f"{progress.done}/{progress.total}",
        f"{duration(progress.left)} left" if progress.left is not None else "",
        progress.text,
        *(f"{name} {number(value)}" for name, value in progress.metrics.items()),
    ]
    text = progress.step
    for part in filter(None, parts):
        if len(text) + 2 + len(part) > width:
            break
        text += f"  {part}"
    return text[:width]


def told(metrics: Mapping[str, float]) -> str:
    """Return metrics as text: "recall 0.97, loss 0.132"."""
    return ", ".join(f"{name} {number(value)}" for name, value in metrics.items())


def number(value: float) -> str:
    """Return a metric as people read it: large ones whole, others to three digits."""
    whole = float(value).is_integer() or abs(value) >= LARGE
    return f"{value:.0f}" if whole and math.isfinite(value) else f"{value:.3g}"


def duration(seconds: float) -> str:
    """Return a duration as m:ss, from an hour on as h:mm:ss."""
    whole = round(seconds)
    minutes = f"{whole % HOUR // MINUTE:02d}:{whole % MINUTE:02d}"
    return f"{whole // HOUR}:{minutes}" if whole >= HOUR else minutes.removeprefix("0")
