import json
import re

import pytest

from facecam import cli


@pytest.fixture
def facecam(mtcnn_config, monkeypatch, capsys):
    """Runs `facecam models …` in a home with the detector; gives code and output."""
    monkeypatch.setenv("FACECAM_HOME", str(mtcnn_config.home))

    def run(*words):
        code = cli.main(["models", *map(str, words)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_list_shows_what_there_is_and_what_is_installed(facecam):
    code, out, _ = facecam("list")

    assert code == 0
    heading, *lines = out.splitlines()
    assert heading.split() == ["KIND", "NAME", "USED", "SIZE", "LICENCE", "STATE"]
    (detector,) = (line for line in lines if "mtcnn  " in line)
    assert detector.split()[:3] == ["detector", "mtcnn", "yes"]
    assert detector.endswith("installed from mtcnn 1.0.0")
    assert lines[-1].startswith("embedder")
    assert lines[-1].endswith("not installed")


def test_list_as_json_is_one_object(facecam):
    code, out, _ = facecam("list", "--json")

    models = json.loads(out)["models"]
    assert code == 0
    by_name = {model["name"]: model for model in models}
    assert by_name["mtcnn"]["installed"]
    assert not by_name["facenet-20180402"]["installed"]
    assert by_name["facenet-20180402"]["url"].endswith("20180402-114759-weights.h5")


def test_verify_says_yes_with_0_and_no_with_3(facecam, mtcnn_config):
    assert facecam("verify")[0] == 0
    path = mtcnn_config.models / "detector" / "mtcnn" / "installed" / "rnet.tflite"
    path.unlink()
    path.write_bytes(b"damaged")

    code, out, _ = facecam("verify")
    assert code == 3
    assert "checksum is wrong" in out
    assert list(json.loads(facecam("verify", "--json")[1])["bad"]) == ["mtcnn"]


def test_remove_removes_and_verify_then_says_that_nothing_is_installed(facecam):
    for name in ("detector", *json.loads(facecam("verify", "--json")[1])["good"]):
        assert facecam("remove", name)[1].endswith(": not installed\n")

    code, out, _ = facecam("verify")

    assert code == 3
    assert "facecam models install" in out


def test_a_wrong_file_is_refused_with_the_reason_and_exit_code_1(facecam, tmp_path):
    path = tmp_path / "letter.pt"
    path.write_text("Dear reader")

    code, out, err = facecam("import", path)

    assert (code, out) == (1, "")
    assert "no file of weights of a known layout" in err
    assert "Traceback" not in err


def test_an_unknown_model_is_refused_with_those_there_are(facecam):
    code, _, err = facecam("install", "yolo")

    assert code == 1
    assert re.search(r"Known: .*mtcnn, .*facenet-20180402", err)


def test_install_without_names_installs_only_what_is_missing(facecam, monkeypatch):
    names = []
    install = "facecam.installation.install"
    monkeypatch.setattr(install, lambda config, name, report: names.append(name))

    code, out, _ = facecam("install")

    assert (code, names) == (0, ["facenet-20180402"])
    assert out.startswith("mtcnn: installed from mtcnn 1.0.0\n")
