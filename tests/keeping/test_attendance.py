"""Tests of facecam.keeping.attendance: who is there, since when."""

import pytest

from facecam.config import Config
from facecam.keeping.attendance import Attendance
from tests.keeping.faces import ADA, START, ZOE, face, seen


@pytest.fixture
def attendance() -> Attendance:
    return Attendance(Config())


def follow(attendance, *steps, begin=0.0):
    """Follow one recognition a second; a step is a tuple of faces."""
    for second, faces in enumerate(steps):
        attendance.follow(seen(*faces), "Door", START + begin + second)


def visits(attendance):
    """Return who was there from when to when, of everything since the start."""
    attendance.leave()
    return [
        (visit.person, visit.began - START, visit.ended - START)
        for _, visit in attendance.changes().visits
    ]


def test_nobody_there_is_no_visit(attendance):
    follow(attendance, (), ())
    assert visits(attendance) == []


def test_a_visit_begins_with_the_face_and_not_with_the_name(attendance):
    named = (face(1, ADA),)
    follow(attendance, (face(1, None),), (face(1, None),), named, named, named)
    assert visits(attendance) == [("ada-1", 0, 4)]


def test_somebody_back_soon_goes_on_with_the_visit_and_later_begins_another(attendance):
    follow(attendance, *[(face(1, ADA),)] * 3)
    follow(attendance, *[(face(2, ADA),)] * 3, begin=20)
    follow(attendance, *[(face(3, ADA),)] * 3, begin=80)
    assert visits(attendance) == [("ada-1", 0, 22), ("ada-1", 80, 82)]


def test_a_glimpse_is_no_visit(attendance):
    follow(attendance, (face(1, ADA),))
    assert visits(attendance) == []


def test_a_stranger_who_comes_nearer_and_is_named_was_there_all_the_time(attendance):
    follow(attendance, *[(face(1, 7),)] * 5, *[(face(1, ADA),)] * 3)
    assert visits(attendance) == [("ada-1", 0, 7)]


def test_a_stranger_who_turns_out_to_be_somebody_in_view_joins_their_visit(attendance):
    named, unknown = face(1, ADA), face(2, 7)
    follow(attendance, *[(named, unknown)] * 8)
    first = attendance.changes()
    assert [visit.person for _, visit in first.visits] == ["ada-1", ""]
    follow(attendance, *[(face(2, ADA),)] * 3, begin=8)

    attendance.leave()
    changes = attendance.changes()

    assert [v.person for _, v in changes.visits] == ["ada-1"]
    assert changes.dropped == (first.visits[1][0],)


def test_a_stranger_on_another_track_is_the_same_stranger(attendance):
    follow(attendance, *[(face(1, 7),)] * 4)
    follow(attendance, *[(face(2, 7),)] * 4, begin=10)
    follow(attendance, *[(face(3, 8),)] * 4, begin=20)
    assert visits(attendance) == [("", 0, 13), ("", 20, 23)]


def test_two_strangers_at_once_are_two_even_if_they_look_alike(attendance):
    follow(attendance, *[(face(1, 7), face(2, 7))] * 5)
    assert len(visits(attendance)) == 2


def test_a_track_that_changes_hands_ends_one_visit_and_begins_another(attendance):
    follow(attendance, *[(face(1, ADA),)] * 3, *[(face(1, ZOE),)] * 3)
    assert visits(attendance) == [("ada-1", 0, 2), ("zoe-1", 3, 5)]


def test_a_name_that_is_refused_ends_the_visit_and_a_stranger_is_there(attendance):
    follow(attendance, *[(face(1, ADA),)] * 3, *[(face(1, 7),)] * 5)
    assert visits(attendance) == [("ada-1", 0, 2), ("", 3, 7)]


def test_a_visit_is_handed_out_now_and_then_and_at_its_end(attendance):
    handed = []
    for second in range(13):
        attendance.follow(seen(face(1, ADA)), "Door", START + second)
        handed += [v.ended - START for _, v in attendance.changes().visits]
    attendance.leave()
    handed += [v.ended - START for _, v in attendance.changes().visits]

    assert handed == [1, 6, 11, 12]
    assert attendance.changes().visits == ()


def test_the_surest_moment_counts(attendance):
    follow(attendance, *[(face(1, ADA),)] * 3)
    attendance.leave()
    ((_, visit),) = attendance.changes().visits
    assert (visit.strangers, visit.source) == (5000.0, "Door")


def test_a_refused_visit_of_one_track_becomes_a_strangers_all_of_it(attendance):
    follow(attendance, *[(face(1, ADA),)] * 3)
    attendance.retract(1, ADA.id)
    follow(attendance, *[(face(1, 7),)] * 5, begin=3)
    assert visits(attendance) == [("", 0, 7)]


def test_a_visit_that_others_made_too_keeps_its_name(attendance):
    follow(attendance, *[(face(1, ADA),)] * 3, *[(face(2, ADA),)] * 3)
    assert attendance.retract(2, ADA.id) is None
    assert attendance.retract(9, ADA.id) is None
    assert visits(attendance) == [("ada-1", 0, 5)]
