"""Tests of facecam.report.helping: which pictures would help."""

from pathlib import Path

import numpy as np
import pytest

from facecam.config import Config
from facecam.faces import Detections, Identity
from facecam.gallery import Person, Portrait
from facecam.report import helping
from facecam.report.helping import help_for
from facecam.report.standings import Standing
from facecam.vision.pose import NOSE_DEPTH

SURE, UNSURE, TAKEN_FOR_ANOTHER = 9e5, 3.0, 0.0


def face(yaw):
    """A face turned by so many degrees."""
    x = 50 + 40 * NOSE_DEPTH * np.tan(np.radians(yaw))
    points = [(30, 40), (70, 40), (x, 61.2), (32.8, 80), (67.2, 80)]
    return Detections(
        np.array([[0, 0, 100, 120]], np.float32),
        np.ones(1, np.float32),
        np.array([points], np.float32),
    )


def person(*yaws, quality=0.9, captures=None):
    portraits = tuple(
        Portrait(
            f"portraits/{k}.jpg",
            None if yaw is None else face(yaw),
            captures or str(k),
            quality=quality,
        )
        for k, yaw in enumerate(yaws)
    )
    return Person(Identity("ada", "Ada"), Path("ada"), portraits)


def standing(*evidence, sittings=None):
    count = sittings or len(evidence)
    return Standing("ada", len(evidence), count, evidence, "bo", 3.0)


def told(who, how, alike=""):
    return help_for(who, how, alike, Config())


def test_one_picture_calls_for_two_of_another_day():
    assert told(person(0), None) == helping.TWO_OTHER_DAY


def test_many_of_one_sitting_call_for_another_day():
    assert told(person(0, 20, -20, captures="one"), None) == helping.ANOTHER_DAY


def test_pictures_of_one_moment_count_as_one_sitting():
    alike = standing(SURE, SURE, SURE, sittings=1)

    assert told(person(0, 20, -20), alike) == helping.ANOTHER_DAY


def test_who_is_recognised_every_time_needs_nothing():
    assert told(person(0, 5, 3), standing(SURE, SURE, SURE)) == helping.ENOUGH
    assert told(person(0, 5), standing(SURE, SURE)) == helping.ONE_MORE


def test_who_is_taken_for_another_needs_pictures_of_both():
    mixed = standing(SURE, SURE, TAKEN_FOR_ANOTHER)

    assert told(person(0, 20, -20), mixed, "Bo") == ("two more, and two of Bo")


@pytest.mark.parametrize(
    ("yaws", "said"),
    [
        ((0, 5, -8), helping.SIDE),
        ((25, 30, -28), helping.FRONT),
        ((0, 30, -30), helping.OTHER_LIGHT),
        ((0, 5, None), helping.OTHER_LIGHT),
    ],
)
def test_the_view_that_is_missing_is_asked_for(yaws, said):
    assert told(person(*yaws), standing(SURE, SURE, UNSURE)) == said


def test_poor_pictures_call_for_better_ones():
    poor = person(0, 30, -30, quality=0.1)

    assert told(poor, standing(SURE, SURE, UNSURE)) == helping.SHARPER


def test_nothing_is_said_of_who_was_not_measured():
    assert told(person(0, 5, -8), None) == ""
