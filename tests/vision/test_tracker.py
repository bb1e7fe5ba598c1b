"""Tests of facecam.vision.tracker."""

import numpy as np
import pytest

from facecam.config import TrackerConfig
from facecam.faces import Detections, Identity, Match
from facecam.vision.tracker import Tracker

CONFIG = TrackerConfig()
ADA = Match(Identity("ada", "Ada"), 1e6)
STRANGER = Match(None, 1.0)


def scene(seed: int = 0) -> np.ndarray:
    """A picture in which every place looks different."""
    small = np.random.default_rng(seed).integers(0, 255, (24, 32, 3), np.uint8)
    return np.kron(small, np.ones((10, 10, 1), np.uint8))


def at(*corners: tuple[float, float]) -> Detections:
    """Faces of 40×40 px at the given upper left corners."""
    boxes = np.array([(x, y, x + 40, y + 40) for x, y in corners], np.float32)
    n = len(corners)
    landmarks = np.zeros((n, 5, 2), np.float32)
    return Detections(boxes.reshape(-1, 4), np.ones(n, np.float32), landmarks)


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def test_an_empty_frame_has_no_tracks():
    assert Tracker(CONFIG).update(scene(), at(), 0.0) == []


def test_a_face_that_moves_a_little_keeps_its_track():
    tracker = Tracker(CONFIG)
    ids = [
        tracker.update(scene(), at((100 + 4 * n, 50)), n / 30)[0].id for n in range(10)
    ]
    assert len(set(ids)) == 1


def test_a_face_that_moves_fast_is_expected_where_it_goes():
    tracker = Tracker(CONFIG)
    ids = [
        tracker.update(scene(), at((10 + 18 * n, 50)), n / 10)[0].id for n in range(10)
    ]
    assert len(set(ids)) == 1


def test_two_faces_keep_their_tracks_whatever_the_order():
    tracker = Tracker(CONFIG)
    a, b = tracker.update(scene(), at((20, 20), (200, 100)), 0.0)
    b2, a2 = tracker.update(scene(), at((202, 100), (22, 20)), 0.03)
    assert (a2.id, b2.id) == (a.id, b.id)


def test_a_short_gap_keeps_the_track_and_a_long_one_ends_it():
    tracker = Tracker(CONFIG)
    (first,) = tracker.update(scene(), at((20, 20)), 0.0)
    tracker.update(scene(), at(), 0.2)
    (again,) = tracker.update(scene(), at((20, 20)), 0.4)
    (returned,) = tracker.update(scene(), at((20, 20)), 0.4 + CONFIG.max_gap + 0.1)
    assert again.id == first.id
    assert returned.id != first.id


def test_new_faces_are_looked_at_first_and_at_most_so_many_in_a_frame():
    tracker = Tracker(TrackerConfig(looks_per_frame=2))
    tracks = tracker.update(scene(), at((0, 0), (80, 0), (160, 0)), 0.0)
    first = tracker.due(tracks, 0.0)
    for n in first:
        tracker.vote(tracks[n], unit(1, 0), 1.0, 0.0)
    tracks = tracker.update(scene(), at((0, 0), (80, 0), (160, 0)), 0.1)
    assert len(first) == 2
    assert tracker.due(tracks, 0.1)[0] == 2


def look(tracker: Tracker, match: Match | None, seconds: float) -> int:
    """Count the looks at one still face that is answered with `match`."""
    looks = 0
    for n in range(int(seconds * 30)):
        tracks = tracker.update(scene(), at((100, 100)), n / 30)
        for due in tracker.due(tracks, n / 30):
            tracker.vote(tracks[due], unit(1, 0), 1.0, n / 30)
            looks += 1
        tracks[0].match = match
    return looks


def test_a_known_face_is_looked_at_about_once_a_second():
    assert look(Tracker(CONFIG), ADA, 5.0) <= CONFIG.looks_until_sure + 6


def test_an_unsure_face_is_looked_at_often():
    assert look(Tracker(CONFIG), None, 2.0) > 20


def test_a_doubtful_stranger_is_looked_at_more_often_than_a_clear_one():
    doubtful = Match(None, CONFIG.doubtful * 4)
    assert look(Tracker(CONFIG), doubtful, 2.0) > 2 * look(Tracker(CONFIG), STRANGER, 2)


def test_another_picture_in_the_same_place_is_looked_at_at_once():
    tracker = Tracker(CONFIG)
    (track,) = tracker.update(scene(0), at((100, 100)), 0.0)
    for _ in range(CONFIG.looks_until_sure):
        tracker.vote(track, unit(1, 0), 1.0, 0.0)
    track.match = ADA
    same = tracker.update(scene(0), at((100, 100)), 0.1)
    assert tracker.due(same, 0.1) == []
    cut = tracker.update(scene(1), at((100, 100)), 0.2)
    assert tracker.due(cut, 0.2) == [0]


def test_votes_add_up_by_quality():
    tracker = Tracker(TrackerConfig(memory=1.0))
    (track,) = tracker.update(scene(), at((0, 0)), 0.0)
    tracker.vote(track, unit(1, 0), 0.25, 0.0)
    tracker.vote(track, unit(1, 1), 1.0, 0.1)
    expected = unit(*(0.25 * unit(1, 0) + unit(1, 1)))
    assert track.template == pytest.approx(expected)


def test_an_embedding_of_somebody_else_begins_another_track():
    tracker = Tracker(CONFIG)
    (track,) = tracker.update(scene(), at((0, 0)), 0.0)
    tracker.vote(track, unit(1, 0), 1.0, 0.0)
    track.match, before = ADA, track.id
    tracker.vote(track, unit(0, 1), 1.0, 0.1)
    assert track.match is None
    assert track.looks == 1
    assert track.id != before
    assert track.template == pytest.approx(unit(0, 1))


def test_after_a_reset_everybody_is_new():
    tracker = Tracker(CONFIG)
    (before,) = tracker.update(scene(), at((0, 0)), 0.0)
    tracker.reset()
    (after,) = tracker.update(scene(), at((0, 0)), 0.0)
    assert after.id != before.id


def test_a_box_outside_the_picture_is_harmless():
    tracker = Tracker(CONFIG)
    tracks = tracker.update(scene(), at((-200, -200), (5000, 10)), 0.0)
    assert len(tracks) == 2
