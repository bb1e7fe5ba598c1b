"""The part of a frame that is kept of one face."""

from __future__ import annotations

import numpy as np

from facecam.faces import Floats, Image

AROUND = 2.5
"""Side of a view as a multiple of the box, as GalleryConfig.region."""


def around(image: Image, box: Floats) -> tuple[Image, Floats]:
    """Cut the region around a face, a copy.

    Args:
        image: (h, w, 3), the frame.
        box: (4,), the face; it may reach beyond the frame.

    Returns:
        The region, at least one pixel, and its left upper corner in the frame, (2,).
    """
    x1, y1, x2, y2 = box.tolist()
    grow_x, grow_y = (x2 - x1) * (AROUND - 1) / 2, (y2 - y1) * (AROUND - 1) / 2
    height, width, _ = image.shape
    left = min(int(max(x1 - grow_x, 0)), width - 1)
    top = min(int(max(y1 - grow_y, 0)), height - 1)
    right, bottom = int(min(x2 + grow_x, width)), int(min(y2 + grow_y, height))
    region = image[top : max(bottom, top + 1), left : max(right, left + 1)].copy()
    return region, np.array([left, top], np.float32)
