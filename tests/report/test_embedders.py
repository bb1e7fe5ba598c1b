"""Tests of facecam.report.embedders: what is said of two embedders."""

import pytest

from facecam.report.curves import Share
from facecam.report.embedders import Comparison, Measured, Tried, tried, verdict


def share(right, pictures):
    return Tried(pictures, 5, right, Share(right / pictures, 0.1, 1.0), right)


NOTHING = Tried(0, 0, 0, None, 0)


def measured(title, single, sittings=NOTHING, seconds=0.04, used=False):
    return Measured(
        title.lower(), title, used, 512, seconds, sittings, single, 0.002, 24.0, None
    )  # fmt: skip


def said(now, other, people=5):
    return verdict(Comparison(500, people, 100, (now, other)))


def test_the_one_that_recognises_fewer_is_named_with_both_shares():
    now = measured("FaceNet", share(95, 100), used=True)
    other = measured("Compact", share(80, 100), seconds=0.01)

    assert said(now, other) == (
        "Compact recognises fewer of your pictures than FaceNet: 80 % instead of 95 %; "
        "it is 4.0 times as fast."
    )


def test_the_one_that_recognises_more_may_be_slower():
    now = measured("Compact", share(80, 100), seconds=0.001, used=True)
    other = measured("FaceNet", share(95, 100), seconds=0.04)

    assert "FaceNet recognises more of your pictures than Compact" in said(now, other)
    assert said(now, other).endswith("a face takes 40 times as long.")


@pytest.mark.parametrize("right", [93, 95, 97])
def test_a_picture_or_two_are_chance(right):
    now = measured("FaceNet", share(95, 100), used=True)
    other = measured("Compact", share(right, 100))

    assert said(now, other) == (
        "Compact recognises as many of your pictures as FaceNet; a face takes as long."
    )


def test_shares_count_where_other_pictures_were_tried():
    now = measured("FaceNet", share(50, 50), used=True)
    other = measured("Compact", share(100, 100))

    assert "as many of your pictures" in said(now, other)


def test_few_pictures_tell_nothing():
    now = measured("FaceNet", share(12, 12), used=True)
    other = measured("Compact", share(2, 12))

    assert "too few pictures" in said(now, other)


def test_another_day_says_more_than_the_next_picture():
    both = measured("FaceNet", share(99, 100), share(60, 100))
    once = measured("FaceNet", share(99, 100), share(5, 5))

    assert tried(both).right == 60
    assert tried(once).right == 99


def test_alone_or_without_people_there_is_nothing_to_compare():
    now = measured("FaceNet", NOTHING, used=True)

    assert "no other embedder" in verdict(Comparison(500, 5, 9, (now,)))
    assert "Nobody is enrolled" in said(now, now, people=0)


def test_everything_is_plain_for_programs():
    now = measured("FaceNet", share(95, 100), used=True)
    plain = Comparison(500, 5, 100, (now, now)).as_json()

    assert plain["embedders"][0]["single"]["share"]["value"] == 0.95
    assert plain["verdict"]
