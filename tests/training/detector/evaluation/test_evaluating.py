"""The last step of a run, on one picture: the nets that ship play both detectors."""

import json
import shutil

import numpy as np
import pytest

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.errors import DatasetError
from facecam.media import write_image
from facecam.training.detector import index
from facecam.training.detector.evaluation import (
    comparison,
    contenders,
    differences,
    evaluating,
    figures,
    folder,
)
from facecam.training.detector.evaluation.figures import Figures, Point, Trial

CONFIG = TrialConfig()


def quiet(progress):
    assert progress.done <= progress.total


@pytest.fixture
def deployed(installed_home):
    return installed_home / "models" / "detector" / "mtcnn" / "installed"


@pytest.fixture
def inputs(tmp_path, deployed, astronaut):
    """A run with the nets in int8, one face held out with its landmarks, and a wall."""
    run = tmp_path / "run"
    face = contenders.installed(deployed).detector().detect(astronaut)
    write_image(tmp_path / "face.png", astronaut)
    write_image(tmp_path / "wall.png", np.full((240, 320, 3), 120, np.uint8))
    none = np.zeros(1, bool)
    held_out = [
        Annotation(tmp_path / "face.png", face.boxes, none, face.landmarks),
        Annotation(tmp_path / "wall.png", face.boxes[:0], none[:0], face.landmarks[:0]),
    ]
    (run / "01-index").mkdir(parents=True)
    index.write(run / "01-index" / index.HELD_OUT, held_out)
    folders = {"01-index": run / "01-index"}
    for net in ("pnet", "rnet", "onet"):
        folders[f"{net}-fit"] = run / f"{net}-fit"
        (run / f"{net}-fit").mkdir()
        shutil.copy(deployed / f"{net}-int8.tflite", run / f"{net}-fit" / "net.tflite")
    return folders


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "run" / "11-evaluate.partial"
    folder.mkdir(parents=True)
    return folder


def test_a_run_is_measured_compared_and_reported(inputs, out, deployed):
    request = evaluating.request(deployed, CONFIG)

    metrics = evaluating.evaluate_run(request, inputs, out, quiet)

    assert metrics["recall_all"] == 1
    assert metrics["false_alarms"] == 0
    assert metrics["landmark_error"] < 0.05
    assert metrics["time_ratio"] == pytest.approx(1, abs=0.8)
    compared = comparison.read(out / evaluating.COMPARISON)
    assert metrics["passes"] == compared.passes
    assert metrics["same"] + metrics["better"] + metrics["worse"] == len(
        compared.verdicts
    )
    candidate = figures.read(out / evaluating.TRIAL)
    assert candidate.pictures == figures.read(out / evaluating.DEPLOYED).pictures == 2
    settings = json.loads((out / contenders.SETTINGS).read_text())
    assert settings["lean"] == 0.0
    assert settings["thresholds"][2] == candidate.shown
    kept = differences.read(out / differences.FILE)
    assert len(kept.differences) == sum(kept.totals.values())
    assert "The detector of run<" in (out / folder.REPORT).read_text("utf-8")
    found = (out / "detections.txt").read_text().splitlines()
    assert (found[0], "wall" in found) == ("face", True)


def test_a_first_detector_is_measured_alone(inputs, out):
    request = evaluating.request(None, CONFIG)

    metrics = evaluating.evaluate_run(request, inputs, out, quiet)

    assert metrics["recall_all"] == 1
    assert "passes" not in metrics
    assert comparison.read(out / evaluating.COMPARISON).passes
    assert figures.read(out / evaluating.TRIAL).shown == CONFIG.shown
    assert not (out / evaluating.DEPLOYED).exists()
    assert not (out / differences.FILE).exists()


def test_with_no_face_held_out_there_is_nothing_to_measure(inputs, out):
    index.write(inputs["01-index"] / index.HELD_OUT, [])

    with pytest.raises(DatasetError, match="None of the 0 pictures"):
        evaluating.evaluate_run(evaluating.request(None, CONFIG), inputs, out, quiet)


def test_another_detector_deployed_makes_another_request(tmp_path):
    folder = tmp_path / "installed"
    folder.mkdir()
    before = evaluating.request(folder, CONFIG)

    (folder / "manifest.json").write_text("{}")

    assert evaluating.request(folder, CONFIG) != before
    assert evaluating.request(folder, CONFIG) == evaluating.request(folder, CONFIG)
    assert evaluating.request(None, CONFIG).deployed == ""


def trial(*points, shown=0.7):
    curve = tuple(Point(score, 0.9, false) for score, false in points)
    return Trial(10, 20, shown, {"all": Figures(10, 0.9, curve)})


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (((0.9, 0.1), (0.555, 0.2), (0.3, 0.9)), 0.5),  # few false alarms: the least
        (((0.9, 0.1), (0.8, 0.2), (0.605, 0.3)), 0.61),  # just above the third
        (((0.99, 0.5),), 0.95),  # too many at any score: the highest
        ((), 0.5),  # nothing found at all
    ],
)
def test_the_score_shown_gives_no_more_false_alarms_than_the_deployed_one(
    points, expected
):
    old = trial((0.9, 0.1), (0.75, 0.2), (0.6, 0.8))

    assert evaluating.chosen_score(trial(*points), old) == expected


def test_where_no_false_alarms_count_the_score_stays():
    bare = Trial(0, 20, 0.7, {})

    assert evaluating.chosen_score(bare, bare) == 0.7
