"""An embedder of a run is put among the others: whole, gated, with its numbers."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from facecam import artifacts, pipeline
from facecam.config import Config
from facecam.errors import ModelError, Refused, TrainingError, WeightsCorrupt
from facecam.training.embedder import deploying
from facecam.vision.cohort import Cohort
from tests.embedders import FACENET, TwoEmbedders
from tests.training.embedder.finished import DIMENSIONS, colours, finished_run


@pytest.fixture(autouse=True)
def nets(monkeypatch):
    """What each file of a net is loaded as, by its name; else it sees colours."""
    others = {}

    def load(path, threads, buckets=None):
        assert path.is_file()
        return others.get(path.name, colours)

    monkeypatch.setattr("facecam.runtime.litert.load", load)
    return others


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A home in which FaceNet is in use."""
    load_cohort = pipeline.load_cohort
    two = TwoEmbedders(tmp_path / "catalogue", monkeypatch)
    monkeypatch.setattr(pipeline, "load_cohort", load_cohort)
    config = Config(home=tmp_path / "home")
    two.install(config.models, FACENET)
    return config


@pytest.fixture
def run(config, tmp_path):
    """Makes a run that was compared with FaceNet."""

    def make(name="run-7", **given):
        facenet = artifacts.installed(config.models, "embedder", FACENET)
        content = facenet.fingerprint("int8")
        return finished_run(tmp_path / name, content=content, **given)

    return make


def using(config, name):
    return replace(config, embedder=replace(config.embedder, model=name))


def own(config):
    return [one.name for one in artifacts.embedders(config) if one.own]


def test_it_has_all_that_a_shipped_one_has_and_is_not_in_use(config, run):
    manifest = deploying.add(config, run())

    assert (manifest.name, manifest.called, manifest.own) == ("run-7", "run-7", True)
    assert manifest.folder == config.models / "embedder" / "run-7"
    assert own(config) == ["run-7"]
    assert artifacts.running(config) == FACENET
    assert "run-7" not in [one.name for one in artifacts.embedders()]
    model = artifacts.installed(config.models, "embedder", "run-7")
    artifacts.verify(model)
    assert set(model.files) == {"weights.npz", "int8.tflite", "float32.tflite"}
    assert model.source == "training run run-7"
    assert manifest.command.startswith("facecam train embedder --data")
    assert f"`{manifest.command}`" in (manifest.folder / "CARD.md").read_text()
    assert manifest.input["size"] == 112
    assert np.load(manifest.folder / "probe.npy").shape == (2, DIMENSIONS)


def test_its_strangers_and_its_numbers_come_with_it(config, run):
    deploying.add(config, run())
    mine = artifacts.fitted(using(config, "run-7"))

    cohort = pipeline.load_cohort(mine)
    assert isinstance(cohort, Cohort)
    assert cohort.mean.shape == (DIMENSIONS,)
    assert set(artifacts.find("run-7", "embedder", config).settings) >= {"gallery"}
    usual = artifacts.fitted(config)
    assert mine.gallery.same_distance != usual.gallery.same_distance


def test_few_strangers_are_said_and_too_few_are_refused(config, run):
    manifest = deploying.add(config, run())

    note = artifacts.installed(config.models, "embedder", "run-7").origin.note
    assert "from 130 faces only" in note
    assert "130 faces" in (manifest.folder / "CARD.md").read_text()
    with pytest.raises(TrainingError, match="60 faces; 100 are needed"):
        deploying.add(config, run("few", faces=60, seed=1))
    assert own(config) == ["run-7"]


def test_pictures_that_are_gone_are_replaced_by_the_crops_of_the_run(
    config, run, monkeypatch
):
    root = run()
    shutil.rmtree(root.parent / "run-7 pictures")
    monkeypatch.setattr("facecam.training.embedder.strangers.LEAST", 10)

    manifest = deploying.add(config, root)

    assert "12 faces" in (manifest.folder / "CARD.md").read_text()


def test_a_worse_one_is_refused_unless_told_otherwise(config, run):
    root = run(own=0.87, theirs=0.97)

    with pytest.raises(Refused) as refused:
        deploying.add(config, root)

    assert refused.value.reasons == (
        "It tells one person from two on 87.00% of 200 pairs of pictures, "
        "FaceNet on 97.00%.",
    )
    assert own(config) == []
    deploying.add(config, root, force=True)
    note = artifacts.installed(config.models, "embedder", "run-7").origin.note
    assert "87.00%" in note


def test_what_chance_brings_is_not_worse(config, run):
    assert deploying.add(config, run(own=0.95, theirs=0.97), compared=True)


def test_one_that_was_not_compared_may_be_added_but_not_used_at_once(config, run):
    root = run(own=None)

    with pytest.raises(Refused, match="tried on no pairs"):
        deploying.add(config, root, compared=True)
    assert deploying.add(config, root).name == "run-7"
    with pytest.raises(Refused, match="tried on no pairs"):
        deploying.add(config, root, compared=True)


def test_where_another_is_in_use_by_now_that_one_is_tried_on_the_pairs(config, run):
    deploying.add(config, run("first"))
    root = run("second", own=0.6, theirs=0.6, seed=1)

    with pytest.raises(Refused, match=r"60.00% of 200 pairs .* first on 100.00%"):
        deploying.add(using(config, "first"), root)
    shutil.rmtree(root / "02-pairs")
    with pytest.raises(Refused, match="tried on no pairs"):
        deploying.add(using(config, "first"), root, compared=True)


def test_one_that_was_fitted_again_is_not_judged_by_what_was_before(config, run):
    root = run()
    path = root / "03-fit" / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"seconds": 60.0}))

    with pytest.raises(Refused, match="fitted again"):
        deploying.add(config, root, compared=True)


def test_the_same_weights_are_added_once_others_under_another_name(config, run):
    first = run()
    deploying.add(config, first)
    assert deploying.added(config, first).name == "run-7"
    assert deploying.add(config, first).name == "run-7"
    shutil.rmtree(first)

    again = run(seed=1)

    assert deploying.added(config, again) is None
    assert deploying.add(config, again).name == "run-7-2"
    assert own(config) == ["run-7", "run-7-2"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Zoë 2", "Zoe-2"), ("FaceNet-20180402", "FaceNet-20180402-2"),
     ("embedder", "embedder-2"), ("王", "own"), (".hidden", "hidden")],
)  # fmt: skip
def test_a_name_can_be_typed_and_is_like_no_other(config, run, name, expected):
    manifest = deploying.add(config, run(name))

    assert (manifest.name, manifest.called) == (expected, name)


def test_nets_that_answer_differently_are_refused(config, run, nets):
    nets["int8.tflite"] = lambda crops: (-colours(crops)[0],)

    with pytest.raises(WeightsCorrupt, match="answer differently"):
        deploying.add(config, run())
    nets["int8.tflite"] = lambda crops: (colours(crops)[0] * np.nan,)
    with pytest.raises(WeightsCorrupt, match="answer differently"):
        deploying.add(config, run("other", seed=1))
    assert own(config) == []


def test_a_run_that_is_not_done_is_refused(config, run):
    root = run()
    (root / "03-fit" / "manifest.json").unlink()

    with pytest.raises(TrainingError, match="no trained embedder yet"):
        deploying.add(config, root)


def test_an_evaluation_that_is_damaged_is_named(config, run):
    root = run()
    (root / "04-evaluate" / "evaluation.json").write_text("{")

    with pytest.raises(TrainingError, match=r"evaluation.json cannot be read"):
        deploying.add(config, root)


def test_a_disk_that_refuses_leaves_nothing(config, run, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)

    with pytest.raises(ModelError, match="make room"):
        deploying.add(config, run())
    assert own(config) == []
    inside = {path.name for path in (config.models / "embedder").iterdir()}
    assert inside <= {FACENET, ".own.lock"}
