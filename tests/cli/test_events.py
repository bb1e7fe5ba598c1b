"""Tests of `facecam events`: list, export, switch, delete, watch."""

import json
import time

import pytest

from facecam import pipeline
from facecam.events import Events, Visit
from facecam.inbox import Inbox
from facecam.media import VideoWriter, write_image
from facecam.recognizer import Recognizer
from tests.fakes import BlobDetector, ColourEmbedder, picture


@pytest.fixture
def events(home, facecam, tmp_path) -> Events:
    """Ada, now and long ago, and a stranger."""
    write_image(tmp_path / "ada.png", picture((60, 60, 80)))
    assert facecam("enrol", "Ada, 王", tmp_path / "ada.png")[0] == 0
    (folder,) = [p for p in (home / "people").iterdir() if p.name.startswith("ada")]
    events, now = Events(home), time.time()
    events.write(
        [
            Visit(folder.name, now - 600, now - 300, "Door", 2000.0),
            Visit(
                folder.name, now - 9 * 86_400, now - 9 * 86_400 + 30, "Garage", 800.0
            ),
            Visit("", now - 90_000, now - 89_000, "Door", 0.0),
        ]
    )
    return events


def test_visits_are_listed_with_names_the_newest_first(facecam, asked, events):
    listed = asked("events", "list")["visits"]
    assert [visit["name"] for visit in listed] == ["Ada, 王", "", "Ada, 王"]

    code, out, _ = facecam("events", "list", "--limit", "2")
    assert code == 0
    assert out.splitlines()[1].startswith("Ada, 王")
    assert out.splitlines()[2].startswith("unknown")
    assert len(out.splitlines()) == 3


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (("--who", "Ada, 王"), 2),
        (("--known",), 2),
        (("--strangers",), 1),
        (("--since", "today"), 1),
        (("--until", "2020-01-01"), 0),
        (("--source", "Garage"), 1),
    ],
)
def test_visits_are_narrowed_down(asked, events, filters, count):
    assert len(asked("events", "list", *filters)["visits"]) == count


def test_a_day_that_is_none_is_explained(facecam, events):
    code, _, err = facecam("events", "list", "--since", "tomorrowish")
    assert (code, "tomorrowish is no day" in err) == (1, True)


def test_visits_are_exported(asked, events, tmp_path):
    path = tmp_path / "visits.json"
    answer = asked("events", "export", path, "--known")
    assert answer == {"file": str(path), "visits": 2}
    assert len(json.loads(path.read_text("utf-8"))["visits"]) == 2


def test_keeping_is_turned_on_and_off(asked, facecam, home):
    assert asked("events", "on", "--days", "7") == {"keep": True, "days": 7.0}
    assert asked("inbox", "on") == {"keep": True, "hours": 72.0}
    assert asked("events", "off") == {"keep": False, "days": 7.0}
    assert "not kept any more" in facecam("inbox", "off")[1]


def test_the_visits_of_one_person_or_of_all_are_deleted(asked, events):
    assert asked("events", "forget", "Ada, 王")["deleted"] == 2
    assert asked("events", "clear") == {"deleted": 1}
    assert events.count() == 0


def test_what_has_expired_is_not_listed_but_deleted(asked, events):
    asked("events", "on", "--days", "2")
    assert len(asked("events", "list")["visits"]) == 2
    assert events.count() == 2


def test_watching_needs_something_to_keep(facecam, home, tmp_path):
    code, _, err = facecam("events", "watch", tmp_path / "film.avi")
    assert code == 1
    assert "Nothing would be kept" in err


@pytest.fixture
def film(tmp_path, monkeypatch):
    """Six seconds with two faces, and a recognizer that sees them."""

    def build_recognizer(config):
        return Recognizer(BlobDetector(), ColourEmbedder(), config, "CPU · fake")

    monkeypatch.setattr(pipeline, "build_recognizer", build_recognizer)
    path = tmp_path / "film.avi"
    with VideoWriter(path, 10.0, (320, 240)) as writer:
        for number in range(60):
            sway = 2 * (number // 5 % 2)
            writer.write(picture((40 + sway, 60, 80), (200 - sway, 90, 90)))
    return path


def test_a_film_is_watched_without_a_window(asked, home, film):
    asked("events", "on")
    asked("inbox", "on")
    began = time.strftime("%Y-%m-%dT%H:%M", time.localtime(time.time() - 7200))

    answer = asked("events", "watch", film, "--began", began, "--name", "Küche")

    assert answer["outcome"] == "ended"
    assert (answer["frames"], answer["visits"]) == (60, 2)
    assert answer["strangers"] >= 1
    visits = asked("events", "list", "--source", "Küche")["visits"]
    assert [visit["began"][:16] for visit in visits] == [began, began]
    assert all(4 < visit["seconds"] < 6.1 for visit in visits)
    assert Inbox(home).groups()


def test_watching_stops_when_it_is_told(asked, home, film):
    asked("events", "on")
    answer = asked("events", "watch", film, "--seconds", "2")
    assert answer["frames"] == 20
