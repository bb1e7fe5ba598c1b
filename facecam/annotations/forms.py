"""The forms in which boxes are written, and the suspicion that it was another one.

Every layout has one form, and people who convert data sets get it wrong: a box read in
a wrong form is still four numbers. So the boxes of a set are held against their
pictures. Where many do not fit, but fit in another form, the set is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from facecam.errors import DatasetError
from facecam.faces import Floats


class Form(Enum):
    """What the four numbers of a box are, in their order."""

    SIZES = "x y width height"
    CORNERS = "x1 y1 x2 y2"
    EDGES = "x1 x2 y1 y2"
    CENTRES = "x and y of the centre, width, height"


CURES = {
    Form.SIZES: "width is x2 − x1 and height is y2 − y1",
    Form.CORNERS: "x2 is x1 + width and y2 is y1 + height",
    Form.EDGES: "left, right, top, bottom",
    Form.CENTRES: "x is (x1 + x2) / 2, y is (y1 + y2) / 2",
}
"""How boxes are brought into a form."""

SUSPICIOUS = 0.7
"""Less than this share of the boxes fits: the form may be another one."""
CONVINCING = 0.95
"""This share of the boxes fits in the other form."""
ENOUGH = 20
"""So many boxes tell also where forms are alike; then the two shares are these."""
SUSPICIOUS_OF_MANY, CONVINCING_OF_MANY = 0.95, 0.99
STRICTER = 0.5
"""Their spread in the right form, of that in the wrong one."""
BEYOND = 0.02
"""Boxes may reach beyond the picture by this share of its sides, and a pixel."""
POINTS_INSIDE = 4
"""Points of five that lie within the box of a face, at least."""


def to_corners(written: Floats, form: Form) -> Floats:
    """Return boxes as (x1, y1, x2, y2), (n, 4) -> (n, 4)."""
    a, b, c, d = written.T
    corners = {
        Form.SIZES: (a, b, a + c, b + d),
        Form.CORNERS: (a, b, c, d),
        Form.EDGES: (a, c, b, d),
        Form.CENTRES: (a - c / 2, b - d / 2, a + c / 2, b + d / 2),
    }
    return np.stack(corners[form], axis=1)


def require_form(
    form: Form, written: Floats, sizes: Floats, points: Floats, where: Sequence[str]
) -> None:
    """Refuse boxes that are written in another form than their layout has.

    Args:
        form: of the layout.
        written: (n, 4), the numbers as they stand there, pixels.
        sizes: (n, 2), width and height of the pictures.
        points: (n, 5, 2), NaN where unknown.
        where: file and line of each.

    Raises:
        DatasetError: they fit in another form, and not in this one.
    """
    said = to_corners(written, form)
    real = (said[:, 2:] != said[:, :2]).all(axis=1)  # 0×0 is a fault of its own
    fits = _fits(said[real], sizes[real], points[real])
    for other in Form:
        corners = to_corners(written[real], other)
        suits = _fits(corners, sizes[real], points[real])
        if other is not form and _is_rather(suits, corners, fits, said[real]):
            doubtful = np.flatnonzero(real)[~fits if not fits.all() else suits]
            raise DatasetError(_confused(form, other, where[doubtful[0]], suits, fits))


def _fits(boxes: Floats, sizes: Floats, points: Floats) -> NDArray[np.bool_]:
    """Say which boxes have a size, lie in their pictures and hold their points."""
    slack = BEYOND * sizes + 1
    inside = (boxes[:, :2] >= -slack) & (boxes[:, 2:] <= sizes + slack)
    corner, end = boxes[:, None, :2], boxes[:, None, 2:]
    out = ((points < corner) | (points > end)).any(axis=2).sum(axis=1)  # (n,)
    sized = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    return sized & inside.all(axis=1) & (out <= points.shape[1] - POINTS_INSIDE)


def _is_rather(
    suits: NDArray[np.bool_], other: Floats, fits: NDArray[np.bool_], said: Floats
) -> bool:
    """Say whether boxes are rather `other`, which `suits`, than `said`, which `fits`.

    If both fit nearly always, as where small faces sit in a corner, the shapes tell:
    faces have all about the same ratio of width to height.
    """
    if len(suits) == 0 or suits.mean() < CONVINCING:
        return False
    if fits.mean() < SUSPICIOUS:
        return True
    if len(suits) < ENOUGH:
        return False
    if fits.mean() < SUSPICIOUS_OF_MANY and suits.mean() >= CONVINCING_OF_MANY:
        return True
    both = suits & fits
    return bool(_spread(other[both]) < STRICTER * _spread(said[both]))


def _spread(boxes: Floats) -> float:
    """Return how much the shapes of boxes differ: the deviation of log(w / h)."""
    w, h = (boxes[:, 2:] - boxes[:, :2]).T
    return float(np.log(w / h).std())


def _confused(
    form: Form,
    other: Form,
    where: str,
    suits: NDArray[np.bool_],
    fits: NDArray[np.bool_],
) -> str:
    return (
        f"{where}: boxes must be {form.value} here, but these look like "
        f"{other.value}: {suits.sum()} of {len(suits)} fit their pictures as that, "
        f"{fits.sum()} as they should be. Rewrite all boxes of this set as "
        f"{form.value} ({CURES[form]})."
    )
