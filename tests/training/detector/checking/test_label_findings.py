"""Tests of facecam.training.detector.checking.label_findings."""

from pathlib import Path

import numpy as np
import pytest

from facecam.annotations.annotation import AnnotatedSet
from facecam.training.detector.checking.findings import Severity
from facecam.training.detector.checking.label_findings import of_labels
from tests.training.detector.drawn import labelled

ROOT = Path("set")


def found(*annotations):
    return of_labels(AnnotatedSet(ROOT, "lists", annotations))


def wobbling(n, **more):
    """Return a picture of a face whose points are set by hand, so to speak."""
    one = labelled((10, 10, 50, 60), path=Path(f"{n}.png"), where=f"list, line {n}")
    hand = np.random.default_rng(n).normal(0, 2, (1, 5, 2)).astype(np.float32)
    fields = {"landmarks": one.landmarks + hand, **more}
    return labelled(one.boxes[0], path=one.path, where=one.where, **fields)


def test_good_labels_and_none_at_all_are_not_remarked_on():
    assert found() == []
    assert found(labelled()) == []
    assert found(*(wobbling(n) for n in range(10))) == []


def test_boxes_much_wider_than_high_are_in_doubt_and_the_first_one_is_named():
    flat = labelled((0, 0, 90, 20), points=False, where="list, line 4")
    round_ones = [labelled((0, 0, 30, 40), points=False)] * 3

    [mostly] = found(flat, flat)
    [partly] = found(*round_ones, flat, flat)

    assert mostly.severity is Severity.ERROR
    assert partly.severity is Severity.WARNING
    assert "40% of the boxes" in partly.text
    assert "list, line 4, has 90×20 pixels" in partly.text
    assert found(*round_ones, flat) == []


@pytest.mark.parametrize(
    ("order", "what"),
    [
        ((1, 0, 2, 4, 3), "left and right exchanged"),
        ((3, 4, 2, 0, 1), "the eyes below the mouth"),
    ],
)
def test_points_in_another_order_are_an_error(order, what):
    wrong = [wobbling(n) for n in range(5)]
    wrong = [wobbling(n, landmarks=wrong[n].landmarks[:, order]) for n in range(5)]

    [finding] = found(*wrong)

    assert finding.severity is Severity.ERROR
    assert f"have {what}. The first is list, line 0" in finding.text


def test_points_with_x_and_y_changed_are_an_error():
    changed = [wobbling(n).landmarks[..., ::-1] for n in range(5)]

    findings = found(*(wobbling(n, landmarks=each) for n, each in enumerate(changed)))

    assert Severity.ERROR in [finding.severity for finding in findings]


def test_one_face_seen_upside_down_is_no_error():
    turned = wobbling(0, landmarks=wobbling(0).landmarks[:, (3, 4, 2, 0, 1)])

    assert found(turned, *(wobbling(n) for n in range(1, 5))) == []


def test_points_at_the_same_place_of_every_box_look_computed():
    [finding] = found(labelled((0, 0, 30, 40)), labelled((50, 20, 90, 80)))

    assert finding.severity is Severity.WARNING
    assert "look computed, not labelled" in finding.text


def test_a_face_labelled_twice_is_noted_neighbours_are_not():
    twice = labelled((0, 0, 40, 50), (1, 0, 41, 50), points=False, where="list, line 9")
    near = labelled((0, 0, 40, 50), (20, 0, 60, 50), points=False)

    [finding] = found(near, twice)

    assert finding.severity is Severity.NOTE
    assert finding.text.endswith("twice: 1. The first is list, line 9.")


def test_ignored_regions_may_have_any_shape():
    region = labelled((0, 0, 300, 20), points=False, ignored=np.array([True]))

    assert found(region) == []
