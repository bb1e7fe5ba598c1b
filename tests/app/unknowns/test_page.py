"""Tests of facecam.app.unknowns: strangers are named, ignored, deleted; undone."""

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt

from facecam.app.unknowns.page import UnknownsPage
from facecam.gallery import Shot
from facecam.inbox import Inbox, Sight
from facecam.keeping.choices import Choices
from tests.fakes import ColourEmbedder, picture

LEFT = Qt.MouseButton.LeftButton


def stranger(hue: int, number: int = 0) -> Sight:
    """A view of a stranger of some colour, of today."""
    image = np.zeros((60, 60, 3), np.uint8)
    image[10:50, 10:50, hue] = np.linspace(120, 250, 40).astype(np.uint8)
    image[45:50, 10 : 20 + 5 * number] = 255
    crop = image[None, 10:42, 10:42]
    return Sight(
        image,
        np.array((10, 10, 50, 50), np.float32),
        np.full((5, 2), 30, np.float32),
        ColourEmbedder().embed(crop)[0],
        0.9 - number / 20,
        time.time() - 3600 + 60 * number,
        "colours",
    )


@pytest.fixture
def inbox(window, config) -> Inbox:
    """Three strangers, two views each."""
    inbox = Inbox(config.home)
    for hue in range(3):
        for number in range(2):
            inbox.add(stranger(hue, number))
    return inbox


@pytest.fixture
def page(window, inbox, qtbot) -> UnknownsPage:
    shown = open_page(window)
    qtbot.waitUntil(lambda: len(shown.cards) == 3)
    return shown


def open_page(window) -> UnknownsPage:
    place = window.places.show_place("people")
    place.show_page("unknowns")
    return place.page("unknowns")


def press(button, qtbot):
    qtbot.mouseClick(button, LEFT)


def test_while_it_is_off_the_page_says_what_it_would_do_and_offers_it(window, qtbot):
    page = open_page(window)
    assert page.empty.isVisible()
    assert page.empty.message.title == "Strangers are not kept"
    assert not page.retention.toggle.isChecked()

    press(page.empty.button("on"), qtbot)

    assert page.keeping.choices.inbox
    assert page.retention.toggle.isChecked()
    qtbot.waitUntil(lambda: page.empty.message.title == "Nobody unknown so far")


def test_how_long_they_are_kept_can_be_chosen(window, qtbot):
    page = open_page(window)
    press(page.retention.toggle, qtbot)
    spans = page.retention.spans
    spans.setCurrentIndex(spans.findText("for a day"))
    spans.activated.emit(spans.currentIndex())
    assert page.keeping.choices == Choices(False, 30, True, 24)


def test_every_stranger_has_a_card_with_faces_and_times(page, qtbot):
    card = next(iter(page.cards.values()))
    qtbot.waitUntil(lambda: len(card.stranger.faces) == 2)
    assert "2 views" in card.about.text()
    assert "deleted in 3 days" in card.about.text()
    assert card.perhaps.text() == "Resembles nobody enrolled"


def test_a_stranger_is_named_and_that_is_undone(page, window, qtbot):
    key, card = next(iter(page.cards.items()))
    press(card.name, qtbot)
    qtbot.waitUntil(page.question.isVisible)
    page.question.line.setText("Zoë, 王")
    qtbot.keyClick(page.question.line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(page.cards) == 2, timeout=10_000)
    (person,) = window.engine.people
    assert (person.identity.name, len(person.portraits)) == ("Zoë, 王", 2)
    assert page.toasts.text("strangers") == "Zoë, 王 is enrolled with 2 pictures."
    press(page.toasts.button("strangers", "Undo"), qtbot)
    qtbot.waitUntil(lambda: len(page.cards) == 3, timeout=10_000)
    assert window.engine.people == ()
    assert key in page.cards


@pytest.mark.parametrize("deed", ["name", "delete"])
def test_ctrl_z_takes_back_what_was_done_here(page, window, inbox, qtbot, deed):
    place = window.places.show_place("people")
    press(getattr(next(iter(page.cards.values())), deed), qtbot)
    if deed == "name":
        qtbot.waitUntil(page.question.isVisible)
        page.question.line.setText("Ada")
        qtbot.keyClick(page.question.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.cards) == 2, timeout=10_000)

    press(place.tools.undo, qtbot)

    qtbot.waitUntil(lambda: len(page.cards) == 3, timeout=10_000)
    assert window.engine.people == ()


def test_what_is_undone_after_that_are_the_people(page, window, qtbot):
    place = window.places.show_place("people")
    done = []
    window.engine.change(
        lambda gallery: gallery.enrol("Grace", [Shot(picture((60, 90, 70)))]),
        done.append,
        done.append,
    )
    qtbot.waitUntil(lambda: len(window.engine.people) == 1)
    press(next(iter(page.cards.values())).delete, qtbot)
    qtbot.waitUntil(lambda: len(page.cards) == 2)

    press(place.tools.undo, qtbot)
    qtbot.waitUntil(lambda: len(page.cards) == 3)
    assert len(window.engine.people) == 1
    press(place.tools.undo, qtbot)

    qtbot.waitUntil(lambda: window.engine.people == ())


def test_several_are_named_as_one_person(page, window, qtbot):
    first, second, third = page.cards.values()
    press(first, qtbot)
    press(second, qtbot)
    assert page.bar.count.text() == "2 chosen"
    press(page.bar.name, qtbot)
    qtbot.waitUntil(page.question.isVisible)
    qtbot.keyClicks(page.question.line, "Ada")
    qtbot.keyClick(page.question.line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: list(page.cards.values()) == [third], timeout=10_000)
    assert len(window.engine.people[0].portraits) == 4
    assert not page.bar.isVisible()


@pytest.mark.parametrize("deed", ["ignore", "delete"])
def test_a_stranger_is_ignored_or_deleted_and_comes_back(page, inbox, qtbot, deed):
    card = next(iter(page.cards.values()))
    press(getattr(card, deed), qtbot)

    qtbot.waitUntil(lambda: len(page.cards) == 2)
    assert len(inbox.groups()) == 2
    press(page.toasts.button("strangers", "Undo"), qtbot)
    qtbot.waitUntil(lambda: len(page.cards) == 3)
    assert [len(group.views) for group in inbox.groups()] == [2, 2, 2]


def test_who_is_ignored_can_be_noticed_again(page, inbox, qtbot):
    press(next(iter(page.cards.values())).ignore, qtbot)
    qtbot.waitUntil(page.foot.isVisible)
    assert page.ignored.text() == "One person is ignored."

    press(page.heed, qtbot)

    qtbot.waitUntil(lambda: not page.foot.isVisible())
    assert inbox.ignored() == []


def test_everything_works_from_the_keyboard(page, inbox, qtbot):
    first, second, third = page.cards.values()
    qtbot.keyClick(first, Qt.Key.Key_Space)
    assert first.chosen
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not first.chosen
    qtbot.keyClick(second, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(page.cards) == 2)
    qtbot.keyClick(third, Qt.Key.Key_I)
    qtbot.waitUntil(lambda: len(page.cards) == 1)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    qtbot.waitUntil(page.question.isVisible)
    qtbot.keyClick(page.question, Qt.Key.Key_Escape)
    assert not page.question.isVisible()
    assert first.hasFocus()


def test_a_card_says_everything_to_a_screen_reader(page):
    card = next(iter(page.cards.values()))
    assert card.accessibleName().startswith("Stranger, Today ")
    assert "2 views" in card.accessibleName()


def test_what_another_program_adds_appears(page, inbox, qtbot):
    sight = stranger(1, 5)
    mixed = np.zeros_like(sight.embedding)
    mixed[0] = 1
    inbox.add(
        Sight(
            sight.image, sight.box, sight.landmarks, mixed, 0.9, sight.taken, "colours"
        )
    )
    page.show_page()
    qtbot.waitUntil(lambda: len(page.cards) == 4)
