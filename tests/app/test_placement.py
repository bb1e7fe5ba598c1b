"""Tests of facecam.app.placement."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from facecam.app.placement import face_at, fit
from facecam.faces import Face


def face(track, *box):
    points = np.zeros((5, 2), np.float32)
    return Face(np.array(box, np.float32), points, 0.9, track, None)


def test_a_wide_picture_lies_in_the_middle_of_a_high_area():
    placed = fit(QSize(200, 100), QRect(0, 0, 100, 100))
    assert placed.target == QRectF(0, 25, 100, 50)
    assert placed.scale == 0.5


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_way_into_the_widget_and_back_ends_where_it_began(mirrored):
    placed = fit(QSize(640, 480), QRect(16, 16, 1000, 500), mirrored)
    x, y = placed.to_picture(placed.to_widget(123.0, 45.0))
    assert (x, y) == pytest.approx((123.0, 45.0))


def test_mirrored_boxes_stay_boxes_on_the_other_side():
    placed = fit(QSize(100, 100), QRect(0, 0, 100, 100), mirrored=True)
    box = placed.box(np.array([10, 20, 30, 60], np.float32))
    assert box == QRectF(70, 20, 20, 40)
    assert placed.to_picture(QPointF(80, 30)) == (20, 30)


def test_a_click_hits_the_smallest_face_or_none():
    crowd = [face(1, 0, 0, 100, 100), face(2, 40, 40, 60, 60)]
    assert face_at([], 5, 5) is None
    assert face_at(crowd, 50, 50).track == 2
    assert face_at(crowd, 10, 10).track == 1
    assert face_at(crowd, 100, 100) is None
