"""Tests of facecam.app.enrol.place: a capture from the form to the person enrolled."""

import pytest
from PySide6.QtCore import Qt

from facecam.app.enrol import guiding
from facecam.enrolment.advice import Caution, Concern
from facecam.errors import GalleryError

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SOON = 10_000


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    """Save a moment after the last picture."""
    monkeypatch.setattr(guiding, "ENOUGH", 0.1)


def fill(place, name="Ada"):
    place.form.name.setText(name)
    place.form.name.textEdited.emit(name)
    place.form.consent.setChecked(True)


def start(place, qtbot, name="Ada"):
    fill(place, name)
    qtbot.mouseClick(place.form.start, LEFT)
    assert place.capturing.active


def enrol(place, qtbot, name="Ada"):
    """Run a whole capture; -> the people then."""
    start(place, qtbot, name)
    qtbot.waitUntil(
        lambda: not place.capturing.active and not place.capturing.saving, timeout=SOON
    )
    return place.window().engine.people


def names(window):
    return [person.identity.name for person in window.engine.people]


def on_disk(window):
    """What is kept of anybody."""
    home = window.engine.config.home
    return [p for p in home.rglob("*") if p.suffix == ".jpg" or p.name == "person.json"]


def test_without_consent_nothing_starts_and_the_reason_is_said(place, qtbot):
    form = place.form
    reasons = [form.reason.text()]
    form.name.setText("Ada")
    form.name.textEdited.emit("Ada")
    reasons.append(form.reason.text())
    enabled = form.start.isEnabled()
    form.consent.setChecked(True)

    assert reasons == ["Type a name to begin.", "Ada has to agree first."]
    assert not enabled
    assert form.start.isEnabled()
    assert form.consent.text().startswith("Ada agrees that pictures")


def test_without_a_camera_one_has_to_be_chosen_first(window, coaches, qtbot):
    place = window.places.show_place("enrol")
    fill(place)
    assert place.form.reason.text() == "Choose a camera first."
    assert not place.form.start.isEnabled()
    assert place.stage.empty.isVisible()


def test_a_camera_that_was_chosen_is_started_by_taking_pictures(
    window, camera, coaches, qtbot
):
    window.live.tools.source.show_source("usb-1")
    place = window.places.show_place("enrol")
    start(place, qtbot)
    assert window.live.watching.active
    qtbot.waitUntil(lambda: names(window) == ["Ada"], timeout=SOON)


def test_a_capture_enrols_the_person_all_at_once_with_their_consent(
    place, window, qtbot
):
    (person,) = enrol(place, qtbot)

    assert person.identity.name == "Ada"
    assert len(person.portraits) == 3
    assert len({portrait.capture for portrait in person.portraits}) == 1
    assert person.consent.startswith("20")
    said = place.stage.toasts.text("enrolled")
    assert said == "Ada is enrolled with 3 pictures."
    assert window.engine.coach is None


def test_the_place_is_then_ready_for_the_next_person(place, qtbot):
    enrol(place, qtbot)
    form = place.form
    assert (form.name.text(), form.consent.isChecked()) == ("", False)
    assert form.isVisible()
    assert form.name.hasFocus()


def test_undo_takes_the_person_back(place, window, qtbot):
    enrol(place, qtbot)
    qtbot.mouseClick(place.stage.toasts.button("enrolled", "Undo"), LEFT)
    qtbot.waitUntil(lambda: names(window) == [], timeout=SOON)
    assert place.stage.toasts.text("enrolled") == "Undone."


def test_the_name_is_one_click_away_in_live(place, window, qtbot):
    enrol(place, qtbot)
    qtbot.mouseClick(
        place.stage.toasts.button("enrolled", "See the name in Live"), LEFT
    )
    assert window.places.current == "live"

    def drawn():
        matches = [face.match for face in window.live.stage.view.faces if face.match]
        return [match.identity.name for match in matches if match.identity]

    qtbot.waitUntil(lambda: drawn() == ["Ada"], timeout=SOON)


def test_cancel_leaves_nothing(place, window, coaches, qtbot):
    coaches.automatic = False
    start(place, qtbot)
    qtbot.keyClick(place, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(coaches[-1].shots) == 1, timeout=SOON)
    qtbot.keyClick(place, Qt.Key.Key_Escape)

    assert not place.capturing.active
    assert window.engine.coach is None
    assert place.stage.toasts.text("enrolled") == "Cancelled. Nothing was kept."
    assert on_disk(window) == []


def test_space_takes_a_picture_and_control_z_drops_it(place, coaches, qtbot):
    coaches.automatic = False
    start(place, qtbot)
    taken = place.taken
    qtbot.waitUntil(lambda: not taken.undo.isEnabled(), timeout=SOON)
    for _ in range(2):
        qtbot.keyClick(place, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: taken.list.count() == 2, timeout=SOON)
    assert taken.count.text() == "2 of about 3 pictures"
    assert taken.list.item(0).text() == "great"

    qtbot.keyClick(place, Qt.Key.Key_Z, CONTROL)

    qtbot.waitUntil(lambda: taken.list.count() == 1, timeout=SOON)


def test_finish_saves_what_there_is(place, window, coaches, qtbot):
    coaches.automatic = False
    start(place, qtbot)
    qtbot.keyClick(place, Qt.Key.Key_Space)
    qtbot.waitUntil(place.taken.finish.isEnabled, timeout=SOON)
    qtbot.mouseClick(place.taken.finish, LEFT)
    qtbot.waitUntil(lambda: names(window) == ["Ada"], timeout=SOON)
    assert len(window.engine.people[0].portraits) == 1


def test_leaving_the_place_pauses_and_coming_back_goes_on(
    place, window, coaches, qtbot
):
    coaches.automatic = False
    start(place, qtbot)
    qtbot.keyClick(place, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(coaches[-1].shots) == 1, timeout=SOON)
    window.places.show_place("live")
    paused = window.engine.coach
    window.places.show_place("enrol")

    assert paused is None
    assert window.engine.coach is coaches[-1]
    assert place.taken.isVisible()


def test_a_name_can_be_typed_at_once(window, coaches, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    place = window.places.place("enrol")
    assert place.form.name.hasFocus()
    qtbot.keyClicks(place.form.name, "Ada")
    assert place.form.name.who == "Ada"


def test_the_picture_stands_behind_another_place(place, window, qtbot):
    window.places.show_place("live")
    assert not place._timer.isActive()


def warn(place, coaches, qtbot, concern, identity=None, text="This looks like Ada."):
    """Start a capture of Grace, of which the coach has something to say."""
    coaches.automatic = False
    start(place, qtbot, "Grace")
    coaches[-1].caution = Caution(concern, text, identity)
    qtbot.keyClick(place, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(coaches[-1].shots) == 1, timeout=SOON)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Add to Ada", {"Ada": 4}),
        ("It is somebody else", {"Ada": 3, "Grace": 1}),
        ("Cancel", {"Ada": 3}),
    ],
)
def test_somebody_enrolled_under_another_name_is_asked_about_before_saving(
    place, window, coaches, qtbot, answer, expected
):
    (ada,) = enrol(place, qtbot)
    warn(place, coaches, qtbot, Concern.ENROLLED, ada.identity)
    card = place.stage.card
    qtbot.waitUntil(card.isVisible, timeout=SOON)
    assert card.title.text() == "This looks like Ada."
    qtbot.mouseClick(place.taken.finish, LEFT)
    assert names(window) == ["Ada"]  # not before it is answered

    qtbot.mouseClick(card.buttons[answer], LEFT)
    assert not card.isVisible()
    if place.capturing.active:
        qtbot.mouseClick(place.taken.finish, LEFT)
    qtbot.waitUntil(lambda: not place.capturing.saving, timeout=SOON)

    found = {p.identity.name: len(p.portraits) for p in window.engine.people}
    assert found == expected


def test_pictures_unlike_the_person_they_are_added_to_are_asked_about(
    place, window, coaches, qtbot
):
    warn(place, coaches, qtbot, Concern.NOT_THEM, text="This does not look like Grace.")
    card = place.stage.card
    qtbot.waitUntil(card.isVisible, timeout=SOON)
    qtbot.mouseClick(card.buttons["It is Grace"], LEFT)
    qtbot.mouseClick(place.taken.finish, LEFT)
    qtbot.waitUntil(lambda: names(window) == ["Grace"], timeout=SOON)


def test_somebody_who_steps_in_is_said_and_not_asked_about(place, coaches, qtbot):
    text = "Somebody else is in front of the camera."
    warn(place, coaches, qtbot, Concern.SOMEBODY_ELSE, text=text)
    qtbot.waitUntil(lambda: place.taken.note.text() == text, timeout=SOON)
    assert not place.stage.card.isVisible()


def test_a_name_that_is_taken_adds_pictures_unless_it_is_somebody_else(
    place, window, qtbot
):
    (ada,) = enrol(place, qtbot)
    place.form.name.choose(ada.identity)
    assert place.form.consent.isChecked()  # it is noted that she agreed
    assert " agreed on " in place.form.consent.text()
    assert "Enrolled already, with 3 pictures" in place.form._known.text()

    qtbot.mouseClick(place.form.other, LEFT)
    assert not place.form.consent.isChecked()  # somebody else has not
    place.form.consent.setChecked(True)
    qtbot.mouseClick(place.form.start, LEFT)

    qtbot.waitUntil(lambda: names(window) == ["Ada", "Ada"], timeout=SOON)


def test_adding_pictures_keeps_the_date_of_the_consent(place, window, qtbot):
    (ada,) = enrol(place, qtbot)
    place.form.name.choose(ada.identity)
    qtbot.mouseClick(place.form.start, LEFT)
    qtbot.waitUntil(lambda: bool(place.capturing.active), timeout=SOON)
    qtbot.waitUntil(lambda: len(window.engine.people[0].portraits) == 6, timeout=SOON)
    assert window.engine.people[0].consent == ada.consent


def test_what_the_gallery_refuses_is_said_above_the_picture(
    place, window, monkeypatch, qtbot
):
    def refuse(self, *args, **kwargs):
        raise GalleryError("The disk is full. Make room.")

    monkeypatch.setattr("facecam.gallery.Gallery.enrol", refuse)
    enrol(place, qtbot)
    qtbot.waitUntil(lambda: bool(place.offers.text("refused")), timeout=SOON)
    assert place.offers.text("refused") == "The disk is full. Make room."
    assert place.form.name.text() == "Ada"  # nothing has to be typed again


def test_a_film_that_ends_says_so_and_its_pictures_can_be_saved(
    place, window, camera, coaches, qtbot
):
    coaches.automatic = False
    start(place, qtbot)
    qtbot.keyClick(place, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(coaches[-1].shots) == 1, timeout=SOON)
    camera.live, camera.left = False, 0
    qtbot.waitUntil(lambda: not window.live.watching.active, timeout=SOON)
    assert place.stage.view.advice.text.startswith("No more pictures come.")
    qtbot.mouseClick(place.taken.finish, LEFT)
    qtbot.waitUntil(lambda: names(window) == ["Ada"], timeout=SOON)


def test_another_source_ends_the_capture(place, window, coaches, qtbot):
    coaches.automatic = False
    start(place, qtbot)
    window.live.tools.source.chosen.emit("usb-2")
    assert not place.capturing.active


def test_without_the_model_the_reason_is_said(window, qtbot):
    place = window.places.show_place("enrol")
    window.engine.state = type(window.engine.state)(loaded=True, runtime="CPU · fake")
    window.engine.state_changed.emit(window.engine.state)
    assert place.form.reason.text() == "Enrolling needs the FaceNet model; see above."
    assert "FaceNet model" in place.offers.text("model")


def test_while_the_people_are_locked_the_reason_is_said(place, window):
    state = window.engine.state
    window.engine.state = type(state)(True, state.runtime, True, locked=True)
    window.engine.state_changed.emit(window.engine.state)
    assert place.form.reason.text().startswith("The people are locked.")
    assert not place.form.start.isEnabled()


def test_every_control_has_a_name_for_screen_readers(place):
    form, taken = place.form, place.taken
    for control in (
        form.name, form.consent, form.glasses, form.start, form.pictures, form.folder,
        taken.undo, taken.cancel, taken.finish, taken.list, place.stage.view,
    ):  # fmt: skip
        assert control.accessibleName() or control.text().strip()


def test_tab_goes_through_the_form_in_the_order_of_reading(place, qtbot):
    form = place.form
    form.consent.setChecked(True)
    fill(place)
    order = [form.name, form.consent, form.glasses, form.start, form.pictures]
    chain, widget = [], form.name
    while widget not in chain:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    assert [widget for widget in chain if widget in order] == order


@pytest.mark.parametrize("size", [(800, 520), (1024, 640), (3840, 2160)])
def test_a_very_long_name_moves_nothing_out_of_the_window(place, window, qtbot, size):
    window.resize(*size)
    start(place, qtbot, "王" * 100 + "W" * 100)
    qtbot.wait(30)
    panel = place.panel.mapTo(window, place.panel.rect().bottomRight())
    button = place.taken.finish
    corner = button.mapTo(window, button.rect().bottomRight())
    assert window.rect().contains(panel)
    assert place.panel.rect().contains(
        button.mapTo(place.panel, button.rect().center())
    )
    assert window.rect().contains(corner)
