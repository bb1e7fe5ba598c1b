"""A run's detector is put to use when it is better, and the one before is kept."""

import json
import shutil
import time
from dataclasses import replace

import numpy as np
import pytest

from facecam import artifacts, installation, pipeline
from facecam.config import override
from facecam.errors import FacecamError, ModelError, TrainingError, WeightsCorrupt
from facecam.nets.arrays import digest
from facecam.training.detector import deploying
from tests.training.detector.finished import (
    EVALUATION,
    FAILS,
    FITS,
    SETTINGS,
    WORSE,
    finished_run,
)

CPU = {"runtime": {"device": "cpu"}}


@pytest.fixture
def config(mtcnn_config):
    return override(mtcnn_config, CPU)


@pytest.fixture
def folder(config):
    return config.models / "detector" / config.detector.model / "installed"


@pytest.fixture
def run(tmp_path, folder):
    return finished_run(tmp_path / "run-7", folder)


@pytest.fixture
def compiled(monkeypatch, folder):
    """Take the nets that are there for the compiled ones: compiling takes long."""
    nets = {path.name: path.read_bytes() for path in folder.glob("*.tflite")}

    def convert(kind, out, source, report):
        with np.load(source) as weights:
            arrays = {name: weights[name] for name in weights.files}
        shutil.copy(source, out / "weights.npz")
        for name, content in nets.items():
            (out / name).write_bytes(content)
        return digest(arrays)

    monkeypatch.setattr("facecam.installation.converting._run_converter", convert)


def in_use(config):
    return artifacts.installed(config.models, "detector", config.detector.model)


def change(path, **values):
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | values))


@pytest.mark.slow
def test_a_deployed_detector_is_compiled_and_finds_faces_by_its_own_numbers(
    config, run, folder, astronaut
):
    before = pipeline.build_detector(config).detect(astronaut)

    deployed = deploying.deploy(config, run)

    assert deployed.changed
    assert deployed.model.source == "training run run-7"
    assert deployed.model.origin.settings == SETTINGS
    artifacts.verify(deployed.model)
    with np.load(folder / "weights.npz") as weights:
        assert deployed.model.arrays == digest({n: weights[n] for n in weights.files})
    after = pipeline.build_detector(config).detect(astronaut)
    assert len(before) == len(after) == 1
    assert after.scores[0] != before.scores[0]
    assert after.boxes == pytest.approx(before.boxes, abs=4)

    installation.roll_back(config, "detector")
    again = pipeline.build_detector(config).detect(astronaut)
    assert np.array_equal(again.boxes, before.boxes)
    assert np.array_equal(again.scores, before.scores)


def test_thresholds_and_lean_come_with_the_weights_and_the_user_wins(
    config, run, compiled
):
    mine = override(config, {"detector": {"lean": 0.03}})
    assert pipeline.detector_config(config).lean == 0.02
    assert pipeline.detector_config(config).thresholds == (0.6, 0.7, 0.7)

    deploying.deploy(config, run)

    assert pipeline.detector_config(config).thresholds == (0.5, 0.6, 0.65)
    assert pipeline.detector_config(config).lean == 0.01
    assert pipeline.detector_config(mine).lean == 0.03
    assert pipeline.detector_config(mine).thresholds == (0.5, 0.6, 0.65)

    installation.roll_back(config, "detector")
    assert pipeline.detector_config(config).lean == 0.02


def test_what_gets_better_and_worse_is_handed_back(config, run, compiled):
    deployed = deploying.deploy(config, run)

    assert [verdict.measure for verdict in deployed.comparison.verdicts] == [
        "Recall of all faces"
    ]
    assert deployed.model.origin.note == ""


def test_a_worse_detector_is_refused_with_what_gets_worse(
    config, tmp_path, folder, compiled
):
    run = finished_run(tmp_path / "worse", folder, FAILS)
    before = in_use(config)

    with pytest.raises(TrainingError) as refused:
        deploying.deploy(config, run)

    assert str(WORSE) in str(refused.value)
    assert f"facecam deploy {run} --force" in str(refused.value)
    assert in_use(config) == before


def test_a_worse_detector_may_be_forced_and_that_is_remembered(
    config, tmp_path, folder, compiled
):
    run = finished_run(tmp_path / "worse", folder, FAILS)

    deployed = deploying.deploy(config, run, force=True)

    assert deployed.changed
    assert in_use(config).origin.note == f"deployed although: {WORSE}"


def test_deploying_what_is_in_use_already_changes_nothing(config, run, compiled):
    first = deploying.deploy(config, run)

    again = deploying.deploy(config, run)

    assert not again.changed
    assert again.model == first.model
    earlier = artifacts.before(config.models, "detector", config.detector.model)
    assert earlier.source == "mtcnn 1.0.0"


def test_the_same_nets_with_other_thresholds_are_deployed(config, run, compiled):
    deploying.deploy(config, run)
    other = SETTINGS | {"thresholds": [0.5, 0.6, 0.8]}
    (run / EVALUATION / "settings.json").write_text(json.dumps(other))

    deployed = deploying.deploy(config, run, force=True)

    assert deployed.changed
    assert in_use(config).origin.settings == other


def test_a_damaged_one_in_use_is_deployed_anew(config, run, folder, compiled):
    deploying.deploy(config, run)
    (folder / "rnet.tflite").write_bytes(b"damaged")

    deployed = deploying.deploy(config, run, force=True)

    assert deployed.changed
    artifacts.verify(in_use(config))


def test_a_run_that_was_not_evaluated_is_refused(config, run, compiled):
    shutil.rmtree(run / EVALUATION)

    with pytest.raises(TrainingError, match="not evaluated"):
        deploying.deploy(config, run)

    deployed = deploying.deploy(config, run, force=True)
    assert deployed.comparison is None
    assert deployed.model.origin.note == "deployed although: It was not evaluated."
    assert deployed.model.origin.settings == {
        "thresholds": [0.6, 0.7, 0.7],
        "lean": 0.0,
    }


def test_a_net_fitted_after_the_evaluation_asks_for_another_one(config, run, compiled):
    later = {"started": time.time(), "seconds": 5.0}
    change(run / FITS["onet"] / "manifest.json", **later)

    with pytest.raises(TrainingError, match=r"fitted again [^~]* --run .*run-7"):
        deploying.deploy(config, run)


def test_a_comparison_with_another_detector_does_not_count(
    config, run, folder, tmp_path, compiled
):
    other = finished_run(tmp_path / "other", folder)
    bias = np.float32(0.5)
    with np.load(other / FITS["pnet"] / "weights.npz") as weights:
        arrays = dict(weights)
    np.savez(
        other / FITS["pnet"] / "weights.npz",
        **arrays | {"score_bias": arrays["score_bias"] + bias},
    )
    deploying.deploy(config, other)

    with pytest.raises(TrainingError, match="not compared with the detector in use"):
        deploying.deploy(config, run)

    installation.roll_back(config, "detector")
    assert deploying.deploy(config, run).changed


def test_a_run_that_is_not_finished_says_which_net_it_lacks(config, run, compiled):
    shutil.rmtree(run / FITS["rnet"])

    with pytest.raises(TrainingError, match="it has no rnet"):
        deploying.deploy(config, run, force=True)


def test_a_run_that_is_not_there_says_how_to_list_those_that_are(config, tmp_path):
    with pytest.raises(TrainingError, match=r"no run .*nowhere.*facecam train list"):
        deploying.deploy(config, tmp_path / "nowhere")


@pytest.mark.slow
def test_weights_of_another_net_are_refused_and_nothing_changes(config, run):
    pnet, rnet = (run / FITS[net] / "weights.npz" for net in ("pnet", "rnet"))
    shutil.copy(pnet, rnet)
    before = in_use(config)

    with pytest.raises(WeightsCorrupt, match="not the weights of rnet"):
        deploying.deploy(config, run)

    assert in_use(config) == before


@pytest.mark.parametrize(
    "place",
    [
        f"{FITS['pnet']}/weights.npz",
        f"{EVALUATION}/settings.json",
        f"{EVALUATION}/comparison.json",
    ],
)
def test_damaged_files_are_named(config, run, compiled, place):
    (run / place).write_bytes(b"PK damaged")

    with pytest.raises(FacecamError, match=place):
        deploying.deploy(config, run)


def test_a_damaged_comparison_may_be_overridden(config, run, compiled):
    (run / EVALUATION / "comparison.json").write_text("{")

    assert deploying.deploy(config, run, force=True).comparison is None


def test_settings_that_cannot_be_are_refused_before_anything_changes(
    config, run, compiled
):
    settings = run / EVALUATION / "settings.json"
    settings.write_text(json.dumps({"thresholds": [0.5, 7, 0.5]}))
    before = in_use(config)

    with pytest.raises(TrainingError, match=r"settings\.json: .*thresholds"):
        deploying.deploy(config, run)

    assert in_use(config) == before


def test_the_detector_goes_where_the_configuration_says(config, run, compiled):
    other = replace(config, detector=replace(config.detector, model="nobody"))

    with pytest.raises(ModelError, match="no model nobody"):
        deploying.deploy(other, run)
