"""Where each level of an image pyramid lies on the sheets that P-Net looks at.

P-Net finds faces of 12×12 pixels, so it must see a picture in many sizes. Calling it
once for each size is slow and gives it a new shape every time. Instead all levels are
packed side by side on one sheet, and one call of fixed shape searches them all. Cells
whose 12×12 pixels straddle two levels are ignored. Pictures too large for one sheet
are cut into strips that overlap by what P-Net needs, on several sheets of one shape.

A plan depends on the size of the picture only; nothing here looks at pixels except
`Canvas`, which draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from facecam.faces import Floats, Image
from facecam.vision.image import Mips, halvings

CELL = 12
"""Side of the square one output cell of P-Net sees, pixels."""
STRIDE = 2
"""Pixels between two cells of P-Net."""
MOST_PIXELS = 1 << 20
"""Largest sheet; P-Net needs about 100 bytes a pixel for its first layers."""


@dataclass(frozen=True, slots=True)
class Level:
    """The whole picture at one size. The sides are even, so cells fill it exactly."""

    width: int
    height: int
    halvings: int
    """Which mip of the picture it is drawn from."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A level, or a strip of it, and its place on a sheet, all in pixels."""

    level: int
    top: int
    """First row of the level."""
    width: int
    height: int
    sheet: int
    x: int
    y: int


@dataclass(frozen=True, eq=False)
class Plan:
    """How one size of picture is spread over sheets."""

    levels: tuple[Level, ...]
    tiles: tuple[Tile, ...]
    shape: tuple[int, int]
    """Height and width of each sheet."""
    cells: tuple[NDArray[np.int16], ...]
    """For each sheet, the tile each cell of P-Net lies in, −1 for none; (h', w')."""
    origins: Floats
    """For each tile, the level's (x, y) at the sheet's (0, 0); (tiles, 2)."""
    tile_levels: NDArray[np.intp]
    """For each tile, its level; (tiles,)."""
    scales: Floats
    """For each tile, pixels of the picture per pixel of the level; (tiles, 2)."""

    def boxes(self, tiles: NDArray[np.int16], cells: NDArray[np.intp]) -> Floats:
        """Return what cells see, in pixels of the picture.

        Args:
            tiles: (n,), the tile of each cell.
            cells: (n, 2), row and column of each cell on its sheet.
        """
        corner = cells[:, ::-1] * STRIDE + self.origins[tiles]  # (n, 2)
        scale = self.scales[tiles]
        return np.hstack([corner * scale, (corner + CELL) * scale]).astype(np.float32)


@lru_cache(maxsize=8)
def plan(height: int, width: int, min_face: int, factor: float) -> Plan:
    """Plan the search of a picture for faces of at least `min_face` pixels.

    Args:
        height: of the picture, pixels.
        width: of the picture, pixels.
        min_face: this size is 12 pixels on the first level.
        factor: between the scales of two levels, below 1.
    """
    levels = _levels(height, width, min_face, factor)
    tiles, shape = _pack(levels)
    sheets = 1 + max((tile.sheet for tile in tiles), default=-1)
    origins = [(-tile.x, tile.top - tile.y) for tile in tiles]
    scales = [_scale(levels[tile.level], width, height) for tile in tiles]
    return Plan(
        levels,
        tiles,
        shape,
        tuple(_cells(tiles, sheet, shape) for sheet in range(sheets)),
        np.array(origins, np.float32).reshape(-1, 2),
        np.array([tile.level for tile in tiles], np.intp),
        np.array(scales, np.float32).reshape(-1, 2),
    )


class Canvas:
    """Holds the pixels of one sheet, reused from picture to picture."""

    def __init__(self) -> None:
        self._pixels = np.zeros((1, 0, 0, 3), np.uint8)

    def draw(self, plan: Plan, sheet: int, mips: Mips) -> Image:
        """Draw one sheet of a plan; it is valid until the next call.

        Returns:
            (1, h, w, 3)
        """
        if self._pixels.shape[1:3] != plan.shape:
            self._pixels = np.zeros((1, *plan.shape, 3), np.uint8)
        for tile in plan.tiles:
            if tile.sheet == sheet:
                _draw(tile, plan.levels[tile.level], mips, self._pixels[0])
        return self._pixels


def _draw(tile: Tile, level: Level, mips: Mips, sheet: Image) -> None:
    """Resize the picture, or the strip of it that the tile shows, onto the sheet."""
    source = mips.level(level.halvings)
    target = sheet[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width]
    if tile.height == level.height:
        cv2.resize(source, (tile.width, tile.height), target)
        return
    scale_x = source.shape[1] / level.width
    scale_y = source.shape[0] / level.height
    top = (tile.top + 0.5) * scale_y - 0.5
    back = np.array(((scale_x, 0, scale_x / 2 - 0.5), (0, scale_y, top)))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (tile.width, tile.height)
    cv2.warpAffine(source, back, size, target, flags, cv2.BORDER_REPLICATE)


def _levels(height: int, width: int, min_face: int, factor: float) -> tuple[Level, ...]:
    levels = []
    scale = CELL / min_face
    while min(height, width) * scale >= CELL:
        mip = halvings(1 / scale, min(height, width))
        levels.append(Level(_even(width * scale), _even(height * scale), mip))
        scale *= factor
    return tuple(levels)


def _scale(level: Level, width: int, height: int) -> tuple[float, float]:
    """Return the pixels of the picture per pixel of the level; mips drop odd rows."""
    mip = level.halvings
    return (
        (width >> mip << mip) / level.width,
        (height >> mip << mip) / level.height,
    )


def _even(length: float) -> int:
    return max(2 * round(length / 2), CELL)


def _pack(levels: tuple[Level, ...]) -> tuple[tuple[Tile, ...], tuple[int, int]]:
    """Place all levels on the smallest sheet, or on several if that is too large."""
    if not levels:
        return (), (0, 0)
    first, *others = (level.width for level in levels)
    pairs = [first + other for other in others]
    triples = [first + others[0] + other for other in others[1:]]
    most_rows = sum(level.height for level in levels)
    options = [
        _place(levels, (most_rows, width)) for width in (first, *pairs, *triples)
    ]
    tiles, shape = min(options, key=lambda option: option[1][0] * option[1][1])
    if shape[0] * shape[1] <= MOST_PIXELS:
        return tiles, shape
    rows = max(MOST_PIXELS // first // STRIDE * STRIDE, 2 * CELL)
    least = max(rows // 4 * 2, 2 * CELL)
    heights = range(least, rows + 1, max(rows // 32 * 2, 2))
    options = [_place(levels, (height, first)) for height in heights]
    return min(options, key=lambda option: (option[0][-1].sheet + 1) * option[1][0])


def _place(
    levels: tuple[Level, ...], limit: tuple[int, int]
) -> tuple[tuple[Tile, ...], tuple[int, int]]:
    """Put each level, large ones first, as high up and as far left as it fits.

    What does not fit below is continued on the next sheet, repeating the rows that the
    cells at the cut need.

    Returns:
        The tiles; the height and width of the sheets.
    """
    most_rows, width = limit
    skyline = np.zeros(width // STRIDE, np.int64)  # rows used, for each column of cells
    tiles = []
    sheet = 0
    for index, level in enumerate(levels):
        span = level.width // STRIDE
        top = 0
        while top <= level.height - CELL:
            column, y = _lowest(skyline, span)
            if most_rows - y < CELL:
                sheet, column, y = sheet + 1, 0, 0
                skyline[:] = 0
            rows = min(most_rows - y, level.height - top)
            tiles.append(Tile(index, top, level.width, rows, sheet, column * STRIDE, y))
            skyline[column : column + span] = y + rows
            top += rows - (CELL - STRIDE)
    return tuple(tiles), (most_rows if sheet else int(skyline.max()), width)


def _lowest(skyline: NDArray[np.int64], span: int) -> tuple[int, int]:
    """Return the column at which `span` columns have the most room, and its row."""
    windows = np.lib.stride_tricks.sliding_window_view(skyline, span)
    tops = windows.max(axis=1)
    column = int(tops.argmin())
    return column, int(tops[column])


def _cells(
    tiles: tuple[Tile, ...], sheet: int, shape: tuple[int, int]
) -> NDArray[np.int16]:
    """Return which tile each cell of a sheet lies in, −1 where it lies in no one."""
    rows, columns = ((side - CELL) // STRIDE + 1 for side in shape)
    cells = np.full((rows, columns), -1, np.int16)
    for index, tile in enumerate(tiles):
        if tile.sheet == sheet:
            y, x = tile.y // STRIDE, tile.x // STRIDE
            high = (tile.height - CELL) // STRIDE + 1
            wide = (tile.width - CELL) // STRIDE + 1
            cells[y : y + high, x : x + wide] = index
    return cells
