"""Tests of webcams and their bounded reader, on captures that misbehave."""

import threading
import time

import cv2
import numpy as np
import pytest

from facecam.camera import webcam
from facecam.camera.devices import CameraInfo
from facecam.camera.live_camera import LiveCamera
from facecam.camera.reader import BoundedReader, Shot
from facecam.config import CameraConfig
from facecam.errors import CameraLost, CameraNotFound, SourceEnded
from tests.fakes import FakeCapture, read_on, wait

PATIENT = 20.0
INFO = CameraInfo("usb-1", "HD Webcam", 0, ((700, 0), (1400, 3)))


@pytest.fixture
def cameras():
    made = []

    def make(capture, timeout=PATIENT, **more):
        made.append(
            LiveCamera("HD Webcam", BoundedReader(lambda: capture), timeout, **more)
        )
        return made[-1]

    yield make
    for camera in made:
        camera.close()


def test_frames_are_rgb_numbered_and_timed(cameras):
    camera = cameras(FakeCapture())
    before = time.monotonic()
    frame, later = camera.read(), camera.read()
    assert frame.image.shape == (32, 48, 3)
    assert frame.image[0, 0].argmax() == 2  # blue, in RGB
    assert frame.index < later.index
    assert before - 1 < frame.time < later.time <= time.monotonic()
    assert camera.fps == 30.0


def test_whoever_comes_late_gets_the_newest_frame(cameras):
    capture = FakeCapture()
    camera = cameras(capture)
    camera.read()
    wait(lambda: capture.shown > 50)
    assert camera.read().index >= 45


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), 90000.0])
def test_a_nonsensical_rate_is_no_rate(cameras, fps):
    camera = cameras(FakeCapture(fps=fps))
    camera.read()
    assert camera.fps is None


def test_an_unplugged_camera_is_lost_with_advice(cameras):
    capture = FakeCapture(pictures=1)
    camera = cameras(capture)
    with pytest.raises(CameraLost, match=r"HD Webcam stopped.*Check its cable"):
        read_on(camera)
    assert capture.released.wait(PATIENT)


def test_a_camera_that_hangs_is_lost_after_the_time_out_and_left_behind(cameras):
    capture = FakeCapture(pictures=1, hangs=True)
    camera = cameras(capture, timeout=0.2)
    camera.read()
    with pytest.raises(CameraLost):
        camera.read()
    started = time.monotonic()
    camera.close()
    camera.close()
    assert time.monotonic() - started < 10
    assert not capture.released.is_set()
    capture.unhang.set()
    assert capture.released.wait(PATIENT)


def test_closing_wakes_whoever_waits_for_a_frame(cameras):
    camera = cameras(capture := FakeCapture(pictures=1, hangs=True))
    camera.read()
    closer = threading.Timer(0.1, camera.close)
    closer.start()
    with pytest.raises(SourceEnded):
        camera.read()
    capture.unhang.set()
    closer.join()


def test_a_dropped_picture_or_two_do_not_lose_the_camera(cameras):
    class Flaky(FakeCapture):
        def read(self):
            done, image = super().read()
            return (False, None) if self.shown % 2 else (done, image)

    camera = cameras(Flaky())
    assert [camera.read() is not None for _ in range(3)] == [True] * 3


@pytest.mark.parametrize("error", [cv2.error("gone"), OSError("gone")])
def test_a_device_that_raises_is_lost(cameras, caplog, error):
    class Raising(FakeCapture):
        def read(self):
            raise error

    with pytest.raises(CameraLost):
        cameras(Raising()).read()
    assert "gone" in caplog.text


class StillReader:
    """Delivers the same picture every second."""

    def __init__(self):
        self.start, self.count = time.monotonic(), 0

    def read(self, timeout):
        self.count += 1
        picture = np.full((32, 48, 3), 7, np.uint8)
        return Shot(picture, self.count, self.start + self.count)


def test_a_picture_that_stands_still_is_only_lost_when_the_camera_is_not_listed():
    present = [True]
    camera = LiveCamera("Webcam", StillReader(), 5.0, is_present=lambda: present[0])
    assert [camera.read().index for _ in range(50)] == list(range(1, 51))
    present[0] = False
    with pytest.raises(CameraLost, match="unplugged"):
        read_on(camera)
    assert camera._reader.count <= 50 + 7


@pytest.fixture
def devices(monkeypatch):
    """Replace the devices by {(index, backend): capture}; return the calls made."""
    calls, captures = [], {}

    def open_device(index, backend, config):
        calls.append((index, backend))
        capture = captures.get((index, backend))
        return capture() if callable(capture) else capture

    monkeypatch.setattr(webcam, "_open_device", open_device)
    monkeypatch.setattr(webcam, "_winners", {})
    return calls, captures


def test_a_backend_that_hangs_is_passed_over_and_not_tried_first_again(devices):
    calls, captures = devices
    release = threading.Event()
    captures[0, 700] = lambda: release.wait(60) and None
    captures[3, 1400] = FakeCapture()
    for _ in range(2):
        camera = webcam.open_webcam(INFO, CameraConfig(open_timeout=1.0))
        assert camera.read().image.any()
        assert camera.mirrored
        camera.close()
    release.set()
    assert calls == [(0, 700), (3, 1400), (3, 1400)]


def test_a_camera_that_opens_but_shows_nothing_is_told(devices):
    _, captures = devices
    captures[0, 700] = FakeCapture(pictures=0)
    with pytest.raises(CameraNotFound, match="HD Webcam"):
        webcam.open_webcam(INFO, CameraConfig())
    assert captures[0, 700].released.wait(PATIENT)


@pytest.mark.parametrize(
    ("backend", "size", "asked"),
    [
        (cv2.CAP_V4L2, (640, 480), None),
        (cv2.CAP_V4L2, (1280, 720), "MJPG"),
        (cv2.CAP_MSMF, (1280, 720), None),
    ],
)
def test_large_pictures_are_asked_for_compressed(monkeypatch, backend, size, asked):
    class Recording(FakeCapture):
        def __init__(self, *address):
            super().__init__()
            self.address, self.asked = address, {}

        def isOpened(self):  # noqa: N802 - OpenCV's name
            return True

        def set(self, prop, value):
            self.asked[prop] = value

    monkeypatch.setattr(cv2, "VideoCapture", Recording)
    config = CameraConfig(width=size[0], height=size[1], fps=25)
    capture = webcam._open_device(2, backend, config)
    fourcc = capture.asked.pop(cv2.CAP_PROP_FOURCC, None)
    assert fourcc == (cv2.VideoWriter.fourcc(*asked) if asked else None)
    assert capture.address == (2, backend)
    assert capture.asked == {
        cv2.CAP_PROP_FRAME_WIDTH: size[0],
        cv2.CAP_PROP_FRAME_HEIGHT: size[1],
        cv2.CAP_PROP_FPS: 25,
        cv2.CAP_PROP_BUFFERSIZE: 1,
    }


@pytest.mark.parametrize(
    ("allowed", "told"), [(False, "group “video”"), (True, "Another program")]
)
def test_a_camera_in_use_is_told_from_one_that_is_not_allowed(
    devices, monkeypatch, allowed, told
):
    monkeypatch.setattr(webcam.sys, "platform", "linux")
    monkeypatch.setattr(webcam.os, "access", lambda *_: allowed)
    with pytest.raises(CameraNotFound, match=told):
        webcam.open_webcam(INFO, CameraConfig())


def test_a_device_that_does_not_exist_cannot_be_opened():
    assert webcam._open_device(9999, cv2.CAP_ANY, CameraConfig()) is None
