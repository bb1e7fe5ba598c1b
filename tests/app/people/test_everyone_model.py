"""Tests of facecam.app.people.everyone_model."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from facecam.app.people.entries import entries
from facecam.app.people.everyone_model import EveryoneModel
from facecam.faces import Identity
from facecam.gallery import Person, Portrait

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def lines(*names, count=1):
    portraits = tuple(Portrait(f"{k}.jpg", quality=0.9) for k in range(count))
    people = [Person(Identity(name.lower(), name), Path(), portraits) for name in names]
    return entries(people, {})


@pytest.fixture
def model(qapp):
    model = EveryoneModel()
    model.show_lines(lines("Ada", "Bob", "Cyd"))
    return model


def shown(model):
    return [model.index(row).data() for row in range(model.rowCount())]


def test_somebody_new_and_somebody_gone_move_nothing_else(model, qtbot):
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_lines(lines("Ada", "Bea", "Cyd"))

    assert shown(model) == ["Ada", "Bea", "Cyd"]


def test_only_the_line_that_changed_is_painted_again(model, qtbot):
    changed = [*lines("Ada"), *lines("Bob", count=2), *lines("Cyd")]

    with qtbot.waitSignal(model.dataChanged) as signal:
        model.show_lines(changed)

    assert [index.row() for index in signal.args[:2]] == [1, 1]


def test_another_order_is_another_list(model, qtbot):
    with qtbot.waitSignal(model.modelReset):
        model.show_lines(lines("Cyd", "Bob", "Ada"))

    assert shown(model) == ["Cyd", "Bob", "Ada"]


def test_a_new_name_is_asked_for_not_taken(model, qtbot):
    with qtbot.waitSignal(model.renamed) as signal:
        assert model.setData(model.index(0), " Countess ")

    assert signal.args == [Identity("ada", "Ada"), "Countess"]
    assert shown(model)[0] == "Ada"
    assert not model.setData(model.index(0), "Ada")
    assert not model.setData(model.index(0), "  ")


def test_a_screen_reader_hears_everything(model):
    assert model.index(0).data(SPOKEN) == "Ada, 1 picture, quality excellent"
    assert model.position("bob").row() == 1
    assert not model.position("nobody").isValid()
