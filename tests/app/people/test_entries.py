"""Tests of facecam.app.people.entries."""

from datetime import datetime
from pathlib import Path

import pytest

from facecam.app.people.entries import (
    NEVER,
    Order,
    day,
    entries,
    found,
    mean_quality,
    moment,
    quality_word,
)
from facecam.faces import Identity
from facecam.gallery import Person, Portrait

NOW = datetime(2026, 11, 22, 12, 0)


def person(name, *qualities):
    portraits = tuple(
        Portrait(f"portraits/{k}.jpg", quality=q) for k, q in enumerate(qualities)
    )
    return Person(Identity(f"{name.lower()}-1", name), Path(), portraits)


def listed(people, text="", order=Order.NAME, seen=None):
    return [line.name for line in found(entries(people, seen or {}), text, order)]


def test_nobody_makes_no_lines():
    assert listed([]) == []


def test_names_are_found_without_accents_and_capitals():
    people = [person("Zoë Ångström"), person("Ada"), person("王小明")]

    assert listed(people, "zoe ANG") == ["Zoë Ångström"]
    assert listed(people, "小") == ["王小明"]
    assert listed(people, "nobody") == []


def test_people_are_sorted_by_name_pictures_quality_or_when_seen():
    people = [person("zoë", 0.9), person("Ada", 0.2, 0.4), person("Bob")]

    assert listed(people) == ["Ada", "Bob", "zoë"]
    assert listed(people, order=Order.PICTURES) == ["Ada", "zoë", "Bob"]
    assert listed(people, order=Order.QUALITY) == ["Ada", "zoë", "Bob"]
    seen = {"bob-1": 100.0, "zoë-1": 300.0}
    assert listed(people, order=Order.SEEN, seen=seen) == ["zoë", "Bob", "Ada"]


def test_a_quality_is_said_in_words():
    assert mean_quality(person("Ada", 0.2, 0.4)) == pytest.approx(0.3)
    assert mean_quality(person("Ada", None)) is None
    words = [quality_word(q) for q in (None, 0.0, 0.3, 0.55, 0.8, 1.0)]
    assert words == ["not measured yet", "poor", "fair", "good", *["excellent"] * 2]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (datetime(2026, 11, 22, 11, 59), "just now"),
        (datetime(2026, 11, 22, 9, 5), "today 09:05"),
        (datetime(2026, 11, 21, 23, 0), "yesterday 23:00"),
        (datetime(2026, 11, 18, 1, 0), "4 days ago"),
        (datetime(2026, 3, 2, 1, 0), "2 Mar 2026"),
    ],
)
def test_a_time_is_said_as_near_as_it_matters(when, said):
    assert moment(when.timestamp(), NOW) == said


def test_what_is_not_known_is_a_dash():
    assert moment(0.0) == day("") == NEVER
    assert day("2026-03-12T10:00:00") == "12 Mar 2026"
