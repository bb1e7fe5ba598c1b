"""An embedder of our own in models/: whole, with the numbers that belong to it."""

import json

import cv2
import numpy as np
import pytest
import ship_embedder

from facecam import artifacts, installation, pipeline
from facecam.config import Config, IdentifierConfig, override
from facecam.config.belonging import EMBEDDER
from facecam.errors import TrainingError, WeightsMissing
from facecam.faces import Detections
from facecam.media import write_image
from facecam.training.embedder import calibrating
from facecam.training.embedder.describing import Trained
from facecam.vision.cohort import Cohort
from tests.embedders import COMPACT, FACENET, TwoEmbedders
from tests.fakes import BlobDetector
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


def test_people_with_names_tell_how_far_strangers_come(home, tmp_path, monkeypatch):
    rng = np.random.default_rng(4)
    for n, count in enumerate([10, 11, *[1] * 60]):
        patches = rng.integers(110, 256, (3, 3, 3))
        for k in range(count):
            seen = np.uint8(patches - rng.integers(0, 10, (3, 3, 3)))
            image = np.zeros((120, 120, 3), np.uint8)
            image[30:78, 36:84] = cv2.resize(seen, (48, 48))
            write_image(tmp_path / "people" / str(n) / f"{k}.png", image)
    monkeypatch.setattr(calibrating, "ENOUGH", 60)
    monkeypatch.setattr(pipeline, "build_detector", lambda config: BlobDetector())
    folder = tmp_path / "catalogue" / "embedder" / OURS

    run = finished_run(tmp_path / "run")
    ship_embedder.ship(run, folder, home, tmp_path / "people")

    found = artifacts.find(OURS, "embedder").settings["identifier"]
    usual = IdentifierConfig()
    assert found.keys() == {"typical_stranger", "real_spread"}
    assert all(found[name] != getattr(usual, name) for name in found)


def test_strangers_are_seen_with_the_margin_the_net_was_trained_on(
    home, tmp_path, monkeypatch
):
    run, seen = finished_run(tmp_path / "run"), []
    record = json.loads((run / "run.json").read_text())
    record["config"]["people"]["margin"] = 1.4
    (run / "run.json").write_text(json.dumps(record))

    def watched(paths, grown, embedder, report):
        seen.append(embedder.crop(*crop_of(100)))
        return np.eye(3)

    monkeypatch.setattr(ship_embedder, "embed_face_crops", watched)
    ship_embedder.embedded(Trained.read(run))

    assert (seen[0] > 0).mean() == pytest.approx(1 / 1.4**2, abs=0.05)
    with pytest.raises(WeightsMissing):  # its margin alone is no setting to ship with
        ship_embedder.ship(run, tmp_path / "x", Config(home=tmp_path / "empty"))


def crop_of(side):
    """Return a picture that is white inside one detected box only."""
    picture = np.zeros((3 * side, 3 * side, 3), np.uint8)
    picture[side : 2 * side, side : 2 * side] = 255
    box = np.array([[side, side, 2 * side, 2 * side]], np.float32)
    points = np.zeros((1, 5, 2), np.float32)
    return picture, Detections(box, np.ones(1, np.float32), points)


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


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """The catalogue; with an embedder that has learned nothing if none ships yet."""
    if SHIPPED:
        return SHIPPED[0]
    two = TwoEmbedders(tmp_path / "catalogue", monkeypatch)
    folder = tmp_path / "catalogue" / "embedder" / COMPACT
    write_unlearned(folder)
    path = folder / artifacts.MANIFEST
    about = json.loads(path.read_text()) | {
        "network": "compact",
        "sha256": artifacts.sha256(folder / artifacts.WEIGHTS),
        "size": (folder / artifacts.WEIGHTS).stat().st_size,
        "command": "facecam train embedder --data nothing",
    }
    path.write_text(json.dumps(about))
    assert two.nets
    return artifacts.find(COMPACT, "embedder")


def write_unlearned(folder):
    """Write seeded weights of a compact net, and what it answers to the probe."""
    from facecam.nets.compact import INPUT_SIZE, build_compact, fold
    from facecam.nets.layers import load, names_and_shapes

    rng = np.random.default_rng(0)
    arrays = {}
    for name, shape in names_and_shapes(build_compact()).items():
        constant = float(name.endswith(("variance", "gamma")))
        arrays[name] = np.full(shape, constant, np.float32)
        if name.endswith("kernel"):
            scale = np.sqrt(2 / np.prod(shape[:-1]))
            arrays[name] = rng.normal(0, scale, shape).astype("f4")
    np.savez_compressed(folder / artifacts.WEIGHTS, **ship_embedder.halved(arrays))
    answers = load(build_compact(True), fold(arrays))(
        installation.probe(INPUT_SIZE).astype("f4")
    )
    np.save(folder / "probe.npy", np.asarray(answers))


@pytest.mark.slow
@pytest.mark.stands_in
def test_what_ships_is_installed_without_a_network_and_is_small(catalogue, tmp_path):
    config = Config(home=tmp_path / "home")
    assert catalogue.size <= MOST
    assert catalogue.command.startswith("facecam train embedder --data ")
    assert artifacts.running(config) == catalogue.name

    assert installation.ensure_embedder(config)

    model = artifacts.installed(config.models, "embedder", catalogue.name)
    assert model.file("int8.tflite").stat().st_size <= 6e6
    assert not installation.ensure_embedder(config)
