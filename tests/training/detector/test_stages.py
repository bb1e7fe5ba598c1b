import json
import math
from dataclasses import replace

import numpy as np
import pytest

from facecam.config.retraining import GateConfig, MiningConfig
from facecam.errors import TrainingError
from facecam.faces import Detections
from facecam.media import write_image
from facecam.training.detector import index, stages
from facecam.training.detector.stages import CheckRequest, check, mean_shape_error
from tests.training.detector.drawn import labelled

FACE, OTHER = (20, 20, 80, 90), (100, 20, 160, 90)
GATE = GateConfig(recall=(0.8, 0.7, 0.5), iou=0.4)


def request(stage=0, **numbers):
    return CheckRequest(stage, MiningConfig(), replace(GATE, **numbers))


def quiet(progress):
    pass


class Finds:
    """A cascade that finds the same boxes in every picture, points in their middles."""

    def __init__(self, *boxes):
        self.boxes = np.float32(boxes).reshape(-1, 4)

    def detect(self, image):
        truth = labelled(self.boxes)
        return Detections(
            self.boxes,
            np.ones(len(self.boxes), np.float32),
            truth.landmarks + np.float32([3, 0]),
        )


@pytest.fixture
def held_out(tmp_path, monkeypatch):
    """Return a function that checks a cascade on pictures of so many faces."""
    path = tmp_path / "picture.png"
    write_image(path, np.zeros((120, 200, 3), np.uint8))
    source, out = tmp_path / "01-index", tmp_path / "out"
    source.mkdir()
    out.mkdir()

    def checked(cascade, *truths, wanted=None, report=quiet):
        monkeypatch.setattr(stages, "load_cascade", lambda folders, config: cascade)
        known = [replace(truth, path=path) for truth in truths]
        index.write(source / index.HELD_OUT, known)
        inputs = {"01-index": source, "03-pnet-fit": tmp_path / "fit"}
        try:
            return check(0, wanted or request(), inputs, out, report)
        finally:
            stages._cascade.clear()

    checked.figures = lambda: json.loads((out / "figures.json").read_text())
    return checked


def test_without_held_out_pictures_there_is_nothing_to_stop_for(held_out):
    assert held_out(Finds()) == {"pictures": 0, "faces": 0}


def test_pictures_without_faces_count_proposals_alone(held_out):
    figures = held_out(Finds(FACE), labelled(), labelled())

    assert figures == {"pictures": 2, "faces": 0, "proposals": 1}


def test_recall_counts_faces_over_whole_pictures(held_out):
    wanted = request(recall=(0.5, 0.5, 0.5))

    figures = held_out(
        Finds(FACE, (0, 0, 30, 30)), labelled(FACE, OTHER), labelled(), wanted=wanted
    )

    assert (figures["faces"], figures["recall"], figures["proposals"]) == (2, 0.5, 2)
    assert held_out.figures() == figures


def test_small_and_ignored_faces_are_not_asked_for(held_out):
    ignored = labelled(FACE, OTHER, ignored=np.array([False, True]))
    small = labelled((5, 100, 19, 119))

    figures = held_out(Finds(FACE), ignored, small)

    assert (figures["faces"], figures["recall"]) == (1, 1.0)


def test_partly_labelled_pictures_say_nothing_of_recall_but_of_landmarks(held_out):
    partly = labelled(FACE, complete=False)

    figures = held_out(Finds(FACE), partly)

    assert (figures["faces"], figures["pictures"]) == (0, 0)
    assert figures["landmark_error"] == pytest.approx(3 / 24)


def test_landmarks_are_measured_by_the_distance_of_the_eyes_and_beside_the_mean_shape(
    held_out,
):
    shifted = labelled(FACE)
    shifted.landmarks[:] += np.float32([0, 6])

    figures = held_out(Finds(FACE), labelled(FACE), shifted)

    first, second = 3 / 24, math.hypot(3, 6) / 24
    assert figures["landmark_error"] == pytest.approx((first + second) / 2)
    assert figures["mean_shape_error"] == pytest.approx(3 / 24)


def test_a_net_without_landmarks_has_no_error_of_them(held_out):
    class Silent(Finds):
        def detect(self, image):
            found = super().detect(image)
            return replace(found, landmarks=np.full_like(found.landmarks, np.nan))

    assert "landmark_error" not in held_out(Silent(FACE), labelled(FACE))


def test_a_cascade_below_the_gate_stops_the_run_and_leaves_its_figures(held_out):
    with pytest.raises(TrainingError, match=r"After P-Net .* finds 50% .* 80% are"):
        held_out(Finds(FACE), labelled(FACE, OTHER))

    assert held_out.figures()["recall"] == 0.5


@pytest.mark.parametrize(
    ("boxes", "stage", "hint"),
    [
        ((), 0, "proposes next to nothing.*corners as sizes"),
        ([(0, 90, 30, 119)] * 8, 0, "not where the faces are.*facecam train check"),
        ([FACE] * 9, 0, r"few steps or on few faces.*--set pnet\.fit\.steps"),
        ((), 1, r"After R-Net.*--set rnet\.fit\.steps"),
        ((), 2, r"After O-Net.*--set onet\.fit\.steps"),
    ],
)
def test_the_gate_gives_a_hint_drawn_from_the_known_causes(
    boxes, stage, hint, held_out
):
    faces = labelled(FACE, OTHER)

    with pytest.raises(TrainingError, match=hint):
        held_out(Finds(*boxes), faces, wanted=request(stage))


def test_each_stage_has_its_own_gate(held_out):
    faces = labelled(FACE, OTHER)

    figures = held_out(Finds(FACE), faces, wanted=request(stage=2))

    assert figures["recall"] == 0.5


def test_progress_tells_pictures_done(held_out):
    told = []

    held_out(Finds(FACE), *[labelled(FACE)] * 20, report=told.append)

    assert [(p.step, p.done, p.total) for p in told] == [
        ("P-Net check", 16, 20),
        ("P-Net check", 20, 20),
    ]


@pytest.mark.parametrize(("most", "looked_at"), [(5, 5), (15, 10), (20, 20)])
def test_no_more_pictures_are_looked_at_than_tell_enough(
    most, looked_at, held_out, monkeypatch
):
    monkeypatch.setattr(stages, "MOST_PICTURES", most)

    assert held_out(Finds(FACE), *[labelled(FACE)] * 20)["pictures"] == looked_at


@pytest.mark.parametrize("truths", [[], [labelled()], [labelled(FACE, points=False)]])
def test_without_landmarks_the_mean_shape_has_no_error(truths):
    assert math.isnan(mean_shape_error(truths))


def test_faces_that_look_all_alike_are_their_mean_shape():
    assert mean_shape_error([labelled(FACE), labelled(OTHER, FACE)]) < 1e-6


def test_the_mean_shape_errs_by_how_much_faces_differ():
    left, right = labelled(FACE), labelled(FACE, OTHER)
    left.landmarks[:, 2] += np.float32([-6, 0])
    right.landmarks[0, 2] += np.float32([6, 0])
    right.ignored[1] = True

    assert mean_shape_error([left, right]) == pytest.approx(6 / 24 / 5)


def test_a_face_whose_eyes_lie_on_each_other_does_not_spoil_the_mean(held_out):
    profile = labelled(OTHER)
    profile.landmarks[0, 1] = profile.landmarks[0, 0]

    figures = held_out(Finds(FACE, OTHER), labelled(FACE), profile)

    assert figures["landmark_error"] == pytest.approx(3 / 24)
    assert figures["mean_shape_error"] == pytest.approx(0, abs=1e-6)
