"""A detector measured on pictures drawn for the purpose, and on real ones."""

import dataclasses

import numpy as np
import pytest

from facecam.annotations import reading
from facecam.annotations.annotation import Annotation
from facecam.config import Config
from facecam.config.retraining import TrialConfig
from facecam.errors import DatasetError
from facecam.faces import Detections
from facecam.media import write_image
from facecam.training.detector.evaluation import contenders, trial
from tests.fakes import BlobDetector, picture

CONFIG = TrialConfig()


def quiet(done, total):
    assert done <= total


def labelled(path, boxes, ignored=None, masked=None, points=None, complete=True):
    m = len(boxes)
    return Annotation(
        path,
        np.array(boxes, np.float32).reshape(m, 4),
        np.zeros(m, bool) if ignored is None else np.array(ignored),
        np.full((m, 5, 2), np.nan, np.float32) if points is None else points,
        {} if masked is None else {"occlusion": np.array(masked, np.int8)},
        complete,
    )


def found(*boxes, scores=None):
    n = len(boxes)
    return Detections(
        np.array(boxes, np.float32).reshape(n, 4),
        np.array(scores or np.linspace(0.99, 0.9, n), np.float32),
        np.full((n, 5, 2), np.nan, np.float32),
    )


@pytest.fixture
def scene(tmp_path):
    path = tmp_path / "scene.png"
    write_image(path, picture((10, 20, 60), (150, 20, 30), (200, 100, 80)))
    return path


LARGE, SMALL, MIDDLE = (200, 100, 280, 180), (150, 20, 180, 50), (10, 20, 70, 80)
ELSEWHERE = (300, 200, 360, 260)


def test_recall_and_false_alarms_follow_the_score(scene):
    listed = labelled(scene, [LARGE, SMALL, ELSEWHERE])
    seen = found(LARGE, MIDDLE, SMALL, scores=(0.9, 0.8, 0.3))

    figures = trial.judge([listed], [seen], CONFIG).groups["all"]

    assert [(p.recall, p.false) for p in figures.curve] == [
        (pytest.approx(1 / 3), 0),
        (pytest.approx(1 / 3), 1),
        (pytest.approx(2 / 3), 1),
    ]
    assert figures.faces == 3
    assert figures.recall_at(0.5) == pytest.approx(1 / 3)
    assert figures.recall_at(1) == pytest.approx(2 / 3)
    assert figures.at(0.7).false == 1
    assert figures.at(0.85).false == figures.at(0.95).recall == 0
    assert figures.average_precision == pytest.approx(1 / 3 + 1 / 3 * 2 / 3)


def test_small_and_ignored_faces_are_neither_asked_for_nor_wrong(scene):
    listed = labelled(scene, [LARGE, SMALL, MIDDLE], ignored=[False, False, True])
    config = dataclasses.replace(CONFIG, min_face=40)

    figures = trial.measure(BlobDetector(), [listed], config, quiet).groups["all"]

    assert (figures.faces, figures.recall_at(0)) == (1, 1)


def test_a_group_leaves_the_faces_of_the_other_out(scene):
    listed = labelled(scene, [LARGE, SMALL, MIDDLE], masked=[0, 1, 2])
    seen = found(LARGE, SMALL, ELSEWHERE, scores=(0.9, 0.8, 0.75))

    groups = trial.judge([listed], [seen], CONFIG).groups

    assert (groups["masked"].faces, groups["unmasked"].faces) == (2, 1)
    assert groups["masked"].at(0.7).recall == 0.5
    assert groups["unmasked"].at(0.7).recall == 1
    assert {groups[name].at(0.7).false for name in ("all", "masked", "unmasked")} == {1}


def test_faces_are_divided_by_the_longer_side(scene):
    listed = labelled(scene, [LARGE, SMALL, (0, 0, 20, 60)])

    groups = trial.judge([listed], [found(LARGE)], CONFIG).groups

    sizes = {
        name: (figures.faces, figures.recall_at()) for name, figures in groups.items()
    }
    assert sizes == {
        "all": (3, pytest.approx(1 / 3)),
        "20–40 px": (1, 0),
        "40–80 px": (1, 0),
        "from 80 px": (1, 1),
    }


def test_where_nobody_says_who_wears_a_mask_no_group_is_made_of_it(scene):
    groups = trial.judge([labelled(scene, [LARGE])], [found(LARGE)], CONFIG).groups

    assert set(groups) == {"all", "from 80 px"}


def test_a_loosely_labelled_face_counts_as_found(scene):
    loose = (200, 100, 280, 240)  # IoU 0.57 with the lower half cut off: 80 of 140
    half = (200, 100, 280, 135)

    whole = trial.judge([labelled(scene, [loose])], [found(LARGE)], CONFIG)
    less = trial.judge([labelled(scene, [loose])], [found(half)], CONFIG)

    assert whole.groups["all"].recall_at() == 1
    assert less.groups["all"].recall_at() == 0


def test_a_picture_not_wholly_labelled_says_nothing_of_false_alarms(scene):
    whole = labelled(scene, [LARGE])
    part = labelled(scene, [LARGE, SMALL], complete=False)
    wild = found(LARGE, MIDDLE, ELSEWHERE)

    measured = trial.judge([whole, part], [found(LARGE), wild], CONFIG)

    assert measured.pictures == 1
    assert measured.groups["all"].at(0.7).false == 0
    assert measured.partly == trial.Partly(pictures=1, faces=2, recall=0.5)


def test_landmarks_are_measured_on_the_faces_found_and_shown(scene):
    seen = BlobDetector().detect(picture((10, 20, 60), (150, 20, 30)))
    apart = np.float32([[[1.2, 0]], [[0, 6.0]]])  # the eyes: 24 and 12 pixels
    moved = seen.landmarks + apart
    listed = labelled(
        scene, [*seen.boxes, ELSEWHERE], points=np.concatenate([moved, moved[:1]])
    )

    landmarks = trial.judge([listed], [seen], CONFIG).landmarks
    strict = dataclasses.replace(CONFIG, shown=0.98)
    only_best = trial.judge([listed], [seen], strict).landmarks

    assert landmarks.faces == 2
    assert landmarks.error == pytest.approx((0.05 + 0.5) / 2, rel=1e-3)
    assert landmarks.poor == 0.5
    assert (only_best.faces, only_best.error) == (1, pytest.approx(0.05, rel=1e-3))


def test_the_mean_shape_is_what_a_net_that_learned_nothing_would_say(scene):
    shape = BlobDetector().detect(picture((0, 0, 100))).landmarks
    beside = np.float32([[[-10, 0]], [[110, 0]]])
    points = shape + beside  # ten pixels to the left, ten to the right of the middle
    boxes = [(0, 0, 100, 100), (100, 0, 200, 100)]
    listed = labelled(scene, boxes, points=points)
    seen = Detections(listed.boxes, np.float32([0.9, 0.8]), points)

    landmarks = trial.judge([listed], [seen], CONFIG).landmarks

    assert landmarks.error == 0
    assert landmarks.mean_shape == pytest.approx(10 / 40, rel=1e-3)


def test_where_no_landmarks_are_known_nothing_is_said_of_them(scene):
    seen = BlobDetector().detect(picture((200, 100, 80)))

    assert trial.judge([labelled(scene, [LARGE])], [seen], CONFIG).landmarks is None


def test_pictures_without_any_face_count_for_false_alarms(scene):
    listed = [labelled(scene, [LARGE]), labelled(scene, [])]

    measured = trial.judge(listed, [found(LARGE), found(ELSEWHERE)], CONFIG)

    assert measured.pictures == 2
    assert measured.groups["all"].at(0.7).false == 0.5


def test_nothing_to_look_for_is_refused(scene):
    tiny = labelled(scene, [(0, 0, 10, 10)])

    for annotations in ([], [tiny], [dataclasses.replace(tiny, complete=False)]):
        with pytest.raises(DatasetError, match="a side of 20 px"):
            trial.judge(annotations, [found(LARGE)] * len(annotations), CONFIG)


def test_a_detector_that_finds_nothing_has_no_recall(scene):
    figures = trial.judge([labelled(scene, [LARGE])], [found()], CONFIG).groups["all"]

    assert (figures.recall_at(), figures.average_precision, figures.curve) == (0, 0, ())
    assert (figures.at(0.7).recall, figures.at(0.7).false) == (0, 0)


def test_the_detector_that_ships_finds_what_the_reference_finds(data, installed_home):
    config = Config(home=installed_home)
    folder = config.models / "detector" / config.detector.model / "installed"
    detector = contenders.installed(folder).searching(CONFIG)
    boxed = reading.part(reading.read(data / "detection_wider_layout"), "val")

    groups = trial.measure(detector, boxed, CONFIG, quiet).groups

    assert groups["all"].faces == 189  # the reference finds 0.88, 0.80 and 0.91
    assert (groups["masked"].faces, groups["unmasked"].faces) == (97, 92)
    assert groups["all"].recall_at(0.5) > 0.88
    assert groups["masked"].recall_at(0.18) > 0.79
    assert groups["unmasked"].recall_at(0.5) > 0.9
