import json
import shutil
from dataclasses import replace

import pytest

from facecam import files
from facecam.config import THRESHOLDS
from facecam.config.retraining import TrialConfig
from facecam.errors import TrainingError, WeightsCorrupt, WeightsMissing
from facecam.training.detector.evaluation import contenders


@pytest.fixture
def folder(mtcnn_config):
    """The installed detector of a home of the test's own."""
    return mtcnn_config.models / "detector" / mtcnn_config.detector.model / "installed"


@pytest.fixture
def run(folder, tmp_path):
    """A run whose nets are the installed ones."""
    for number, net in ((3, "pnet"), (6, "rnet"), (9, "onet")):
        fit = tmp_path / "run" / f"{number:02d}-{net}-fit"
        fit.mkdir(parents=True)
        shutil.copy(folder / f"{net}.tflite", fit / "net.tflite")
        shutil.copy(folder / "weights.npz", fit / "weights.npz")
    return tmp_path / "run"


def test_the_installed_detector_has_the_numbers_of_its_weights(folder, astronaut):
    files.write(
        folder / "manifest.json",
        json.dumps(
            json.loads((folder / "manifest.json").read_text())
            | {"settings": {"thresholds": [0.6, 0.7, 0.9], "lean": 0.03}}
        ).encode(),
    )

    deployed = contenders.installed(folder)

    assert deployed.thresholds == (0.6, 0.7, 0.9)
    assert deployed.config.lean == 0.03
    assert len(deployed.detector().detect(astronaut)) == 1


def test_a_detector_that_searches_goes_down_to_low_scores_and_small_faces(
    folder, astronaut
):
    deployed = contenders.installed(folder)
    config = TrialConfig(min_face=20, lowest=0.05)

    shown = deployed.detector().detect(astronaut)
    searched = deployed.searching(config).detect(astronaut)

    assert len(searched) > len(shown)
    assert searched.scores.min() < deployed.thresholds[2]


def test_a_run_has_the_settings_it_was_evaluated_with(run):
    assert contenders.of_run(run).thresholds == THRESHOLDS
    assert contenders.of_run(run).config.lean == 0

    (run / "11-evaluate").mkdir()
    settings = run / "11-evaluate" / contenders.SETTINGS
    settings.write_text(json.dumps({"thresholds": [0.5, 0.6, 0.8], "lean": 0.01}))

    assert contenders.of_run(run).thresholds == (0.5, 0.6, 0.8)
    assert contenders.of_run(run).config.lean == 0.01


@pytest.mark.parametrize("text", ["", "[1]", '{"thresholds": "high"}', '{"other": 1}'])
def test_damaged_settings_name_the_file(run, text):
    (run / "11-evaluate").mkdir()
    (run / "11-evaluate" / contenders.SETTINGS).write_text(text)

    with pytest.raises(TrainingError, match=r"settings\.json"):
        contenders.of_run(run)


def test_a_run_finds_faces_as_the_detector_with_its_nets(run, folder, astronaut):
    trained = contenders.of_run(run)
    same = replace(trained, config=contenders.installed(folder).config)

    found = same.detector().detect(astronaut)

    expected = contenders.installed(folder).detector().detect(astronaut)
    assert found.boxes.tolist() == expected.boxes.tolist()


def test_an_installed_detector_that_is_damaged_or_gone_is_refused(folder):
    net = folder / "rnet.tflite"
    data = net.read_bytes()
    net.unlink()  # the file may be linked to one that other tests read
    net.write_bytes(data[:-1] + b"?")

    with pytest.raises(WeightsCorrupt, match="rnet"):
        contenders.installed(folder)

    (folder / "manifest.json").unlink()
    with pytest.raises(WeightsMissing, match="facecam models install"):
        contenders.installed(folder)
