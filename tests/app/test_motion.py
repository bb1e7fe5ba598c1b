"""Tests of facecam.app.motion."""

import numpy as np
import pytest

from facecam.app.motion import Motion, moved
from facecam.config import WindowConfig
from facecam.faces import Face, Frame, Match, Recognition

CONFIG = WindowConfig()
PICTURE = np.zeros((4, 4, 3), np.uint8)


def seen(time, *faces):
    return Recognition(Frame(PICTURE, 0, time), faces)


def face(x, track=1, match=None):
    box = np.array([x, 0, x + 100, 100], np.float32)
    points = np.full((5, 2), x + 50, np.float32)
    return Face(box, points, 0.9, track, match)


def test_nothing_found_is_nothing_drawn():
    motion = Motion(CONFIG)
    motion.follow(seen(0.0), 0.0)
    assert motion.step(0.1) == []


def test_a_new_face_fades_in_where_it_is_and_a_lost_one_fades_out():
    motion = Motion(CONFIG)
    motion.step(1.0)
    motion.follow(seen(0.0, face(10)), 1.0)

    (half,) = motion.step(1.0 + CONFIG.fade / 2)
    (whole,) = motion.step(1.0 + CONFIG.fade * 2)
    motion.follow(seen(0.1), 2.0)
    motion.step(2.0)
    gone = motion.step(2.0 + CONFIG.fade)

    assert half.opacity == pytest.approx(0.5, abs=0.01)
    assert whole.opacity == 1
    assert half.face.box.tolist() == [10, 0, 110, 100]
    assert gone == []


def test_a_name_fades_in_once_it_is_known():
    motion = Motion(CONFIG)
    motion.step(0.0)
    motion.follow(seen(0.0, face(10)), 0.0)
    (looking,) = motion.step(1.0)
    motion.follow(seen(1.0, face(10, match=Match(None, 1))), 1.0)
    (said,) = motion.step(2.0)
    assert looking.named == 0
    assert said.named == 1


def test_a_box_glides_to_where_it_was_found_and_takes_the_points_along():
    motion = Motion(CONFIG)
    motion.step(0.0)
    motion.follow(seen(0.0, face(0)), 0.0)
    motion.step(1.0)
    motion.follow(seen(1.0, face(100)), 1.0)

    lefts = [motion.step(1.0 + k / 60)[0].face.box[0] for k in range(1, 30)]
    (end,) = motion.step(2.0)

    assert lefts == sorted(lefts)
    assert 0 < lefts[0] < 100
    assert end.face.box[0] == pytest.approx(100, abs=0.5)
    assert end.face.landmarks[0, 0] == pytest.approx(150, abs=0.5)


def test_a_moving_box_is_carried_on_but_not_for_ever():
    motion = Motion(CONFIG)
    motion.step(0.0)
    for k in range(6):
        motion.follow(seen(k / 10, face(k * 20)), k / 10)
        motion.step(k / 10)
    (soon,) = motion.step(0.5 + 0.14)
    (later,) = motion.step(3.0)
    assert soon.face.box[0] > 100
    assert later.face.box[0] < 100 + 200 * CONFIG.box_lead + 1


def test_what_stands_still_has_not_moved():
    motion = Motion(CONFIG)
    motion.follow(seen(0.0, face(10)), 0.0)
    motion.step(1.0)
    one, two = motion.step(2.0), motion.step(3.0)
    motion.follow(seen(1.0, face(30)), 3.0)
    assert not moved(one, two)
    assert moved(two, motion.step(3.1))
    assert moved([], two)
