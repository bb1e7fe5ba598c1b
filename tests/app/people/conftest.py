"""A window whose gallery holds Ada, Grace and Zoë."""

import pytest

from facecam.gallery import Gallery, Shot
from tests.fakes import BlobDetector, ColourEmbedder, picture

PEOPLE = {
    "Ada": ((100, 80, 60), (40, 60, 90)),
    "Grace": ((150, 30, 120),),
    "Zoë": ((20, 20, 150),),
}
"""Where the blob is in each picture of somebody: (x, y, side)."""


@pytest.fixture
def enrolled(nets) -> dict[str, str]:
    """Ids by name."""
    gallery = Gallery(nets.people, BlobDetector(), ColourEmbedder(), nets.gallery)
    ids = {}
    for name, blobs in PEOPLE.items():
        shots = [Shot(picture(blob)) for blob in blobs]
        ids[name] = gallery.enrol(name, shots).person.identity.id
    return ids


@pytest.fixture
def place(enrolled, window, qtbot):
    """The People place, shown."""
    place = window.places.show_place("people")
    qtbot.waitUntil(lambda: bool(place.people.everyone.model.lines))
    return place


@pytest.fixture
def everyone(place):
    return place.people.everyone


@pytest.fixture
def ada(place, enrolled, qtbot):
    """The page of Ada, shown."""
    place.open_person(enrolled["Ada"])
    page = place.people.person
    qtbot.waitUntil(page.isVisible)
    return page


@pytest.fixture
def names(window):
    """Who is enrolled as the window knows it: number of pictures by name."""

    def listed():
        people = window.engine.people
        return {person.identity.name: len(person.portraits) for person in people}

    return listed
