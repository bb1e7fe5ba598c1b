"""Tests of facecam.app.following: a window beside a command."""

import pytest

from facecam.app import following
from facecam.gallery import Gallery, Shot
from tests.fakes import BlobDetector, ColourEmbedder, picture


@pytest.fixture
def another(nets, monkeypatch):
    """The gallery as another program has it; windows look for changes at once."""
    monkeypatch.setattr(following, "EVERY", 20)
    return Gallery(nets.people, BlobDetector(), ColourEmbedder(), nets.gallery)


def test_people_enrolled_and_forgotten_elsewhere_come_and_go(another, window, qtbot):
    person = another.enrol("Ada", [Shot(picture((100, 80, 60)))]).person
    qtbot.waitUntil(lambda: len(window.engine.people) == 1, timeout=20_000)

    another.forget(person.identity.id)

    qtbot.waitUntil(lambda: len(window.engine.people) == 0, timeout=20_000)


def test_nothing_is_read_again_while_nothing_changes(another, window, qtbot):
    told = []
    window.engine.people_changed.connect(told.append)

    qtbot.wait(200)

    assert told == []


def test_what_the_window_changes_itself_is_not_read_on_and_on(another, window, qtbot):
    told = []
    window.engine.people_changed.connect(told.append)
    window.engine.change(
        lambda gallery: gallery.enrol("Grace", [Shot(picture((20, 20, 150)))]),
        None,
        told.append,
    )
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)

    qtbot.wait(400)

    assert len(told) <= 2


def test_what_was_taken_over_is_remembered_in_words(another, window, qtbot):
    assert window.engine.taken_over is None

    another.enrol("Ada", [Shot(picture((100, 80, 60)))])

    qtbot.waitUntil(lambda: window.engine.taken_over is not None, timeout=20_000)
    (change,) = window.engine.taken_over.differences
    assert change.text == "Ada is new, with 1 picture"


def test_what_the_window_changes_itself_was_not_taken_over(another, window, qtbot):
    window.engine.change(
        lambda gallery: gallery.enrol("Grace", [Shot(picture((20, 20, 150)))]),
        None,
        pytest.fail,
    )
    qtbot.waitUntil(lambda: len(window.engine.people) == 1, timeout=20_000)

    qtbot.wait(200)

    assert window.engine.taken_over is None
