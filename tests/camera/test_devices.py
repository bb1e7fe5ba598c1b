"""Tests of facecam.camera.devices, on a made-up /sys and /dev."""

import os
import sys
from types import SimpleNamespace

import cv2
import pytest

from facecam.camera import devices
from facecam.camera.devices import linux_cameras, merged

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Video4Linux only")


def plug(root, number, name, index=0, link=None):
    """Make the node of a camera as the kernel would."""
    node = root / "sys" / f"video{number}"
    hardware = root / "devices" / f"usb{number}"
    hardware.mkdir(parents=True)
    node.mkdir(parents=True)
    (node / "name").write_text(name + "\n")
    (node / "index").write_text(f"{index}\n")
    (node / "device").symlink_to(hardware)
    (root / "dev").mkdir(exist_ok=True)
    (root / "dev" / f"video{number}").write_bytes(b"")
    if link:
        (root / "dev" / link).parent.mkdir(parents=True, exist_ok=True)
        (root / "dev" / link).symlink_to(root / "dev" / f"video{number}")


def listed(root):
    return linux_cameras(root / "sys", root / "dev")


@linux_only
def test_no_camera_at_all_is_an_empty_list(tmp_path):
    assert listed(tmp_path) == []


@linux_only
def test_cameras_come_in_the_order_of_their_numbers_without_metadata_nodes(tmp_path):
    plug(tmp_path, 10, "Grabber")
    plug(tmp_path, 2, "Integrated Camera")
    plug(tmp_path, 3, "Integrated Camera", index=1)
    assert [(c.index, c.name) for c in listed(tmp_path)] == [
        (2, "Integrated Camera"),
        (10, "Grabber"),
    ]
    assert listed(tmp_path)[0].addresses == ((cv2.CAP_V4L2, 2),)


@linux_only
def test_an_id_stays_when_the_number_changes(tmp_path):
    plug(tmp_path / "a", 0, "HD Webcam", link="v4l/by-id/usb-HD_1234-index0")
    plug(tmp_path / "b", 4, "HD Webcam", link="v4l/by-id/usb-HD_1234-index0")
    assert listed(tmp_path / "a")[0].id == listed(tmp_path / "b")[0].id
    assert listed(tmp_path / "a")[0].index != listed(tmp_path / "b")[0].index


@linux_only
def test_the_serial_number_is_preferred_to_the_socket_and_that_to_the_bus(tmp_path):
    plug(tmp_path, 0, "A", link="v4l/by-path/pci-1")
    plug(tmp_path, 1, "B")
    (tmp_path / "dev/v4l/by-id").mkdir()
    (tmp_path / "dev/v4l/by-id/usb-A").symlink_to(tmp_path / "dev/video0")
    first, second = listed(tmp_path)
    assert first.id == "usb-A"
    assert second.id == str(tmp_path / "devices/usb1")


@linux_only
def test_two_cameras_of_one_make_are_told_apart(tmp_path):
    plug(tmp_path, 0, "HD Webcam")
    plug(tmp_path, 1, "HD Webcam")
    assert [c.name for c in listed(tmp_path)] == ["HD Webcam", "HD Webcam (2)"]
    assert len({c.id for c in listed(tmp_path)}) == 2


@linux_only
def test_a_device_that_answers_is_believed_more_than_its_number(tmp_path, monkeypatch):
    import fcntl

    plug(tmp_path, 0, "Codec")
    plug(tmp_path, 1, "Infrared", index=1)

    def answer(file, request, buffer):
        assert (request, len(buffer)) == (devices.QUERY_CAPABILITY, 104)
        captures = os.path.basename(file.name) == "video1"  # noqa: PTH119
        buffer[88:92] = (1 if captures else 2).to_bytes(4, sys.byteorder)

    monkeypatch.setattr(fcntl, "ioctl", answer)
    assert [c.name for c in listed(tmp_path)] == ["Infrared"]


@linux_only
def test_a_camera_without_a_name_is_still_listed(tmp_path):
    plug(tmp_path, 0, "")
    assert listed(tmp_path)[0].name == "Camera 0"


def camera(index, name, path):
    return SimpleNamespace(index=index, name=name, path=path)


def test_what_two_backends_list_becomes_one_camera_with_two_addresses():
    inside, usb = r"\\?\usb#vid_1", r"\\?\usb#vid_2"
    cameras = merged(
        [
            (1400, [camera(0, "Front", inside + "#{aa}"), camera(1, "USB", usb)]),
            (700, [camera(0, "USB", usb.upper()), camera(1, "Front", inside + "#{b}")]),
        ]
    )
    assert [(c.index, c.name) for c in cameras] == [(0, "Front"), (1, "USB")]
    assert cameras[0].addresses == ((1400, 0), (700, 1))
    assert cameras[1].addresses == ((1400, 1), (700, 0))


def test_cameras_without_a_path_are_known_by_their_name():
    assert merged([(1200, [camera(0, "FaceTime", None)])])[0].id == "facetime"


def test_a_system_that_lists_nothing_still_offers_camera_0(monkeypatch, caplog):
    def fail():
        raise ImportError("cv2_enumerate_cameras")

    monkeypatch.setattr(sys, "platform", "elsewhere")
    monkeypatch.setattr(devices, "_enumerated_cameras", fail)
    assert [c.name for c in devices.list_cameras()] == ["Camera 0"]
    assert "by name" in caplog.text


def test_listing_works_on_this_computer_and_is_cheap():
    assert all(c.id and c.name for c in devices.list_cameras())
