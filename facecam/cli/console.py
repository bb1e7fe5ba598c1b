"""What commands write: one JSON object, aligned tables, a progress line.

A program that asks for it (`--json --progress`) reads lines on the standard output: one
JSON object for each bit of progress, {"progress": 0.42, "text": "Embedding"}, and the
answer as the last one.
"""

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
SPACING = 0.2
"""Seconds between two lines of JSON about the same thing."""
MINUTE = 60
PERCENT = 100


_in_lines = False
"""Whether progress and answer are lines of JSON."""


def tell_in_lines(wanted: bool) -> None:
    """Choose whether progress and answer are told as lines of JSON, one object each."""
    global _in_lines
    _in_lines = wanted


def print_json(value: object) -> None:
    """Print one object as JSON; paths become text, numbers JSON lacks become null."""
    print(_json(value, indent=None if _in_lines else 1), flush=_in_lines)


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
    """Says how far something is: a line on the standard error output, or JSON.

    Draws only on a terminal. Use as a context manager; the line goes away at the end.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._begin = time.monotonic()
        self._drawn = 0.0
        self._told = ""
        self._visible = sys.stderr.isatty() and not _in_lines

    def __call__(self, done: int, total: int, text: str = "") -> None:
        """Report that `done` of `total` are done, and what is done meanwhile.

        Only a program that asked for JSON is told the text.
        """
        now = time.monotonic()
        if _in_lines:
            self._tell(now, min(1.0, done / total) if total else 1.0, text)
        if not self._visible or now - self._drawn < REFRESH:
            return
        self._drawn = now
        share = done / total if total else 1.0
        bar = "█" * round(share * BAR) + "·" * (BAR - round(share * BAR))
        left = (now - self._begin) * (1 - share) / share if share else 0.0
        text = f"{self._what}  {bar}  {done}/{total}  {clock(left)} left"
        print(f"\r{text:<{WIDTH}}", end="", file=sys.stderr, flush=True)

    def share(self, text: str, done: float) -> None:
        """Report that a share, 0…1, is done, and what is done meanwhile."""
        self(round(done * PERCENT), PERCENT, text)

    def __enter__(self) -> Progress:
        if _in_lines:
            self._tell(self._begin, 0.0, "")
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn and self._visible:
            print(f"\r{'':<{WIDTH}}\r", end="", file=sys.stderr, flush=True)

    def _tell(self, now: float, share: float, text: str) -> None:
        """Print a line of JSON, unless another about the same is fresh."""
        text = text or self._what
        if text == self._told and now - self._drawn < SPACING:
            return
        self._drawn, self._told = now, text
        print(json_line({"progress": round(share, 4), "text": text}), flush=True)


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
