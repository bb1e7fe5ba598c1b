"""Tests of facecam.app.views."""

import numpy as np
import pytest

from facecam.app.views import FORGET_AFTER, GoodViews, cut
from facecam.config import WindowConfig
from facecam.faces import Face, Frame, Recognition

CONFIG = WindowConfig()


def face(quality=1.0, track=1, box=(40, 40, 60, 60)):
    corner = np.array(box[:2], np.float32)
    points = corner + np.arange(10, dtype=np.float32).reshape(5, 2)
    return Face(np.array(box, np.float32), points, 0.9, track, None, quality)


def seen(time, *faces):
    image = np.arange(100 * 100 * 3, dtype=np.uint32).reshape(100, 100, 3)
    return Recognition(Frame(image.astype(np.uint8), 0, time), faces)


def test_a_view_holds_the_same_pixels_in_its_own_coordinates():
    recognition = seen(0.0, face())
    image = recognition.frame.image
    view = cut(image, face(), 0.0)
    x1, y1, x2, y2 = view.box.astype(int)
    assert view.image.shape == (50, 50, 3)
    assert (view.image[y1:y2, x1:x2] == image[40:60, 40:60]).all()
    assert (view.landmarks[0] - view.box[:2]).tolist() == [0, 1]


def test_a_view_at_the_edge_is_clipped():
    view = cut(seen(0.0).frame.image, face(box=(-5, 0, 15, 20)), 0.0)
    assert view.image.shape == (35, 30, 3)
    assert view.box.tolist() == [-5, 0, 15, 20]
    assert view.portrait().flags.c_contiguous


def test_a_view_is_a_copy():
    image = np.zeros((100, 100, 3), np.uint8)
    view = cut(image, face(), 0.0)
    image[:] = 9
    assert view.image.max() == 0


def test_the_best_views_are_kept_best_first():
    views = GoodViews(CONFIG)
    for k in range(20):
        views.collect(seen(float(k), face(quality=(k * 7 % 20) / 20)))
    kept = [view.quality for view in views.of(1)]
    assert kept == pytest.approx([0.95, 0.9, 0.85, 0.8, 0.75])


def test_views_of_one_moment_are_not_collected_only_the_best_of_them():
    views = GoodViews(CONFIG)
    for k in range(10):
        views.collect(seen(k / 100, face(quality=0.5 + k / 20)))
    assert len(views.of(1)) == 1
    assert views.of(1)[0].quality == pytest.approx(0.95, abs=0.06)


def test_tracks_do_not_mix_and_are_forgotten_when_long_gone():
    views = GoodViews(CONFIG)
    views.collect(seen(0.0, face(track=1), face(track=2)))
    views.collect(seen(FORGET_AFTER + 1, face(track=2)))
    assert views.of(1) == ()
    assert len(views.of(2)) == 2
    views.clear()
    assert views.of(2) == ()
