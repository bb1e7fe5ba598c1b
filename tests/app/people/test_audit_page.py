"""Tests of facecam.app.people.audit_page: findings, and the buttons that cure them."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from facecam.app.people.merging import MergeDialog
from facecam.gallery import Gallery, Shot
from facecam.report.findings import Audit, Finding, Kind, Remedy
from tests.fakes import BlobDetector, ColourEmbedder, picture


@pytest.fixture
def twice(nets, enrolled):
    """Ada is enrolled again as Countess, from nearly the same pictures."""
    gallery = Gallery(nets.people, BlobDetector(), ColourEmbedder(), nets.gallery)
    shots = [Shot(picture((100, 80, 61))), Shot(picture((40, 60, 91)))]
    enrolled["Countess"] = gallery.enrol("Countess", shots).person.identity.id
    return enrolled


@pytest.fixture
def page(place, qtbot):
    place.show_page("audit")
    qtbot.waitUntil(lambda: place.audit.audit is not None)
    return place.audit


def cards(page, kind):
    return [card for card in page.cards if card.finding.kind is kind]


def pair(page, *names):
    """Return the card about two people."""
    for card in cards(page, Kind.TWICE):
        if {who.name for who in card.finding.people} == set(names):
            return card
    return None


def test_nobody_to_look_at_is_an_invitation(window, qtbot):
    place = window.places.show_place("people")
    place.show_page("audit")

    qtbot.waitUntil(lambda: place.audit.empty.message.title == "Nothing to look at yet")


def test_somebody_enrolled_twice_is_merged_with_one_click(twice, page, names, qtbot):
    card = pair(page, "Ada", "Countess")
    assert card.remedy.text() == "Merge…"
    assert card.accept.text() == "They are different people"

    QTimer.singleShot(50, lambda: _accept(MergeDialog))
    card.remedy.click()

    qtbot.waitUntil(lambda: 4 in names().values())
    qtbot.waitUntil(lambda: pair(page, "Ada", "Countess") is None)


def test_different_people_are_remembered_and_doubted_again(
    twice, place, page, window, qtbot
):
    pair(page, "Ada", "Countess").accept.click()
    qtbot.waitUntil(lambda: pair(page, "Ada", "Countess") is None)
    assert (window.engine.config.home / "audit.json").is_file()
    assert "Remembered" in place.toasts.text("change")

    place.toasts.button("change", "Undo").click()

    qtbot.waitUntil(lambda: pair(page, "Ada", "Countess") is not None)


def test_a_card_leads_to_the_person(twice, place, page, qtbot):
    card = pair(page, "Ada", "Countess")

    card.open.click()

    assert place.people.person.isVisible()
    assert place.people.person.key == card.finding.people[0].id


def finding(kind, remedy, people, files=()):
    return Finding(kind, people, files, 12.0, "A sentence.", "Advice.", remedy, "key")


def test_a_picture_is_moved_or_removed_with_one_click(
    place, page, window, names, qtbot
):
    ada, grace = (person for person in window.engine.people[:2])
    who = (ada.identity, grace.identity)
    first, second = (portrait.file for portrait in ada.portraits)
    stray = finding(Kind.STRAY, Remedy.MOVE, who, (first,))
    poor = finding(Kind.POOR, Remedy.REMOVE, who[:1], (second,))
    page.show_audit(Audit((stray, poor), 3, 4, 0))
    assert page.summary.text() == "3 people, 4 pictures: 2 things to look at"
    move, remove = page.cards
    assert move.remedy.text() == "Move to Grace"

    move.remedy.click()
    assert not move.isEnabled()  # a second click would move nothing more
    qtbot.waitUntil(lambda: names() == {"Ada": 1, "Grace": 2, "Zoë": 1})
    remove.remedy.click()

    qtbot.waitUntil(lambda: names()["Ada"] == 0)
    place.changes.undo(2)
    qtbot.waitUntil(lambda: names() == {"Ada": 2, "Grace": 1, "Zoë": 1})


def test_of_two_pictures_that_differ_somebody_has_to_choose(place, page, window):
    ada = window.engine.people[0]
    files = tuple(portrait.file for portrait in ada.portraits)
    differ = finding(Kind.STRAY, Remedy.CHOOSE, (ada.identity,), files)
    page.show_audit(Audit((differ,), 3, 4, 0))
    (card,) = page.cards
    assert card.remedy.text() == "Look at both"
    assert not card.open.isVisible()

    card.remedy.click()

    assert place.people.person.isVisible()
    assert place.people.person.key == ada.identity.id


def test_looking_is_cancelled_and_begun_again(page, qtbot):
    page.audit = None
    page.again.click()
    assert page.again.text() == "Cancel"
    assert page.bar.isVisible()

    page.again.click()
    assert page.again.text() == "Look again"
    assert not page.bar.isVisible()
    qtbot.wait(300)
    assert page.audit is None

    page.again.click()
    qtbot.waitUntil(lambda: page.audit is not None)


def test_many_findings_are_shown_some_at_a_time(page, window):
    who = (window.engine.people[0].identity,)
    few = tuple(finding(Kind.FEW, Remedy.ADD, who) for _ in range(15))
    page.show_audit(Audit(few, 3, 4, 0))
    assert len(page.cards) == 6

    page._more(Kind.FEW)

    assert len(page.cards) == 12


def test_nothing_wrong_is_good_news(page):
    page.show_audit(Audit((), 3, 4, 0))

    assert page.empty.isVisible()
    assert page.empty.message.title == "Nothing looks wrong"


def _accept(kind):
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, kind)
    dialog.accept()
