"""Tests of facecam.app.enrol.name_field."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from facecam.app.enrol.name_field import NameField
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails
from facecam.faces import Identity
from facecam.gallery import Person

NAMES = ("Ada Lovelace", "Zoë", "王小明", "Adamo", "Grace")


@pytest.fixture
def field(qtbot):
    """A field over five people."""
    panel = QWidget()
    qtbot.addWidget(panel)
    panel.resize(320, 400)
    tasks = Tasks(panel)
    field = NameField(Thumbnails(tasks, lambda person: None, panel), panel)
    field.setGeometry(10, 10, 300, 36)
    people = [Person(Identity(f"p{n}", name), Path()) for n, name in enumerate(NAMES)]
    field.show_people(people)
    panel.show()
    field.setFocus()
    yield field
    tasks.close(1)


def type_in(field, text):
    field.setText(text)
    field.textEdited.emit(text)


def suggested(field):
    return [field.list.item(n).text() for n in range(field.list.count())]


def test_nobody_is_suggested_before_anything_is_typed(field):
    assert not field.suggesting
    assert field.who == ""


def test_people_are_suggested_whose_name_contains_what_is_typed_without_accents(field):
    type_in(field, "a")
    many = suggested(field)
    type_in(field, "zoe")
    assert many == ["Ada Lovelace", "Adamo", "Grace"]
    assert suggested(field) == ["Zoë"]
    assert field.who == Identity("p1", "Zoë")


def test_the_keyboard_chooses_somebody(field, qtbot):
    type_in(field, "ad")
    for _ in range(2):
        qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.who == Identity("p3", "Adamo")
    assert not field.suggesting


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(field, qtbot):
    type_in(field, "ad")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.suggesting
    assert field.who == "ad"


def test_a_new_name_is_taken_without_needless_spaces(field):
    type_in(field, "  Mary   Ann ")
    assert field.who == "Mary Ann"
    assert field.known is None


def test_a_name_that_is_taken_means_that_person_unless_told_otherwise(field):
    type_in(field, "grace")
    same = field.who
    field.mean_new(True)
    assert same == Identity("p4", "Grace")
    assert field.who == "grace"
    assert field.known is not None  # who has the name already is still known


def test_typing_on_after_choosing_somebody_means_somebody_else(field):
    field.choose(Identity("p0", "Ada Lovelace"))
    type_in(field, "Ada Lovelace II")
    assert field.who == "Ada Lovelace II"


def test_a_name_may_have_two_hundred_characters(field, qtbot):
    field.clear()
    field.insert("王" * 300)
    assert len(field.text()) == 200
