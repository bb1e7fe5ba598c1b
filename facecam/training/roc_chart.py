"""A ROC curve as a picture, with Pillow: for reports and where there is no window.

The false accept rate is a logarithm, since what matters happens where few strangers
pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from facecam.errors import DatasetError

SIZE = 960, 720
"""Width and height, pixels."""
LEFT, RIGHT, TOP, BOTTOM = 96, 32, 64, 80
FINE = 2
"""So many times as large as drawn, for smooth lines."""
SMALL, LARGE = 16, 22
"""Sizes of the text, pixels."""
LEAST_FAR = 1e-3
"""Where the axis begins at the latest."""
PAPER, GRID, INK, QUIET, LINE = "#ffffff", "#dcdfe4", "#1a1d22", "#59606b", "#2a5fdc"


def draw_roc(
    points: Sequence[Mapping[str, float]], pairs: int, title: str, path: Path
) -> None:
    """Draw a curve into a PNG file.

    Args:
        points: far and tar of each, rising.
        pairs: of different people, which say how small a rate can be told.
        title: stands above.
        path: of the file; its folder must exist.

    Raises:
        DatasetError: the file cannot be written.
    """
    width, height = SIZE[0] * FINE, SIZE[1] * FINE
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    first = min(LEAST_FAR, 10 ** math.floor(math.log10(1 / max(pairs, 1))))
    lowest = _floor(points, first)
    _grid(draw, first, lowest)
    line = _places(points, first, lowest)
    draw.line(line, LINE, width=3 * FINE, joint="curve")
    _write(draw, (LEFT, TOP / 2), title, "lm", LARGE)
    try:
        image.resize(SIZE, Image.Resampling.LANCZOS).save(path, "PNG")
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be written: {error}. Choose another file."
        ) from error


def _floor(points: Sequence[Mapping[str, float]], first: float) -> float:
    """Return the tenth from which the true accept rate must be shown."""
    shown = [point["tar"] for point in points if point["far"] >= first]
    return min(math.floor(10 * min(shown, default=0.0)), 9) / 10


def _places(
    points: Sequence[Mapping[str, float]], first: float, lowest: float
) -> list[tuple[float, float]]:
    """Return the corners of the curve, which rises in steps."""
    line: list[tuple[float, float]] = []
    for point in points:
        x, y = _x(point["far"], first), _y(point["tar"], lowest)
        if line:
            line.append((x, line[-1][1]))
        line.append((x, y))
    return [*line, (_x(1.0, first), _y(1.0, lowest))]


def _x(far: float, first: float) -> float:
    share = 1 - math.log10(max(far, first)) / math.log10(first)
    return FINE * (LEFT + share * (SIZE[0] - LEFT - RIGHT))


def _y(tar: float, lowest: float) -> float:
    share = (max(tar, lowest) - lowest) / (1 - lowest)
    return FINE * (SIZE[1] - BOTTOM - share * (SIZE[1] - TOP - BOTTOM))


def _grid(draw: ImageDraw.ImageDraw, first: float, lowest: float) -> None:
    bottom, top = _y(lowest, lowest), _y(1.0, lowest)
    left, right = _x(first, first), _x(1.0, first)
    step = 0.1 if lowest < 0.8 else 0.02 if lowest < 0.9 else 0.01
    for n in range(round((1 - lowest) / step) + 1):
        tar = lowest + n * step
        y = _y(tar, lowest)
        draw.line([(left, y), (right, y)], GRID, FINE)
        _write(draw, (LEFT - 10, y / FINE), f"{100 * tar:.0f} %", "rm")
    for power in range(round(math.log10(first)), 1):
        x = _x(10.0**power, first)
        draw.line([(x, bottom), (x, top)], GRID, FINE)
        below = SIZE[1] - BOTTOM + 20
        _write(draw, (x / FINE, below), f"{100 * 10.0**power:g} %", "mm")
    middle = (LEFT + SIZE[0] - RIGHT) / 2
    text = "pairs of two people taken for one (FAR)"
    _write(draw, (middle, SIZE[1] - 24), text, "mm")
    text = "pairs of one person recognised (TAR)"
    _write(draw, (SIZE[0] - RIGHT, TOP / 2), text, "rm")


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    anchor: str,
    size: int = SMALL,
) -> None:
    colour = INK if size == LARGE else QUIET
    font = ImageFont.load_default(size * FINE)
    where = place[0] * FINE, place[1] * FINE
    if isinstance(font, ImageFont.FreeTypeFont):
        draw.text(where, text, colour, font, anchor)
    else:  # Pillow without FreeType has one small bitmap font and no anchors
        draw.text(where, text, colour, font)
