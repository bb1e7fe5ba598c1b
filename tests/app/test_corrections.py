"""“Not this person” in the window: one click on a wrong name, and back again."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from facecam import pipeline
from facecam.app.corrections import said
from facecam.app.people_rows import refuse_rect
from facecam.correcting import Changed, Correction, Subject
from facecam.faces import Identity

LEFT = Qt.MouseButton.LeftButton
ADA, ZOE = Identity("ada", "Ada"), Identity("zoe", "Zoë")


@pytest.fixture
def named(window, camera, qtbot, monkeypatch):
    """A window that watches a camera and calls the face there Ada."""
    fit = pipeline.fit_identifier

    def lenient(config, gallery, report=None):
        identifier = replace(config.identifier, strangers_per_wrong_name=2.0)
        return fit(replace(config, identifier=identifier), gallery)

    monkeypatch.setattr(pipeline, "fit_identifier", lenient)
    window.live.start("usb-1")
    view = window.live.stage.view
    qtbot.waitUntil(lambda: bool(view.faces), timeout=10_000)
    qtbot.waitUntil(lambda: bool(window.live.naming.views.of(view.faces[0].track)))
    window.live.naming.ask(view.faces[0])
    window.live.stage.card.line.setText("Ada")
    qtbot.keyClick(window.live.stage.card.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: name(window) == "Ada", timeout=10_000)
    return window


def name(window):
    faces = window.live.stage.view.faces
    match = faces[0].match if faces else None
    return match.identity.name if match and match.identity else ""


def negatives(window):
    return [len(person.negatives) for person in window.engine.people]


def refuse_on_the_card(window, qtbot):
    window.live.naming.ask(window.live.stage.view.faces[0])
    card = window.live.stage.card
    assert card.title.text() == "This is Ada"
    qtbot.mouseClick(card.refuse, LEFT)
    assert not card.isVisible()


def refuse_in_the_list(window, qtbot):
    panel = window.live.panel
    qtbot.waitUntil(lambda: panel.model.position("seen " + ada(window)).isValid())
    index = panel.model.position("seen " + ada(window))
    place = refuse_rect(panel.list.visualRect(index)).center()
    qtbot.mouseClick(panel.list.viewport(), LEFT, pos=place)
    assert not window.live.stage.card.isVisible()


def refuse_with_a_key(window, qtbot):
    panel = window.live.panel
    qtbot.waitUntil(lambda: panel.model.position("seen " + ada(window)).isValid())
    panel.list.setCurrentIndex(panel.model.position("seen " + ada(window)))
    qtbot.keyClick(panel.list, Qt.Key.Key_N)


def ada(window):
    return window.engine.people[0].identity.id


@pytest.mark.parametrize(
    "refuse", [refuse_on_the_card, refuse_in_the_list, refuse_with_a_key]
)
def test_one_click_takes_a_wrong_name_away_and_undo_gives_it_back(named, qtbot, refuse):
    refuse(named, qtbot)

    qtbot.waitUntil(lambda: name(named) == "", timeout=10_000)
    qtbot.waitUntil(lambda: negatives(named) == [1], timeout=10_000)
    toasts = named.live.stage.toasts
    assert toasts.text("correction").startswith("Noted: this is not Ada.")
    qtbot.wait(300)
    assert name(named) == ""  # also a while later

    qtbot.mouseClick(toasts.button("correction", "Undo"), LEFT)
    qtbot.waitUntil(lambda: negatives(named) == [0], timeout=10_000)
    qtbot.waitUntil(lambda: name(named) == "Ada", timeout=10_000)


def test_undo_never_takes_something_else_back(named, qtbot):
    refuse_on_the_card(named, qtbot)
    toasts = named.live.stage.toasts
    qtbot.waitUntil(lambda: "Noted" in toasts.text("correction"), timeout=10_000)
    done = []
    named.engine.change(
        lambda gallery: gallery.rename(ada(named), "Ada L."), done.append, pytest.fail
    )
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)

    qtbot.mouseClick(toasts.button("correction", "Undo"), LEFT)

    qtbot.waitUntil(
        lambda: "changed since" in toasts.text("correction"), timeout=10_000
    )
    (person,) = named.engine.people
    assert (person.identity.name, len(person.negatives)) == ("Ada L.", 1)


def test_a_refusal_that_cannot_be_kept_gives_the_name_back(named, qtbot, monkeypatch):
    named.engine.change(lambda gallery: gallery.forget(ada(named)), None, pytest.fail)
    face = named.live.stage.view.faces[0]
    assert face.match.identity is not None
    named.live.naming.refuse(face)
    toasts = named.live.stage.toasts
    qtbot.waitUntil(lambda: "There is no" in toasts.text("correction"), timeout=10_000)


def test_an_unknown_face_has_nothing_to_refuse(window, camera, qtbot):
    window.live.start("usb-1")
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=10_000)
    window.live.naming.ask(window.live.stage.view.faces[0])
    assert not window.live.stage.card.refuse.isVisible()


def correction(*changed: Changed) -> Correction:
    return Correction(ADA, None, None, changed, 0.05)


def test_what_else_changes_is_said_in_words():
    view, portrait = Subject(None), Subject(None, ZOE, "z.jpg")
    assert said(correction()) == "Noted: this is not Ada. Nothing else changes."
    assert said(
        correction(
            Changed(view, ADA, None),
            Changed(view, ADA, None),
            Changed(portrait, ADA, ZOE),
        )
    ) == (
        "Noted: this is not Ada. 2 other views change: Ada → unknown. "
        "1 other enrolled picture changes: Ada → Zoë."
    )
