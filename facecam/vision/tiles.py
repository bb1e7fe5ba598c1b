"""Many small pictures as one: sheets to look at, sprites for TensorBoard."""

from __future__ import annotations

import numpy as np

from facecam.faces import Image


def tiled(pictures: Image, columns: int) -> Image:
    """Put pictures beside and below each other, row by row; the rest stays black.

    Args:
        pictures: (n, h, w, 3), n at least 1.
        columns: in each row.

    Returns:
        (rows · h, columns · w, 3).
    """
    n, h, w, _ = pictures.shape
    rows = -(-n // columns)
    grid = np.zeros((rows * columns, h, w, 3), np.uint8)
    grid[:n] = pictures
    lines = grid.reshape(rows, columns, h, w, 3).swapaxes(1, 2)
    return lines.reshape(rows * h, columns * w, 3)
