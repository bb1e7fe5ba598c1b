"""Contact sheets: tiles in rows on one page, with headings, and marks on the tiles.

Everything is drawn with four bits below the pixel: a box that is half a pixel off on a
crop of 12 pixels is a mistake that a sheet has to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from facecam.faces import Floats, Image
from facecam.vision.draw import text_mask

Colour: TypeAlias = tuple[int, int, int]

GROUND: Colour = (24, 26, 30)
PAPER: Colour = (52, 55, 62)
"""Behind a picture that does not fill its tile."""
INK: Colour = (228, 230, 235)
FAINT: Colour = (150, 154, 162)
SHADOW: Colour = (0, 0, 0)
POINTS: tuple[Colour, ...] = (
    (64, 200, 255),
    (255, 96, 208),
    (255, 230, 64),
    (120, 255, 120),
    (255, 150, 60),
)
"""Left eye, right eye, nose, left and right mouth corner; as seen in the picture."""
POINT_NAMES = ("left eye", "right eye", "nose", "left mouth", "right mouth")

GAP = 6
"""Pixels between two tiles."""
EDGE = 16
HEADING = 20
CAPTION = 11
"""Sizes of the letters, pixels."""
SUBPIXELS = 4
"""Bits below the pixel in which OpenCV is told where to draw."""


@dataclass(frozen=True, eq=False, slots=True)
class Tile:
    """One picture of a sheet."""

    image: Image  # (t, t, 3)
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Tiles under a heading; more than fit into a line go on below."""

    heading: str
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class Key:
    """What a colour means."""

    colour: Colour
    text: str


def sheet(title: str, keys: Sequence[Key], rows: Sequence[Row], columns: int) -> Image:
    """Lay out a page.

    Args:
        title: stands above everything.
        keys: what the colours mean.
        rows: tiles, all of one size.
        columns: tiles in a line.
    """
    side = next((tile.image.shape[0] for row in rows for tile in row.tiles), 0)
    width = max(columns * (side + GAP) - GAP + 2 * EDGE, 2 * EDGE + 600)
    parts = [_line(title, HEADING, INK, width), _legend(keys, width)]
    for row in rows:
        if row.heading:
            parts.append(_line(row.heading, CAPTION + 4, INK, width))
        for start in range(0, len(row.tiles), columns):
            parts.append(_tiles(row.tiles[start : start + columns], width))
    parts.append(_blank(EDGE, width))
    return np.concatenate(parts)


def fitted(image: Image, side: int) -> tuple[Image, float, tuple[float, float]]:
    """Fit a picture into a square tile, centred.

    Args:
        image: (h, w, 3).
        side: of the tile, pixels.

    Returns:
        The tile; how much the picture was scaled; x and y of its corner in the tile.
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    tile = _filled(side, side, PAPER)
    tile[top : top + size[1], left : left + size[0]] = cv2.resize(
        image, size, interpolation=way
    )
    return tile, scale, (left, top)


def enlarged(pixels: Image, factor: int, margin: int) -> Image:
    """Show every pixel of a crop as a square, with paper around it.

    Args:
        pixels: (s, s, 3).
        factor: side of those squares.
        margin: width of the paper, pixels.
    """
    large = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    side = large.shape[0] + 2 * margin
    tile = _filled(side, side, PAPER)
    tile[margin : side - margin, margin : side - margin] = large
    return tile


def draw_box(tile: Image, box: Floats, colour: Colour, crossed: bool = False) -> None:
    """Draw a box (4,), in pixels of the tile; `crossed` with its diagonals."""
    x1, y1, x2, y2 = box.tolist()
    lines = [np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2), (x1, y1)])]
    if crossed:
        lines += [np.array([(x1, y1), (x2, y2)]), np.array([(x1, y2), (x2, y1)])]
    places = [_places(line) for line in lines]
    for ink, thick in ((SHADOW, 3), (colour, 1)):
        cv2.polylines(tile, places, False, ink, thick, cv2.LINE_AA, SUBPIXELS)


def draw_points(tile: Image, points: Floats, radius: float = 2.5) -> None:
    """Draw five points (5, 2), each in its own colour; NaN ones are left out."""
    for (x, y), colour in zip(points, POINTS, strict=True):
        if np.isfinite((x, y)).all():
            at = _places(np.array([(x, y)]))[0].tolist()
            for ink, more in ((SHADOW, 1.0), (colour, 0.0)):
                reach = round((radius + more) * (1 << SUBPIXELS))
                cv2.circle(tile, at, reach, ink, -1, cv2.LINE_AA, SUBPIXELS)


def _places(points: Floats) -> Floats:
    """Return points as OpenCV wants them: centres of pixels are whole, bits below."""
    limit = float(1 << 14)  # a point far outside would overflow
    near = np.clip(np.asarray(points, np.float64) - 0.5, -limit, limit)
    return np.round(near * (1 << SUBPIXELS)).astype(np.int32)


def _tiles(tiles: Sequence[Tile], width: int) -> Image:
    side = tiles[0].image.shape[0]
    strip = _blank(side + CAPTION + 2 * GAP, width)
    for column, tile in enumerate(tiles):
        left = EDGE + column * (side + GAP)
        strip[GAP : GAP + side, left : left + side] = tile.image
        room = strip[GAP + side :, left : left + side]
        _write(room, tile.caption, CAPTION, FAINT, 0)
    return strip


def _legend(keys: Sequence[Key], width: int) -> Image:
    strip = _blank(CAPTION + 2 * GAP if keys else 0, width)
    x = EDGE
    for key in keys:
        strip[GAP : GAP + CAPTION, x : x + CAPTION] = key.colour
        x = _write(strip[GAP:], key.text, CAPTION + 2, FAINT, x + CAPTION + GAP)
        x += 3 * GAP
    return strip


def _line(text: str, size: int, colour: Colour, width: int) -> Image:
    strip = _blank(size + 3 * GAP, width)
    _write(strip[2 * GAP :], text, size, colour, EDGE)
    return strip


def _write(area: Image, text: str, size: int, colour: Colour, left: int) -> int:
    """Write a line of text into a view; cut off what does not fit. Return its end."""
    if not text:
        return left
    mask = text_mask(text, size)[: area.shape[0], : max(area.shape[1] - left, 0)]
    height, width = mask.shape
    part = area[:height, left : left + width]
    share = mask[:, :, None] / np.float32(255)
    part[:] = (part * (1 - share) + np.array(colour, np.float32) * share).astype(
        np.uint8
    )
    return left + width


def _blank(height: int, width: int) -> Image:
    return _filled(height, width, GROUND)


def _filled(height: int, width: int, colour: Colour) -> Image:
    return np.full((height, width, 3), colour, np.uint8)
