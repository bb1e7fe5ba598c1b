"""Tests of facecam.camera.pictures, through open_camera."""

import time

import numpy as np
import pytest

from facecam import media
from facecam.camera import open_camera
from facecam.config import CameraConfig, TrackerConfig
from facecam.errors import CameraNotFound, SourceEnded
from tests.fakes import read_on


def frames_of(source, paced=False, **config):
    camera, frames = open_camera(str(source), CameraConfig(**config), paced), []
    with pytest.raises(SourceEnded, match="is over"):
        read_on(camera, frames)
    camera.close()
    camera.close()
    return frames


@pytest.fixture
def folder(tmp_path):
    """Write three pictures of three sizes; the second is damaged."""
    for number, size in enumerate([(8, 8), (4, 4), (6, 10)]):
        path = tmp_path / "pictures" / f"{number}.png"
        media.write_image(path, np.full((*size, 3), 50 * number, np.uint8))
    (tmp_path / "pictures" / "1.png").write_bytes(b"damaged")
    return tmp_path / "pictures"


def test_a_folder_shows_its_pictures_and_passes_over_a_damaged_one(folder, caplog):
    frames = frames_of(folder, picture_seconds=0.1)
    assert [frame.index for frame in frames] == [0, 2]
    assert [frame.time for frame in frames] == pytest.approx([0, 0.2])
    assert [frame.image.shape for frame in frames] == [(8, 8, 3), (6, 10, 3)]
    assert "1.png" in caplog.text


def test_a_picture_is_delivered_again_while_it_is_shown(folder):
    started = time.monotonic()
    frames = frames_of(folder, paced=True, picture_seconds=0.25)
    assert time.monotonic() - started >= 0.5
    assert [frame.index for frame in frames] == [0, 0, 0, 2, 2, 2]
    assert [frame.time for frame in frames] == sorted(frame.time for frame in frames)


def test_a_single_picture_stays_until_it_is_closed(folder):
    camera = open_camera(
        str(folder / "0.png"), CameraConfig(picture_seconds=0.1), paced=True
    )
    assert [camera.read().index for _ in range(4)] == [0, 0, 0, 0]
    camera.close()
    with pytest.raises(SourceEnded):
        camera.read()


def test_one_picture_is_a_folder_of_one(folder):
    assert len(frames_of(folder / "0.png")) == 1


def test_nobody_is_followed_from_one_picture_to_the_next():
    assert CameraConfig().picture_seconds > TrackerConfig().max_gap


def test_a_folder_of_nothing_but_damaged_pictures_is_told(folder):
    for name in ("0.png", "2.png"):
        (folder / name).write_bytes(b"damaged")
    camera = open_camera(str(folder), CameraConfig(), paced=False)
    with pytest.raises(CameraNotFound, match=r"No picture in pictures.*0\.png"):
        camera.read()


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(CameraNotFound, match=r"no pictures in .*\.jpg"):
        open_camera(str(tmp_path), CameraConfig())
