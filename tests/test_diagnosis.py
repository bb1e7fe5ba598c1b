"""`facecam doctor` finds what is missing and says what to do about it."""

import os
import subprocess
import sys

import numpy as np
import pytest

from facecam import artifacts, diagnosis
from facecam.artifacts import Origin
from facecam.config import Config, override
from facecam.diagnosis import State


def test_python_and_processor_are_named():
    finding = diagnosis.python()

    assert finding.state is State.FINE
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in finding.text
    assert diagnosis.processor() in finding.text


def test_packages_are_listed_with_their_versions():
    findings = list(diagnosis.packages())

    assert [finding.state for finding in findings] == [State.FINE]
    assert f"numpy {np.__version__}" in findings[0].text


def test_a_missing_package_comes_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(diagnosis, "PACKAGES", ("numpy", "no-such-package"))

    *_, finding = diagnosis.packages()

    assert finding.state is State.BROKEN
    assert "no-such-package" in finding.text
    assert finding.advice.endswith("-m pip install no-such-package")


def test_qt_is_fine_where_a_window_can_be_opened():
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

    assert diagnosis.qt(settings).state is State.FINE


@pytest.mark.skipif(sys.platform != "linux", reason="others always have a display")
def test_qt_without_a_display_is_worth_a_note():
    hidden = [*diagnosis.DISPLAYS]
    settings = {key: text for key, text in os.environ.items() if key not in hidden}

    finding = diagnosis.qt(settings)

    assert finding.state is State.NOTE
    assert "no display" in finding.text


def test_qt_names_the_libraries_that_the_system_lacks(monkeypatch):
    said = "ImportError: libEGL.so.1: cannot open shared object file"
    monkeypatch.setattr(diagnosis, "_probe", lambda code, settings: (1, said))

    finding = diagnosis.qt()

    assert finding.state is State.BROKEN
    assert "libEGL.so.1" in finding.text
    assert "scripts/run.py" in finding.advice


def test_qt_that_does_not_start_says_its_last_words(monkeypatch):
    monkeypatch.setattr(diagnosis, "_probe", lambda code, settings: (1, "a\nno plugin"))
    monkeypatch.setattr(diagnosis, "_unlinked", list)

    assert diagnosis.qt().text == "no plugin"


def test_a_computer_without_a_webcam_is_no_fault(monkeypatch):
    monkeypatch.setattr(diagnosis.camera, "list_cameras", list)

    finding = diagnosis.cameras()

    assert finding.state is State.NOTE
    assert "video file" in finding.advice


def test_webcams_are_named_with_their_numbers(monkeypatch):
    found = [diagnosis.camera.CameraInfo("usb-1", "Desk camera", 2)]
    monkeypatch.setattr(diagnosis.camera, "list_cameras", lambda: found)

    assert diagnosis.cameras().text == "2: Desk camera"


def test_models_that_are_not_installed_come_with_the_command(tmp_path):
    config = Config(home=tmp_path)

    found = {finding.topic: finding for finding in diagnosis.models(config)}

    for name in (config.detector.model, config.embedder.model):
        assert found[f"Model {name}"].state is State.BROKEN
        assert found[f"Model {name}"].advice.endswith(f"facecam models install {name}")


def test_an_installed_model_is_verified(mtcnn_config):
    found = {f.topic: f for f in diagnosis.models(mtcnn_config)}

    assert found["Model mtcnn"].state is State.FINE
    assert "verified" in found["Model mtcnn"].text


def test_a_damaged_model_is_found_out(tmp_path):
    name = Config().detector.model
    folder = tmp_path / "models" / "detector" / name / "installed"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")

    found = {f.topic: f for f in diagnosis.models(Config(home=tmp_path))}

    assert found[f"Model {name}"].state is State.BROKEN
    assert "damaged" in found[f"Model {name}"].text


def test_a_model_that_is_not_in_use_need_not_be_there(tmp_path):
    config = override(Config(home=tmp_path), {"embedder": {"model": "other"}})

    (finding,) = (f for f in diagnosis.models(config) if "facenet" in f.topic)

    assert (finding.state, finding.text) == (State.NOTE, "not in use")


def test_the_detector_in_use_is_told_with_its_numbers(mtcnn_config):
    config = override(mtcnn_config, {"detector": {"thresholds": [0.6, 0.7, 0.75]}})

    finding = diagnosis.detector(config)

    assert finding.state is State.FINE
    assert finding.text.startswith("mtcnn, from mtcnn 1.0.0, installed 20")
    assert finding.text.endswith("thresholds 0.6/0.7/0.75")
    assert finding.advice == ""


def test_one_of_a_training_run_is_told_with_its_flaws_and_the_way_back(tmp_path):
    config = Config(home=tmp_path)
    folder = config.models / "detector" / config.detector.model
    for origin in (
        Origin("mtcnn 1.0.0"),
        Origin("training run x", {"thresholds": [0.5, 0.6, 0.7]}, "deployed although"),
    ):
        (folder / "partial").mkdir(parents=True)
        artifacts.write_installed(folder / "partial", origin, "")
        artifacts.publish(folder / "partial", folder / "installed")

    finding = diagnosis.detector(config)

    assert "from training run x" in finding.text
    assert finding.text.endswith("thresholds 0.5/0.6/0.7; deployed although")
    assert finding.advice == "Back to that of mtcnn 1.0.0: facecam rollback detector"


def test_without_a_detector_the_doctor_says_how_to_get_one(tmp_path):
    finding = diagnosis.detector(Config(home=tmp_path))

    assert finding.state is State.BROKEN
    assert "facecam models install" in finding.advice


def test_a_detector_without_weights_is_as_the_settings_say(tmp_path):
    config = override(Config(home=tmp_path), {"detector": {"kind": "haar"}})

    assert diagnosis.detector(config).text == "haar, as facecam.toml says"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ((0, "GPU: Old Faithful 9000"), "Old Faithful 9000"),
        ((0, "GPU: "), "Keras sees none; the CPU does the work"),
        ((1, "x\nno keras"), "Keras does not start: no keras"),
        ((1, ""), "Keras does not start: it cannot be asked"),
    ],
)
def test_what_keras_says_of_a_gpu_is_told(answer, text, monkeypatch):
    monkeypatch.setattr(diagnosis, "_probe", lambda code, settings: answer)

    assert diagnosis.gpu().text == text


def test_the_nets_are_run_and_measured(mtcnn_config):
    runtime, speed = diagnosis.runtime(mtcnn_config)

    assert "LiteRT" in runtime.text
    assert "finding faces" in speed.text
    assert "frames/s" in speed.text


def test_without_a_detector_there_is_nothing_to_measure(tmp_path, monkeypatch):
    def missing(config):
        raise diagnosis.FacecamError("The detector is not installed.")

    monkeypatch.setattr(diagnosis.pipeline, "build_recognizer", missing)

    (finding,) = diagnosis.runtime(Config(home=tmp_path))

    assert finding.state is State.BROKEN
    assert finding.text == "The detector is not installed."


def test_every_face_embedded_counts_towards_the_rate():
    assert diagnosis.Speed(detect=0.010, embed=None).per_second == pytest.approx(100)
    assert diagnosis.Speed(detect=0.010, embed=0.040).per_second == pytest.approx(20)


def test_the_picture_measured_on_is_640_by_480():
    assert diagnosis.scene().shape == (480, 640, 3)


def test_a_probe_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(diagnosis, "PATIENCE", 0.2)

    code, said = diagnosis._probe("import time; time.sleep(9)", dict(os.environ))

    assert code == 1
    assert "no answer" in said


def test_a_process_that_dies_is_reported(monkeypatch):
    code, said = diagnosis._probe("import sys; sys.exit('gone')", dict(os.environ))

    assert (code, said.strip()) == (1, "gone")


def test_libraries_are_not_looked_for_where_there_is_no_ldd(monkeypatch):
    monkeypatch.setattr(diagnosis.shutil, "which", lambda name: None)

    assert diagnosis._unlinked() == []


def test_the_libraries_of_the_window_plugin_are_read_from_ldd(monkeypatch):
    said = "\tlibxcb-cursor.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6\n"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(diagnosis.shutil, "which", lambda name: name)
    monkeypatch.setattr(
        diagnosis.subprocess,
        "run",
        lambda *args, **kwargs: subprocess.CompletedProcess(args, 0, said, ""),
    )

    assert diagnosis._unlinked() == ["libxcb-cursor.so.0"]
