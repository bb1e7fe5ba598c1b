"""Tests of facecam.events: visits are kept, found, exported, merged and deleted."""

import csv
import io
import json

import pytest

from facecam import database
from facecam.config import EventsConfig
from facecam.errors import GalleryError
from facecam.events import (
    Events,
    Visit,
    Wanted,
    as_csv,
    as_json,
    note_merger,
    save,
)

NOW = 1_790_000_000.0
DAY = 86_400.0
NAMES = {"ada-1": "Ada", "zoe-1": "Zoë, 王"}


def visit(person: str = "ada-1", hours_ago: float = 0, **changes) -> Visit:
    ended = NOW - 3600 * hours_ago
    fields = {
        "person": person,
        "began": ended - 60,
        "ended": ended,
        "source": "Front door",
        "strangers": 2000.0,
    }
    return Visit(**{**fields, **changes})


@pytest.fixture
def events(tmp_path) -> Events:
    return Events(tmp_path, EventsConfig())


def test_without_any_visit_there_is_no_file(tmp_path):
    events = Events(tmp_path)

    assert (events.visits(), events.last_seen(), events.count()) == ([], {}, 0)
    assert (events.expire(), events.clear(), events.forget("ada-1")) == (0, 0, 0)
    events.merge("ada-1", "zoe-1")
    events.remove([1])
    assert list(tmp_path.iterdir()) == []


def test_visits_come_back_the_newest_first_and_may_be_written_again(events):
    (old,) = events.write([visit(hours_ago=5)])
    (new,) = events.write([visit("zoe-1")])
    later = Visit("zoe-1", new.began, NOW + 90, "Front door", 9000.0, new.number)
    events.write([later])

    assert events.visits() == [later, old]
    assert events.visits(limit=1) == [later]
    assert events.count() == 2


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), 4),
        (Wanted(people=("ada-1",)), 2),
        (Wanted(people=("",)), 1),
        (Wanted(people=("ada-1", "zoe-1")), 3),
        (Wanted(people=()), 0),
        (Wanted(since=NOW - 3 * 3600), 2),
        (Wanted(until=NOW - 3 * 3600), 2),
        (Wanted(source="Garage"), 1),
        (Wanted(people=("ada-1",), source="Garage"), 0),
    ],
)
def test_visits_are_found_by_person_time_and_place(events, wanted, expected):
    events.write([visit(), visit(hours_ago=10), visit("", 2)])
    events.write([visit("zoe-1", 20, source="Garage")])

    assert len(events.visits(wanted)) == expected
    assert events.sources() == ["Front door", "Garage"]


def test_last_seen_is_the_end_of_the_newest_visit_of_each_person(events):
    events.write([visit(hours_ago=3), visit(hours_ago=9), visit("zoe-1", 1), visit("")])
    assert events.last_seen() == {"ada-1": NOW - 3 * 3600, "zoe-1": NOW - 3600}


def test_forgetting_leaves_nothing_of_a_person_in_any_file(events):
    events.write([visit("secret-person", k) for k in range(50)])
    events.write([visit("zoe-1")])
    events.merge("secret-person-again", "secret-person")
    events.write([visit("secret-person-again")])

    assert events.forget("secret-person") == 51

    assert [one.person for one in events.visits()] == ["zoe-1"]
    assert not any(b"secret-person" in path.read_bytes() for path in events.paths())


def test_what_is_older_than_the_retention_is_deleted_for_good(tmp_path):
    events = Events(tmp_path, EventsConfig(days=30), days=2)
    events.write([visit("ada-1"), visit("an-old-visitor", 24 * 3)])

    assert events.expire(NOW) == 1

    assert [one.person for one in events.visits()] == ["ada-1"]
    assert not any(b"an-old-visitor" in path.read_bytes() for path in events.paths())


def test_merged_people_are_one_and_are_two_again_when_that_is_undone(events):
    events.write([visit("ada-1", 1), visit("ada-2", 2), visit("ada-3", 3)])
    events.merge("ada-3", "ada-2")
    events.merge("ada-2", "ada-1")

    merged = events.visits(Wanted(people=("ada-1",)), present=["ada-1"])
    undone = events.visits(present=["ada-1", "ada-2"])

    assert [one.person for one in merged] == ["ada-1"] * 3
    assert [one.person for one in undone] == ["ada-1", "ada-2", "ada-2"]
    assert events.last_seen(["ada-1"]) == {"ada-1": NOW - 3600}


def test_a_merger_is_noted_even_if_the_visits_cannot_be(events, tmp_path):
    events.write([visit("ada-1"), visit("ada-2")])
    note_merger(tmp_path, ["ada-1", "ada-2"], "ada-1")
    assert [one.person for one in events.visits()] == ["ada-1", "ada-1"]

    (tmp_path / "events.sqlite").write_bytes(b"no database" * 1000)
    note_merger(tmp_path, ["ada-1", "ada-2"], "ada-1")


def test_a_circle_of_mergers_ends(events):
    events.write([visit("a"), visit("b")])
    events.merge("a", "b")
    events.merge("b", "a")
    assert len(events.visits(present=["b"])) == 2


def test_a_wrong_name_is_taken_from_a_visit_and_can_be_given_back(events):
    (one,) = events.write([visit()])

    events.unname(one.number)
    assert events.visits()[0].person == ""
    events.rename(one)
    assert events.visits() == [one]


def test_a_visit_that_was_deleted_meanwhile_is_not_written_again(events):
    (one,) = events.write([visit()])
    events.forget("ada-1")
    events.write([one])
    assert events.count() == 0


def test_clearing_works_on_a_damaged_file_too(events, tmp_path):
    events.write([visit()])
    (tmp_path / "events.sqlite").write_bytes(b"no database" * 1000)

    with pytest.raises(GalleryError, match="is damaged"):
        events.visits()
    events.clear()

    assert events.count() == 0
    events.write([visit()])
    assert events.count() == 1


def test_a_newer_file_is_refused(events, tmp_path):
    events.write([visit()])
    path = tmp_path / "events.sqlite"
    opened = database.connect(path, ["SELECT 1;"] * 1)
    opened.execute("PRAGMA user_version = 99")
    opened.close()
    with pytest.raises(GalleryError, match="newer facecam"):
        events.visits()


def test_exports_hold_names_of_today_in_any_script():
    visits = [visit("zoe-1"), visit(""), visit("gone-1")]

    rows = list(csv.DictReader(io.StringIO(as_csv(visits, NAMES))))
    listed = json.loads(as_json(visits, NAMES))["visits"]

    assert [row["name"] for row in rows] == ["Zoë, 王", "", ""]
    assert [row["id"] for row in listed] == ["zoe-1", "", "gone-1"]
    assert rows[0]["seconds"] == "60.0"
    assert listed[0]["began"] < listed[0]["ended"]


def test_a_name_never_runs_as_a_formula_of_a_spreadsheet():
    names = {"ada-1": '=HYPERLINK("http://x")'}
    (row,) = csv.DictReader(io.StringIO(as_csv([visit()], names)))
    assert row["name"].startswith("'=")


@pytest.mark.parametrize("name", ["visits.csv", "visits.JSON"])
def test_an_export_is_written_in_the_format_of_its_name(tmp_path, name):
    path = tmp_path / name
    save(path, [visit("zoe-1")], NAMES)
    text = path.read_text("utf-8-sig")
    assert "Zoë, 王" in text
    assert text.startswith("{") == name.endswith("JSON")


def test_an_export_into_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(GalleryError, match="Choose another folder"):
        save(tmp_path / "gone" / "visits.csv", [], {})
