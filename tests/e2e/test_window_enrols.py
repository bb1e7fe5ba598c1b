"""A person opens the window, is enrolled by the coach, and sees the name in Live."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from facecam.app.main import application
from facecam.app.main_window import MainWindow

SOON = 60_000
"""Milliseconds; a busy machine takes long to load the nets."""
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot, facenet_config, data):
    """A window on a film of somebody at a webcam; the coach is in a hurry."""
    application()
    hurry = replace(facenet_config.enrolment, patience=3.5, nothing_new=1.0)
    config = replace(facenet_config, enrolment=hurry)
    window = MainWindow(config, str(data / "videos" / "webcam_320x240.avi"), False)
    qtbot.addWidget(window)
    window.resize(1200, 760)
    window.show()
    qtbot.waitUntil(lambda: window.engine.state.loaded, timeout=SOON)
    yield window
    window.close()


def names(window):
    """The names drawn on the picture in Live now."""
    matches = [face.match for face in window.live.stage.view.faces if face.match]
    return {match.identity.name for match in matches if match.identity}


def capture(window, qtbot, name):
    """Type a name, agree, and wait until the coach has enough."""
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    place = window.places.place("enrol")
    qtbot.keyClicks(place.form.name, name)
    assert not place.form.start.isEnabled()  # nobody has agreed yet
    assert place.form.reason.text() == f"{name} has to agree first."
    qtbot.mouseClick(place.form.consent, LEFT)
    qtbot.mouseClick(place.form.start, LEFT)
    qtbot.waitUntil(lambda: place.stage.view.advice is not None, timeout=SOON)
    return place


@pytest.mark.slow
def test_somebody_is_enrolled_by_the_coach_and_named_in_live(window, qtbot):
    place = capture(window, qtbot, "Ada")
    qtbot.waitUntil(lambda: not place.capturing.active, timeout=SOON)
    said = place.stage.toasts
    qtbot.waitUntil(
        lambda: said.text("enrolled").startswith("Ada is enrolled with"), timeout=SOON
    )
    qtbot.mouseClick(said.button("enrolled", "See the name in Live"), LEFT)

    if not window.live.watching.active:
        window.live.start_or_stop()  # the film is over: play it again
    qtbot.waitUntil(lambda: names(window) == {"Ada"}, timeout=SOON)

    (person,) = window.engine.people
    assert len(person.portraits) >= 2
    assert len({portrait.capture for portrait in person.portraits}) == 1
    assert person.consent


@pytest.mark.slow
def test_somebody_enrolled_under_another_name_is_noticed_before_saving(window, qtbot):
    place = capture(window, qtbot, "Ada")
    qtbot.waitUntil(place.taken.finish.isEnabled, timeout=SOON)
    qtbot.mouseClick(place.taken.finish, LEFT)
    qtbot.waitUntil(lambda: len(window.engine.people) == 1, timeout=SOON)
    if window.live.watching.active:
        window.live.start_or_stop()

    place = capture(window, qtbot, "Grace")
    qtbot.waitUntil(place.stage.card.isVisible, timeout=SOON)
    assert "Ada" in place.stage.card.title.text()
    qtbot.mouseClick(place.stage.card.buttons["Add to Ada"], LEFT)
    qtbot.mouseClick(place.taken.finish, LEFT)

    said = place.stage.toasts
    qtbot.waitUntil(lambda: said.text("enrolled").startswith("Added"), timeout=SOON)
    assert [person.identity.name for person in window.engine.people] == ["Ada"]
