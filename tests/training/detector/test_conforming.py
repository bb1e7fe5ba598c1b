from dataclasses import replace

import numpy as np
import pytest

from facecam.faces import Detections
from facecam.media import write_image
from facecam.training.detector import conforming
from facecam.training.detector.conforming import ENOUGH, conform, remember
from tests.training.detector.drawn import labelled

FACE = np.float32([20, 20, 80, 90])
OTHER = (120, 20, 180, 90)


class Draws:
    """A detector that finds given boxes in every picture."""

    def __init__(self, *boxes, scores=1.0):
        self.boxes = np.float32(boxes).reshape(-1, 4)
        self.scores = np.full(len(boxes), scores, np.float32)

    def detect(self, image):
        points = np.full((len(self.boxes), 5, 2), np.nan, np.float32)
        return Detections(self.boxes, self.scores, points)


@pytest.fixture
def conformed(tmp_path, monkeypatch):
    """Return a function that boxes pictures as a detector does."""
    path = tmp_path / "a.png"
    write_image(path, np.zeros((120, 200, 3), np.uint8))

    def boxed(detector, *truths, report=lambda done: None, boxing=conform):
        monkeypatch.setattr(conforming, "load_start", lambda start: detector)
        known = [replace(truth, path=path) for truth in truths]
        try:
            return boxing(known, tmp_path, 0, report)
        finally:
            conforming._detector.clear()

    return boxed


def test_a_face_the_detector_finds_is_boxed_as_the_detector_does(conformed):
    drawn = (22, 18, 78, 88)

    (one,) = conformed(Draws((120, 20, 180, 90), drawn), labelled(FACE))

    assert one.boxes[0].tolist() == list(drawn)
    assert np.array_equal(one.landmarks[0], labelled(FACE).landmarks[0])


def test_of_several_detections_the_nearest_one_counts(conformed):
    nearest = (21, 21, 80, 90)

    (one,) = conformed(Draws((30, 30, 80, 90), nearest), labelled(FACE))

    assert one.boxes.tolist() == [list(nearest)]


def test_a_box_the_detector_doubts_changes_nothing(conformed):
    (one,) = conformed(Draws((22, 18, 78, 88), scores=0.5), labelled(FACE))

    assert one.boxes.tolist() == [FACE.tolist()]


def test_a_face_nobody_has_labelled_is_ignored(conformed):
    truth = labelled(FACE, attributes={"blur": np.int8([2])})

    (one,) = conformed(Draws(OTHER), truth)

    assert one.boxes.tolist() == [FACE.tolist(), list(OTHER)]
    assert one.ignored.tolist() == [False, True]
    assert np.isnan(one.landmarks[1]).all()
    assert one.attributes["blur"].tolist() == [2, 0]


@pytest.mark.parametrize(
    ("truth", "scores"),
    [
        (labelled(FACE), 0.8),  # not certain
        (labelled(FACE, complete=False), 1.0),  # unknown in any case
        (labelled(FACE, background=np.float32([OTHER])), 1.0),  # known to be none
    ],
)
def test_what_is_found_elsewhere_is_not_ignored(truth, scores, conformed):
    (one,) = conformed(Draws(OTHER, scores=scores), truth)

    assert one.boxes.tolist() == [FACE.tolist()]
    assert not one.ignored.any()


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

    assert boxed[-1].boxes[0].tolist() == missed.tolist()


def test_it_is_told_how_many_pictures_are_done(conformed):
    told = []

    conformed(Draws(FACE), *[labelled(FACE)] * 40, report=told.append)

    assert told == [32, 40]


def test_a_picture_without_faces_is_not_looked_at(tmp_path, monkeypatch):
    empty = labelled(path=tmp_path / "not there.png")
    monkeypatch.setattr(conforming, "_detector", [Draws(FACE)])

    (seen,) = conforming._look([empty])

    assert seen.boxes.shape == (0, 4)


def test_pictures_to_remember_are_labelled_by_the_detector(conformed, tmp_path):
    truth = labelled(FACE, path=tmp_path / "a.png")
    sure, unsure = Draws(OTHER), Draws(OTHER, scores=0.5)

    one, other = (conformed(of, truth, boxing=remember)[0] for of in (sure, unsure))

    assert one.boxes.tolist() == other.boxes.tolist() == [list(OTHER)]
    assert (one.ignored.tolist(), other.ignored.tolist()) == ([False], [True])
    assert np.isnan(one.landmarks).all()
    assert not one.complete  # the detector may have missed others
    assert one.split == "train"
