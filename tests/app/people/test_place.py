"""Tests of facecam.app.people.place: what a user does with people, in a window."""

import unicodedata

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from facecam.app.people.choosing import NameDialog, WhoDialog
from facecam.app.people.merging import MergeDialog
from facecam.gallery import Shot
from facecam.media import write_image
from tests.fakes import picture

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key


def shown(everyone):
    return [line.name for line in everyone.model.lines]


def said(place):
    return place.toasts.text("change")


def select(everyone, *rows):
    everyone.grid.clearSelection()
    selection = everyone.grid.selectionModel()
    for row in rows:
        selection.select(everyone.model.index(row), selection.SelectionFlag.Select)


def when_asked(kind, answer):
    """Answer the next dialog of a kind as soon as it is shown."""

    def look():
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind):
            answer(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)


def test_nobody_enrolled_is_an_invitation(window, qtbot):
    place = window.places.show_place("people")
    everyone = place.people.everyone
    assert everyone.empty.isVisible()
    assert everyone.empty.message.title == "Nobody is enrolled yet"

    with qtbot.waitSignal(place.enrol_wanted) as signal:
        qtbot.mouseClick(everyone.empty.button("enrol"), Qt.MouseButton.LeftButton)

    assert signal.args == ["enrol"]


def test_everybody_is_shown_with_a_portrait(place, everyone, qtbot):
    assert shown(everyone) == ["Ada", "Grace", "Zoë"]
    ada = everyone.model.lines[0].person
    qtbot.waitUntil(lambda: place.pictures.cover(ada) is not None)
    assert not place.pictures.cover(ada).isNull()


def test_typing_finds_people_and_escape_shows_all(place, everyone, qtbot):
    qtbot.keyClick(place, KEY.Key_F, CONTROL)
    assert everyone.search.hasFocus()
    qtbot.keyClicks(everyone.search, "zoe")
    qtbot.waitUntil(lambda: shown(everyone) == ["Zoë"])

    qtbot.keyClicks(everyone.search, "q")
    qtbot.waitUntil(everyone.empty.isVisible)
    assert "zoeq" in everyone.empty.message.title

    qtbot.keyClick(everyone.search, KEY.Key_Escape)
    qtbot.waitUntil(lambda: len(shown(everyone)) == 3)


def test_the_order_is_remembered(place, everyone, window):
    action = everyone.order.menu().actions()[2]

    action.trigger()

    assert everyone.order.text().startswith("Most pictures")
    assert shown(everyone)[0] == "Ada"
    assert window.settings.text("people/order") == "pictures"


def test_f2_renames_and_ctrl_z_takes_it_back(place, everyone, names, qtbot):
    everyone.go_to(everyone.model.lines[0].key)
    everyone.grid.setFocus()
    qtbot.keyClick(everyone.grid, KEY.Key_F2)
    line = everyone.grid.findChild(QLineEdit)
    line.setText("Countess 👑")
    qtbot.keyClick(line, KEY.Key_Return)
    qtbot.waitUntil(lambda: "Countess 👑" in names())
    assert said(place) == "Ada is now called Countess 👑."
    assert everyone.isVisible()  # Enter ended the name, it did not open the person

    qtbot.keyClick(everyone.grid, KEY.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: "Ada" in names())
    assert said(place).startswith("Undone")

    qtbot.keyClick(everyone.grid, KEY.Key_Z, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: "Countess 👑" in names())


def test_nothing_to_undo_is_said_not_a_crash(window, qtbot):
    place = window.places.show_place("people")

    place.changes.undo()

    qtbot.waitUntil(lambda: "undo" in place.toasts.text("refused"))


def test_people_are_merged_under_the_name_chosen(place, everyone, names, qtbot):
    select(everyone, 0, 1)
    assert everyone.bar.isVisible()
    asked = []

    def answer(dialog):
        asked.append(dialog.yes.text())  # Ada has more pictures
        dialog.grid.setCurrentIndex(dialog.grid.model().index(1))
        asked.append(dialog.yes.text())
        dialog.accept()

    when_asked(MergeDialog, answer)
    qtbot.mouseClick(everyone.bar.merge, Qt.MouseButton.LeftButton)

    assert asked == ["Merge into Ada", "Merge into Grace"]
    qtbot.waitUntil(lambda: names() == {"Grace": 3, "Zoë": 1})
    assert said(place) == "Merged Ada into Grace."
    assert not everyone.bar.isVisible()
    place.toasts.button("change", "Undo").click()
    qtbot.waitUntil(lambda: names() == {"Ada": 2, "Grace": 1, "Zoë": 1})


def test_several_people_are_not_forgotten_at_once(place, everyone, names, qtbot):
    select(everyone, 0, 1)

    qtbot.keyClick(everyone.grid, KEY.Key_Delete)

    assert "one at a time" in said(place)
    assert len(names()) == 3


NAMES = (
    "王小明",
    "محمد علي",
    "Grace 👩‍🚀",
    "Zoe\u0308 A\u030angstro\u0308m",
    "a/b\\c",
    "on and on " * 19 + "to the end",
)


@pytest.mark.parametrize("name", NAMES, ids=["cjk", "arabic", "emoji", *"abc"])
def test_any_name_is_given_found_and_painted(place, everyone, ada, names, name, qtbot):
    ada.side.name.start()
    ada.side.name.setText(name)
    qtbot.keyClick(ada.side.name, KEY.Key_Return)
    given = unicodedata.normalize("NFC", name)
    qtbot.waitUntil(lambda: given in names())
    ada.grab()

    place.people.find_person()
    everyone.search.setText(name[-6:].upper())

    qtbot.waitUntil(lambda: given in shown(everyone))
    assert not everyone.grab().isNull()


def test_enter_opens_a_person_and_escape_leads_back(place, everyone, qtbot):
    everyone.go_to(everyone.model.lines[1].key)
    everyone.grid.setFocus()
    qtbot.keyClick(everyone.grid, KEY.Key_Return)
    page = place.people.person
    assert page.isVisible()
    assert page.side.name.text() == "Grace"
    assert "1 sitting" in page.side.facts["Pictures"].text()

    qtbot.keyClick(page.grid, KEY.Key_Escape)
    assert everyone.isVisible()
    assert everyone.selected()[0].identity.name == "Grace"


def test_the_name_is_changed_in_place(ada, names, qtbot):
    qtbot.keyClick(ada, KEY.Key_F2)
    assert ada.side.name.hasFocus()
    ada.side.name.setText("李小龍")
    qtbot.keyClick(ada.side.name, KEY.Key_Return)

    qtbot.waitUntil(lambda: "李小龍" in names())
    assert ada.side.name.text() == "李小龍"


def test_escape_keeps_the_old_name(ada, names, qtbot):
    ada.side.name.start()
    ada.side.name.setText("Somebody")
    qtbot.keyClick(ada.side.name, KEY.Key_Escape)

    assert ada.side.name.text() == "Ada"
    assert "Ada" in names()
    assert ada.isVisible()


def test_another_cover_is_chosen(ada, window, qtbot):
    ada.grid.setCurrentIndex(ada.model.index(1))
    assert [card.cover for card in ada.model.cards] == [True, False]

    qtbot.mouseClick(ada.cover, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: [card.cover for card in ada.model.cards] == [False, True])


def test_delete_removes_pictures_and_undo_brings_them_back(place, ada, names, qtbot):
    ada.grid.setCurrentIndex(ada.model.index(0))
    qtbot.keyClick(ada.grid, KEY.Key_Delete)
    qtbot.waitUntil(lambda: names()["Ada"] == 1)
    assert said(place) == "Removed 1 picture of Ada."
    assert len(ada.model.cards) == 1

    place.toasts.button("change", "Undo").click()
    qtbot.waitUntil(lambda: names()["Ada"] == 2)


def test_a_picture_is_moved_to_somebody_who_resembles_it(ada, names, qtbot):
    ada.grid.setCurrentIndex(ada.model.index(1))

    def answer(dialog):
        dialog.search.setText("grace")
        assert dialog.yes.text() == "Move to Grace"
        dialog.accept()

    when_asked(WhoDialog, answer)
    qtbot.mouseClick(ada.move_to, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: names() == {"Ada": 1, "Grace": 2, "Zoë": 1})


def test_a_picture_is_moved_to_somebody_new_by_typing_a_name(ada, names, qtbot):
    ada.grid.setCurrentIndex(ada.model.index(1))

    def answer(dialog):
        dialog.search.setText("Bob")
        assert dialog.yes.text() == "New person: Bob"
        dialog.accept()

    when_asked(WhoDialog, answer)
    qtbot.mouseClick(ada.move_to, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: names().get("Bob") == 1)


def test_pictures_are_split_off_into_a_new_person(ada, names, qtbot):
    ada.grid.setCurrentIndex(ada.model.index(1))

    def answer(dialog):
        assert not dialog.yes.isEnabled()
        dialog.line.setText("Ada’s sister")
        dialog.accept()

    when_asked(NameDialog, answer)
    qtbot.mouseClick(ada.split, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: names().get("Ada’s sister") == 1)


@pytest.fixture
def drop(tmp_path):
    """Drop files on a widget: a picture, one without a face, and something else."""
    write_image(tmp_path / "good.png", picture((60, 40, 110)))
    write_image(tmp_path / "dark.png", picture())
    (tmp_path / "no.png").write_bytes(b"no picture")
    data = QMimeData()
    files = (tmp_path / name for name in ("good.png", "dark.png", "no.png"))
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])

    def at(widget, point):
        copy = Qt.DropAction.CopyAction
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(point), copy, data, left, none)
        widget.dropEvent(event)

    return at


def test_pictures_dropped_onto_somebody_are_theirs(place, everyone, names, drop, qtbot):
    index = everyone.model.index(2)

    drop(everyone.grid, everyone.grid.visualRect(index).center())

    qtbot.waitUntil(lambda: names()["Zoë"] == 2)
    assert said(place).startswith("Added 1 picture to Zoë. 2 pictures left out:")
    assert "dark.png" in said(place)
    place.toasts.button("change", "Undo").click()
    qtbot.waitUntil(lambda: names()["Zoë"] == 1)


def test_pictures_dropped_beside_the_people_enrol_somebody(
    everyone, window, drop, qtbot
):
    corner = everyone.grid.viewport().rect().bottomRight()
    assert not everyone.grid.indexAt(corner).isValid()

    drop(everyone.grid, corner)

    assert window.places.current == "enrol"


def test_views_that_are_not_them_are_shown_and_taken_back(
    place, ada, window, enrolled, qtbot
):
    from facecam.gallery import Shot

    shot = Shot(picture((150, 30, 120)))
    window.engine.change(
        lambda gallery: gallery.add_negative(enrolled["Ada"], shot), None, print
    )
    qtbot.waitUntil(lambda: ada.kinds.buttons["not"].text().endswith("1"))
    ada.kinds.choose("not")
    assert len(ada.model.cards) == 1
    assert not ada.cover.isVisible()

    ada.grid.setCurrentIndex(ada.model.index(0))
    qtbot.keyClick(ada.grid, KEY.Key_Delete)

    qtbot.waitUntil(lambda: ada.kinds.buttons["not"].text().endswith("0"))
    assert ada.empty.isVisible()


def test_every_page_is_built_when_first_shown(place):
    assert list(place._made) == ["people"]
    for key in place.segments.buttons:
        place.segments.choose(key)
        assert place.pages.currentWidget() is place.page(key)


def test_last_seen_is_told_where_visits_are_kept(
    place, everyone, window, enrolled, qtbot
):
    from facecam.events import Events, Visit

    home, config = window.engine.config.home, window.engine.config.events
    visit = Visit(enrolled["Zoë"], 1e9, 1e9 + 60, "Door", 1000.0)
    Events(home, config, days=1e6).write([visit])

    place.people.show_page()

    qtbot.waitUntil(lambda: everyone.model.lines[2].seen > 0)
    everyone._sort("seen")
    assert shown(everyone)[0] == "Zoë"
    place.open_person(enrolled["Zoë"])
    assert place.people.person.side.facts["Last seen"].text() == "9 Sep 2001"


def test_how_good_new_pictures_are_is_known_at_once(window, enrolled, place, qtbot):
    ada = next(p for p in window.engine.people if p.identity.id == enrolled["Ada"])
    shots = [Shot(picture((60, 90, 70)))]
    done = []

    window.engine.change(
        lambda gallery: gallery.enrol(ada.identity, shots), done.append, done.append
    )

    qtbot.waitUntil(lambda: bool(done))
    ada = next(p for p in window.engine.people if p.identity.id == enrolled["Ada"])
    assert len(ada.portraits) == 3
    assert all(portrait.quality is not None for portrait in ada.portraits)


def tab_stops(window):
    """What Tab leads to from the first place on, in its order."""
    first = widget = window.places.buttons["live"]
    stops = []
    while (widget := widget.nextInFocusChain()) is not first:
        tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tab and widget.isVisible() and widget.isEnabled():
            stops.append(widget)
    return stops


def test_tab_goes_in_the_order_of_reading(place, everyone, window):
    header = [*place.tools.buttons, window.scheme]
    tools = [everyone.search, everyone.order, everyone.add]

    stops = tab_stops(window)

    assert [stop for stop in stops if stop in header] == header
    order = [place.segments.buttons["people"], *tools, everyone.grid]
    assert [stop for stop in stops if stop in order] == order
    place.show_page("events")
    segments = list(place.segments.buttons.values())
    assert [stop for stop in tab_stops(window) if stop in segments] == [segments[3]]


def test_ctrl_z_works_wherever_the_focus_is(place, ada, names, window, qtbot):
    ada.grid.selectAll()
    ada.remove.click()
    qtbot.waitUntil(lambda: names()["Ada"] == 0)
    window.places.buttons["live"].setFocus()

    qtbot.keyClick(window.focusWidget(), "z", Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: names()["Ada"] == 2)
