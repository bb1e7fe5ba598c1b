"""What `facecam deploy` and `facecam rollback` say, and how they end."""

import json
import shutil

import numpy as np
import pytest

from facecam import artifacts, cli
from facecam.nets.arrays import digest
from tests.training.detector.finished import FAILS, SETTINGS, finished_run


@pytest.fixture
def facecam(mtcnn_config, monkeypatch, capsys):
    """Runs a command in a home with the detector; gives code, output and errors."""
    monkeypatch.setenv("FACECAM_HOME", str(mtcnn_config.home))

    def run(*words):
        code = cli.main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def installed(mtcnn_config):
    return mtcnn_config.models / "detector" / "mtcnn" / "installed"


@pytest.fixture(autouse=True)
def compiled(monkeypatch, installed):
    """Take the nets that are there for the compiled ones: compiling takes long."""
    nets = {path.name: path.read_bytes() for path in installed.glob("*.tflite")}

    def convert(kind, out, source, report):
        with np.load(source) as weights:
            arrays = {name: weights[name] for name in weights.files}
        shutil.copy(source, out / "weights.npz")
        for name, content in nets.items():
            (out / name).write_bytes(content)
        return digest(arrays)

    monkeypatch.setattr("facecam.installation.converting._run_converter", convert)


def source(config):
    return artifacts.installed(config.models, "detector", "mtcnn").source


def test_deploying_says_what_gets_better_and_how_to_go_back(
    facecam, installed, tmp_path
):
    run = finished_run(tmp_path / "run-7", installed)

    code, out, err = facecam("deploy", run)

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Faces are found by the detector of training run run-7 from now on.",
        "Better:",
        "  Recall of all faces: 93.0%, deployed 88.0% (better).",
        "Back to the one before: facecam rollback detector",
    ]


def test_a_run_is_also_known_by_its_name(facecam, installed, mtcnn_config):
    finished_run(mtcnn_config.runs / "monday", installed)

    assert facecam("deploy", "monday")[0] == 0
    assert source(mtcnn_config) == "training run monday"


def test_a_worse_detector_is_refused_with_1_and_may_be_forced(
    facecam, installed, tmp_path, mtcnn_config
):
    run = finished_run(tmp_path / "worse", installed, FAILS)

    code, out, err = facecam("deploy", run)

    assert (code, out) == (1, "")
    assert "Landmark error: 0.0900, deployed 0.0500 (worse)." in err
    assert "--force" in err
    assert source(mtcnn_config) == "mtcnn 1.0.0"

    code, out, _ = facecam("deploy", run, "--force")

    assert code == 0
    assert "Worse:\n  Landmark error: 0.0900, deployed 0.0500 (worse)." in out
    assert "deployed although" in out
    assert source(mtcnn_config) == "training run worse"


def test_a_refusal_as_json_gives_every_reason(facecam, installed, tmp_path):
    run = finished_run(tmp_path / "worse", installed, FAILS)

    code, out, err = facecam("deploy", run, "--json", "--progress")

    assert code == 1
    assert json.loads(out.splitlines()[-1]) == {
        "refused": ["Landmark error: 0.0900, deployed 0.0500 (worse)."]
    }
    assert "--force" in err


def test_deploying_twice_says_that_it_is_in_use_already(facecam, installed, tmp_path):
    run = finished_run(tmp_path / "run-7", installed)
    facecam("deploy", run)

    assert facecam("deploy", run)[:2] == (
        0,
        "The detector of training run run-7 is in use already.\n",
    )


def test_deploying_as_json_is_one_object(facecam, installed, tmp_path):
    run = finished_run(tmp_path / "run-7", installed)

    told = json.loads(facecam("deploy", run, "--json")[1])

    assert told["changed"]
    assert told["passes"]
    assert told["settings"] == SETTINGS
    assert told["verdicts"] == [
        {
            "measure": "Recall of all faces",
            "unit": "share",
            "candidate": 0.93,
            "deployed": 0.88,
            "outcome": "better",
        }
    ]


def test_a_detector_that_the_settings_leave_unused_is_warned_of(
    facecam, installed, tmp_path, mtcnn_config
):
    (mtcnn_config.home / "facecam.toml").write_text('[detector]\nkind = "haar"\n')
    run = finished_run(tmp_path / "run-7", installed)

    code, _, err = facecam("deploy", run)

    assert code == 0
    assert err == "facecam.toml still has faces found by haar.\n"


def test_numbers_of_the_user_that_replace_those_of_the_run_are_warned_of(
    facecam, installed, tmp_path, mtcnn_config
):
    text = "[detector]\nthresholds = [0.6, 0.7, 0.9]\nlean = 0.01\n"
    (mtcnn_config.home / "facecam.toml").write_text(text)
    run = finished_run(tmp_path / "run-7", installed)

    _, _, err = facecam("deploy", run)

    assert err == (
        "facecam.toml sets detector.thresholds to (0.6, 0.7, 0.9), "
        "not [0.5, 0.6, 0.65].\n"
    )


def test_an_unknown_run_is_refused_with_how_to_list_them(facecam):
    code, _, err = facecam("deploy", "nowhere")

    assert code == 1
    assert "facecam train list" in err


def test_rolling_back_goes_back_and_forth(facecam, installed, tmp_path, mtcnn_config):
    facecam("deploy", finished_run(tmp_path / "worse", installed, FAILS), "--force")

    assert facecam("rollback", "detector")[:2] == (
        0,
        "The detector in use is that of mtcnn 1.0.0 again.\n",
    )
    assert source(mtcnn_config) == "mtcnn 1.0.0"

    code, out, _ = facecam("rollback", "mtcnn")
    assert code == 0
    assert "training run worse again.\nIt was deployed although: " in out


def test_rolling_back_as_json_is_one_object(facecam, installed, tmp_path):
    facecam("deploy", finished_run(tmp_path / "run-7", installed))

    told = json.loads(facecam("rollback", "detector", "--json")[1])

    assert (told["kind"], told["name"]) == ("detector", "mtcnn")
    assert told["source"] == "mtcnn 1.0.0"


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("detector", "There is no earlier version of mtcnn to go back to."),
        ("embedder", "There is no earlier version of facenet-20180402"),
        ("yolo", "There is no model yolo. Known: "),
    ],
)
def test_there_may_be_nothing_to_go_back_to(facecam, model, text):
    code, _, err = facecam("rollback", model)

    assert code == 1
    assert text in err


def test_the_list_of_models_says_what_is_used_and_what_was_before(
    facecam, installed, tmp_path
):
    facecam("deploy", finished_run(tmp_path / "run-7", installed))

    _, out, _ = facecam("models", "list")
    _, told, _ = facecam("models", "list", "--json")

    (line,) = [line for line in out.splitlines() if "  mtcnn  " in line]
    assert "  yes  " in line
    assert line.endswith("from training run run-7; before that from mtcnn 1.0.0")
    (row,) = [m for m in json.loads(told)["models"] if m["name"] == "mtcnn"]
    assert row["used"]
    assert row["earlier"] == "mtcnn 1.0.0"
    assert row["settings"] == SETTINGS
