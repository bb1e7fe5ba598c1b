"""Tests of facecam.camera.opening."""

import pytest

from facecam.camera import opening
from facecam.camera.devices import CameraInfo
from facecam.camera.opening import choose, open_camera
from facecam.config import CameraConfig
from facecam.errors import CameraNotFound

FRONT = CameraInfo("usb-Chicony-0", "Integrated Camera", 0)
BRIO = CameraInfo("usb-Logitech_123", "Logitech BRIO", 2)


@pytest.mark.parametrize(
    ("source", "chosen"),
    [
        ("0", FRONT),
        ("2", BRIO),
        ("1", None),
        ("logitech brio", BRIO),
        ("usb-Chicony-0", FRONT),
        ("Brio", BRIO),
        ("i", None),
        ("", None),
        ("party.mp4", None),
    ],
)
def test_a_webcam_is_chosen_by_number_name_id_or_part_of_its_name(source, chosen):
    assert choose(source, [FRONT, BRIO]) == chosen


def test_a_file_is_meant_rather_than_a_part_of_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Brio").mkdir()
    assert choose("Brio", [FRONT, BRIO]) is None
    assert choose("Logitech BRIO", [FRONT, BRIO]) == BRIO


@pytest.mark.parametrize(
    ("source", "cameras", "told"),
    [
        ("7", [FRONT, BRIO], r"no camera 7\. Cameras here: 0 \(Integrated Camera\), 2"),
        ("none.mp4", [FRONT], r"no camera, file or folder called none\.mp4"),
        ("0", [], r"no camera 0, nor any camera\. Connect one, or choose"),
        ("", [], r"no camera, nor any camera"),
        ("usb-Logi_C920-video-index0", [], r"not connected, nor any other\. Connect"),
        ("x" * 300, [], r"no camera, file or folder called x"),
        ("~nobody-here/film.mp4", [], r"no camera, file or folder called ~nobody"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(monkeypatch, source, cameras, told):
    monkeypatch.setattr(opening, "list_cameras", lambda: cameras)
    with pytest.raises(CameraNotFound, match=told):
        open_camera(source, CameraConfig())
