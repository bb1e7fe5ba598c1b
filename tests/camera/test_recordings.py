"""Tests of facecam.camera.recordings, through open_camera."""

import time

import numpy as np
import pytest

from facecam import media
from facecam.camera import open_camera
from facecam.camera.recordings import HOPELESS, Pace
from facecam.config import CameraConfig
from facecam.errors import CameraNotFound, SourceEnded
from tests.fakes import read_on

GREYS = [20, 60, 100, 140, 180, 220]


@pytest.fixture
def film(tmp_path):
    """Write a film of six greys, 20 frames per second."""
    path = tmp_path / "Zoë 王.mp4"
    with media.VideoWriter(path, 20, (64, 48)) as writer:
        for grey in GREYS:
            writer.write(np.full((48, 64, 3), grey, np.uint8))
    return path


def frames_of(source, paced=False, **config):
    camera, frames = open_camera(str(source), CameraConfig(**config), paced), []
    with pytest.raises(SourceEnded, match="is over"):
        read_on(camera, frames)
    camera.close()
    camera.close()
    return frames


def test_every_frame_comes_once_in_order_with_its_time(film):
    frames = frames_of(film)
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4, 5]
    assert [frame.time for frame in frames] == pytest.approx(
        [0, 0.05, 0.1, 0.15, 0.2, 0.25], abs=1e-3
    )
    greys = [frame.image.mean() for frame in frames]
    assert greys == pytest.approx(GREYS, abs=6)


def test_a_film_says_what_it_is(film):
    camera = open_camera(str(film), CameraConfig())
    assert (camera.name, camera.live, camera.mirrored) == ("Zoë 王.mp4", False, False)
    assert (camera.fps, camera.length) == (20.0, 6)
    camera.close()


def test_a_film_plays_at_its_own_speed(film):
    started = time.monotonic()
    frames = frames_of(film, paced=True)
    assert time.monotonic() - started >= 0.2
    assert frames[0].index == 0


def test_a_film_taken_with_a_turned_phone_is_shown_upright(film):
    def matrix(*rows):  # of the track header, ISO 14496-12, 8.3.2; 16.16 and 2.30
        return b"".join(number.to_bytes(4, "big", signed=True) for number in rows)

    one, last = 1 << 16, 1 << 30
    upright = matrix(one, 0, 0, 0, one, 0, 0, 0, last)
    turned = matrix(0, one, 0, -one, 0, 0, 0, 0, last)
    data = film.read_bytes()
    at = data.index(upright, data.index(b"tkhd"))
    film.write_bytes(data[:at] + turned + data[at + len(turned) :])
    assert frames_of(film)[0].image.shape == (64, 48, 3)


def test_a_slow_reader_sees_fewer_frames_but_no_old_ones(film):
    now = [0.0]
    camera = open_camera(str(film), CameraConfig())
    camera._pace = Pace(period=0.05, clock=lambda: now[0])
    assert camera.read().index == 0
    now[0] = 0.21
    assert camera.read().index == 4
    camera.close()


def test_a_closed_film_delivers_nothing_more(film):
    camera = open_camera(str(film), CameraConfig())
    camera.read()
    camera.close()
    with pytest.raises(SourceEnded, match="closed"):
        camera.read()


def test_pace_holds_frames_back_drops_late_ones_and_gives_up_a_lost_cause():
    now = [100.0]
    pace = Pace(period=0.1, clock=lambda: now[0])
    assert pace.delay(0.0) == 0
    assert pace.delay(0.1) == pytest.approx(0.1)
    now[0] += 0.15
    assert pace.delay(0.1) == 0
    assert pace.delay(0.02) is None
    now[0] += HOPELESS + 1
    assert pace.delay(0.2) == 0
    assert pace.delay(0.3) == pytest.approx(0.1)


@pytest.mark.parametrize("content", [b"", b"not a film", bytes(5000)])
def test_what_is_no_film_is_refused_with_advice(tmp_path, content):
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(CameraNotFound, match=r"broken\.mp4.*copy it|Copy it"):
        open_camera(str(path), CameraConfig())


def test_a_film_without_a_single_frame_is_refused(film, tmp_path):
    data = film.read_bytes()
    start = data.index(b"mdat") + 4
    hollow = tmp_path / "hollow.mp4"
    hollow.write_bytes(data[:start] + bytes(data.index(b"moov") - start) + data[-2000:])
    with pytest.raises(CameraNotFound, match=r"hollow\.mp4"):
        open_camera(str(hollow), CameraConfig())


def test_a_film_that_breaks_off_says_where(tmp_path):
    path = tmp_path / "cut.avi"
    with media.VideoWriter(path, 20, (64, 48)) as writer:
        for _ in range(40):
            writer.write(
                np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
            )
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    camera = open_camera(str(path), CameraConfig(), paced=False)
    if camera.length is None:
        pytest.skip("Without its index the film does not say how long it is.")
    with pytest.raises(SourceEnded, match=r"breaks off after \d+ of 40"):
        read_on(camera)


def test_real_recordings_are_read_whole(data):
    for name, length in (("friends.mp4", 448), ("webcam_320x240.avi", 1066)):
        camera = open_camera(str(data / "videos" / name), CameraConfig(), paced=False)
        assert camera.length == length
        first = camera.read()
        indices, times = [first.index], [first.time]
        while indices[-1] < length - 1:
            frame = camera.read()
            indices.append(frame.index)
            times.append(frame.time)
        with pytest.raises(SourceEnded, match="is over"):
            camera.read()
        assert indices == list(range(length))
        assert np.diff(times).min() > 0
