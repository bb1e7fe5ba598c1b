"""Tests of facecam.app.teaching.view: what is drawn is where it is in the picture."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from facecam.app.teaching.bar import KEEP, NOT_A_FACE
from facecam.app.teaching.mark import FALSE_ALARM, MISSED_FACE, Still
from facecam.app.teaching.view import TeachView
from facecam.faces import Face

LEFT = Qt.MouseButton.LeftButton
EYES = [(60, 40), (80, 40), (70, 52), (62, 64), (78, 64)]
"""Of a face in the picture: left eye, right eye, nose, mouth."""
BOX = (50, 20, 90, 80)


def face(box, track=1):
    return Face(np.array(box, np.float32), np.zeros((5, 2), "f4"), 0.9, track, None)


STILL = Still(np.full((120, 200, 3), 90, np.uint8), (face((120, 10, 170, 70)),))


@pytest.fixture(params=[(640, 400), (333, 777)], ids=["wide", "narrow"])
def view(qtbot, request):
    parent = QWidget()
    parent.resize(*request.param)
    view = TeachView(parent)
    view.setGeometry(parent.rect())
    qtbot.addWidget(parent)
    parent.show()
    yield view
    parent.close()


@pytest.fixture(params=[False, True], ids=["straight", "mirrored"])
def mirrored(request):
    return request.param


def at(view, x, y):
    """Return where a place of the picture is in the widget, worked out by hand."""
    target = view.lens.placement.target
    left, top, width, height = view.lens.region
    share = (x - left) / width
    share = 1 - share if view.sketch.mirrored else share
    down = target.y() + (y - top) / height * target.height()
    return QPoint(round(target.x() + share * target.width()), round(down))


def drag(qtbot, view, one, other):
    qtbot.mousePress(view, LEFT, pos=at(view, *one))
    qtbot.mouseMove(view, (at(view, *one) + at(view, *other)) / 2)
    qtbot.mouseMove(view, at(view, *other))
    qtbot.mouseRelease(view, LEFT, pos=at(view, *other))


def kept(qtbot, view, how):
    with qtbot.waitSignal(view.marked) as signal, qtbot.waitSignal(view.left):
        how()
    assert not view.isVisible()
    return signal.args[0]


def test_a_box_is_where_it_was_drawn_in_the_picture(view, qtbot, mirrored):
    view.begin(STILL, mirrored)
    drag(qtbot, view, BOX[:2], BOX[2:])

    mark = kept(qtbot, view, lambda: qtbot.keyClick(view, Qt.Key.Key_Return))

    assert (mark.kind, mark.landmarks) == (MISSED_FACE, None)
    assert np.abs(mark.box - BOX).max() <= 1
    assert mark.image is STILL.image


def test_points_are_those_of_the_picture_though_it_is_mirrored_and_enlarged(
    view, qtbot, mirrored
):
    view.begin(STILL, mirrored)
    drag(qtbot, view, BOX[:2], BOX[2:])
    whole = view.lens.scale
    qtbot.mouseClick(view.bar.points, LEFT)
    assert view.lens.scale > whole

    on_screen = sorted(EYES[:2], key=lambda p: at(view, *p).x())
    mouth = sorted(EYES[3:], key=lambda p: at(view, *p).x())
    for point in (*on_screen, EYES[2], *mouth):
        assert not view.bar.keep.isEnabled()
        qtbot.mouseClick(view, LEFT, pos=at(view, *point))
    mark = kept(qtbot, view, view.bar.keep.click)

    assert np.abs(mark.landmarks - np.float32(EYES)).max() <= 1


def test_it_says_what_to_click_next(view, qtbot):
    view.begin(STILL, False)
    assert "Drag a box" in view.bar.text.text()
    assert not view.bar.keep.isVisible()
    drag(qtbot, view, BOX[:2], BOX[2:])
    assert "hairline" in view.bar.text.text()
    view.mark_points()
    assert "eye at the left (1 of 5)" in view.bar.text.text()
    qtbot.mouseClick(view, LEFT, pos=at(view, 60, 40))
    assert "eye at the right (2 of 5)" in view.accessibleDescription()
    qtbot.mouseClick(view.bar.back, LEFT)
    assert "(1 of 5)" in view.bar.text.text()


def test_points_can_be_left_out(view, qtbot):
    view.begin(STILL, False)
    drag(qtbot, view, BOX[:2], BOX[2:])
    view.mark_points()
    qtbot.mouseClick(view, LEFT, pos=at(view, 60, 40))

    mark = kept(qtbot, view, view.bar.skip.click)

    assert mark.landmarks is None


def test_a_point_can_be_dragged_to_its_place(view, qtbot):
    view.begin(STILL, True)
    drag(qtbot, view, BOX[:2], BOX[2:])
    view.mark_points()
    qtbot.mouseClick(view, LEFT, pos=at(view, 60, 40))

    drag(qtbot, view, (60, 40), (66, 44))

    assert len(view.sketch.points) == 1
    assert np.abs(np.subtract(view.sketch.points[0], (66, 44))).max() <= 1


def test_a_box_is_adjusted_at_its_edge(view, qtbot, mirrored):
    view.begin(STILL, mirrored)
    drag(qtbot, view, BOX[:2], BOX[2:])

    drag(qtbot, view, (90, 50), (110, 50))

    assert np.abs(np.subtract(view.sketch.box, (50, 20, 110, 80))).max() <= 1.5


def test_a_box_that_is_too_small_cannot_be_kept(view, qtbot):
    view.begin(STILL, False)
    drag(qtbot, view, (50, 20), (90, 30))

    assert not view.bar.keep.isEnabled()
    assert "12 pixels" in view.bar.text.text()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.isVisible()


def test_a_click_on_a_found_box_says_it_is_none(view, qtbot, mirrored):
    view.begin(STILL, mirrored)
    qtbot.mouseClick(view, LEFT, pos=at(view, 145, 40))
    assert view.bar.keep.text() == NOT_A_FACE

    qtbot.mouseClick(view, LEFT, pos=at(view, 20, 100))
    assert not view.bar.keep.isVisible()
    qtbot.mouseClick(view, LEFT, pos=at(view, 145, 40))
    mark = kept(qtbot, view, view.bar.keep.click)

    assert (mark.kind, mark.box.tolist()) == (FALSE_ALARM, [120, 10, 170, 70])


def test_escape_and_cancel_keep_nothing(view, qtbot):
    for leave in (
        lambda: qtbot.keyClick(view, Qt.Key.Key_Escape),
        lambda: qtbot.mouseClick(view.bar.cancel, LEFT),
    ):
        view.begin(STILL, False)
        drag(qtbot, view, BOX[:2], BOX[2:])
        with qtbot.assertNotEmitted(view.marked), qtbot.waitSignal(view.left):
            leave()
        assert not view.isVisible()


def test_everything_works_from_the_keyboard(view, qtbot, mirrored):
    view.begin(STILL, mirrored)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(view, key)
    x1, _, x2, _ = view.sketch.box
    moved = 100 - (x1 + x2) / 2 if mirrored else (x1 + x2) / 2 - 100
    assert moved > 0  # to the right as it is seen
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(view, Qt.Key.Key_Right, shift)
    assert view.sketch.box[2] - view.sketch.box[0] > x2 - x1
    qtbot.keyClick(view, Qt.Key.Key_P)
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(view, Qt.Key.Key_Space)

    mark = kept(qtbot, view, lambda: qtbot.keyClick(view, Qt.Key.Key_Return))

    left_eye, right_eye, nose, _, mouth_right = mark.landmarks
    assert left_eye[0] < nose[0] < right_eye[0]
    assert mouth_right[1] > nose[1]


def test_enter_presses_the_button_that_has_the_focus(view, qtbot):
    view.begin(STILL, False)
    drag(qtbot, view, BOX[:2], BOX[2:])
    view.bar.cancel.setFocus()

    with qtbot.assertNotEmitted(view.marked):
        qtbot.keyClick(view.bar.cancel, Qt.Key.Key_Return)

    assert not view.isVisible()
    assert view.bar.keep.text() == KEEP


def test_letters_are_taken_from_the_live_picture_while_it_is_frozen(view):
    view.begin(STILL, False)
    plain, chord = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    asked = [
        QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_P, modifiers)
        for modifiers in (plain, chord)
    ]
    for event in asked:
        event.ignore()
        QApplication.sendEvent(view, event)
    assert [event.isAccepted() for event in asked] == [True, False]


def test_the_picture_does_not_jump_from_step_to_step(view, qtbot):
    view.begin(STILL, False)
    before = view.lens
    drag(qtbot, view, BOX[:2], BOX[2:])
    assert view.lens == before


def test_what_is_drawn_is_bright_and_the_rest_darker(view, qtbot):
    view.begin(STILL, False)
    before = view.grab().toImage()
    drag(qtbot, view, BOX[:2], BOX[2:])
    after = view.grab().toImage()
    inside, outside = at(view, 70, 50), at(view, 20, 100)
    ratio = view.devicePixelRatio()

    def light(picture, place):
        return picture.pixelColor((QPointF(place) * ratio).toPoint()).lightness()

    assert light(after, inside) == light(before, inside)
    assert light(after, outside) < light(before, outside)
