import json
import re
import subprocess
import sys
import time

import numpy as np
import pytest
from filelock import FileLock

from facecam import artifacts
from facecam.artifacts import Origin, exchange
from facecam.config import DetectorConfig, override
from facecam.errors import ModelError, WeightsCorrupt, WeightsMissing
from tests.conftest import ROOT


@pytest.fixture
def models(tmp_path):
    """A folder of models with one complete installation."""
    folder = tmp_path / "embedder" / "net" / "installed"
    folder.mkdir(parents=True)
    (folder / "net.tflite").write_bytes(b"net")
    (folder / "weights.npz").write_bytes(b"numbers")
    artifacts.write_installed(
        folder, Origin("weights.h5", {"lean": 0.5}, "made here"), "ab" * 32
    )
    return tmp_path


def test_the_catalogue_tells_everything_about_each_model():
    manifests = artifacts.catalogue()

    assert sorted({m.kind for m in manifests}) == ["detector", "embedder"]
    for manifest in manifests:
        assert manifest.purpose
        assert manifest.licence
        assert manifest.training_set
        assert manifest.size > 0
        assert manifest.input["colour"] == "RGB"
        assert manifest.files
        assert (manifest.folder / "CARD.md").is_file()
        for checksum in manifest.published.values():
            assert re.fullmatch("[0-9a-f]{64}", checksum)
        if not (manifest.url.startswith("https://") or manifest.package):
            weights = manifest.folder / artifacts.WEIGHTS
            assert artifacts.sha256(weights) == manifest.sha256


def test_the_settings_of_every_detector_are_numbers_of_the_configuration():
    detectors = [m for m in artifacts.catalogue() if m.kind == "detector"]

    for manifest in detectors:
        settled = override(DetectorConfig(), dict(manifest.settings))
        assert settled.thresholds is not None, manifest.name
        assert settled.lean is not None, manifest.name


def test_a_download_is_one_of_the_published_files():
    for manifest in artifacts.catalogue():
        if manifest.url:
            assert manifest.sha256 == manifest.published[manifest.url.rsplit("/")[-1]]


def test_a_model_is_found_by_name_whatever_its_kind():
    assert artifacts.find("mtcnn").kind == "detector"
    assert artifacts.find("facenet-20180402", "embedder").kind == "embedder"


@pytest.mark.parametrize(("name", "kind"), [("yolo", None), ("mtcnn", "embedder")])
def test_an_unknown_model_is_refused_with_those_there_are(name, kind):
    with pytest.raises(ModelError, match=r"no model .* Known: .*facenet-20180402"):
        artifacts.find(name, kind)


def test_nothing_installed_is_none(tmp_path):
    assert artifacts.installed(tmp_path, "embedder", "net") is None


def test_an_installation_gives_its_files_after_checking_them(models):
    model = artifacts.installed(models, "embedder", "net")

    assert model.source == "weights.h5"
    assert model.file("net.tflite").read_bytes() == b"net"
    artifacts.verify(model)


def test_a_changed_file_is_refused(models):
    model = artifacts.installed(models, "embedder", "net")
    (model.folder / "net.tflite").write_bytes(b"nEt")

    with pytest.raises(WeightsCorrupt, match="checksum is wrong"):
        model.file("net.tflite")
    with pytest.raises(WeightsCorrupt, match="checksum is wrong"):
        artifacts.verify(model)


def test_a_lost_file_is_missing(models):
    model = artifacts.installed(models, "embedder", "net")
    (model.folder / "net.tflite").unlink()

    with pytest.raises(WeightsMissing, match=r"net\.tflite is missing"):
        artifacts.verify(model)
    with pytest.raises(WeightsMissing):
        model.file("other.tflite")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"source": "a"}', '{"files": 3}'])
def test_a_damaged_manifest_is_refused(models, text):
    path = models / "embedder" / "net" / "installed" / "manifest.json"
    path.write_text(text)

    with pytest.raises(WeightsCorrupt, match="Run: facecam models install net"):
        artifacts.installed(models, "embedder", "net")


def test_the_fingerprint_stands_for_weights_and_precision(models):
    model = artifacts.installed(models, "embedder", "net")

    assert re.fullmatch("[0-9a-f]{16}", model.fingerprint("int8"))
    assert model.fingerprint("int8") == model.fingerprint("int8")
    assert model.fingerprint("int8") != model.fingerprint("float32")


def folder_with(path, text):
    path.mkdir(parents=True)
    (path / "file").write_text(text)
    return path


def text_of(folder):
    return (folder / "file").read_text()


def test_publishing_replaces_a_folder_and_keeps_the_one_before(tmp_path):
    final = tmp_path / "installed"
    for version in ("one", "two", "three"):
        artifacts.publish(folder_with(tmp_path / "partial", version), final)

    assert text_of(final) == "three"
    assert text_of(tmp_path / "installed.previous") == "two"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == [
        "installed",
        "installed.previous",
    ]


def test_publishing_what_does_not_exist_leaves_the_old_one_in_place(tmp_path):
    final = folder_with(tmp_path / "installed", "one")

    with pytest.raises(ModelError, match="cannot be written"):
        artifacts.publish(tmp_path / "partial", final)

    assert text_of(final) == "one"


def test_rolling_back_exchanges_the_two_versions(tmp_path):
    final = folder_with(tmp_path / "installed", "one")
    artifacts.publish(folder_with(tmp_path / "partial", "two"), final)

    artifacts.roll_back(final)
    assert text_of(final) == "one"
    artifacts.roll_back(final)
    assert text_of(final) == "two"


def test_there_is_nothing_to_roll_back_to_at_first(tmp_path):
    with pytest.raises(ModelError, match="no earlier version"):
        artifacts.roll_back(folder_with(tmp_path / "installed", "one"))


class Killed(BaseException):
    """Ends a program between two steps, as a power cut does."""


@pytest.fixture
def killed_at(monkeypatch):
    """Let the program be killed instead of making its n-th change to the disk."""

    def prepare(n):
        left = [n]

        def counted(change):
            def instead(*arguments, **named):
                left[0] -= 1
                if left[0] < 0:
                    raise Killed
                return change(*arguments, **named)

            return instead

        for owner, name in ((exchange.Path, "rename"), (exchange.shutil, "rmtree")):
            monkeypatch.setattr(owner, name, counted(getattr(owner, name)))

    return prepare


STEPS = 5
"""Changes to the disk that an exchange makes: four names and one folder deleted."""


@pytest.mark.parametrize("step", range(STEPS))
def test_publishing_killed_at_any_moment_is_finished_or_never_was(
    tmp_path, killed_at, monkeypatch, step
):
    home = tmp_path / "detector" / "net"
    for version in ("one", "two"):
        artifacts.publish(installation(home / "partial", version), home / "installed")
    new = installation(home / "partial", "three")
    killed_at(step)
    with pytest.raises(Killed):
        artifacts.publish(new, home / "installed")
    monkeypatch.undo()

    now = artifacts.installed(tmp_path, "detector", "net")

    kept = artifacts.before(tmp_path, "detector", "net")
    expected = ("two", "one") if step == 0 else ("three", "two")
    assert (now.source, kept.source) == expected
    artifacts.verify(now)
    artifacts.verify(kept)


@pytest.mark.parametrize("step", range(STEPS))
def test_rolling_back_killed_at_any_moment_loses_neither_version(
    tmp_path, killed_at, monkeypatch, step
):
    home = tmp_path / "detector" / "net"
    for version in ("one", "two"):
        artifacts.publish(installation(home / "partial", version), home / "installed")
    killed_at(step)
    with pytest.raises(Killed):
        artifacts.roll_back(home / "installed")
    monkeypatch.undo()

    now = artifacts.installed(tmp_path, "detector", "net")

    kept = artifacts.before(tmp_path, "detector", "net")
    expected = ("two", "one") if step == 0 else ("one", "two")
    assert (now.source, kept.source) == expected
    assert sorted(p.name for p in home.iterdir() if p.is_dir()) == [
        "installed",
        "installed.previous",
    ]


ENDLESSLY = """
import sys, pathlib
from facecam.artifacts import roll_back
print("begun", flush=True)
while True:
    roll_back(pathlib.Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_a_program_that_rolls_back_may_be_killed_for_real_at_any_moment(tmp_path):
    home = tmp_path / "detector" / "net"
    for version in ("one", "two"):
        artifacts.publish(installation(home / "partial", version), home / "installed")
    command = [sys.executable, "-c", ENDLESSLY, str(home / "installed")]

    for moment in np.random.default_rng(0).uniform(0, 0.05, 20):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as program:
            program.stdout.readline()
            time.sleep(moment)
            program.kill()

        versions = [
            find(tmp_path, "detector", "net")
            for find in (artifacts.installed, artifacts.before)
        ]
        assert {version.source for version in versions} == {"one", "two"}
        for version in versions:
            artifacts.verify(version)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_disk_that_refuses_in_the_middle_leaves_everything_as_it_was(
    tmp_path, monkeypatch, step
):
    home = tmp_path / "detector" / "net"
    for version in ("one", "two"):
        artifacts.publish(installation(home / "partial", version), home / "installed")
    rename, done = exchange.Path.rename, []

    def refuses(path, target):
        done.append(path)
        if len(done) == step + 1:
            raise PermissionError("a file is open")
        return rename(path, target)

    monkeypatch.setattr(exchange.Path, "rename", refuses)
    with pytest.raises(ModelError, match="Close other copies"):
        artifacts.roll_back(home / "installed")
    monkeypatch.undo()

    assert artifacts.installed(tmp_path, "detector", "net").source == "two"


def test_two_programs_never_exchange_a_model_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(exchange, "PATIENCE", 0.05)
    new = installation(tmp_path / "partial", "one")

    with (
        FileLock(tmp_path / exchange.LOCK),
        pytest.raises(ModelError, match="Another program is changing"),
    ):
        artifacts.publish(new, tmp_path / "installed")

    artifacts.publish(new, tmp_path / "installed")
    assert (tmp_path / "installed").is_dir()


def installation(folder, source):
    """Write a folder ready to be published."""
    folder.mkdir(parents=True)
    (folder / "net.tflite").write_text(source)
    artifacts.write_installed(folder, Origin(source), source)
    return folder


def test_settings_and_note_are_kept_with_the_weights(models):
    model = artifacts.installed(models, "embedder", "net")

    assert model.origin == Origin("weights.h5", {"lean": 0.5}, "made here")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:]{8}\+00:00", model.when)


def test_one_installed_by_version_1_has_the_settings_of_the_catalogue(tmp_path):
    folder = installation(tmp_path / "detector" / "mtcnn" / "installed", "mtcnn 1.0.0")
    path = folder / artifacts.MANIFEST
    values = json.loads(path.read_text())
    for new in ("settings", "note", "when"):
        del values[new]
    path.write_text(json.dumps(values))

    model = artifacts.installed(tmp_path, "detector", "mtcnn")

    assert model.origin.settings == {"thresholds": [0.6, 0.7, 0.7], "lean": 0.02}
    assert (model.origin.note, model.when) == ("", "")


def test_the_stamp_tells_installations_apart(models):
    before = artifacts.stamp(models, "embedder", "net")
    folder = models / "embedder" / "net"

    artifacts.publish(installation(folder / "partial", "other"), folder / "installed")

    assert before
    assert artifacts.stamp(models, "embedder", "net") not in (b"", before)
    assert artifacts.stamp(models, "embedder", "nobody") == b""
