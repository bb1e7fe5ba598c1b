"""What the page reads of a run beside its state: curves, hard examples, the log's end.

Read on a lane in the background, again and again; what did not change is handed out as
the very object it was before, so that whoever shows it can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtGui import QImage

from facecam.app.training.run.remaining import read_expected
from facecam.errors import TrainingError
from facecam.training import runs
from facecam.training.curves import Curves, FitCurves, Losses, thinned
from facecam.training.detector import hardest
from facecam.training.step import partial_directory

TAIL = 64_000
"""Bytes of the log that are shown, at most."""
MOST = 600
"""Losses of single batches that are drawn, at most."""
FIT = "-fit"
"""What the names of steps end with that have curves."""


@dataclass(frozen=True)
class Crop:
    """One sample judged wrongly."""

    image: QImage
    score: float
    """How surely it was taken for a face, 0…1."""


@dataclass(frozen=True, eq=False)
class Hard:
    """What a fit judged most wrongly when it was measured."""

    step: int
    faces: tuple[Crop, ...]
    """Taken for backgrounds, the worst first."""
    backgrounds: tuple[Crop, ...]
    """Taken for faces, the worst first."""


@dataclass(frozen=True, eq=False)
class Seen:
    """Everything read at one moment."""

    curves: Mapping[str, Curves] = field(default_factory=dict)
    """Of each fit, by its step."""
    losses: Curves = field(default_factory=dict)
    """Of single batches, by the fit's step; of a long fit, its lows and peaks."""
    hard: Mapping[str, Hard] = field(default_factory=dict)
    """By the fit's step."""
    log: str = ""
    expected: Mapping[str, float] = field(default_factory=dict)
    """Seconds of each part, see `remaining`."""
    there: bool = True
    problem: str = ""
    """Why the run cannot be read, and what to do."""


class RunReader:
    """Reads one run. Used on one lane.

    Args:
        root: directory of the run.
        fits: names of the steps that have curves.
    """

    def __init__(self, root: Path, fits: tuple[str, ...]) -> None:
        self.fits = fits
        self._root = root
        self._curves = {fit: FitCurves(root, fit) for fit in fits}
        self._losses = Losses(root)
        self._whole: Curves = {}
        self._few: Curves = {}
        self._hard: dict[str, tuple[str, Hard]] = {}
        self._log = ""
        self._log_size = 0
        self._expected: Mapping[str, float] = {}

    def read(self) -> Seen:
        """Return what there is to see now."""
        there, problem = self._look()
        if not self._expected:
            self._expected = read_expected(self._root)
        return Seen(
            {fit: one.read() for fit, one in self._curves.items()},
            self._read_losses(),
            {fit: hard for fit in self.fits if (hard := self._read_hard(fit))},
            self._read_log(),
            self._expected,
            there,
            problem,
        )

    def _read_losses(self) -> Curves:
        """Return the losses of batches, no more of them than a plot can show.

        Thinned here and not where they are drawn: a night has tens of thousands.
        """
        losses = self._losses.read()
        if losses is not self._whole:
            before, self._whole = self._whole, losses
            self._few = {
                fit: self._few[fit]
                if before.get(fit) is series
                else thinned(series, MOST)
                for fit, series in losses.items()
            }
        return self._few

    def _look(self) -> tuple[bool, str]:
        """Tell whether the run is there, and why it cannot be read."""
        if not (self._root / runs.RECORD).exists():
            return False, ""
        try:
            runs.read_record(self._root)
        except TrainingError as error:
            return True, str(error)
        return True, ""

    def _read_hard(self, fit: str) -> Hard | None:
        for folder in (partial_directory(self._root, fit), self._root / fit):
            record = hardest.read(folder)
            if record is None:
                continue
            key = f"{folder.name}/{record.file}"
            if fit not in self._hard or self._hard[fit][0] != key:
                strip = QImage(str(folder / record.file))
                if strip.isNull():
                    continue
                self._hard[fit] = key, _cut(strip, record)
            return self._hard[fit][1]
        return None

    def _read_log(self) -> str:
        try:
            with (self._root / runs.LOG).open("rb") as file:
                size = file.seek(0, 2)
                if size != self._log_size:
                    file.seek(max(size - TAIL, 0))
                    text = file.read()
                    if size > TAIL:  # begin with a whole line
                        text = text[text.find(b"\n") + 1 :]
                    self._log = text.decode("utf-8", "replace")
                    self._log_size = size
        except OSError:
            self._log = ""
            self._log_size = 0
        return self._log


def _cut(strip: QImage, record: hardest.Hardest) -> Hard:
    def row(line: int, scores: tuple[float, ...]) -> tuple[Crop, ...]:
        size = record.size
        return tuple(
            Crop(strip.copy(column * size, line * size, size, size), score)
            for column, score in enumerate(scores)
        )

    return Hard(record.step, row(0, record.faces), row(1, record.backgrounds))
