from dataclasses import replace

import numpy as np
import pytest

from facecam.faces import Detections
from facecam.media import write_image
from facecam.training.detector import conforming
from facecam.training.detector.conforming import ENOUGH, conform
from tests.training.detector.drawn import labelled

FACE = np.float32([20, 20, 80, 90])


class Draws:
    """A detector that finds given boxes in every picture."""

    def __init__(self, *boxes):
        self.boxes = np.float32(boxes).reshape(-1, 4)

    def detect(self, image):
        n = len(self.boxes)
        points = np.full((n, 5, 2), np.nan, np.float32)
        return Detections(self.boxes, np.ones(n, np.float32), points)


@pytest.fixture
def conformed(tmp_path, monkeypatch):
    """Return a function that boxes pictures as a detector does."""
    path = tmp_path / "a.png"
    write_image(path, np.zeros((120, 200, 3), np.uint8))

    def boxed(detector, *truths, report=lambda done: None):
        monkeypatch.setattr(conforming, "load_start", lambda start: detector)
        known = [replace(truth, path=path) for truth in truths]
        try:
            return conform(known, tmp_path, 0, report)
        finally:
            conforming._detector.clear()

    return boxed


def test_a_face_the_detector_finds_is_boxed_as_the_detector_does(conformed):
    drawn = (22, 18, 78, 88)

    (one,) = conformed(Draws((120, 20, 180, 90), drawn), labelled(FACE))

    assert one.boxes.tolist() == [list(drawn)]
    assert np.array_equal(one.landmarks, labelled(FACE).landmarks)


def test_of_several_detections_the_nearest_one_counts(conformed):
    nearest = (21, 21, 80, 90)

    (one,) = conformed(Draws((30, 30, 80, 90), nearest), labelled(FACE))

    assert one.boxes.tolist() == [list(nearest)]


def test_what_the_detector_finds_elsewhere_changes_nothing(conformed):
    (one,) = conformed(Draws((120, 20, 180, 90)), labelled(FACE))

    assert one.boxes.tolist() == [FACE.tolist()]


@pytest.mark.parametrize("detector", [Draws(), Draws(FACE)])
def test_pictures_without_faces_stay_without(detector, conformed):
    (one,) = conformed(detector, labelled())

    assert one.boxes.shape == (0, 4)


def test_faces_not_found_are_moved_as_the_others_of_the_set_were(conformed):
    drawn, missed = FACE + np.float32([6, -7, -6, 7]), np.float32([120, 10, 150, 50])
    truths = [labelled(FACE) for _ in range(ENOUGH)]

    boxed = conformed(Draws(drawn), *truths, labelled(missed))

    share = np.float32([0.1, -0.1, -0.1, 0.1])
    moved = missed + share * np.float32([30, 40, 30, 40])
    assert boxed[-1].boxes[0] == pytest.approx(moved, abs=1e-4)


def test_too_few_faces_say_nothing_of_the_others(conformed):
    drawn, missed = FACE + np.float32([6, -7, -6, 7]), np.float32([120, 10, 150, 50])
    truths = [labelled(FACE) for _ in range(ENOUGH - 1)]

    boxed = conformed(Draws(drawn), *truths, labelled(missed))

    assert boxed[-1].boxes.tolist() == [missed.tolist()]


def test_it_is_told_how_many_pictures_are_done(conformed):
    told = []

    conformed(Draws(FACE), *[labelled(FACE)] * 40, report=told.append)

    assert told == [32, 40]


def test_a_picture_without_faces_is_not_looked_at(tmp_path, monkeypatch):
    empty = labelled(path=tmp_path / "not there.png")
    monkeypatch.setattr(conforming, "_detector", [Draws(FACE)])

    (boxes,) = conforming._look([empty])

    assert boxes.shape == (0, 4)
