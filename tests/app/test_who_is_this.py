"""Tests of facecam.app.who_is_this."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails
from facecam.app.views import View
from facecam.app.who_is_this import WhoIsThis
from facecam.faces import Face, Identity, Match
from facecam.gallery import Person

ADA, ADELE, ZOE = (
    Person(Identity(f"{name.lower()}-1", name), Path())
    for name in ("Ada", "Adèle", "Zoë")
)
PEOPLE = (ADA, ADELE, ZOE)
BESIDE = QRect(100, 100, 80, 100)


def face(match=None):
    return Face(np.zeros(4, "f4"), np.zeros((5, 2), "f4"), 0.9, 7, match)


def view():
    box = np.array([10, 10, 30, 30], np.float32)
    return View(np.zeros((40, 40, 3), np.uint8), box, np.zeros((5, 2), "f4"), 1.0, 0.0)


@pytest.fixture
def card(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(900, 600)
    parent.show()
    tasks = Tasks()
    yield WhoIsThis(Thumbnails(tasks, lambda person: None), parent)
    tasks.close(5.0)


def listed(card):
    return [card.list.item(row).text() for row in range(card.list.count())]


def test_it_asks_beside_the_face_and_inside_the_window(card):
    card.ask(face(), (view(), view()), PEOPLE, BESIDE)
    assert card.isVisible()
    assert card.title.text() == "Who is this?"
    assert card.x() > BESIDE.right()
    card.ask(face(), (view(),), PEOPLE, QRect(850, 500, 40, 80))
    assert card.geometry().right() < 850
    assert card.parentWidget().rect().contains(card.geometry())


def test_a_new_name_enrols_somebody_new(card, qtbot):
    card.ask(face(), (view(),), (), BESIDE)
    assert not card.save.isEnabled()
    with qtbot.waitSignal(card.answered) as answered:
        qtbot.keyClicks(card.line, "Grace  Hopper")
        qtbot.keyClick(card.line, Qt.Key.Key_Return)
    assert answered.args[0].who == "Grace Hopper"
    assert len(answered.args[0].views) == 1
    assert not card.isVisible()


def test_typing_suggests_people_whatever_case_and_accents(card, qtbot):
    card.ask(face(), (view(),), PEOPLE, BESIDE)
    qtbot.keyClicks(card.line, "ade")
    assert listed(card) == ["Adèle", "New person “ade”"]
    with qtbot.waitSignal(card.answered) as answered:
        qtbot.keyClick(card.line, Qt.Key.Key_Return)
    assert answered.args[0].who == ADELE.identity


def test_the_arrow_keys_choose_between_suggestion_and_new_person(card, qtbot):
    card.ask(face(), (view(),), PEOPLE, BESIDE)
    qtbot.keyClicks(card.line, "Ada")
    assert card.save.text() == "Add pictures"
    qtbot.keyClick(card.line, Qt.Key.Key_Down)
    assert card.save.text() == "Save"
    with qtbot.waitSignal(card.answered) as answered:
        qtbot.mouseClick(card.save, Qt.MouseButton.LeftButton)
    assert answered.args[0].who == "Ada"


def test_whom_the_face_resembles_is_offered_first(card):
    card.ask(face(Match(None, 10, ZOE.identity)), (view(),), PEOPLE, BESIDE)
    assert listed(card) == ["Zoë", "Ada", "Adèle"]
    assert card.list.currentRow() == 0


def test_nobody_is_chosen_beforehand_when_nobody_resembles(card):
    card.ask(face(Match(None, 1)), (view(),), PEOPLE, BESIDE)
    assert card.list.currentRow() == -1
    assert not card.save.isEnabled()


def test_a_known_face_can_get_more_pictures(card, qtbot):
    card.ask(face(Match(ADA.identity, 1e5)), (view(),), PEOPLE, BESIDE)
    assert card.title.text() == "This is Ada"
    with qtbot.waitSignal(card.answered) as answered:
        qtbot.keyClick(card.line, Qt.Key.Key_Return)
    assert answered.args[0].who == ADA.identity


def test_escape_closes_without_an_answer(card, qtbot):
    card.ask(face(), (view(),), PEOPLE, BESIDE)
    with qtbot.assertNotEmitted(card.answered):
        qtbot.keyClick(card.line, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_without_a_view_nothing_can_be_saved(card, qtbot):
    card.ask(face(), (), PEOPLE, BESIDE)
    qtbot.keyClicks(card.line, "Ada")
    assert not card.save.isEnabled()
    qtbot.keyClick(card.line, Qt.Key.Key_Return)
    assert card.isVisible()
