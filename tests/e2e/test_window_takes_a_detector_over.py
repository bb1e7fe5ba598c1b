"""A person deploys a run while the window is open, does not like it and goes back."""

import json
import os
import subprocess
import sys

import pytest

from facecam.app.main import application
from facecam.app.main_window import MainWindow
from tests.conftest import ROOT
from tests.training.detector.finished import EVALUATION, finished_run

SOON = 60_000
"""Milliseconds; a busy machine takes long to compile nets."""


@pytest.fixture
def window(qtbot, mtcnn_config):
    application()
    opened = MainWindow(mtcnn_config, "demo")
    qtbot.addWidget(opened)
    opened.show()
    yield opened
    opened.close()


@pytest.fixture
def facecam(mtcnn_config):
    """Type a command in another process."""
    settings = {**os.environ, "FACECAM_HOME": str(mtcnn_config.home)}
    settings["PYTHONPATH"] = str(ROOT)

    def run(*words):
        command = [sys.executable, "-m", "facecam", *map(str, words)]
        done = subprocess.run(
            command, env=settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.slow
def test_a_window_follows_deploying_and_rolling_back(
    window, facecam, mtcnn_config, tmp_path, qtbot
):
    """The run's detector is one that takes nothing for a face."""
    view = window.live.stage.view
    qtbot.waitUntil(lambda: bool(view.faces), timeout=SOON)
    folder = mtcnn_config.models / "detector" / mtcnn_config.detector.model
    run = finished_run(tmp_path / "blind", folder / "installed")
    blind = {"thresholds": [0.6, 0.7, 1.0]}
    (run / EVALUATION / "settings.json").write_text(json.dumps(blind))
    session = window.live.watching.session

    told = facecam("deploy", run)

    assert "found by the detector of training run blind from now on" in told
    qtbot.waitUntil(lambda: not view.faces, timeout=SOON)
    toasts = window.live.stage.toasts
    assert toasts.text("detector").endswith("training run blind.")

    assert "mtcnn 1.0.0 again" in facecam("rollback", "detector")

    qtbot.waitUntil(lambda: bool(view.faces), timeout=SOON)
    assert window.live.watching.session is session
    assert "Live" in window.status.state.text()
