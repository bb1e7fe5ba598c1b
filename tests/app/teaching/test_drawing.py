"""Tests of facecam.app.teaching.drawing and .sketch: geometry of what is marked."""

import numpy as np
import pytest

from facecam.app.teaching import drawing
from facecam.app.teaching.mark import FALSE_ALARM, MISSED_FACE, Still
from facecam.app.teaching.sketch import Sketch
from facecam.faces import Face

SIZE = (200, 100)
BOX = (50.0, 20.0, 90.0, 70.0)
POSTER = Face(
    np.array((120, 10, 160, 60), np.float32), np.zeros((5, 2), np.float32), 0.9, 1, None
)


@pytest.fixture
def sketch():
    return Sketch(Still(np.zeros((100, 200, 3), np.uint8), (POSTER,)), mirrored=False)


@pytest.mark.parametrize("other", [(90, 70), (50, 70)])
def test_a_box_is_drawn_from_any_corner_and_stays_in_the_picture(other):
    one = (50 + 90 - other[0], 20)
    assert drawing.between(one, other, SIZE) == BOX
    assert drawing.between((-30, -5), (900, 70), SIZE) == (0, 0, 200, 70)


@pytest.mark.parametrize(
    ("spot", "grip"),
    [
        ((50, 20), (-1, -1)),
        ((92, 72), (1, 1)),
        ((90, 45), (1, 0)),
        ((70, 18), (0, -1)),
        ((70, 45), (0, 0)),
        ((40, 45), None),
        ((70, 90), None),
    ],
)
def test_a_box_is_held_at_edges_corners_or_as_a_whole(spot, grip):
    assert drawing.grip_at(BOX, spot, reach=4) == grip


def test_a_small_box_can_still_be_moved_as_a_whole():
    assert drawing.grip_at((50, 20, 62, 32), (56, 26), reach=9) == (0, 0)


@pytest.mark.parametrize(
    ("grip", "by", "box"),
    [
        ((-1, 0), (-10, 99), (40, 20, 90, 70)),
        ((1, 1), (10, 5), (50, 20, 100, 75)),
        ((1, 0), (-60, 0), (30, 20, 50, 70)),  # turned inside out
        ((0, 0), (10, -5), (60, 15, 100, 65)),
        ((0, 0), (500, 500), (160, 50, 200, 100)),  # stopped by the edges
        ((-1, -1), (-500, -500), (0, 0, 90, 70)),
    ],
)
def test_what_is_held_follows_and_the_rest_stays(grip, by, box):
    assert drawing.dragged(BOX, grip, by, SIZE) == box


def test_the_keyboard_makes_a_box_no_smaller_than_a_face():
    tiny = drawing.grown(BOX, (-500, -500), SIZE)
    assert tiny == (50, 20, 62, 32)
    assert drawing.large_enough(tiny)
    assert not drawing.large_enough((50, 20, 61.9, 70))
    assert drawing.large_enough(drawing.first_box((20, 20)))


def test_points_are_those_of_the_picture_also_when_it_was_seen_mirrored():
    clicked = [(60, 40), (80, 41), (70, 50), (62, 60), (78, 61)]
    straight = drawing.landmarks(clicked, mirrored=False)
    assert straight.tolist() == [list(point) for point in clicked]

    seen = [(80, 41), (60, 40), (70, 50), (78, 61), (62, 60)]  # left on the screen
    assert np.array_equal(drawing.landmarks(seen, mirrored=True), straight)


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_eye_at_the_left_is_expected_at_the_left_of_the_screen(mirrored):
    left, right = (drawing.likely(BOX, n, mirrored)[0] for n in (0, 1))
    assert (left < right) is not mirrored


def test_what_is_shown_for_points_surrounds_the_box_inside_the_picture():
    x, y, w, h = drawing.region((0, 0, 40, 50), SIZE)
    assert (x, y) == (0, 0)
    assert w > 40
    assert h > 50
    x, y, w, h = drawing.region(BOX, SIZE)
    assert x < 50
    assert y == 0
    assert x + w > 90
    assert y + h <= 100


def test_nothing_is_marked_without_a_box_or_with_one_that_is_too_small(sketch):
    assert sketch.mark() is None
    sketch.draw((10, 10, 20, 60))
    assert sketch.mark() is None
    sketch.begin_points()
    assert not sketch.marking


def test_a_box_is_a_missed_face_with_the_whole_picture(sketch):
    sketch.draw(BOX)
    mark = sketch.mark()
    assert (mark.kind, mark.box.tolist(), mark.landmarks) == (
        MISSED_FACE,
        list(BOX),
        None,
    )
    assert mark.image is sketch.still.image


def test_a_found_box_that_is_chosen_is_a_false_alarm_until_a_box_is_drawn(sketch):
    sketch.draw(BOX)
    sketch.choose((140, 30))
    mark = sketch.mark()
    assert (mark.kind, mark.box.tolist()) == (FALSE_ALARM, [120, 10, 160, 60])
    sketch.choose((5, 5))
    assert sketch.mark() is None
    sketch.choose((140, 30))
    sketch.draw(BOX)
    assert sketch.mark().kind == MISSED_FACE


def test_points_are_kept_when_all_five_are_there_or_left_out(sketch):
    sketch.draw(BOX)
    sketch.begin_points()
    for number in range(5):
        assert sketch.mark() is None
        assert sketch.mark(points=False).landmarks is None
        sketch.add_point((60.0 + number, 30.0))
    assert sketch.cursor is None
    assert sketch.mark().landmarks.shape == (5, 2)


def test_taking_back_goes_step_by_step(sketch):
    sketch.draw(BOX)
    sketch.begin_points()
    first = sketch.cursor
    sketch.add_point((60, 30))
    assert sketch.cursor != first
    sketch.take_back()
    assert (sketch.points, sketch.cursor) == ([], first)
    sketch.take_back()
    assert (sketch.marking, sketch.box) == (False, BOX)
    sketch.take_back()
    assert sketch.box is None
