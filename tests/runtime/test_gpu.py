"""Tests of facecam.runtime.gpu."""

import json
import subprocess
import sys

import pytest

from facecam.errors import RuntimeUnavailable
from facecam.runtime import gpu


def test_the_backend_is_what_the_environment_or_the_file_of_keras_says(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert gpu.backend() == "tensorflow"

    (tmp_path / "keras.json").write_text(json.dumps({"backend": "jax"}))
    assert gpu.backend() == "jax"

    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert gpu.backend() == "torch"


def test_an_unknown_backend_is_named(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")

    with pytest.raises(RuntimeUnavailable, match="KERAS_BACKEND is theano"):
        gpu.require()


def test_without_a_graphics_card_the_reason_is_told(monkeypatch):
    monkeypatch.setattr(gpu, "_gpu_hardware", lambda: False)

    with pytest.raises(RuntimeUnavailable, match="No graphics card"):
        gpu.require()
    assert gpu.available() is None


def test_a_backend_that_does_not_see_the_graphics_card_is_told(monkeypatch):
    monkeypatch.setattr(gpu, "_gpu_hardware", lambda: True)
    monkeypatch.setitem(gpu._DEVICES, "tensorflow", lambda: None)
    monkeypatch.setattr(sys, "platform", "linux")

    with pytest.raises(
        RuntimeUnavailable, match="TensorFlow does not see the graphics"
    ):
        gpu.require()


def test_a_graphics_card_the_backend_sees_is_named(monkeypatch):
    monkeypatch.setattr(gpu, "_gpu_hardware", lambda: True)
    monkeypatch.setitem(gpu._DEVICES, "tensorflow", lambda: "Test Card 9000")
    monkeypatch.setattr(sys, "platform", "linux")

    assert gpu.available() == "Test Card 9000"


def test_a_backend_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setattr(gpu, "_gpu_hardware", lambda: True)
    monkeypatch.setattr(gpu.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(RuntimeUnavailable, match="is not installed"):
        gpu.require()


def test_asking_for_a_gpu_imports_nothing_heavy_where_there_is_none():
    code = (
        "import sys; from facecam.runtime import gpu; gpu._gpu_hardware = bool; "
        "assert gpu.available() is None; "
        "assert not {'tensorflow', 'keras', 'torch', 'jax'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_mac_without_the_plug_in_is_told(monkeypatch):
    monkeypatch.setattr(gpu, "_gpu_hardware", lambda: True)
    monkeypatch.setattr(gpu, "_metal", lambda: False)
    monkeypatch.setattr(sys, "platform", "darwin")

    with pytest.raises(RuntimeUnavailable, match="tensorflow-metal"):
        gpu.require()
