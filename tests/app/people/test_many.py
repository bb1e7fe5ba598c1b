"""A thousand people in the grid: processor time of the main thread, and portraits."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from facecam.app.people.everyone import Everyone
from facecam.app.people.pictures import WAITING, Pictures
from facecam.app.settings import Settings
from facecam.faces import Identity
from facecam.gallery import Person, Portrait

COUNT = 1000


class Asked:
    """Pictures that are never there; remembers whose were asked for."""

    def __init__(self, pictures: Pictures) -> None:
        self.ready, self.people = pictures.ready, set()

    def cover(self, person: Person) -> None:
        self.people.add(person.identity.id)


@pytest.fixture
def people():
    portraits = tuple(Portrait(f"portraits/{k}.jpg", quality=0.7) for k in range(10))
    names = (f"Somebody {k * 7919 % COUNT}" for k in range(COUNT))
    return tuple(
        Person(Identity(f"id-{k}", name), Path(), portraits)
        for k, name in enumerate(names)
    )


@pytest.fixture
def everyone(window, people, qtbot, tmp_path):
    asked = Asked(Pictures(window.engine, window))
    everyone = Everyone(window.engine, asked, Settings(tmp_path / "w.ini", 3), window)
    everyone.asked = asked
    everyone.resize(1000, 600)
    everyone.show()
    everyone.show_people(people)
    everyone.grab()
    return everyone


def seconds(work) -> float:
    """Return the processor time of some work on this thread."""
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def test_only_the_portraits_on_the_screen_are_asked_for(everyone):
    assert 10 < len(everyone.asked.people) < WAITING


def test_a_thousand_people_change_and_are_searched_without_lag(everyone, people):
    renamed = replace(people[500], identity=Identity("id-500", "Zz"))
    others = (*people[:500], renamed, *people[501:])

    assert seconds(lambda: everyone.show_people(others)) < 0.2
    for text in ("s", "so", "some 77", ""):
        everyone.search.setText(text)
        assert seconds(lambda: (everyone._show(), everyone.grab())) < 0.2
    assert everyone.model.rowCount() == COUNT
