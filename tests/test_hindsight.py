"""Tests of facecam.hindsight."""

import numpy as np

from facecam.faces import Face, Frame, Identity, Match, Recognition
from facecam.hindsight import Hindsight

ADA = Match(Identity("ada", "Ada"), 1e6)
GRACE = Match(Identity("grace", "Grace"), 1e6)
UNKNOWN = Match(None, 1.0)
IMAGE = np.zeros((4, 4, 3), np.uint8)


def recognition(time: float, **faces: Match | None) -> Recognition:
    """A frame with one face per keyword, such as t1=ADA for track 1."""
    box, points = np.zeros(4, np.float32), np.zeros((5, 2), np.float32)
    return Recognition(
        Frame(IMAGE, round(time * 10), time),
        tuple(
            Face(box, points, 1.0, int(track[1:]), match)
            for track, match in faces.items()
        ),
    )


def names(recognitions: list[Recognition]) -> list[list[str | None]]:
    return [
        [
            face.match.identity.name if face.match and face.match.identity else None
            for face in recognition.faces
        ]
        for recognition in recognitions
    ]


def shown(seconds: float, *recognitions: Recognition) -> list[list[str | None]]:
    hindsight = Hindsight(seconds)
    ready = [ready for one in recognitions for ready in hindsight.add(one)]
    return names(ready + hindsight.rest())


def test_nothing_in_nothing_out():
    assert Hindsight(1.0).rest() == []


def test_a_name_is_given_to_the_frames_before_it():
    frames = [recognition(0.0, t1=None), recognition(0.1, t1=None)]
    assert shown(1.0, *frames, recognition(0.2, t1=ADA)) == [["Ada"]] * 3


def test_frames_come_out_in_order_once_they_are_old_enough():
    hindsight = Hindsight(0.25)
    counts = [len(hindsight.add(recognition(n / 8))) for n in range(5)]
    assert counts == [0, 0, 0, 1, 1]
    assert [r.frame.time for r in hindsight.rest()] == [0.25, 0.375, 0.5]


def test_without_holding_back_nothing_changes():
    frames = [recognition(0.0, t1=None), recognition(0.1, t1=ADA)]
    assert shown(0.0, *frames) == [[None], ["Ada"]]


def test_a_name_that_comes_too_late_is_not_given():
    frames = [recognition(0.0, t1=None), recognition(2.0, t1=ADA)]
    assert shown(1.0, *frames) == [[None], ["Ada"]]


def test_another_track_gets_no_name():
    frames = [recognition(0.0, t1=UNKNOWN), recognition(0.1, t2=ADA)]
    assert shown(1.0, *frames) == [[None], ["Ada"]]


def test_a_name_that_was_withdrawn_stays_withdrawn():
    frames = [recognition(0.0, t1=ADA), recognition(0.1, t1=UNKNOWN)]
    assert shown(1.0, *frames) == [["Ada"], [None]]


def test_nobody_is_named_twice_in_a_frame():
    frames = [recognition(0.0, t1=ADA, t2=None), recognition(0.1, t1=GRACE, t2=ADA)]
    assert shown(1.0, *frames) == [["Ada", None], ["Grace", "Ada"]]
