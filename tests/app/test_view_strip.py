"""Tests of facecam.app.view_strip: views can be left out before they are kept."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from facecam.app.view_strip import ViewStrip
from facecam.app.views import View

LEFT = Qt.MouseButton.LeftButton


def view(number: int) -> View:
    image = np.full((60, 60, 3), 20 * number, np.uint8)
    box = np.array((20, 20, 40, 40), np.float32)
    return View(image, box, np.zeros((5, 2), np.float32), 0.9, float(number))


@pytest.fixture
def strip(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    strip = ViewStrip(parent)
    strip.show_views([view(n) for n in range(7)])
    parent.resize(400, 200)
    strip.resize(strip.sizeHint())
    parent.show()
    yield strip
    parent.close()


def chosen(strip):
    return [int(view.time) for view in strip.chosen]


def test_no_views_take_one_row_and_choose_nothing(strip):
    strip.show_views([])
    assert chosen(strip) == []
    assert strip.sizeHint().height() == 48
    strip.toggle(0)
    assert chosen(strip) == []


def test_a_click_leaves_a_view_out_and_another_takes_it_back(strip, qtbot):
    place = strip.place(6).center().toPoint()
    before = strip.grab().toImage()

    qtbot.mouseClick(strip, LEFT, pos=place)
    assert chosen(strip) == [0, 1, 2, 3, 4, 5]
    assert strip.grab().toImage() != before
    qtbot.mouseClick(strip, LEFT, pos=place)
    assert chosen(strip) == list(range(7))


def test_it_works_from_the_keyboard(strip, qtbot):
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    with qtbot.waitSignal(strip.changed):
        qtbot.keyClick(strip, Qt.Key.Key_Space)
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert chosen(strip) == [0, 2, 3, 4, 5]


def test_the_last_view_cannot_be_left_out(strip):
    strip.show_views([view(1), view(2)])
    strip.toggle(0)
    strip.toggle(1)
    assert chosen(strip) == [2]


def test_other_views_are_all_chosen_again(strip):
    strip.toggle(3)
    strip.show_views([view(8), view(9)])
    assert chosen(strip) == [8, 9]
    assert strip.sizeHint().height() == 48
