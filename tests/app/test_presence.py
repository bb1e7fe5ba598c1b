"""Tests of facecam.app.presence."""

import numpy as np

from facecam.app.presence import LOOK, Presence
from facecam.config import WindowConfig
from facecam.faces import Face, Frame, Identity, Match, Recognition

CONFIG = WindowConfig()
ADA = Match(Identity("ada-1", "Ada"), 1e5)
UNKNOWN = Match(None, 1)


def seen(*faces):
    frame = Frame(np.zeros((4, 4, 3), np.uint8), 0, 0.0)
    points = np.zeros((5, 2), np.float32)
    box = np.zeros(4, np.float32)
    found = tuple(Face(box, points, 0.9, track, match) for track, match in faces)
    return Recognition(frame, found)


def test_nobody_is_in_view_at_first():
    assert Presence(CONFIG).at(0.0) == []


def test_people_come_before_unknown_faces_and_each_by_arrival():
    presence = Presence(CONFIG)
    presence.follow(seen((1, UNKNOWN)), 0.0)
    presence.follow(seen((1, UNKNOWN), (2, UNKNOWN), (3, ADA)), 0.1)
    assert [one.key for one in presence.at(0.1)] == ["ada-1", "track 1", "track 2"]


def test_time_in_view_counts_from_the_first_sight_of_the_face():
    presence = Presence(CONFIG)
    presence.follow(seen((1, None)), 10.0)
    presence.follow(seen((1, ADA)), 11.0)
    presence.follow(seen((1, ADA)), 14.0)
    (ada,) = presence.at(14.0)
    assert ada.seconds == 4.0


def test_somebody_who_looked_away_stays_listed_for_a_moment():
    presence = Presence(CONFIG)
    presence.follow(seen((1, ADA)), 0.0)
    assert presence.at(CONFIG.linger)
    assert not presence.at(CONFIG.linger + 0.1)


def test_a_face_without_an_answer_is_listed_after_a_while():
    presence = Presence(CONFIG)
    presence.follow(seen((1, None)), 0.0)
    presence.follow(seen((1, None)), LOOK)
    assert presence.at(LOOK) == []
    presence.follow(seen((1, None)), LOOK + 0.1)
    assert len(presence.at(LOOK + 0.1)) == 1
