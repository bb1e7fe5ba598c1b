"""Somebody enrols in front of a camera: a film, then a stream from the network."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from facecam.cli import main
from tests.fakes import wait

FFMPEG = shutil.which("ffmpeg")


@pytest.fixture
def enrol(facenet_config, monkeypatch, capsys):
    """Enrol with a camera; return what --json says."""
    monkeypatch.setenv("FACECAM_HOME", str(facenet_config.home))

    def run(name, source, *more):
        words = ["enrol", name, "--camera", str(source), "--consent", "--json", *more]
        assert main(words) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.mark.slow
def test_a_man_before_a_webcam_is_enrolled_and_known_at_once(enrol, data, capsys):
    film = data / "videos" / "webcam_320x240.avi"

    told = enrol("Webb 王", film)

    assert 3 <= told["added"] <= 8
    assert told["pictures"][0]["view"] == "front"
    assert all(picture["quality"] > 0.6 for picture in told["pictures"])
    assert told["finished"]
    words = ["enrol", "Somebody", "--camera", str(film), "--consent"]
    assert main(words) == 1
    assert "already enrolled as Webb 王" in capsys.readouterr().err


@pytest.mark.skipif(
    not FFMPEG or sys.platform != "linux", reason="Needs the program ffmpeg, and Linux."
)
def test_a_stream_is_a_camera_too(enrol, data):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    film = data / "videos" / "webcam_320x240.avi"
    codec = ("-c:v", "mjpeg", "-q:v", "3", "-f", "mpjpeg", "-listen", "1")
    url = f"http://127.0.0.1:{port}/cam"
    server = subprocess.Popen(
        [FFMPEG, "-v", "quiet", "-re", "-i", str(film), *codec, url]
    )
    wait(lambda: f":{port:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text())

    told = enrol("Webb", url, "--pictures", "1", "--seconds", "20")

    server.kill()
    server.wait()
    assert told["added"] == 1
    assert told["pictures"][0]["view"] == "front"
