"""Embedders of the user's own: in the home whole or not at all, listed, deleted."""

import json
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from filelock import FileLock

from facecam import artifacts, diagnosis, installation
from facecam.artifacts import Origin
from facecam.config import Config
from facecam.errors import ModelError, WeightsMissing
from tests.conftest import ROOT
from tests.embedders import COMPACT, FACENET, TwoEmbedders

ABOUT = {
    "title": "Mine", "purpose": "", "url": "", "sha256": "", "size": 1, "licence": "",
    "training_set": "", "network": "compact", "input": {"size": 112}, "output": {},
    "files": ["int8.tflite"], "settings": {"gallery": {"same_distance": 0.9}},
}  # fmt: skip


@pytest.fixture
def config(tmp_path):
    return Config(home=tmp_path / "home")


def fill(folder):
    """Write what makes a folder an embedder."""
    installed = folder / artifacts.FINAL
    installed.mkdir()
    (installed / "int8.tflite").write_bytes(b"a net")
    (installed / "weights.npz").write_bytes(b"numbers")
    artifacts.write_installed(installed, Origin("training run 1"), "ab" * 32)
    (folder / artifacts.MANIFEST).write_text(json.dumps(ABOUT))


def add(config, wanted="mine"):
    with artifacts.adding(config, wanted) as (name, folder):
        fill(folder)
    return name


def own(config):
    return [one.name for one in artifacts.embedders(config) if one.own]


def using(config, name):
    return replace(config, embedder=replace(config.embedder, model=name))


def test_the_home_adds_to_what_ships(config):
    assert add(config) == "mine"

    manifest = artifacts.find("mine", "embedder", config)
    assert (manifest.called, manifest.own) == ("Mine", True)
    assert not artifacts.find(FACENET).own
    with pytest.raises(ModelError, match="There is no model mine"):
        artifacts.find("mine")
    mine = artifacts.fitted(using(config, "mine"))
    assert artifacts.running(mine) == "mine"
    assert mine.gallery.same_distance == 0.9


def test_what_fails_in_the_middle_leaves_nothing(config):
    with suppress(ZeroDivisionError), artifacts.adding(config, "mine") as (_, folder):
        fill(folder)
        assert own(config) == []
        raise ZeroDivisionError

    assert own(config) == []
    assert [path.name for path in (config.models / "embedder").iterdir()] == [
        ".own.lock"
    ]


def test_what_a_crash_has_left_is_swept_and_never_listed(config):
    left = config.models / "embedder" / ".mine.00c0ffee.unfinished"
    left.mkdir(parents=True)
    fill(left)
    assert own(config) == []

    assert add(config, "other") == "other"

    assert not left.exists()
    assert own(config) == ["other"]


ADDING = """
import sys, pathlib
from facecam import artifacts
from facecam.config import Config
from tests.test_own import add
print("begun", flush=True)
config = Config(home=pathlib.Path(sys.argv[1]))
while True:
    artifacts.delete(config, add(config))
"""


@pytest.mark.slow
def test_a_program_may_be_killed_for_real_at_any_moment(config):
    command = [sys.executable, "-c", ADDING, str(config.home)]
    for moment in np.random.default_rng(0).uniform(0, 0.05, 6):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as program:
            program.stdout.readline()
            time.sleep(moment)
            program.kill()

        for name in own(config):
            artifacts.verify(artifacts.installed(config.models, "embedder", name))
            assert (config.models / "embedder" / name / "manifest.json").is_file()


def test_another_program_at_it_is_waited_for_and_then_named(config, monkeypatch):
    monkeypatch.setattr("facecam.artifacts.own.PATIENCE", 0.01)
    (config.models / "embedder").mkdir(parents=True)

    with (
        FileLock(config.models / "embedder" / ".own.lock"),
        pytest.raises(ModelError, match="Another program"),
    ):
        add(config)


def test_one_that_is_not_in_use_can_be_deleted(config):
    for name in ("first", "second"):
        add(config, name)

    with pytest.raises(ModelError, match="is in use"):
        artifacts.delete(using(config, "first"), "first")
    with pytest.raises(ModelError, match="ships with facecam"):
        artifacts.delete(config, FACENET)
    with pytest.raises(ModelError, match="no model third"):
        artifacts.delete(config, "third")
    assert artifacts.delete(using(config, "second"), "first").called == "Mine"

    assert own(config) == ["second"]


def test_one_of_ones_own_stands_in_only_where_nothing_else_does(
    config, tmp_path, monkeypatch
):
    two = TwoEmbedders(tmp_path / "catalogue", monkeypatch)
    add(config, "aaa")
    assert artifacts.running(config) == "aaa"

    two.install(config.models, COMPACT)

    assert artifacts.running(config) == COMPACT


def test_a_damaged_manifest_hides_one_and_doctor_names_it(config):
    for name in ("mine", "other"):
        add(config, name)
    path = config.models / "embedder" / "mine" / "manifest.json"
    path.write_text("{")

    assert own(config) == ["other"]
    found = {finding.topic: finding for finding in diagnosis.models(config)}
    assert "cannot be read" in found["Model mine"].text
    assert "facecam deploy RUN" in found["Model mine"].advice
    assert found["Model other"].state is diagnosis.State.FINE


def test_what_cannot_be_fetched_again_is_not_removed(config):
    add(config)

    with pytest.raises(ModelError, match="facecam models delete mine"):
        installation.remove(config, "mine")
    assert own(config) == ["mine"]


def test_a_damaged_net_is_made_anew_from_its_own_weights(config, monkeypatch):
    add(config)
    final = config.models / "embedder" / "mine" / "installed"
    (final / "int8.tflite").write_bytes(b"damaged")
    assert "damaged" in installation.verify(config)["mine"]

    def convert(kind, out, source, report):
        (out / "int8.tflite").write_bytes(b"a net")
        shutil.copyfile(source, out / "weights.npz")
        return "ab" * 32

    module = "facecam.installation.converting"
    monkeypatch.setattr(f"{module}._run_converter", convert)
    monkeypatch.setattr(f"{module}.check", lambda manifest, folder: None)
    model = installation.install(config, "mine")

    assert installation.verify(config)["mine"] == ""
    assert model.source == "training run 1"
    (final / "weights.npz").unlink()
    with pytest.raises(WeightsMissing, match="deploy RUN --add"):
        installation.install(config, "mine")
