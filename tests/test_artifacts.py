import re

import pytest

from facecam import artifacts
from facecam.artifacts import Origin
from facecam.errors import ModelError, WeightsCorrupt, WeightsMissing


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
