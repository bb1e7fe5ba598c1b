"""Tests of facecam.app.places, in the window."""

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def test_live_is_shown_first_and_nothing_else_is_built(window):
    built = [key for key in window.places.buttons if window.places.is_built(key)]
    assert window.places.current == "live"
    assert built == ["live"]


def test_control_and_a_number_goes_to_a_place(window, qtbot):
    shown = []
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_1):
        qtbot.keyClick(window, key, CONTROL)
        checked = [k for k, b in window.places.buttons.items() if b.isChecked()]
        shown.append((window.places.current, *checked))
    assert shown == [("enrol", "enrol"), ("people", "people"), ("live", "live")]


def test_a_place_brings_its_own_tools(window, qtbot):
    qtbot.mouseClick(window.places.buttons["people"], LEFT)
    assert window.places.place("people").tools.isVisible()
    assert not window.live.tools.isVisible()
    assert not window.live.tools.camera.isVisible()
    qtbot.mouseClick(window.places.buttons["enrol"], LEFT)
    assert window.live.tools.camera.isVisible()


def test_places_say_what_they_are_for_and_their_shortcut(window):
    buttons = window.places.buttons
    names = ["Live", "Enrol", "People", "Training"]
    assert [b.accessibleName() for b in buttons.values()] == names
    assert [b.toolTip()[-8:] for b in buttons.values()] == [
        "(Ctrl+1)",
        "(Ctrl+2)",
        "(Ctrl+3)",
        "(Ctrl+4)",
    ]


def test_a_narrow_window_shows_places_as_icons_of_one_size(window, qtbot):
    width = window.places.width()
    window.resize(800, 520)
    qtbot.waitUntil(lambda: window.places.width() < width / 2)
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: window.places.width() == width)


def test_faces_are_named_on_behind_another_place_but_not_painted(window, camera, qtbot):
    window.live.start("usb-1")
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=10_000)
    often = window.live._timer.interval()
    window.places.show_place("people")
    before = window.live.watching.session.stats.processed

    qtbot.waitUntil(
        lambda: window.live.watching.session.stats.processed > before + 3,
        timeout=10_000,
    )

    assert window.live._timer.interval() > 3 * often
    assert not window.live.stage.view.isVisible()
    window.places.show_place("live")
    assert window.live._timer.interval() == often


def test_letters_are_no_shortcuts_of_live_in_another_place(window, camera, qtbot):
    window.places.show_place("people")
    landmarks = window.live.tools.landmarks.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_L)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.live.tools.landmarks.isChecked() is landmarks
    assert not window.live.watching.active


def test_another_place_ends_full_screen(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    assert not window.isFullScreen()
    assert window.places.isVisible()


def test_people_leads_to_enrol(window):
    window.places.show_place("people").enrol_wanted.emit("enrol")
    assert window.places.current == "enrol"


def test_a_film_dropped_on_the_header_is_played_in_live(
    window, camera, qtbot, tmp_path
):
    film = tmp_path / "film.mp4"
    film.touch()
    window.places.show_place("enrol")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(film))])
    no_keys = Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, LEFT, no_keys)
    window.dropEvent(drop)
    assert window.places.current == "live"
    assert window.live.tools.source.source == str(film)
