"""An embedder of our own in models/: whole, with the numbers that belong to it."""

import numpy as np
import pytest
import ship_embedder

from facecam import artifacts, installation, pipeline
from facecam.config import Config, override
from facecam.config.belonging import EMBEDDER
from facecam.errors import TrainingError, WeightsMissing
from facecam.vision.cohort import Cohort
from tests.conftest import ROOT
from tests.embedders import FACENET, TwoEmbedders
from tests.training.embedder.finished import DIMENSIONS, colours, finished_run

OURS = "compact-2"
SHIPPED = [
    one for one in artifacts.embedders() if (one.folder / "weights.npz").is_file()
]
"""The embedders that lie in models/ with their weights."""
MOST = 9e6
"""Bytes of the weights of an embedder that ships."""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home in which FaceNet is installed, and nets that see colours."""
    monkeypatch.setattr(
        "facecam.runtime.litert.load", lambda path, threads, buckets=None: colours
    )
    two = TwoEmbedders(tmp_path / "catalogue", monkeypatch)
    config = Config(home=tmp_path / "home")
    two.install(config.models, FACENET)
    return config


@pytest.fixture
def shipped(home, tmp_path):
    """The manifest of a run that was shipped."""
    folder = tmp_path / "catalogue" / "embedder" / OURS
    ship_embedder.ship(finished_run(tmp_path / "run"), folder, home)
    return artifacts.find(OURS, "embedder")


def test_what_is_shipped_says_where_it_comes_from(shipped):
    assert (shipped.called, shipped.network) == ("Compact", "compact")
    assert shipped.command == (
        "facecam train embedder --data 'run pictures' --loss distil --from scratch "
        "--teacher facenet-20180402"
    )
    assert shipped.sha256 == artifacts.sha256(shipped.folder / "weights.npz")
    assert shipped.files == ("int8.tflite", "float32.tflite")
    assert shipped.input["size"] == 112
    card = (shipped.folder / "CARD.md").read_text()
    assert card.startswith("# Compact 2\n")
    assert "0.800 cosine to the teacher" in card


def test_it_brings_all_that_belongs_to_an_embedder(shipped, home):
    assert not shipped.own
    for section, values in shipped.settings.items():
        assert set(values) <= set(EMBEDDER[section])
    override(home, dict(shipped.settings))
    assert shipped.settings["tracker"].keys() == {"same_face"}
    assert np.load(shipped.folder / "probe.npy").shape == (2, DIMENSIONS)
    cohort = Cohort.load(shipped.folder / pipeline.COHORT)
    assert cohort.mean.shape == (DIMENSIONS,)


def test_kernels_are_kept_in_half_precision_and_what_is_small_exactly():
    arrays = {"Conv_kernel": np.ones((2, 2), "f4"), "Conv_bias": np.ones(2, "f4")}

    halved = ship_embedder.halved(arrays)

    assert halved["Conv_kernel"].dtype == np.float16
    assert halved["Conv_bias"].dtype == np.float32


def test_without_its_teacher_or_without_weights_nothing_is_written(home, tmp_path):
    run, folder = finished_run(tmp_path / "run"), tmp_path / "nothing"
    with pytest.raises(WeightsMissing, match="facecam models install facenet"):
        ship_embedder.ship(run, folder, Config(home=tmp_path / "empty"))
    (run / "03-fit" / "weights.npz").unlink()
    with pytest.raises(TrainingError, match="not fitted"):
        ship_embedder.ship(run, folder, home)

    assert not folder.exists()


@pytest.mark.skipif(not SHIPPED, reason="No embedder of our own lies in models/.")
@pytest.mark.slow
def test_what_ships_is_installed_without_a_network_and_is_small(tmp_path):
    config = Config(home=tmp_path)
    manifest = SHIPPED[0]
    assert manifest.size <= MOST
    assert manifest.command.startswith("facecam train embedder --data ")

    assert installation.ensure_embedder(config)

    model = artifacts.installed(config.models, "embedder", manifest.name)
    assert artifacts.running(config) == manifest.name
    assert model.file("int8.tflite").stat().st_size <= 6e6
    assert ROOT in manifest.folder.parents
