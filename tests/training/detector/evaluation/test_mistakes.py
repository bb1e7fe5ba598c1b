import dataclasses

import numpy as np
import pytest

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.faces import Detections
from facecam.training.detector.evaluation.mistakes import Mistake, mistakes, without

CONFIG = TrialConfig()
LARGE, SMALL, ELSEWHERE = (100, 0, 180, 80), (0, 0, 40, 40), (200, 0, 260, 60)


@pytest.fixture
def listed(tmp_path):
    return Annotation(
        tmp_path / "a.png",
        np.float32([SMALL, LARGE, (0, 100, 10, 110)]),
        np.zeros(3, bool),
        np.full((3, 5, 2), np.nan, np.float32),
    )


def found(*boxes, scores=()):
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array(scores, np.float32),
        np.full((len(boxes), 5, 2), np.nan, np.float32),
    )


def boxes(some):
    return [tuple(one.box.tolist()) for one in some]


def test_everything_missed_comes_with_the_largest_face_first(listed):
    wrong = mistakes([(listed, found())], CONFIG)

    assert boxes(wrong.missed) == [LARGE, SMALL]  # the third is too small to be asked
    assert wrong.false == ()


def test_what_is_not_shown_is_neither_found_nor_a_false_alarm(listed):
    seen = found(LARGE, ELSEWHERE, scores=(0.6, 0.5))

    hidden = mistakes([(listed, seen)], CONFIG)
    shown = mistakes([(listed, seen)], dataclasses.replace(CONFIG, shown=0.4))

    assert (boxes(hidden.missed), hidden.false) == ([LARGE, SMALL], ())
    assert boxes(shown.missed) == [SMALL]
    assert [(one.score, one.picture) for one in shown.false] == [(0.5, 0)]


def test_false_alarms_come_with_the_highest_score_first(listed):
    one, other = found(ELSEWHERE, scores=(0.8,)), found(ELSEWHERE, scores=(0.9,))

    wrong = mistakes([(listed, one), (listed, other)], CONFIG)

    assert [false.picture for false in wrong.false] == [1, 0]


def test_a_picture_not_wholly_labelled_has_no_false_alarms(listed):
    part = dataclasses.replace(listed, complete=False)

    wrong = mistakes([(part, found(ELSEWHERE, scores=(0.9,)))], CONFIG)

    assert wrong.false == ()
    assert len(wrong.missed) == 2


def test_mistakes_are_told_apart_by_picture_and_place():
    def mistake(picture, box):
        return Mistake(picture, np.float32(box), None)

    some = [mistake(0, LARGE), mistake(0, SMALL), mistake(1, LARGE)]
    shifted = (104, 0, 184, 80)

    rest = without(some, [mistake(0, shifted), mistake(2, LARGE)], 0.4)

    assert rest == (some[1], some[2])
    assert without([], some, 0.4) == ()
