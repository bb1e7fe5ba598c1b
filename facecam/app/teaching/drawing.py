"""A box drawn around a face, and five points in it: pure geometry of the picture.

Everything is in pixels of the picture as the camera took it, whatever the screen shows:
mirrored, scaled, a part of it. No Qt here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from facecam.faces import Floats

Corners: TypeAlias = tuple[float, float, float, float]
"""x1, y1, x2, y2."""
Spot: TypeAlias = tuple[float, float]
"""x, y."""
Size: TypeAlias = tuple[int, int]
"""Width and height of a picture."""
Grip: TypeAlias = tuple[int, int]
"""What of a box is held: -1 its left or upper edge, 1 its right or lower one, 0
neither; (0, 0) is the box as a whole."""

MINIMUM = 12.0
"""Least side of a box: what P-Net looks at, pixels."""
GRIPS: tuple[Grip, ...] = tuple(
    (x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if (x, y) != (0, 0)
)
POINTS = (
    "eye at the left",
    "eye at the right",
    "tip of the nose",
    "corner of the mouth at the left",
    "corner of the mouth at the right",
)
"""In the order they are clicked, as they are seen on the screen."""
LIKELY = ((0.31, 0.38), (0.69, 0.38), (0.5, 0.58), (0.36, 0.77), (0.64, 0.77))
"""Where the points of an upright face lie, as shares of its box, on the screen."""
MIRRORED = (1, 0, 2, 4, 3)
"""What is at the left of a mirrored picture is at the right of the picture itself."""
ZOOMED = 2.0
"""Side of what is shown while points are clicked, as a multiple of the box."""


def between(one: Spot, other: Spot, size: Size) -> Corners:
    """Return the box with two spots as its corners, cut off at the picture's edges."""
    (ax, ay), (bx, by) = one, other
    box = min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
    return _inside(box, size)


def grip_at(box: Corners, spot: Spot, reach: float) -> Grip | None:
    """Return what of a box is held at a spot; None beside it.

    Args:
        box: the box.
        spot: where it is held.
        reach: how near an edge counts as held, pixels.
    """
    x1, y1, x2, y2 = box
    across, down = _side(spot[0], x1, x2, reach), _side(spot[1], y1, y2, reach)
    return None if across is None or down is None else (across, down)


def dragged(box: Corners, grip: Grip, by: Spot, size: Size) -> Corners:
    """Return a box whose held edges were moved; it may be turned inside out."""
    x1, y1, x2, y2 = box
    (across, down), (dx, dy) = grip, by
    if grip == (0, 0):
        return moved(box, by, size)
    return between(
        (x1 + dx * (across < 0), y1 + dy * (down < 0)),
        (x2 + dx * (across > 0), y2 + dy * (down > 0)),
        size,
    )


def moved(box: Corners, by: Spot, size: Size) -> Corners:
    """Return a box elsewhere, as large as before, stopped by the picture's edges."""
    x1, y1, x2, y2 = box
    dx = min(max(by[0], -x1), size[0] - x2)
    dy = min(max(by[1], -y1), size[1] - y2)
    return x1 + dx, y1 + dy, x2 + dx, y2 + dy


def grown(box: Corners, by: Spot, size: Size) -> Corners:
    """Return a box with its right and lower edges moved, never too small."""
    x1, y1, x2, y2 = box
    right, bottom = max(x2 + by[0], x1 + MINIMUM), max(y2 + by[1], y1 + MINIMUM)
    return _inside((x1, y1, right, bottom), size)


def first_box(size: Size) -> Corners:
    """Return the box that the keyboard begins with: in the middle, a face's shape."""
    width, height = size
    h = max(min(width, height) / 4, MINIMUM)
    w = max(h * 0.8, MINIMUM)
    x, y = (width - w) / 2, (height - h) / 2
    return _inside((x, y, x + w, y + h), size)


def large_enough(box: Corners) -> bool:
    """Tell whether a net can see anything in a box."""
    x1, y1, x2, y2 = box
    return min(x2 - x1, y2 - y1) >= MINIMUM


def likely(box: Corners, number: int, mirrored: bool) -> Spot:
    """Return where a point probably is: its number counts as they are clicked."""
    x1, y1, x2, y2 = box
    across, down = LIKELY[number]
    across = 1 - across if mirrored else across
    return x1 + across * (x2 - x1), y1 + down * (y2 - y1)


def within(spot: Spot, size: Size) -> Spot:
    """Return a spot, or the nearest one of the picture."""
    width, height = size
    return min(max(spot[0], 0.0), float(width)), min(max(spot[1], 0.0), float(height))


def landmarks(points: Sequence[Spot], mirrored: bool) -> Floats:
    """Return clicked points in the order of landmarks, (5, 2).

    Args:
        points: five, in the order they were asked for, pixels of the picture.
        mirrored: the screen showed the picture mirrored: what was clicked as the left
            eye is the right one of the picture.
    """
    assert len(points) == len(POINTS), len(points)
    order = MIRRORED if mirrored else range(len(POINTS))
    return np.array([points[n] for n in order], np.float32)


def region(box: Corners, size: Size) -> tuple[int, int, int, int]:
    """Return the part of the picture to show while points are clicked: x, y, w, h."""
    x1, y1, x2, y2 = box
    grow = (ZOOMED - 1) / 2 * max(x2 - x1, y2 - y1)
    left, top = max(int(x1 - grow), 0), max(int(y1 - grow), 0)
    right, bottom = min(int(x2 + grow) + 1, size[0]), min(int(y2 + grow) + 1, size[1])
    return left, top, right - left, bottom - top


def _side(at: float, low: float, high: float, reach: float) -> int | None:
    """Return which of two edges is held: the nearer one; 0 between, None outside."""
    if not low - reach <= at <= high + reach:
        return None
    near = min(reach, (high - low) / 3) if low <= at <= high else reach
    if abs(at - low) <= near and abs(at - low) <= abs(at - high):
        return -1
    return 1 if abs(at - high) <= near else 0


def _inside(box: Corners, size: Size) -> Corners:
    (x1, y1), (x2, y2) = within(box[:2], size), within(box[2:], size)
    return x1, y1, x2, y2
