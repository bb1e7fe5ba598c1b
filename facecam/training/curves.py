"""Curves of a run, read while it goes on: plain numbers, only what is new each time.

    metrics.jsonl    of a fit: losses since the last measurement, figures on what is
                     held out, at each measured step
    progress.jsonl   of the run: the loss of the batch of that second, at each line

Who writes may be killed in the middle of a line, may begin again at an earlier step, or
replace the whole file. A step measured twice has its last values, and what was measured
after it before is gone: so it is in `board`, too.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from facecam.training import runs
from facecam.training.board import LINES
from facecam.training.step import partial_directory

LOSS = "loss"
"""The figure of a journal's line that is a curve by itself."""


@dataclass(frozen=True)
class Series:
    """One curve: values at steps, which rise. Every value is a finite number."""

    steps: tuple[int, ...] = ()
    values: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.steps)

    def at(self, step: float) -> float | None:
        """Return the value measured nearest to a step; None without any."""
        if not self.steps:
            return None
        after = min(bisect_left(self.steps, step), len(self) - 1)
        before = max(after - 1, 0)
        nearer = min(before, after, key=lambda n: abs(self.steps[n] - step))
        return self.values[nearer]


Curves: TypeAlias = Mapping[str, Series]
"""Series by the names of their figures, such as "recall"."""


class FitCurves:
    """Reads what a fit has measured.

    Args:
        root: directory of the run.
        step: name of the fit's step. What is under way comes before what is complete:
            it takes its place.
    """

    def __init__(self, root: Path, step: str) -> None:
        self._folders = (partial_directory(root, step), root / step)
        self._folder: Path | None = None
        self._lines = _Lines(root)
        self._grown: dict[str, _Growing] = {}
        self._curves: Curves = {}

    def read(self) -> Curves:
        """Return all curves; the same object where nothing is new."""
        folder = next((one for one in self._folders if (one / LINES).exists()), None)
        if folder != self._folder:
            self._folder = folder
            self._lines = _Lines((folder or self._folders[0]) / LINES)
            self._begin()
        begun, entries = self._lines.read()
        if begun:
            self._begin()
        for entry in entries:
            for name, value in dict(entry.get("values") or {}).items():
                self._grown.setdefault(name, _Growing()).add(entry.get("step"), value)
        if begun or entries:
            self._curves = _measured(self._grown)
        return self._curves

    def _begin(self) -> None:
        self._grown.clear()
        self._curves = {}


class Losses:
    """Reads the losses that a run's journal tells second by second, by step."""

    def __init__(self, root: Path) -> None:
        self._lines = _Lines(root / runs.JOURNAL)
        self._grown: dict[str, _Growing] = {}
        self._series: Curves = {}

    def read(self) -> Curves:
        """Return the losses by steps of the run; the same object if none is new."""
        begun, entries = self._lines.read()
        if begun:
            self._grown.clear()
        fresh = begun
        for entry in entries:
            metrics = entry.get("metrics")
            if isinstance(metrics, dict) and LOSS in metrics:
                one = self._grown.setdefault(str(entry.get("name")), _Growing())
                one.add(entry.get("done"), metrics[LOSS])
                fresh = True
        if fresh:
            self._series = _measured(self._grown)
        return self._series


def thinned(series: Series, most: int) -> Series:
    """Return a series of at most so many points that looks the same when drawn.

    Of each stretch of steps the lowest and the highest value stay, so that no peak is
    lost.

    Args:
        series: of any length.
        most: points, at least 2: twice the pixels there are.
    """
    if len(series) <= most:
        return series
    size = math.ceil(len(series) / (most // 2))
    whole = math.ceil(len(series) / size) * size
    values = np.pad(np.array(series.values), (0, whole - len(series)), "edge")
    stretches = values.reshape(-1, size)
    starts = np.arange(0, whole, size)
    extremes = (stretches.argmin(axis=1), stretches.argmax(axis=1))
    found = np.unique(np.concatenate([starts + one for one in extremes]))
    kept = found[found < len(series)].tolist()
    return Series(
        tuple(series.steps[n] for n in kept), tuple(series.values[n] for n in kept)
    )


def _measured(grown: Mapping[str, _Growing]) -> Curves:
    """Return the series that have values."""
    return {name: one.series() for name, one in grown.items() if one.steps}


@dataclass
class _Growing:
    """A series that is added to."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    made: Series | None = None
    """The series as it was last asked for, until something is added."""

    def add(self, step: Any, value: Any) -> None:
        """Add a value; what is no number, or no step, is passed over."""
        if not isinstance(step, int) or not isinstance(value, int | float):
            return
        place = bisect_left(self.steps, step)
        del self.steps[place:], self.values[place:]
        self.made = None
        if math.isfinite(value):
            self.steps.append(step)
            self.values.append(float(value))

    def series(self) -> Series:
        if self.made is None:
            self.made = Series(tuple(self.steps), tuple(self.values))
        return self.made


class _Lines:
    """Reads the whole lines of a file that were added since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = 0
        self._read = 0

    def read(self) -> tuple[bool, list[dict[str, Any]]]:
        """Return whether it is another file than before, and the objects in it."""
        try:
            with self._path.open("rb") as file:
                status = self._path.stat()
                begun = status.st_ino != self._file or status.st_size < self._read
                self._file = status.st_ino
                self._read = 0 if begun else self._read
                file.seek(self._read)
                text = file.read()
        except OSError:
            begun, self._read, self._file = self._read > 0, 0, 0
            return begun, []
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        return begun, list(_objects(whole))


def _objects(text: bytes) -> Iterator[dict[str, Any]]:
    for line in text.decode("utf-8", "replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:  # torn by a kill
            continue
        if isinstance(entry, dict):
            yield entry
