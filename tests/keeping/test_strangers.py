"""Tests of facecam.keeping.strangers: which views are worth keeping."""

import pytest

from facecam.config import InboxConfig
from facecam.keeping.strangers import Strangers
from tests.keeping.faces import ADA, START, face, seen


@pytest.fixture
def strangers() -> Strangers:
    return Strangers(InboxConfig(), "net")


def follow(strangers, *steps, begin=0.0, pause=0.5):
    for number, faces in enumerate(steps):
        strangers.follow(seen(*faces), START + begin + pause * number)


def taken(strangers):
    return [(n, v.quality, v.taken - START) for n, v in strangers.take()]


def test_of_each_stretch_of_time_the_best_view_is_kept(strangers):
    qualities = [0.5, 0.9, 0.4, 0.6, 0.5, 0.6, 0.7, 0.5, 0.5]
    follow(strangers, *[(face(1, 7, quality),) for quality in qualities])
    assert taken(strangers) == [(1, 0.9, 0.5), (1, 0.7, 3.0)]


def test_a_face_that_was_unknown_for_a_moment_only_is_not_kept(strangers):
    follow(strangers, (face(1, 7),), (face(1, 7),))
    follow(strangers, (), begin=5)
    assert taken(strangers) == []


def test_a_view_left_over_is_handed_out_when_the_face_has_left(strangers):
    follow(strangers, *[(face(1, 7),)] * 5, *[(face(1, 7, 0.95),)])
    strangers.take()
    follow(strangers, (), begin=5)
    assert taken(strangers) == [(1, 0.95, 2.5)]


def test_poor_views_are_not_kept(strangers):
    follow(strangers, *[(face(1, 7, 0.3),)] * 9)
    assert taken(strangers) == []


def test_people_and_faces_still_looked_at_are_not_kept(strangers):
    follow(strangers, *[(face(1, ADA), face(2, None))] * 9)
    assert taken(strangers) == []


def test_views_of_a_face_that_is_named_later_are_asked_back(strangers):
    follow(strangers, *[(face(1, 7),)] * 9)
    assert len(strangers.take()) == 2
    follow(strangers, *[(face(1, 7),)] * 4, (face(1, ADA),), begin=4.5)

    assert taken(strangers) == []
    ((track, when),) = strangers.take_mistaken()
    assert (track, len(when)) == (1, 3)
    assert strangers.take_mistaken() == ()


def test_without_an_embedder_nothing_is_kept():
    strangers = Strangers(InboxConfig())
    follow(strangers, *[(face(1, 7),)] * 9)
    strangers.leave(START + 9)
    assert taken(strangers) == []


def test_the_view_is_a_region_with_the_face_in_its_place(strangers):
    follow(strangers, *[(face(3, 7),)] * 5)
    ((_, view),) = strangers.take()

    x1, y1, x2, y2 = view.box
    assert (x2 - x1, y2 - y1) == (16, 20)
    assert view.image.shape[:2] == (45, 40)
    assert (view.fingerprint, view.taken) == ("net", START)
