"""Tests of facecam.app.enrol.coach_view and ring_paint, on pixels."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QAccessible, QImage, QPainter

from facecam.app.enrol import ring_paint
from facecam.app.enrol.coach_view import CoachView
from facecam.config import WindowConfig
from facecam.enrolment.advice import LABELS, Advice, Code, View, Wanted
from facecam.faces import Frame

BOX = np.array((130, 90, 190, 150), np.float32)
ALL = (View.FRONT, View.LEFT, View.RIGHT, View.UP, View.DOWN, View.NEARER)


def advice(now=View.LEFT, done=(), box=BOX, direction="", code=Code.TURN):
    wanted = tuple(Wanted(view, LABELS[view], view in done) for view in ALL)
    text = "Turn your head a little to the left."
    taken = len(done)
    return Advice(text, code, wanted, taken, 8, now, direction, box)


@pytest.fixture
def view(qtbot):
    """A view of a dark picture, the ring at rest."""
    view = CoachView(WindowConfig())
    qtbot.addWidget(view)
    view.resize(672, 512)
    view.show()
    return view


def drawn(view, said, mirrored=True):
    """Draw an advice; -> the picture on the screen, (h, w, 3) as 0…255."""
    view.mirrored = mirrored
    frame = Frame(np.full((240, 320, 3), 30, np.uint8), 1, 0.0)
    view.show_advice(said)
    for now in (10.0, 20.0):
        view.show_frame(frame, None, now)
    shot = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(shot.constBits(), np.uint8)
    rows = rows.reshape(shot.height(), shot.bytesPerLine())
    return rows[:, : 3 * shot.width()].copy()  # the memory is that of `shot`


def columns(pixels, colour):
    """Where a colour was drawn: the mean column as a share of the width."""
    image = pixels.reshape(len(pixels), -1, 3).astype(int)
    wanted = np.array((colour.red(), colour.green(), colour.blue()))
    hit = np.abs(image - wanted).sum(axis=2) < 12
    return hit.nonzero()[1].mean() / image.shape[1], int(hit.sum())


def test_the_arrow_points_where_the_person_has_to_turn_in_a_mirror(view):
    left, _ = columns(drawn(view, advice(direction="left")), ring_paint.WANTED)
    said = advice(View.RIGHT, direction="right")
    right, _ = columns(drawn(view, said), ring_paint.WANTED)
    assert left < 0.45
    assert right > 0.55


def test_the_arrow_is_turned_round_where_the_picture_is_not_mirrored(view):
    pixels = drawn(view, advice(direction="left"), mirrored=False)
    assert columns(pixels, ring_paint.WANTED)[0] > 0.55


def test_the_ring_fills_while_views_are_taken(view):
    inks = [
        columns(drawn(view, advice(done=ALL[:taken])), ring_paint.DONE)[1]
        for taken in (1, 3, 6)
    ]
    assert inks[0] > 0
    assert inks[1] > 1.5 * inks[0]
    assert inks[2] > 1.5 * inks[1]


def test_open_wanted_and_taken_views_differ_by_shape_not_only_by_colour(qapp):
    ring = QRectF(40, 40, 220, 220)

    def lit(segment, radius):
        """Which part of the arc is drawn so many pixels from the centre."""
        image = QImage(300, 300, QImage.Format.Format_RGB32)
        image.fill(0)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ring_paint.paint_ring(painter, ring, [segment], front=False)
        turns = np.radians(np.concatenate([np.arange(-15, -7), np.arange(7, 15)]))
        places = [(150 + radius * np.cos(t), 150 - radius * np.sin(t)) for t in turns]
        shown = [image.pixelColor(round(x), round(y)).lightness() for x, y in places]
        return np.mean(np.array(shown) > 90)

    taken, wanted = ring_paint.Segment(0, True), ring_paint.Segment(0, False, True)
    left = ring_paint.Segment(0, False)
    assert lit(taken, 110) == 1
    assert 0.3 < lit(wanted, 110) < 0.95  # dashed
    assert lit(left, 110) == 1
    assert lit(left, 112) < 0.5 < 0.9 < lit(taken, 112)  # thin, thick


def test_the_ring_stays_inside_the_picture_wherever_the_face_is(qapp):
    target = QRectF(0, 0, 640, 480)
    for box in (QRectF(-20, -20, 200, 240), QRectF(500, 400, 160, 200)):
        assert target.contains(ring_paint.circle(box, target))


def test_an_arrow_without_room_outside_is_drawn_inside(qapp):
    target = QRectF(0, 0, 300, 300)
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        ring = QRectF(60, 100, 180, 180)
        ring_paint.paint_arrow(painter, ring, target, 270, 0.0)
    inside = QPointF(150, 250)
    assert image.pixelColor(inside.toPoint()).lightness() > 100


def test_without_a_face_the_place_for_it_is_drawn(view):
    pixels = drawn(view, advice(box=None, code=Code.NO_FACE))
    middle = pixels[200:400]  # below the advice
    assert (middle > 150).sum() > 500


def test_names_and_boxes_come_back_when_the_coach_is_done(view):
    drawn(view, advice())
    assert not view.faces_shown
    view.show_advice(None)
    assert view.faces_shown


def test_the_advice_is_told_to_screen_readers(view):
    QAccessible.setActive(True)
    view.show_advice(advice())
    QAccessible.setActive(False)
    assert view.accessibleDescription() == "Turn your head a little to the left."


def test_a_long_advice_fits_into_a_small_picture(view):
    text = "The light comes from behind you: turn round, or face a lamp."
    image = QImage(320, 240, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        target = QRectF(0, 0, 320, 240)
        plate = ring_paint.paint_advice(painter, target, text, "!", 18)
    assert target.contains(plate)
