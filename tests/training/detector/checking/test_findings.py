"""Tests of facecam.training.detector.checking.findings."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from facecam.annotations.annotation import AnnotatedSet
from facecam.config.retraining import IndexConfig, PreflightConfig, RetrainingConfig
from facecam.media import Header
from facecam.training.detector.checking import census, findings
from facecam.training.detector.checking.census import Census, Count, SetCount
from facecam.training.detector.checking.estimates import Estimate, Estimates
from facecam.training.detector.checking.findings import Severity
from facecam.training.detector.checking.one_batch import Learned
from facecam.training.detector.checking.screening import Screening
from tests.training.detector.drawn import labelled

PLENTY = Count(
    pictures=900, backgrounds=50, incomplete=300, faces=2000, pointed=900,
    learned=1500, learned_points=900,
)  # fmt: skip
HELD_OUT = Count(pictures=100, faces=400)


def amounts(training=PLENTY, held_out=HELD_OUT, config=None, started=False):
    whole = Census((SetCount("set", "lists", training, held_out),))
    found = findings.of_amounts(whole, config or RetrainingConfig(), started)
    return [(finding.severity, finding.text) for finding in found]


def test_plenty_of_everything_is_not_remarked_on():
    assert amounts() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"faces": 0, "learned": 0}, "Of 900 pictures to learn from, none shows"),
        ({"learned": 0}, "Of 2000 faces, none is large and clear enough"),
        ({"learned_points": 0}, "Of 2000 faces, none has five points"),
        ({"incomplete": 900}, "nothing in them can be taken for background"),
    ],
)
def test_what_cannot_work_is_an_error(change, words):
    found = amounts(replace(PLENTY, **change))

    assert any(one is Severity.ERROR and words in text for one, text in found), found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"learned": 499}, "few faces to learn from: 499."),
        ({"learned": 599}, "only 599 are learned from"),
        ({"learned_points": 499}, "Few faces have five points: 499."),
    ],
)
def test_little_of_something_is_a_warning(change, words):
    [(severity, text)] = amounts(replace(PLENTY, **change))

    assert severity is Severity.WARNING
    assert words in text


def test_a_run_from_a_working_detector_needs_less():
    few = replace(PLENTY, learned=50, faces=50, learned_points=30)
    none = replace(PLENTY, learned_points=0)

    assert amounts(few, started=True) == []
    [(severity, text)] = amounts(none, started=True)
    assert severity is Severity.WARNING
    assert "nothing keeps the landmarks" in text


def test_a_run_that_learns_no_landmarks_needs_no_points():
    config = RetrainingConfig()
    fit = replace(config.onet.fit, batch=(64, 64, 192, 0))
    config = replace(config, onet=replace(config.onet, fit=fit))

    [(severity, _)] = amounts(replace(PLENTY, learned_points=0), config=config)

    assert severity is Severity.NOTE


def test_few_faces_to_measure_on_are_told_with_what_they_can_say():
    [(severity, text)] = amounts(held_out=Count(pictures=10, faces=36))

    assert severity is Severity.WARNING
    assert "to measure on: 36." in text
    assert "±10 points" in text


def screening_of(marks, sets=(), faults=()):
    headers = {
        Path(name): Header(60, 40, False, True, (mark, 0))
        for name, mark in marks.items()
    }
    return Screening(sets, faults, headers, frozenset())


@pytest.mark.parametrize(
    ("faults", "severity"), [(0, None), (1, Severity.NOTE), (3, Severity.WARNING)]
)
def test_what_is_left_out_is_graver_the_more_it_is(faults, severity):
    screening = screening_of({f"{n}.png": n for n in range(50)})

    found = [each.severity for each in findings.of_files(screening, faults)]

    assert found == ([severity] if severity else [])


def test_sets_of_which_nothing_can_be_read_are_an_error():
    [finding] = findings.of_files(screening_of({}), 7)

    assert finding.severity is Severity.ERROR


def test_a_picture_held_out_and_learned_from_is_named():
    pictures = {"a.png": "train", "b.png": "train", "c.png": "val", "d.png": "val"}
    annotations = tuple(
        labelled((0, 0, 30, 30), path=Path(name), split=split)
        for name, split in pictures.items()
    )
    one = AnnotatedSet(Path("set"), "lists", annotations)
    divided = census.divide([one], IndexConfig(held_out=1e-9))
    marks = {"a.png": 1, "b.png": 2, "c.png": 3, "d.png": 2}

    [finding] = findings.of_copies(screening_of(marks), divided)

    assert finding.severity is Severity.WARNING
    assert "d.png is a copy of b.png" in finding.text
    assert not list(findings.of_copies(screening_of({**marks, "d.png": 4}), divided))


def test_a_picture_learned_from_twice_is_noted():
    annotations = tuple(
        labelled((0, 0, 30, 30), path=Path(name), split="train")
        for name in ("a.png", "b.png")
    )
    one = AnnotatedSet(Path("set"), "lists", annotations)
    divided = census.divide([one], IndexConfig(held_out=1e-9))

    [finding] = findings.of_copies(screening_of({"a.png": 1, "b.png": 1}), divided)

    assert finding.severity is Severity.NOTE


LEARNED = Learned("rnet", first=2.0, least=0.9, separation=0.9, steps=30, seconds=0.1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"least": 1.1}, "its loss went from 2.00 to 1.10"),
        ({"separation": 0.6}, "scored above a background in 60% of the cases"),
        ({"separation": math.nan}, "was given no face, or no background"),
        ({"least": math.nan}, "its loss stopped being a number after 30 steps"),
    ],
)
def test_a_net_that_cannot_learn_one_batch_is_an_error(change, words):
    poor = replace(LEARNED, **change)

    [finding] = findings.of_learning([LEARNED, poor], PreflightConfig())

    assert finding.severity is Severity.ERROR
    assert finding.text.startswith(("R-Net", "While R-Net"))
    assert words in finding.text


def costs(disk=1e9, memory=1e9):
    return Estimates((Estimate("fit", 60, disk),), memory, 5e9, 5e9)


def test_costs_that_can_be_carried_are_not_remarked_on():
    assert not list(findings.of_costs(costs(), Path("runs")))


def test_a_disk_too_small_is_an_error_and_too_little_memory_a_warning():
    disk, memory = findings.of_costs(costs(4.9e9, 6e9), Path("runs"))

    assert disk.severity is Severity.ERROR
    assert "about 4.9 GB of disk; 5 GB are free for runs" in disk.text
    assert memory.severity is Severity.WARNING
    assert "about 6 GB of memory" in memory.text
