"""Tests of facecam.app.notices."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from facecam.app.notices import Action, Notice, Notices


@pytest.fixture
def notices(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(800, 400)
    parent.show()
    yield Notices(parent)
    parent.close()


def test_there_is_nothing_to_see_without_a_notice(notices):
    assert not notices.isVisible()
    assert notices.text("lost") == ""


def test_a_notice_is_shown_and_goes_when_cured(notices):
    notices.show_notice(Notice("lost", "The camera was unplugged.", "error"))
    assert notices.isVisible()
    assert notices.text("lost") == "The camera was unplugged."
    notices.hide_notice("lost")
    assert not notices.isVisible()


def test_the_same_key_replaces_text_and_progress(notices):
    for share in (0.1, 0.5):
        text = f"Downloading {share:.0%}"
        notices.show_notice(Notice("model", text, progress=share))
    assert notices.text("model") == "Downloading 50%"
    assert notices.size_in(600).height() < 150


def test_two_notices_have_room_for_both(notices):
    notices.show_notice(Notice("one", "One."))
    alone = notices.size_in(600).height()
    notices.show_notice(Notice("two", "Two."))
    assert notices.size_in(600).height() > alone + 40


def test_a_button_does_its_deed(notices, qtbot):
    done = []
    again = Action("Try again", lambda: done.append("again"))
    notices.show_notice(Notice("lost", "The camera was unplugged.", "error", (again,)))
    qtbot.mouseClick(notices.button("lost", "Try again"), Qt.MouseButton.LeftButton)
    assert done == ["again"]


def test_a_confirmation_goes_by_itself(notices, qtbot):
    notices.show_notice(Notice("saved", "Saved.", "done", seconds=0.05))
    assert notices.text("saved")
    qtbot.waitUntil(lambda: not notices.text("saved"))


def test_what_soon_goes_leaves_the_others_under_the_pointer(notices, qtbot):
    again = Action("Play again", lambda: None)
    notices.fitted.connect(lambda: notices.resize(notices.size_in(600)))
    notices.show_notice(Notice("ended", "It is over.", "info", (again,)))

    def above_the_edge():
        button = notices.button("ended", "Play again")
        return notices.height() - button.mapTo(notices, QPoint()).y()

    notices.show_notice(Notice("noted", "Noted.", "done", seconds=0.3))
    qtbot.wait(50)
    before = above_the_edge()
    qtbot.waitUntil(lambda: not notices.text("noted"))
    qtbot.wait(50)

    assert above_the_edge() == before
