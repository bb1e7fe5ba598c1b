"""Tests of facecam.camera.stream against FFmpeg serving a made-up film."""

import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from facecam import media
from facecam.camera import open_camera
from facecam.camera.stream import is_stream, stream_name
from facecam.config import CameraConfig
from facecam.errors import CameraLost, CameraNotFound, SourceEnded
from facecam.live import LiveSession, State
from tests.camera.rtsp import RtspServer
from tests.fakes import read_on, wait

FFMPEG = shutil.which("ffmpeg")
CONFIG = CameraConfig(
    open_timeout=10, read_timeout=1, retry_first=0.2, retry_longest=0.5
)
FORMATS = {
    "mpjpeg": ("-c:v", "mjpeg", "-f", "mpjpeg"),
    "mpegts": ("-c:v", "mpeg2video", "-g", "5", "-f", "mpegts"),
}

needs_ffmpeg = pytest.mark.skipif(
    not FFMPEG or sys.platform != "linux",
    reason="Needs the program ffmpeg, and Linux to see when it listens.",
)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def serve():
    """Start servers, each of one endless film for one client; kill them at the end."""
    running = []

    def start(port, kind="mpjpeg"):
        film = ("-f", "lavfi", "-i", "color=red:size=64x48:rate=25")
        running.append(
            subprocess.Popen(
                [
                    *(FFMPEG, "-v", "quiet", "-re", *film, *FORMATS[kind]),
                    *("-listen", "1", f"http://127.0.0.1:{port}/cam"),
                ]
            )
        )
        wait(lambda: listens(port))
        return running[-1]

    yield start
    for server in running:
        server.kill()
        server.wait()


def listens(port):
    """Look without connecting, as the server takes only one client."""
    table = Path("/proc/net/tcp").read_text()
    return f":{port:04X} 00000000:0000 0A" in table


@needs_ffmpeg
@pytest.mark.parametrize("kind", FORMATS)
def test_a_stream_is_read_until_its_server_dies(serve, kind):
    port = free_port()
    server = serve(port, kind)
    camera = open_camera(f"http://127.0.0.1:{port}/cam", CONFIG)
    assert (camera.live, camera.length, camera.mirrored) == (True, None, False)
    assert camera.name == "127.0.0.1/cam"
    frames = [camera.read() for _ in range(5)]
    assert frames[0].image.shape == (48, 64, 3)
    assert frames[0].image[24, 32].argmax() == 0
    assert np.diff([frame.time for frame in frames]).min() > 0
    server.kill()
    with pytest.raises(CameraLost, match=r"127\.0\.0\.1/cam stopped"):
        read_on(camera)
    camera.close()


@needs_ffmpeg
def test_a_camera_that_speaks_rtsp_is_read_until_it_hangs_up(tmp_path):
    packets, sdp = socket.socket(type=socket.SOCK_DGRAM), tmp_path / "film.sdp"
    packets.bind(("127.0.0.1", 0))
    film = ("-f", "lavfi", "-i", "color=red:size=64x48:rate=25", "-c:v", "mpeg4")
    to = f"rtp://127.0.0.1:{packets.getsockname()[1]}"
    with subprocess.Popen(
        [
            *(FFMPEG, "-v", "quiet", "-re", *film, "-g", "5"),
            *("-f", "rtp", "-sdp_file", str(sdp), to),
        ]
    ) as sender:
        packets.recv(65536)
        server = RtspServer(sdp, packets)
        camera = open_camera(f"rtsp://ada:pw@127.0.0.1:{server.port}/live", CONFIG)
        assert (camera.live, camera.name) == (True, "127.0.0.1/live")
        assert [camera.read().image[24, 32].argmax() for _ in range(5)] == [0] * 5
        sender.kill()
        with pytest.raises(CameraLost):
            read_on(camera)
    camera.close()
    server.close()
    packets.close()


@needs_ffmpeg
def test_a_server_that_falls_silent_is_lost_in_time(serve):
    port = free_port()
    server = serve(port)
    camera = open_camera(f"http://127.0.0.1:{port}/cam", CONFIG)
    camera.read()
    server.send_signal(signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(CameraLost):
        read_on(camera)
    camera.close()
    assert time.monotonic() - started < 15


@needs_ffmpeg
def test_a_session_comes_back_when_its_stream_does(serve):
    port = free_port()
    server = serve(port)
    session = LiveSession(
        lambda: open_camera(f"http://127.0.0.1:{port}/cam", CONFIG),
        lambda frame: frame.index,
        CONFIG,
    )
    session.start()
    wait(lambda: session.stats.processed > 3)
    server.kill()
    wait(lambda: session.status.peek().state is State.RECONNECTING)
    assert "Trying again" in session.status.peek().text
    serve(port)
    wait(lambda: session.status.peek().state is State.LIVE)
    before = session.stats.processed
    wait(lambda: session.stats.processed > before + 3)
    session.stop()
    assert session.status.peek().state is State.STOPPED


def test_an_address_where_nobody_answers_is_refused_without_its_password():
    url = f"rtsp://ada:secret@127.0.0.1:{free_port()}/live"
    with pytest.raises(CameraNotFound, match=r"127\.0\.0\.1/live sends no") as told:
        open_camera(url, CONFIG)
    assert "secret" not in str(told.value)


def test_a_server_that_accepts_and_never_speaks_is_given_up_in_time():
    config = CameraConfig(open_timeout=0.5, read_timeout=0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        started = time.monotonic()
        with pytest.raises(CameraNotFound):
            open_camera(f"http://127.0.0.1:{port}/", config)
        assert time.monotonic() - started < 10


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def test_a_film_on_a_web_server_plays_like_a_recording(tmp_path):
    with media.VideoWriter(tmp_path / "a.mp4", 20, (64, 48)) as film:
        for _ in range(6):
            film.write(np.zeros((48, 64, 3), np.uint8))
    handler = partial(Quiet, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}/a.mp4"
        camera, frames = open_camera(url, CONFIG, paced=False), []
        with pytest.raises(SourceEnded):
            read_on(camera, frames)
        camera.close()
        server.shutdown()
    assert (camera.live, camera.length, len(frames)) == (False, 6, 6)


def test_addresses_are_told_from_names_and_shown_without_secrets():
    assert is_stream("rtsp://cam.local/1")
    assert is_stream("HTTP://cam.local")
    assert not is_stream(r"C:\films\a.mp4")
    assert not is_stream("0")
    assert not is_stream("a.mp4")
    assert stream_name("rtsp://ada:secret@cam.local:554/live/1?key=2") == (
        "cam.local/live/1"
    )
    assert stream_name("udp://@:1234") == "udp"
