"""facecam.annotations.forms: x, y, w, h read as corners, and all its relatives."""

import numpy as np
import pytest

from facecam.annotations.forms import Form, require_form, to_corners
from facecam.errors import DatasetError
from tests.annotations.sets import written


def crowd(n, within=(640, 480), largest=120, seed=0):
    """Return the corners of n faces of usual shapes anywhere in a picture, (n, 4)."""
    random = np.random.default_rng(seed)
    h = random.uniform(20, largest, n)
    w = h * random.normal(0.8, 0.06, n)
    x = random.uniform(0, within[0] - w)
    y = random.uniform(0, within[1] - h)
    return np.stack([x, y, x + w, y + h], axis=1).astype(np.float32)


def check(numbers, form, size=(640, 480), points=None):
    n = len(numbers)
    unknown = np.full((n, 5, 2), np.nan, np.float32)
    require_form(
        form,
        np.asarray(numbers, np.float32).reshape(n, 4),
        np.tile(np.array(size, np.float32), (n, 1)),
        unknown if points is None else points,
        [f"list.txt, line {k + 1}" for k in range(n)],
    )


@pytest.mark.parametrize("form", Form)
def test_every_form_becomes_corners(form):
    boxes = crowd(7)

    assert to_corners(written(boxes, form), form) == pytest.approx(boxes, abs=1e-3)
    assert to_corners(np.empty((0, 4), np.float32), form).shape == (0, 4)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("n", [0, 1, 2, 30, 1000])
def test_boxes_in_their_own_form_pass(form, n):
    for seed in range(5):
        check(written(crowd(n, seed=seed), form), form)


@pytest.mark.parametrize(
    ("said", "real"),
    [
        (Form.SIZES, Form.CORNERS),
        (Form.CORNERS, Form.SIZES),
        (Form.EDGES, Form.CORNERS),
        (Form.EDGES, Form.SIZES),
        (Form.CORNERS, Form.EDGES),
        (Form.CENTRES, Form.CORNERS),
    ],
)
@pytest.mark.parametrize("n", [10, 300])
def test_boxes_of_another_form_are_refused_with_file_line_and_cure(said, real, n):
    with pytest.raises(DatasetError) as caught:
        check(written(crowd(n), real), said)

    text = str(caught.value)
    assert text.startswith("list.txt, line ")
    assert f"must be {said.value} here" in text
    assert f"look like {real.value}: {n} of {n} fit" in text
    assert f"Rewrite all boxes of this set as {said.value}" in text


@pytest.mark.parametrize(
    ("said", "real"), [(Form.CENTRES, Form.SIZES), (Form.SIZES, Form.CENTRES)]
)
def test_boxes_shifted_by_half_their_size_are_told_at_the_borders(said, real):
    with pytest.raises(DatasetError, match=f"look like {real.value}: 300 of 300 fit"):
        check(written(crowd(300), real), said)


def test_the_line_named_is_one_that_does_not_fit():
    corners = [(10, 10, 50, 60), (300, 200, 380, 300), (400, 300, 460, 380)]

    with pytest.raises(DatasetError, match=r"^list\.txt, line 2: .* 1 as they should"):
        check([*corners[:2], *corners[2:] * 2], Form.SIZES)


def test_small_faces_in_a_corner_are_told_by_their_shapes():
    corners = crowd(60, within=(300, 220), largest=60)  # fit as sizes, too
    assert (corners[:, :2] + corners[:, 2:] < (640, 480)).all()

    with pytest.raises(DatasetError, match="look like x1 y1 x2 y2"):
        check(corners, Form.SIZES)


def test_large_faces_near_the_corner_are_not_mistaken_for_corners():
    random = np.random.default_rng(0)
    corner = random.uniform(5, 20, (200, 2))
    sizes = random.normal((40, 48), 3, (200, 2))  # width > x and height > y, always

    check(np.hstack([corner, sizes]), Form.SIZES, size=(80, 80))


def test_the_points_tell_where_boxes_fit_either_way():
    corners = np.array([(20, 22, 60, 70), (18, 20, 58, 66), (22, 20, 61, 70)])
    points = np.array([(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)])
    sides = (corners[:, 2:] - corners[:, :2])[:, None]
    faces = (corners[:, None, :2] + points * sides).astype(np.float32)

    check(written(corners, Form.EDGES), Form.EDGES, (80, 80), faces)
    with pytest.raises(DatasetError, match="left, right, top, bottom"):
        check(corners, Form.EDGES, (80, 80), faces)


def test_a_few_wrong_boxes_are_no_reason_to_doubt_the_set():
    boxes = written(crowd(20), Form.SIZES)
    boxes[3] = (500, 400, 600, 450)
    boxes[5] = (0, 0, 0, 0)

    check(boxes, Form.SIZES)
