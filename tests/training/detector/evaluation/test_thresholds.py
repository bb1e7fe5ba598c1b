"""Tests of facecam.training.detector.evaluation.thresholds."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from facecam.annotations.annotation import Annotation
from facecam.config import DetectorConfig
from facecam.config.retraining import TrialConfig
from facecam.faces import Detections
from facecam.media import write_image
from facecam.training.detector.evaluation.thresholds import LOWEST, choose

FACE = np.float32([[10, 10, 50, 50]])
REFERENCE = DetectorConfig(thresholds=(0.6, 0.7, 0.7))
BACKGROUND = np.float32([[60, 60, 90, 90]])


@dataclass(frozen=True)
class Passes:
    """A contender whose stages give one face and many backgrounds known scores."""

    face: tuple[float, float]
    backgrounds: tuple[tuple[float, float], ...]
    config: DetectorConfig = REFERENCE

    @property
    def thresholds(self):
        return self.config.thresholds

    def beginning(self, nets, thresholds, min_face):
        return Stage(self, nets, thresholds)


@dataclass(frozen=True)
class Stage:
    contender: Passes
    nets: int
    thresholds: tuple[float, ...]

    def detect(self, image):
        boxes, scores = [], []
        known = [(FACE[0], self.contender.face)]
        known += [(BACKGROUND[0], of) for of in self.contender.backgrounds]
        for box, of in known:
            wanted = zip(of[: self.nets], self.thresholds, strict=False)
            if all(score >= least for score, least in wanted):
                boxes.append(box)
                scores.append(of[self.nets - 1])
        points = np.full((len(boxes), 5, 2), np.nan, np.float32)
        found = np.array(boxes, np.float32).reshape(-1, 4)
        return Detections(found, np.array(scores, np.float32), points)


@pytest.fixture
def truths(tmp_path):
    write_image(tmp_path / "a.png", np.zeros((100, 100, 3), np.uint8))
    unknown = np.full((1, 5, 2), np.nan, np.float32)
    return [Annotation(tmp_path / "a.png", FACE, np.zeros(1, bool), unknown)]


def test_a_lenient_score_is_chosen_where_that_keeps_a_face_for_the_same_work(truths):
    deployed = Passes((0.9, 0.9), ((0.9, 0.1),) * 20)
    candidate = Passes((0.75, 0.2), ((0.9, 0.1),) * 10)

    chosen = choose(candidate, deployed, truths, TrialConfig())

    pnet, rnet, onet = chosen.thresholds
    assert pnet <= 0.75
    assert LOWEST <= rnet <= 0.2
    assert onet == 0.7


def test_among_equals_pnet_is_the_strict_one(truths):
    deployed = Passes((0.9, 0.9), ((0.9, 0.1),) * 20)
    candidate = Passes((0.95, 0.9), ())

    chosen = choose(candidate, deployed, truths, TrialConfig())

    assert chosen.thresholds[0] == 0.9


def test_a_face_is_given_up_where_it_would_cost_too_much_work(truths):
    deployed = Passes((0.9, 0.9), ())
    candidate = Passes((0.35, 0.9), ((0.4, 0.9),) * 500)

    chosen = choose(candidate, deployed, truths, TrialConfig())

    assert chosen.thresholds[0] > 0.35


def test_partly_labelled_pictures_say_nothing_and_nothing_changes(truths):
    partly = [replace(one, complete=False) for one in truths]
    candidate = Passes((0.9, 0.9), ())

    chosen = choose(candidate, candidate, partly, TrialConfig())

    assert chosen.thresholds == (0.6, 0.7, 0.7)
