"""Tests of facecam.app.training.results.sayings: verdicts and numbers in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from facecam.app.training.results import sayings
from facecam.app.training.results.measures import ordered
from facecam.app.training.results.outcome import Results
from facecam.training.detector.evaluation.comparison import Kind, Unit, compare
from facecam.training.detector.evaluation.figures import Partly
from tests.app.training.results.made import trial


def results(new, old):
    return Results(Path("a"), new, old, compare(new, old), None, Path("r"), "")


def test_a_better_detector_is_said_to_be_so_with_both_numbers():
    said = sayings.headline(results(trial(0.93), trial(0.85)), used=False)

    assert said == "Better: it finds 93 % of the faces, the detector in use 85 %."
    used = sayings.headline(results(trial(0.93), trial(0.85)), used=True)
    assert "the one before 85 %" in used


def test_a_worse_one_says_how_much_is_worse():
    said = sayings.headline(results(trial(0.8), trial(0.93)), used=False)

    assert said.startswith("Not better: it finds 80 % of the faces, the detector in")
    assert said.endswith("5 measures are worse.")


def test_what_chance_brings_is_no_reason():
    said = sayings.headline(results(trial(0.93), trial(0.93)), used=False)

    assert said.startswith("No better than the detector in use")
    assert "chance" in said


def test_better_points_alone_are_named():
    said = sayings.headline(results(trial(0.93, 0.04), trial(0.93, 0.06)), used=False)

    assert said == (
        "Better than the detector in use: five points off, by eye distance: 4.0 % "
        "instead of 6.0 %."
    )


def test_a_first_detector_has_nothing_to_compare_with():
    said = sayings.headline(results(trial(0.93), None), used=False)

    assert said.startswith("It finds 93 % of the faces at half a false alarm")


def test_pictures_of_one_face_alone_are_enough_for_a_verdict():
    only = replace(trial(0.9), groups={}, partly=Partly(40, 40, 0.9))
    better = replace(only, partly=Partly(40, 40, 1.0))

    said = sayings.headline(results(better, only), used=False)

    assert said.startswith("Better than the detector in use: faces found, one in a")
    assert "40 pictures of one face" in sayings.basis(results(better, only))


def test_every_measure_has_a_short_name_and_a_sentence():
    one = replace(trial(0.93), partly=Partly(10, 10, 0.9))
    verdicts = compare(one, one).verdicts

    assert {verdict.kind for verdict in verdicts} == set(Kind)
    for verdict in verdicts:
        assert len(sayings.name(verdict)) < 50
        assert sayings.tip(verdict).endswith(("More is better.", "Less is better."))


def test_measures_of_all_faces_come_first_and_the_usual_recall_before_the_others():
    names = [
        sayings.name(one) for one in ordered(compare(trial(0.9), trial(0.9)).verdicts)
    ]

    assert names[0] == "All faces found, at ½ false alarm"
    assert names[-2:] == [
        "Masked faces found, at ½ false alarm",
        "Masked faces found, at 0.25 false alarms",
    ]


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (None, Unit.SHARE, "not measured"),
        (0.931, Unit.SHARE, "93.1 %"),
        (0.24, Unit.PER_PICTURE, "0.24"),
        (0.049, Unit.EYE_DISTANCES, "4.9 %"),
        (4.32, Unit.MILLISECONDS, "4.3 ms"),
    ],
)
def test_numbers_are_written_as_people_read_them(number, unit, text):
    assert sayings.value(number, unit) == text
