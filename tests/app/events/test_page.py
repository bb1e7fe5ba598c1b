"""Tests of facecam.app.events: who was seen when; filters, export, corrections."""

import json
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt

from facecam.app.events import table
from facecam.app.events.page import EventsPage
from facecam.events import Events, Visit
from facecam.gallery import Shot
from facecam.keeping.choices import Choices
from tests.fakes import picture
from tests.keeping import faces

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ada(window, qtbot):
    """The identity of somebody enrolled."""
    image = picture((60, 60, 80))
    box = np.array((60, 60, 140, 140), np.float32)
    done = []
    window.engine.change(
        lambda gallery: gallery.enrol("Ada, 王", [Shot(image, box)]),
        done.append,
        pytest.fail,
    )
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)
    return done[0].person.identity


@pytest.fixture
def events(config, ada) -> Events:
    """Ada twice, a stranger, and somebody who is not enrolled any more."""
    events, now = Events(config.home), time.time()
    events.write(
        [
            Visit(ada.id, now - 600, now - 300, "Door", 20_000.0),
            Visit("", now - 90_000, now - 89_000, "Door", 0.0),
            Visit(ada.id, now - 9 * 86_400, now - 9 * 86_400 + 30, "Garage", 800.0),
            Visit("gone-1", now - 200, now - 100, "Garage", 800.0),
        ]
    )
    return events


@pytest.fixture
def page(window, events, qtbot) -> EventsPage:
    shown = open_page(window)
    qtbot.waitUntil(lambda: len(shown.model.lines) == 4, timeout=10_000)
    return shown


def open_page(window) -> EventsPage:
    place = window.places.show_place("people")
    place.show_page("events")
    return place.page("events")


def rows(page):
    return [
        tuple(page.model.index(row, column).data() for column in range(5))
        for row in range(page.model.rowCount())
    ]


def choose(box, text):
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_while_it_is_off_the_page_says_so_and_offers_it(window, qtbot):
    page = open_page(window)
    assert page.empty.message.title == "Visits are not kept"
    assert not page.filters.isVisible()

    qtbot.mouseClick(page.empty.button("on"), LEFT)

    assert page.keeping.choices == Choices(True, 30, False, 72)
    qtbot.waitUntil(lambda: page.empty.message.title == "Nobody was seen so far")


def test_the_newest_visits_come_first_with_how_sure_and_how_long(page):
    shown = rows(page)
    assert [row[0] for row in shown] == [table.GONE, "Ada, 王", "Unknown", "Ada, 王"]
    assert shown[1][2:] == ("5 min", "Door", "certain")
    assert shown[3][2:] == ("30 s", "Garage", "likely")
    assert shown[2][4] == "unknown"
    assert page.filters.count.text() == "4 visits"


@pytest.mark.parametrize(
    ("box", "text", "names"),
    [
        ("who", "Ada, 王", ["Ada, 王", "Ada, 王"]),
        ("who", "Strangers", ["Unknown"]),
        ("who", "Everybody known", ["Ada, 王", "Ada, 王"]),
        ("when", "Last 7 days", [table.GONE, "Ada, 王", "Unknown"]),
        ("where", "Garage", [table.GONE, "Ada, 王"]),
    ],
)
def test_visits_are_narrowed_down(page, qtbot, box, text, names):
    choose(getattr(page.filters, box), text)
    qtbot.waitUntil(lambda: [row[0] for row in rows(page)] == names)


def test_filters_that_leave_nothing_offer_everything_again(page, qtbot):
    choose(page.filters.who, "Strangers")
    choose(page.filters.where, "Garage")
    qtbot.waitUntil(lambda: page.empty.message.title == "No such visit")

    qtbot.mouseClick(page.empty.button("all"), LEFT)

    qtbot.waitUntil(lambda: len(page.model.lines) == 4)


@pytest.mark.parametrize("name", ["visits.csv", "visits.json"])
def test_what_is_shown_is_exported(page, qtbot, tmp_path, name):
    choose(page.filters.who, "Ada, 王")
    qtbot.waitUntil(lambda: len(page.model.lines) == 2)
    page.export_to(tmp_path / name)

    qtbot.waitUntil(lambda: "2 visits are in" in page.toasts.text("export"))
    text = (tmp_path / name).read_text("utf-8-sig")
    assert text.count("Ada, 王") == 2
    if name.endswith("json"):
        assert len(json.loads(text)["visits"]) == 2


def test_deleting_everything_is_asked_about_in_place(page, events, qtbot):
    qtbot.mouseClick(page.filters.clear, LEFT)
    assert page.toasts.text("clear") == "Delete all 4 visits for good?"
    qtbot.mouseClick(page.toasts.button("clear", "Keep them"), LEFT)
    assert events.count() == 4

    qtbot.mouseClick(page.filters.clear, LEFT)
    qtbot.mouseClick(page.toasts.button("clear", "Delete"), LEFT)

    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    assert events.count() == 0


def test_a_name_changed_anywhere_changes_here(page, window, ada, qtbot):
    window.engine.rename(ada, "Ada L.", pytest.fail)
    qtbot.waitUntil(lambda: rows(page)[1][0] == "Ada L.", timeout=10_000)


def test_a_damaged_list_is_told_and_can_be_begun_anew(page, config, qtbot):
    (config.home / "events.sqlite").write_bytes(b"no database" * 1000)
    page.read()
    qtbot.waitUntil(lambda: "is damaged" in page.toasts.text("problem"))


def test_a_wrong_name_in_the_list_is_refused_and_that_is_undone(
    window, ada, events, qtbot
):
    keeping = window.live.keeping
    keeping.choose(Choices(True, 30, False, 72))
    view = faces.face(1, ada)
    for second in range(4):
        keeping.keeper.follow(faces.seen(view), "Porch", time.time() + second)
    keeping.leave()
    page = open_page(window)
    qtbot.waitUntil(lambda: len(page.model.lines) == 5, timeout=10_000)
    row = [line.visit.source for line in page.model.lines].index("Porch")
    assert [line.refusable for line in page.model.lines].count(True) == 1

    index = page.model.index(row, table.WRONG)
    place = page.table.visualRect(index).center()
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=place)

    qtbot.waitUntil(lambda: rows(page)[row][0] == "Unknown", timeout=10_000)
    qtbot.waitUntil(lambda: "Noted" in page.toasts.text("correction"))
    assert len(window.engine.people[0].negatives) == 1
    qtbot.mouseClick(page.toasts.button("correction", "Undo"), LEFT)
    qtbot.waitUntil(lambda: rows(page)[row][0] == "Ada, 王", timeout=10_000)
    qtbot.waitUntil(lambda: not window.engine.people[0].negatives, timeout=10_000)
