"""Somebody trains a detector on pictures of their own, uses it, and goes back."""

import json

import pytest

from facecam import cli, pipeline
from facecam.config import Config
from facecam.media import read_image
from tests.training import made_up


@pytest.fixture
def facecam(mtcnn_config, monkeypatch, capsys):
    """Run a command that works; return what it prints."""
    monkeypatch.setenv("FACECAM_HOME", str(mtcnn_config.home))

    def run(*words):
        code = cli.main([str(word) for word in words])
        captured = capsys.readouterr()
        assert code == 0, captured.err
        return captured.out

    return run


@pytest.mark.slow
def test_a_detector_of_drawn_faces_is_trained_used_and_taken_back(
    facecam, mtcnn_config, tmp_path
):
    boxed, marked, scenes = made_up.write(tmp_path / "set")
    picture = boxed / "WIDER_val" / "images" / "0--Drawn" / "0.png"
    before = found(mtcnn_config, picture)

    told = facecam(
        *("train", "detector", "--data", boxed, marked, "--negatives", scenes),
        *("--run", tmp_path / "drawn", "--set", *made_up.SETTINGS),
    )
    assert f"facecam deploy {tmp_path / 'drawn'}" in told

    run = json.loads(facecam("train", "status", tmp_path / "drawn", "--json"))
    metrics = run["steps"][-1]["metrics"]
    assert run["state"] == "done"
    assert metrics["recall_all"] > 0.5

    facecam("deploy", tmp_path / "drawn", "--force")
    assert found(mtcnn_config, picture) > before

    facecam("rollback", "detector")
    assert found(mtcnn_config, picture) == before


def found(config: Config, picture):
    """Return how many faces the detector in use finds."""
    return len(pipeline.build_detector(config).detect(read_image(picture)))
