"""Curves of a fit: one JSON line per measurement, and the same for TensorBoard.

The lines are the truth: they can be read while the fit goes on, after a kill, and
without any library. TensorBoard's event file is made anew from them whenever a fit is
gone on with, so that neither ever shows a step twice.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from facecam import files

LINES = "metrics.jsonl"
EVENTS = "events.out.tfevents"
"""TensorBoard takes every file whose name begins so; the step's folder is the run."""


@dataclass(frozen=True)
class Point:
    """What was measured after one step of a fit."""

    step: int
    time: float
    """Seconds since 1970."""
    values: Mapping[str, float]


def read_curves(out: Path) -> list[Point]:
    """Return what a fit has measured so far, by step; nothing where it has not begun.

    A last line that a kill has torn is passed over.
    """
    path = out / LINES
    if not path.exists():
        return []
    lines = path.read_text("utf-8", "replace").splitlines()
    return [point for line in lines if (point := _point(line)) is not None]


class Curves:
    """Adds to the curves of a fit. Use as a context manager.

    A fit that goes on from a checkpoint adds from there: what it had measured at later
    steps, before it was interrupted, is dropped with its first measurement, or earlier
    by `truncate`.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._last: int | None = None
        self._lines: Any = None
        self._events: Any = None

    def add(self, step: int, values: Mapping[str, float]) -> None:
        """Add what was measured after a step.

        Args:
            step: rises, or stays as it was.
            values: by the name of their curve, such as "loss/class".

        Raises:
            ValueError: the step lies before the last one.
            OSError: the disk is full.
        """
        if self._last is None:
            self.truncate(step - 1)
        elif step < self._last:
            raise ValueError(f"Step {step} comes after step {self._last}.")
        self._last = step
        numbers = {name: float(value) for name, value in values.items()}
        self._write(Point(step, round(time.time(), 3), numbers))

    def truncate(self, after_step: int) -> None:
        """Drop what was measured after a step, as if the fit had ended there."""
        self.close()
        kept = [point for point in read_curves(self._out) if point.step <= after_step]
        lines = "".join(map(_line, kept))
        files.write(self._out / LINES, lines.encode())
        for old in self._out.glob(f"{EVENTS}*"):
            with contextlib.suppress(PermissionError):  # open in TensorBoard, Windows
                old.unlink()
        self._open()
        for point in kept:
            self._events.write(_event(point))
        self._events.flush()
        self._last = after_step

    def close(self) -> None:
        """Close the files."""
        self._last = None
        for file in (self._lines, self._events):
            if file is not None:
                file.close()
        self._lines = self._events = None

    def __enter__(self) -> Curves:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> None:
        from tensorboardX.record_writer import RecordWriter

        self._lines = (self._out / LINES).open("a", encoding="utf-8", newline="\n")
        self._events = RecordWriter(str(self._out / f"{EVENTS}.{time.time_ns()}"))
        self._events.write(_header())

    def _write(self, point: Point) -> None:
        self._lines.write(_line(point))
        self._lines.flush()
        self._events.write(_event(point))
        self._events.flush()


def _line(point: Point) -> str:
    return json.dumps(asdict(point)) + "\n"


def _point(line: str) -> Point | None:
    with contextlib.suppress(json.JSONDecodeError, TypeError):
        return Point(**json.loads(line))
    return None


def _header() -> bytes:
    """Return the first record of an event file, as TensorFlow writes it."""
    from tensorboardX.proto.event_pb2 import Event

    return Event(
        wall_time=time.time(), file_version="brain.Event:2"
    ).SerializeToString()


def _event(point: Point) -> bytes:
    from tensorboardX.proto.event_pb2 import Event
    from tensorboardX.proto.summary_pb2 import Summary

    values = [
        Summary.Value(tag=name, simple_value=value)
        for name, value in point.values.items()
    ]
    return Event(
        wall_time=point.time, step=point.step, summary=Summary(value=values)
    ).SerializeToString()
