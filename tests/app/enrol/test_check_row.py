"""Tests of facecam.app.enrol.check_row."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from facecam.app.enrol.check_row import CheckRow

TEXT = "Ada agrees that pictures of their face are kept on this computer."


@pytest.fixture
def row(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    row = CheckRow(TEXT, parent)
    row.setGeometry(0, 0, 280, 120)
    parent.show()
    yield row
    parent.close()


def test_a_sentence_takes_more_lines_where_there_is_less_room(row):
    assert row.heightForWidth(120) > row.heightForWidth(280) > row.heightForWidth(900)


def test_a_click_on_any_word_ticks_it_and_space_takes_the_tick_away(row, qtbot):
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(270, 30))
    ticked = row.isChecked()
    qtbot.keyClick(row, Qt.Key.Key_Space)
    assert ticked
    assert not row.isChecked()


def test_a_tick_can_be_seen(row):
    empty = row.grab().toImage()
    row.setChecked(True)
    assert row.grab().toImage() != empty


def test_a_word_longer_than_a_line_is_shortened(row):
    row.say(f"{'W' * 200} agrees")
    assert row.heightForWidth(280) < 120
    assert "…" in row._said()


def test_screen_readers_are_told_what_is_agreed_to(row):
    row.say("Grace agrees.")
    assert row.accessibleName() == "Grace agrees."
