import os
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from facecam import artifacts, installation
from facecam.artifacts import Origin
from facecam.config import Config
from facecam.errors import (
    ModelError,
    RuntimeUnavailable,
    WeightsCorrupt,
    WeightsMissing,
)
from facecam.installation import checking, converting, installing
from facecam.runtime import litert

MTCNN = artifacts.find("mtcnn")
FACENET = artifacts.find("facenet-20180402")


def installed(config, manifest=MTCNN):
    return artifacts.installed(config.models, manifest.kind, manifest.name)


def replaced(path, content):
    """Give a path other content without touching the file it shares with others."""
    path.unlink()
    path.write_bytes(content)


def test_the_detector_is_installed_with_every_file_the_manifest_names(mtcnn_config):
    model = installed(mtcnn_config)

    assert model.source == "mtcnn 1.0.0"
    assert model.files.keys() == {*MTCNN.files, "weights.npz"}
    assert installation.verify(mtcnn_config)["mtcnn"] == ""


def test_a_detector_that_is_there_is_not_converted_again(mtcnn_config):
    told = []

    installation.ensure_detector(mtcnn_config, lambda *step: told.append(step))

    assert told == []


def test_a_damaged_detector_is_found_and_converted_anew(mtcnn_config):
    replaced(installed(mtcnn_config).folder / "onet.tflite", b"damaged")
    assert "checksum is wrong" in installation.verify(mtcnn_config)["mtcnn"]
    told = []

    installation.ensure_detector(mtcnn_config, lambda *step: told.append(step))

    assert installation.verify(mtcnn_config)["mtcnn"] == ""
    assert told[-1] == ("Installed", 1.0)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    folder = installed(mtcnn_config).folder
    assert sorted(p.name for p in folder.parent.iterdir() if p.is_dir()) == [
        "installed",
        "installed.previous",
    ]


def damage_and_ensure(config, *names):
    """Damage files of the installed detector -> what mending it said, the model."""
    for name in names:
        replaced(installed(config).folder / name, b"damaged")
    told = []
    model = installation.ensure_detector(config, lambda *step: told.append(step[0]))
    return told, model


@pytest.mark.slow
def test_a_damaged_detector_of_a_training_run_stays_that_one(mtcnn_config):
    folder = installed(mtcnn_config).folder
    origin = Origin("training run x", {"lean": 0.01}, "deployed although")
    artifacts.write_installed(folder, origin, installed(mtcnn_config).arrays)

    _, model = damage_and_ensure(mtcnn_config, "onet.tflite")

    assert model.origin == origin
    artifacts.verify(model)


@pytest.mark.slow
def test_where_its_weights_are_damaged_too_the_published_one_is_installed(mtcnn_config):
    folder = installed(mtcnn_config).folder
    artifacts.write_installed(folder, Origin("training run x"), "")

    told, model = damage_and_ensure(mtcnn_config, "onet.tflite", "weights.npz")

    assert any("Its weights are damaged, too" in text for text in told)
    assert model.source == "mtcnn 1.0.0"


def test_an_earlier_version_that_is_damaged_is_not_gone_back_to(mtcnn_config):
    now = installed(mtcnn_config)
    earlier = now.folder.with_name(artifacts.PREVIOUS)
    shutil.copytree(now.folder, earlier)
    (earlier / "pnet.tflite").write_bytes(b"damaged")

    with pytest.raises(WeightsCorrupt, match=r"installed\.previous.*checksum"):
        installation.roll_back(mtcnn_config, "detector")

    assert installed(mtcnn_config) == now


def test_installing_imports_no_tensorflow_into_the_caller(tmp_path):
    letter = tmp_path / "letter.h5"
    letter.write_text("Dear reader")
    code = (
        "import sys; from pathlib import Path; from facecam import installation; "
        "from facecam.config import Config; from facecam.errors import ModelError\n"
        f"config = Config(home=Path({str(tmp_path)!r}))\n"
        f"try: installation.import_file(config, Path({str(letter)!r}))\n"
        "except ModelError as error: print(error)\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    assert "no file of weights of a known layout" in done.stdout


def test_a_refused_file_leaves_nothing_behind(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, conv1_kernel=np.zeros(3))
    config = Config(home=tmp_path / "home")

    with pytest.raises(WeightsCorrupt, match="none of the network"):
        installation.import_file(config, path)

    assert installed(config, FACENET) is None
    assert not [p for p in config.models.rglob("*") if p.is_file()]


def test_what_a_killed_conversion_left_is_deleted_a_day_later(tmp_path):
    config = Config(home=tmp_path)
    folder = config.models / "embedder" / FACENET.name
    old, new, previous = (folder / f"installed.{end}" for end in ENDINGS)
    for left in (old, new, previous):
        left.mkdir(parents=True)
        (left / "weights.npz").touch()
    for left in (old, previous):
        os.utime(left, (0, 0))

    with pytest.raises(WeightsCorrupt):
        installation.import_file(config, tmp_path)

    assert sorted(path.name for path in folder.iterdir()) == [new.name, previous.name]


ENDINGS = ("0123abcd", "4567abcd", "previous")
"""Of an abandoned conversion, of one that may be under way, of what is kept."""


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(WeightsMissing, match="There is no file"):
        installation.import_file(Config(home=tmp_path), tmp_path / "none.h5")


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "models").write_text("a file where the folder should be")

    with pytest.raises(ModelError, match=r"cannot be written.*FACECAM_HOME"):
        installation.import_file(Config(home=tmp_path), tmp_path)


@pytest.fixture
def converter(tmp_path, monkeypatch):
    """Puts other code in the place of facecam.nets.compile in the child process."""

    def use(code):
        package = tmp_path / "other" / "facecam" / "nets"
        package.mkdir(parents=True)
        (package.parent / "__init__.py").touch()
        (package / "__init__.py").touch()
        (package / "compile.py").write_text(code)
        real = converting._environment()
        path = {"PYTHONPATH": str(package.parents[1])}
        monkeypatch.setattr(converting, "_environment", lambda: real | path)

    return use


def test_a_conversion_that_dies_is_told_with_its_last_words(tmp_path, converter):
    converter("import sys; print('noise'); sys.exit('out of memory')")

    with pytest.raises(RuntimeUnavailable, match=r"exit code 1(.|\n)*out of memory"):
        installation.import_file(Config(home=tmp_path), tmp_path)


def test_nets_that_do_not_run_are_not_published(tmp_path, converter):
    converter(
        "import sys, pathlib\n"
        "for name in ('int8', 'float32'):\n"
        "    (pathlib.Path(sys.argv[2]) / f'{name}.tflite').write_bytes(b'nonsense')\n"
        'print(\'{"text": "done", "done": 1.0, "arrays": "ab"}\')'
    )
    config = Config(home=tmp_path)

    with pytest.raises(WeightsCorrupt, match="damaged"):
        installation.import_file(config, tmp_path)

    assert installed(config, FACENET) is None


def test_stopping_an_installation_stops_the_conversion(tmp_path, converter):
    mark = tmp_path / "survived"
    converter(
        "import time, pathlib\n"
        'print(\'{"text": "begun", "done": 0.1}\', flush=True)\n'
        f"time.sleep(2); pathlib.Path({str(mark)!r}).touch()"
    )

    def interrupt(text, done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        installation.import_file(Config(home=tmp_path), tmp_path, interrupt)

    assert not mark.exists()


def test_a_package_that_is_not_installed_is_named():
    manifest = replace(MTCNN, package="no_such_package")

    with pytest.raises(WeightsMissing, match=r"pip install no_such_package==1\.0\.0"):
        installing._package_files(manifest)


def test_a_package_with_other_files_is_refused():
    manifest = replace(MTCNN, published={"pnet.lz4": "0" * 64})

    with pytest.raises(WeightsCorrupt, match="not the published file"):
        installing._package_files(manifest)


def test_a_download_is_converted_and_then_removed(tmp_path, monkeypatch):
    config, steps, told = Config(home=tmp_path), [], []

    def download(url, target, sha256, size, report):
        assert (url, sha256) == (FACENET.url, FACENET.sha256)
        target.parent.mkdir(parents=True)
        target.write_bytes(b"weights")
        report("Downloading", 1.0)

    def convert(config, manifest, weights, origin, report):
        steps.append(weights.read_bytes())
        report("Installed", 1.0)

    monkeypatch.setattr(installing.downloads, "download", download)
    monkeypatch.setattr(installing, "convert", convert)

    installation.install(config, "embedder", lambda *step: told.append(step))

    assert steps == [b"weights"]
    assert told == [("Downloading", 0.5), ("Installed", 1.0)]
    assert not [p for p in config.models.rglob("*") if p.is_file()]


def test_removing_a_model_leaves_no_trace(mtcnn_config):
    installation.remove(mtcnn_config, "mtcnn")

    assert installed(mtcnn_config) is None
    assert "mtcnn" not in installation.verify(mtcnn_config)
    with pytest.raises(ModelError, match="no model nobody"):
        installation.remove(mtcnn_config, "nobody")


def test_the_probe_is_always_the_same_picture():
    picture = installation.probe(160)

    assert picture.shape == (2, 160, 160, 3)
    assert picture.astype(int).sum() == pytest.approx(19_583_043, abs=200)


def test_facenet_answers_the_probe_as_published_in_both_precisions(facenet_config):
    folder = installed(facenet_config, FACENET).folder

    checking.check(FACENET, folder)


def test_other_weights_of_the_same_network_are_refused(facenet_config, tmp_path):
    """As if the published model answered otherwise."""
    published = np.load(FACENET.folder / "probe.npy")
    np.save(tmp_path / "probe.npy", published[::-1])

    with pytest.raises(
        WeightsCorrupt, match=r"not those of facenet.*agree only by 0\.6"
    ):
        checking.check(
            replace(FACENET, folder=tmp_path), installed(facenet_config, FACENET).folder
        )


def test_an_unknown_checksum_is_told_and_a_published_one_is_not(tmp_path, monkeypatch):
    path, sources = tmp_path / "20180402-114759.pb", []
    path.write_bytes(b"weights")

    def convert(config, manifest, weights, origin, report):
        sources.append(origin.source)

    monkeypatch.setattr(installing, "convert", convert)

    installation.import_file(Config(home=tmp_path), path)
    monkeypatch.setattr(
        installing.artifacts,
        "sha256",
        lambda path: FACENET.published["20180402-114759.pb"],
    )
    installation.import_file(Config(home=tmp_path), path)

    assert sources == [
        "20180402-114759.pb (checksum unknown, answers as published)",
        "20180402-114759.pb",
    ]


def test_int8_and_float32_agree_on_real_faces(facenet_config, data):
    from facecam.media import read_image

    model = installed(facenet_config, FACENET)
    paths = sorted((data / "people_colour_ytf").rglob("*.jpg"))[::20]
    crops = np.stack([_fitted(read_image(path)) for path in paths])

    one, other = (
        litert.load(model.file(f"{name}.tflite"), 2, (1, 4))(crops)[0]
        for name in ("int8", "float32")
    )

    cosines = (one * other).sum(axis=1)
    assert cosines.mean() > 0.995
    assert cosines.min() > 0.98


def _fitted(image):
    """Nearest-neighbour resize: enough for comparing two nets."""
    rows = np.arange(160) * image.shape[0] // 160
    columns = np.arange(160) * image.shape[1] // 160
    return image[rows][:, columns]
