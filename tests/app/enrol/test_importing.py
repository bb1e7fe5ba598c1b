"""Tests of importing pictures in the Enrol place: asked, shown, reported, undone."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

from facecam import pipeline
from facecam.enrolment import screening
from facecam.errors import NoFaceInImage
from facecam.media import write_image
from tests.fakes import BlobDetector, picture

LEFT = Qt.MouseButton.LeftButton
SOON = 10_000


@pytest.fixture
def place(window, monkeypatch):
    """The Enrol place, whose importer takes any blob for a good picture."""
    monkeypatch.setattr(pipeline, "build_detector", lambda config: BlobDetector())
    monkeypatch.setattr(screening.Screen, "_flaw", lambda self, path, image, face: None)
    return window.places.show_place("enrol")


@pytest.fixture
def album(tmp_path):
    """Pictures of two people, each in a folder of theirs, and two that are no use."""
    folder = tmp_path / "Album"
    for name, left in (("Ada", 40), ("王小明 👩‍🚀", 120)):
        (folder / name).mkdir(parents=True)
        for number in range(2):
            image = picture((left, 60, 80))
            image[30:50, left : left + 60] = 40 * number  # no two are the same
            write_image(folder / name / f"{number}.png", image)
    (folder / "Ada" / "broken.jpg").write_bytes(b"no picture")
    write_image(folder / "Ada" / "empty.png", picture())
    return folder


def drop(widget, *paths: Path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    no_keys = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, LEFT, no_keys)
    widget.dropEvent(event)


def titles(rows):
    return [row.title for row in rows.rows.rows]


def agree(page, qtbot):
    """Wait for what was found, agree, and wait for the report."""
    qtbot.waitUntil(page.go.isVisible, timeout=SOON)
    page.consent.setChecked(True)
    qtbot.mouseClick(page.go, LEFT)
    qtbot.waitUntil(page.done.isVisible, timeout=SOON)


def found(window):
    return {p.identity.name: len(p.portraits) for p in window.engine.people}


def test_a_tree_that_is_dropped_says_who_is_in_it_before_anything_is_kept(
    place, window, album, qtbot
):
    drop(place, album)
    page = place.importing
    qtbot.waitUntil(page.go.isVisible, timeout=SOON)

    assert page.title.text() == "2 people in 6 pictures"
    assert titles(page.who) == ["Ada", "王小明 👩‍🚀"]
    assert not page.go.isEnabled()
    assert page.go.toolTip() == "They have to agree first."
    assert found(window) == {}


def test_an_import_reports_who_got_pictures_and_what_was_left_out_and_why(
    place, window, album, qtbot
):
    drop(place, album)
    page = place.importing
    agree(page, qtbot)

    assert found(window) == {"Ada": 2, "王小明 👩‍🚀": 2}
    assert page.title.text() == "4 pictures added to 2 people"
    assert page.text.text() == "2 pictures were left out."
    assert titles(page.who) == ["Ada", "王小明 👩‍🚀"]
    assert titles(page.left_out) == ["broken.jpg", "empty.png"]
    reasons = [row.text for row in page.left_out.rows.rows]
    assert all(reasons)
    assert str(album) not in " ".join(reasons)
    assert all(person.consent for person in window.engine.people)


def test_the_same_folder_twice_adds_nothing(place, window, album, qtbot):
    for _ in range(2):
        drop(place, album)
        agree(place.importing, qtbot)
    page = place.importing
    assert page.title.text() == "Nothing new was added"
    assert page.text.text().startswith("4 pictures were there already.")
    assert not page.undo.isVisible()
    assert found(window) == {"Ada": 2, "王小明 👩‍🚀": 2}


def test_undo_takes_back_the_whole_import(place, window, album, qtbot):
    drop(place, album)
    page = place.importing
    agree(page, qtbot)
    qtbot.mouseClick(page.undo, LEFT)
    qtbot.waitUntil(lambda: found(window) == {}, timeout=SOON)
    qtbot.waitUntil(lambda: not page.busy, timeout=SOON)
    assert place.form.isVisible()


def test_undo_is_refused_once_the_people_were_changed_otherwise(
    place, window, album, qtbot
):
    drop(place, album)
    page = place.importing
    agree(page, qtbot)
    ada = window.engine.people[0].identity
    window.engine.rename(ada, "Countess", lambda error: None)
    qtbot.waitUntil(lambda: "Countess" in found(window), timeout=SOON)
    qtbot.mouseClick(page.undo, LEFT)
    qtbot.waitUntil(page.done.isVisible, timeout=SOON)
    assert page.text.text().startswith("The people were changed since.")
    assert "Countess" in found(window)


def test_loose_pictures_ask_whose_they_are(place, window, album, qtbot):
    drop(place, album / "Ada" / "0.png", album / "Ada" / "1.png")
    page = place.importing
    qtbot.waitUntil(page.name.isVisible, timeout=SOON)
    page.consent.setChecked(True)
    assert not page.go.isEnabled()
    assert page.go.toolTip() == "Say who is in the pictures first."
    page.name.insert("Grace")
    page.name.textEdited.emit("Grace")
    agree(page, qtbot)
    assert found(window) == {"Grace": 2}


def test_loose_pictures_can_be_given_to_somebody_enrolled(place, window, album, qtbot):
    drop(place, album / "Ada")
    agree(place.importing, qtbot)
    page = place.importing
    qtbot.mouseClick(page.done, LEFT)
    drop(place, album / "王小明 👩‍🚀" / "0.png")
    qtbot.waitUntil(page.name.isVisible, timeout=SOON)
    page.name.choose(window.engine.people[0].identity)
    agree(page, qtbot)
    assert found(window) == {"Ada": 3}


def test_a_folder_that_can_be_read_in_two_ways_may_be_read_in_the_other(
    place, window, album, qtbot
):
    write_image(album / "loose.png", picture((100, 100, 80)))
    drop(place, album)
    page = place.importing
    qtbot.waitUntil(page.split.isVisible, timeout=SOON)
    assert titles(page.who) == ["Album"]
    assert page.split.text() == "No, each folder in Album is a person"
    qtbot.mouseClick(page.split, LEFT)
    qtbot.waitUntil(lambda: len(titles(page.who)) == 2, timeout=SOON)
    assert titles(page.left_out) == ["loose.png"]
    agree(page, qtbot)
    assert found(window) == {"Ada": 2, "王小明 👩‍🚀": 2}


def test_cancel_stops_an_import_and_says_how_to_go_on(
    place, window, album, monkeypatch, qtbot
):
    look = screening.Screen.look

    def cancelling(self, path, image, capture):
        place.importing.importing.cancel()
        return look(self, path, image, capture)

    monkeypatch.setattr(screening.Screen, "look", cancelling)
    drop(place, album)
    agree(place.importing, qtbot)
    assert place.importing.text.text().startswith("Stopped.")
    assert found(window) == {}


def test_escape_closes_what_was_found_without_keeping_anything(
    place, window, album, qtbot
):
    drop(place, album)
    page = place.importing
    qtbot.waitUntil(page.go.isVisible, timeout=SOON)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert place.form.isVisible()
    assert found(window) == {}


def test_files_dragged_over_the_place_are_told_what_dropping_does(place, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    keys, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, LEFT, keys)
    place.dragEnterEvent(enter)
    assert enter.isAccepted()
    assert place._hint.isVisible()
    place.dragLeaveEvent(QDragLeaveEvent())
    assert not place._hint.isVisible()


def test_closing_the_window_stops_an_import_at_once(
    place, window, album, monkeypatch, qtbot
):
    looked = []

    def slow(self, path, image, capture):
        looked.append(path)
        time.sleep(0.3)
        raise NoFaceInImage("No face.")

    monkeypatch.setattr(screening.Screen, "look", slow)
    drop(place, album)
    page = place.importing
    qtbot.waitUntil(page.go.isVisible, timeout=SOON)
    page.consent.setChecked(True)
    qtbot.mouseClick(page.go, LEFT)
    qtbot.waitUntil(lambda: len(looked) == 1, timeout=SOON)
    window.close()
    assert len(looked) <= 2
    assert window.ended


def test_a_folder_without_pictures_is_explained(place, tmp_path, qtbot):
    drop(place, tmp_path)
    page = place.importing
    qtbot.waitUntil(page.done.isVisible, timeout=SOON)
    assert page.title.text() == "That did not work"
    assert "There is no picture in" in page.text.text()


def test_pictures_dropped_in_people_are_enrolled_not_played(
    place, window, album, qtbot
):
    window.places.show_place("people")
    drop(window, album)
    assert window.places.current == "enrol"
    qtbot.waitUntil(place.importing.go.isVisible, timeout=SOON)
    assert not window.live.watching.active


def test_thousands_of_rows_read_only_the_pictures_that_are_seen(place, qtbot):
    from facecam.app.enrol.report_rows import Row

    read = []
    rows = [
        Row(f"{n}.jpg", "No face.", "", "warning", lambda n=n: read.append(n))
        for n in range(5000)
    ]
    listed = place.importing.left_out
    listed.rows.show_rows(rows)
    listed.setParent(None)
    listed.resize(300, 400)
    listed.show()
    qtbot.waitUntil(lambda: len(read) >= 5, timeout=SOON)
    qtbot.wait(50)
    assert len(read) < 20
    listed.deleteLater()
