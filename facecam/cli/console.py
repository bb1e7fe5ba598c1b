"""What commands write: one JSON object, aligned tables, a progress line."""

from __future__ import annotations

import json
import math
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

BAR = 24
"""Width of the progress bar, characters."""
WIDTH = 79
"""Columns the progress line may take."""
REFRESH = 0.1
"""Seconds between two drawings of the progress line."""
MINUTE = 60
PERCENT = 100


def print_json(value: object) -> None:
    """Print one object as JSON; paths become text, numbers JSON lacks become null."""
    print(_json(value, indent=1))


def json_line(value: object) -> str:
    """Return one object as a line of JSON, as `print_json` has it."""
    return _json(value, indent=None)


def print_table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print rows of cells in aligned columns, two blanks apart.

    Args:
        rows: the heading first, if there is one; all of the same length.
        right: columns aligned to the right.
    """
    if not rows:
        return
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            _padded(cell, width, k in right)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(_columns(character) for character in text)


def warn(text: str) -> None:
    """Say something beside the result, on the standard error output."""
    print(text, file=sys.stderr)


class Progress:
    """A line on the standard error output that says how far something is.

    Draws only on a terminal. Use as a context manager; the line goes away at the end.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._begin = time.monotonic()
        self._drawn = 0.0
        self._visible = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Report that `done` of `total` are done."""
        now = time.monotonic()
        if not self._visible or now - self._drawn < REFRESH:
            return
        self._drawn = now
        share = done / total if total else 1.0
        bar = "█" * round(share * BAR) + "·" * (BAR - round(share * BAR))
        left = (now - self._begin) * (1 - share) / share if share else 0.0
        text = f"{self._what}  {bar}  {done}/{total}  {clock(left)} left"
        print(f"\r{text:<{WIDTH}}", end="", file=sys.stderr, flush=True)

    def share(self, text: str, done: float) -> None:
        """Report that a share, 0…1, is done; what it is is not shown."""
        self(round(done * PERCENT), PERCENT)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            print(f"\r{'':<{WIDTH}}\r", end="", file=sys.stderr, flush=True)


def clock(seconds: float) -> str:
    """Return a duration as m:ss."""
    whole = round(seconds)
    return f"{whole // MINUTE}:{whole % MINUTE:02d}"


def _json(value: object, indent: int | None) -> str:
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(_plain(value), ensure_ascii=not unicode, indent=indent)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Path) else value


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - columns(text))
    return blanks + text if right else text + blanks
