"""A detector of our own in models/: installed from there, without any package."""

import json
import os
import shutil
import subprocess
import sys

import pytest
import ship_detector

from facecam import artifacts, installation, pipeline
from facecam.config import override
from facecam.errors import WeightsCorrupt
from facecam.installation import converting
from tests.conftest import ROOT
from tests.training.detector.finished import SETTINGS, finished_run

OURS = "a-ours"
"""Before "mtcnn" in the alphabet: the configuration decides, not the order."""


@pytest.fixture
def config(mtcnn_config, tmp_path, monkeypatch):
    """A home where the detector to use is one that the catalogue carries."""
    catalogue = tmp_path / "models"
    private = shutil.ignore_patterns("installed*", "download")
    shutil.copytree(ROOT / "models", catalogue, ignore=private)
    installed = mtcnn_config.models / "detector" / "mtcnn" / "installed"
    run = finished_run(tmp_path / "run", installed)
    ship_detector.ship(run, catalogue / "detector" / OURS)
    monkeypatch.setattr("facecam.artifacts.shipped.folder", lambda: catalogue)
    ours = {"detector": {"model": OURS}, "runtime": {"device": "cpu"}}
    return override(mtcnn_config, ours)


@pytest.fixture
def without_packages(tmp_path, monkeypatch):
    """Let the packages that carry or read published weights be not installed."""
    folder = tmp_path / "missing"
    folder.mkdir()
    for name in ("lz4", "mtcnn"):
        (folder / f"{name}.py").write_text(f"raise ImportError('no {name}')")
    real = converting._environment()
    paths = {"PYTHONPATH": f"{folder}{os.pathsep}{real['PYTHONPATH']}"}
    monkeypatch.setattr(converting, "_environment", lambda: real | paths)


def test_what_is_shipped_says_where_it_comes_from(config):
    manifest = installation.meant(config, "detector")

    assert manifest.name == OURS
    assert manifest.command == (
        "facecam train detector --data 'my faces' --from deployed --preset fine-tune "
        "--set seed=7"
    )
    assert manifest.settings == SETTINGS
    assert manifest.sha256 == artifacts.sha256(manifest.folder / "weights.npz")
    assert manifest.files == artifacts.find("mtcnn").files


@pytest.mark.slow
def test_it_is_installed_from_the_catalogue_without_any_package(
    config, without_packages, astronaut
):
    model = installation.ensure_detector(config)

    assert model.source.startswith("facecam ")
    assert model.origin.settings == SETTINGS
    assert pipeline.detector_config(config).lean == 0.01
    assert len(pipeline.build_detector(config).detect(astronaut)) == 1


def test_weights_that_are_not_those_shipped_are_refused(config):
    path = installation.meant(config, "detector").folder / "weights.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"?")

    with pytest.raises(WeightsCorrupt, match="not the file that facecam ships"):
        installation.ensure_detector(config)


def test_a_kind_means_the_model_in_use(config, mtcnn_config):
    assert installation.meant(config, "detector").name == OURS
    assert installation.meant(mtcnn_config, "detector").name == "mtcnn"
    assert installation.meant(config, "embedder").kind == "embedder"


def test_starting_needs_no_package_with_published_weights(installed_home):
    code = (
        "import sys\n"
        "sys.modules['lz4'] = sys.modules['mtcnn'] = None\n"  # importing them fails
        "from facecam import config, diagnosis, pipeline\n"
        "import facecam.nets.compile, facecam.app.main, facecam.cli.models\n"
        "pipeline.build_detector(config.load())\n"
        "assert not list(diagnosis.packages())[1:]\n"
    )

    home = {**os.environ, "FACECAM_HOME": str(installed_home)}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=home, check=True)


def test_the_script_writes_readable_json(config):
    text = (installation.meant(config, "detector").folder / "manifest.json").read_text()

    assert json.loads(text)["training_set"] == "see CARD.md"
    assert text.endswith("}\n")
