"""The first start: nothing is installed, and there is no network."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from facecam import artifacts, config
from facecam.app.main import application
from facecam.app.main_window import MainWindow
from facecam.artifacts import WEIGHTS
from facecam.media import find_images, write_image
from tests.conftest import ROOT

SOON = 120_000
"""Milliseconds; the nets are compiled on a busy machine."""
NOWHERE = "http://127.0.0.1:9"
"""Where nobody answers."""
SHIPPED = [one for one in artifacts.embedders() if (one.folder / WEIGHTS).is_file()]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.stands_in,
    pytest.mark.skipif(
        not SHIPPED,
        reason="No embedder lies in models/ with its weights: "
        "scripts/ship_embedder.py puts one there.",
    ),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home that is empty at first, without a network."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FACECAM_HOME", str(home))
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            patch.setenv(name, NOWHERE)
        yield home


@pytest.fixture
def pictures(tmp_path, astronaut):
    """Two pictures of one face: as it is; mirrored, smaller and in dim light."""
    first, second = tmp_path / "first.png", tmp_path / "second" / "second.png"
    write_image(first, astronaut)
    dim = cv2.resize(astronaut[:, ::-1], (400, 400), interpolation=cv2.INTER_AREA)
    write_image(second, (dim * 0.7).astype("u1"))
    return first, second


def facecam(*words):
    """Run a command in a process of its own; -> what it says as JSON."""
    told = subprocess.run(
        [sys.executable, "-m", "facecam", *map(str, words), "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=200,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def names(window):
    """The names drawn on the picture now."""
    matches = [face.match for face in window.live.stage.view.faces if face.match]
    return {match.identity.name for match in matches if match.identity}


def test_the_window_opens_names_somebody_and_offers_facenet(home, pictures, qtbot):
    first, second = pictures
    application()
    window = MainWindow(config.load(home), str(second.parent))
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()

    qtbot.waitUntil(lambda: window.engine.state.loaded, timeout=SOON)
    assert window.status.runtime.text().startswith(f"{SHIPPED[0].called} · ")
    assert "FaceNet, a download of 90 MB" in window.live.offers.text("model")
    facecam("enrol", "Eileen Collins", first)
    qtbot.waitUntil(lambda: len(window.engine.people) == 1, timeout=SOON)
    window.live.start(str(second.parent))
    qtbot.waitUntil(lambda: names(window) == {"Eileen Collins"}, timeout=SOON)
    window.close()


def test_commands_know_people_from_others(home, data, tmp_path):
    friends = sorted(p for p in (data / "videos" / "friends").iterdir() if p.is_dir())
    for friend in friends:
        first, second, third = find_images(friend)
        for picture in (first, second):
            folder = tmp_path / "known" / friend.name
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, folder)
        asked = tmp_path / "asked" / f"{friend.name}.jpg"
        asked.parent.mkdir(exist_ok=True)
        shutil.copy(third, asked)

    facecam("enrol", "--tree", tmp_path / "known")
    told = facecam("detect", "--input", asked.parent, "--output", tmp_path / "drawn")

    listed = {model["name"]: model for model in facecam("models", "list")["models"]}
    assert listed[SHIPPED[0].name]["used"]
    assert not listed["facenet-20180402"]["installed"]
    named = {
        Path(picture["picture"]).stem: {face["name"] for face in picture["faces"]}
        - {None}
        for picture in told["pictures"]
    }
    assert len(named) == len(friends)
    right = [name for name, found in named.items() if found == {name}]
    wrong = {name: found - {name} for name, found in named.items()}
    assert len(right) >= len(friends) / 2, named  # from two pictures of each
    assert not any(wrong.values()), named
