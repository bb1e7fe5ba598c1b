import json

import numpy as np
import pytest

from facecam.media import read_image, write_image
from facecam.vault import header
from tests.fakes import picture

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Derive keys at once; nothing is known of a passphrase."""
    monkeypatch.setattr(header, "COST", 2**4)
    monkeypatch.delenv("FACECAM_PASSPHRASE", raising=False)
    monkeypatch.delenv("FACECAM_NEW_PASSPHRASE", raising=False)


@pytest.fixture
def pictures(tmp_path):
    for name, at in (("Ada", 100), ("Grace", 40)):
        for n in range(2):
            path = tmp_path / "in" / name / f"{n}.png"
            write_image(path, picture((at, 60, 70 + n)))
    write_image(tmp_path / "in" / "nobody.png", picture())
    return tmp_path / "in"


@pytest.fixture
def enrolled(asked, pictures):
    for name in ("Ada", "Grace"):
        asked("enrol", name, *sorted((pictures / name).iterdir()))


def test_a_folder_is_exported_with_the_names_of_its_folders(
    facecam, pictures, tmp_path
):
    words = "export", tmp_path / "out", "--pictures", pictures, "--json"

    code, text, err = facecam(*words)

    assert code == 0
    assert "nobody.png: no face was found" in err
    result = json.loads(text)
    assert (result["faces"], result["people"], result["dimensions"]) == (4, 2, 51)
    assert np.load(tmp_path / "out" / "embeddings.npy").shape == (4, 51)
    assert np.load(tmp_path / "out" / "names.npy").tolist() == [
        "Ada", "Ada", "Grace", "Grace",
    ]  # fmt: skip
    assert "projector_config.pbtxt" in result["files"]
    assert "nobody.png: no face was found" in result["problems"][0]


def test_the_people_enrolled_are_exported_with_their_portraits(
    facecam, enrolled, tmp_path
):
    code, out, err = facecam("export", tmp_path / "out", "--people")

    assert code == 0
    assert "people        2" in out
    assert "does not reach it" in err
    rows = np.load(tmp_path / "out" / "embeddings.npy")
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert set(np.load(tmp_path / "out" / "names.npy")) == {"Ada", "Grace"}
    assert read_image(tmp_path / "out" / "sprite.png").shape == (128, 128, 3)


def test_protected_people_need_the_passphrase(facecam, enrolled, tmp_path, monkeypatch):
    monkeypatch.setenv("FACECAM_NEW_PASSPHRASE", WORDS)
    assert facecam("vault", "on")[0] == 0

    code, out, err = facecam("export", tmp_path / "out", "--people")
    assert (code, out) == (1, "")
    assert "passphrase" in err
    assert not (tmp_path / "out").exists()

    monkeypatch.setenv("FACECAM_PASSPHRASE", WORDS)
    assert facecam("export", tmp_path / "out", "--people")[0] == 0
    assert len(np.load(tmp_path / "out" / "embeddings.npy")) == 4


def test_centred_is_as_the_identifier_sees_them(facecam, pictures, tmp_path):
    for name, words in (("raw", ()), ("centred", ("--centred",))):
        facecam("export", tmp_path / name, "--pictures", pictures, *words)

    raw, centred = (
        np.load(tmp_path / name / "embeddings.npy") for name in ("raw", "centred")
    )
    assert not np.allclose(raw, centred)
    assert np.allclose(np.linalg.norm(centred, axis=1), 1, atol=1e-5)


def test_nobody_enrolled_and_no_face_are_readable(facecam, tmp_path):
    assert "Nobody is enrolled" in facecam("export", tmp_path / "out", "--people")[2]
    write_image(tmp_path / "in" / "nobody.png", picture())
    words = "export", tmp_path / "out", "--pictures", tmp_path / "in"
    assert "no face to export" in facecam(*words)[2]
    assert not (tmp_path / "out").exists()


def test_whose_faces_has_to_be_said(facecam, tmp_path):
    assert facecam("export", tmp_path / "out")[0] == 2
    assert facecam("export", tmp_path / "out", "--people", "--pictures", "x")[0] == 2


def test_a_folder_in_use_is_refused_before_any_work(facecam, pictures):
    code, _, err = facecam("export", pictures, "--people")
    assert code == 1
    assert "not empty" in err
