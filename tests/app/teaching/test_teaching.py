"""Tests of teaching in Live: menus, the frame that is kept, Undo, the pool's size."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from facecam import vault
from facecam.app.teaching import teaching
from facecam.app.teaching.mark import FALSE_ALARM, MISSED_FACE, Mark
from facecam.app.teaching.teaching import ENOUGH, MISSED, NOT_A_FACE, counted
from facecam.errors import FacecamError
from facecam.faces import Face, Frame, Recognition
from facecam.media import read_image
from facecam.training.detector import hard_examples
from tests.fakes import BlobCamera, picture

LEFT = Qt.MouseButton.LeftButton
BLOB = (60, 60, 140, 140)
"""The face of the camera; it sways by two pixels."""


@pytest.fixture
def live(window, camera, qtbot):
    """Live, mirrored, with a face drawn."""
    window.live.start("usb-1")
    view = window.live.stage.view
    qtbot.waitUntil(lambda: bool(view.faces) and view.mirrored, timeout=10_000)
    return window.live


@pytest.fixture
def live_of_two(window, monkeypatch, qtbot):
    from facecam.app import watching

    fake = BlobCamera((20, 60, 80), (200, 60, 60))
    monkeypatch.setattr(watching, "open_source", lambda source, config: fake)
    window.live.start("usb-1")
    view = window.live.stage.view
    qtbot.waitUntil(lambda: len(view.faces) == 2 and view.mirrored, timeout=10_000)
    return window.live


def texts(menu):
    return [action.text() for action in menu.actions() if action.text()]


def press(menu, text):
    next(action for action in menu.actions() if action.text() == text).trigger()


def on_face(live):
    view = live.stage.view
    return view.placement().box(view.faces[0].box).center()


def beside(live):
    return live.stage.view.placement().to_widget(300, 10)


def told(live, qtbot):
    toasts = live.stage.toasts
    qtbot.waitUntil(lambda: bool(toasts.text(teaching.KEY)), timeout=10_000)
    return toasts.text(teaching.KEY)


def pool(live):
    return hard_examples.read(live.teaching.pool.folder)


def test_a_face_and_its_surroundings_offer_different_things(live):
    on, off = live.teaching.menu_at(on_face(live)), live.teaching.menu_at(beside(live))

    assert texts(on) == ["Who is this?", NOT_A_FACE]
    assert texts(off) == [MISSED]


def test_a_false_alarm_is_kept_with_the_frame_it_was_found_in(live, qtbot):
    press(live.teaching.menu_at(on_face(live)), NOT_A_FACE)

    assert "Kept as a false alarm. 1 example is" in told(live, qtbot)
    (example,) = pool(live)
    assert example.kind == FALSE_ALARM
    assert np.abs(np.subtract(example.box, BLOB)).max() <= 3  # never mirrored
    image = read_image(example.picture)
    x1, y1, x2, y2 = map(int, example.box)
    assert image.shape == (240, 320, 3)
    assert image[y1 + 4 : y2 - 4, x1 + 4 : x2 - 4].max(axis=2).min() > 60
    assert image[:, :50].max() < 60


def test_the_frame_and_box_are_those_of_the_same_moment(window):
    """A box drawn has moved on; a frame without the face has come meanwhile."""
    live = window.live
    frames = [Frame(np.full((90, 90, 3), n, np.uint8), n, n / 10) for n in (1, 2, 3)]
    at = [np.float32([10 * n, 10, 10 * n + 30, 40]) for n in (1, 2)]
    points = np.zeros((5, 2), np.float32)
    faces = [(Face(box, points, 0.9, 7, None),) for box in at]
    for frame, found in zip(frames, [*faces, ()], strict=True):
        recognition = Recognition(frame, found)
        live.stage.view.show_frame(frame, recognition, frame.time)
        live.teaching.follow(recognition)
    (drawn,) = live.stage.view.faces  # fading

    mark = live.teaching.false_alarm(drawn)

    assert mark.image is frames[1].image
    assert mark.box is at[1]
    live.stage.view.clear()
    live.teaching.follow(Recognition(frames[2], ()))
    assert live.teaching.false_alarm(drawn) is None  # nothing is held any longer


def test_undo_takes_it_out_again_with_its_picture(live, qtbot):
    press(live.teaching.menu_at(on_face(live)), NOT_A_FACE)
    told(live, qtbot)
    folder = live.teaching.pool.folder
    assert list(folder.glob("*.jpg"))

    qtbot.mouseClick(live.stage.toasts.button(teaching.KEY, "Undo"), LEFT)

    qtbot.waitUntil(lambda: not list(folder.glob("*.jpg")))
    qtbot.waitUntil(lambda: told(live, qtbot) == "Nothing was kept.")
    assert live.teaching.pool.examples == ()


def test_a_missed_face_is_drawn_in_a_frozen_picture(live, qtbot):
    press(live.teaching.menu_at(beside(live)), MISSED)
    view = live.stage.teach
    frozen = view.sketch.still
    assert view.sketch.mirrored
    one, other = view.lens.to_widget((200, 100)), view.lens.to_widget((240, 150))
    qtbot.mousePress(view, LEFT, pos=one.toPoint())
    qtbot.mouseMove(view, other.toPoint())
    qtbot.mouseRelease(view, LEFT, pos=other.toPoint())
    qtbot.keyClick(view, Qt.Key.Key_Return)

    assert "Kept as a missed face" in told(live, qtbot)
    (example,) = pool(live)
    assert example.kind == MISSED_FACE
    assert np.abs(np.subtract(example.box, (200, 100, 240, 150))).max() <= 1
    difference = read_image(example.picture).astype(int) - frozen.image
    assert np.abs(difference).mean() < 3  # the frame that was frozen, not a newer one
    assert not view.isVisible()


def test_the_tool_and_its_key_freeze_and_escape_goes_on(live, qtbot):
    qtbot.keyClick(live, Qt.Key.Key_D)
    assert live.stage.teach.isVisible()
    qtbot.keyClick(live.stage.teach, Qt.Key.Key_Space)  # which stops the camera else
    assert live.watching.active
    qtbot.keyClick(live.stage.teach, Qt.Key.Key_Escape)
    assert not live.stage.teach.isVisible()
    assert live.watching.active
    qtbot.mouseClick(live.tools.teach, LEFT)
    assert live.stage.teach.isVisible()
    live.stop()
    assert not live.stage.teach.isVisible()
    assert not live.tools.teach.isEnabled()


def test_without_a_picture_there_is_nothing_to_teach(window):
    window.live.teaching.begin()
    window.live.teaching.show_keyboard_menu()
    assert not window.live.stage.teach.isVisible()
    assert not window.live.tools.teach.isEnabled()
    assert texts(window.live.teaching.menu_at(QPointF(5, 5))) == []


def test_the_menu_key_offers_the_same_for_the_only_face(live):
    middle = live.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, QPoint(0, 0))
    QApplication.sendEvent(live, event)

    (menu,) = [m for m in live.stage.view.findChildren(QMenu) if m.isVisible()]
    assert texts(menu) == ["Who is this?", NOT_A_FACE, MISSED]
    menu.close()


def test_the_menu_key_names_each_of_several_faces_from_left_to_right(
    live_of_two, qtbot
):
    menu = live_of_two.teaching.menu_for_keyboard()
    first, second, missed = (a for a in menu.actions() if a.text())
    assert "1 from the left" in first.text()
    assert missed.text() == MISSED

    press(second.menu(), NOT_A_FACE)

    told(live_of_two, qtbot)
    assert pool(live_of_two)[0].box[0] < 30  # mirrored: the right one on the screen


def test_from_some_number_on_a_fine_tune_is_offered(window, qtbot):
    live = window.live
    image = picture((60, 60, 80))
    for n in range(ENOUGH - 1):
        box = np.float32([n, 10, n + 30, 40])
        kind = hard_examples.Kind.FALSE_ALARM
        hard_examples.add(live.teaching.pool.folder, image, box, kind)

    live.teaching.keep(Mark(image, np.float32(BLOB), MISSED_FACE))

    assert f"{ENOUGH} examples are in the pool: enough" in told(live, qtbot)
    with qtbot.waitSignal(live.fine_tune_wanted) as wanted:
        live.stage.toasts.button(teaching.KEY, "Fine-tune…").click()
    assert wanted.args == [live.teaching.pool.folder]


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 example is in the pool; from about 20"), (1200, "1,200 examples are")],
)
def test_how_many_there_are_is_said_in_words(count, said):
    assert said in counted(count)


def test_beside_protected_people_nothing_is_kept_and_it_says_why(live, qtbot):
    vault.create(live.teaching.pool.folder.parent, "correct horse battery")

    press(live.teaching.menu_at(on_face(live)), NOT_A_FACE)

    assert "people are protected" in told(live, qtbot)
    assert not live.teaching.pool.folder.exists()


def test_what_the_disk_refuses_is_said(live, qtbot):
    live.teaching.pool.folder.write_text("in the way")

    press(live.teaching.menu_at(on_face(live)), NOT_A_FACE)

    assert "Cannot add to" in told(live, qtbot)


def test_an_unexpected_error_is_not_hidden(window):
    with pytest.raises(ZeroDivisionError):
        window.live.teaching._failed(ZeroDivisionError())
    window.live.teaching._failed(FacecamError("The cure."))
    assert window.live.stage.toasts.text(teaching.KEY) == "The cure."
