"""Webcams: opened through whichever of the system's interfaces answers."""

from __future__ import annotations

import os
import sys
from functools import partial

import cv2

from facecam.camera.devices import CameraInfo, list_cameras
from facecam.camera.live_camera import LiveCamera
from facecam.camera.reader import BoundedReader, Capture
from facecam.config import CameraConfig
from facecam.errors import CameraNotFound

_winners: dict[str, int] = {}
"""Backend by camera id that worked last time, so that a reconnect does not wait again
for one that hangs."""


def open_webcam(info: CameraInfo, config: CameraConfig) -> LiveCamera:
    """Open a webcam; its backends are tried in turn, each for a limited time.

    Raises:
        CameraNotFound: none of them got a picture from it.
    """
    first = _winners.get(info.id)
    addresses = info.addresses or ((cv2.CAP_ANY, info.index),)
    for backend, index in sorted(addresses, key=lambda a: a[0] != first):
        reader = BoundedReader(partial(_open_device, index, backend, config))
        if reader.delivers(config.open_timeout):
            _winners[info.id] = backend
            return LiveCamera(
                info.name,
                reader,
                config.read_timeout,
                is_present=lambda: any(c.id == info.id for c in list_cameras()),
                mirrored=True,
            )
        reader.close()
    raise CameraNotFound(_why_no_picture(info))


def _why_no_picture(info: CameraInfo) -> str:
    device = f"/dev/video{info.index}"
    if sys.platform == "linux" and not os.access(device, os.R_OK | os.W_OK):
        return (
            f"You may not use {info.name} ({device}). "
            "Add yourself to the group “video”, then log in again."
        )
    return (
        f"{info.name} gives no picture. Another program may be using it, or the system "
        "forbids it: close the other program, or allow cameras in the privacy settings."
    )


def _open_device(index: int, backend: int, config: CameraConfig) -> Capture | None:
    """Open a webcam with OpenCV. The only lines that need a real camera."""
    capture = cv2.VideoCapture(index, backend)
    if not capture.isOpened():
        return None
    if backend != cv2.CAP_MSMF and config.width * config.height > 640 * 480:
        # Raw pictures of this size do not fit through USB 2 at full rate.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, config.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, config.height)
    capture.set(cv2.CAP_PROP_FPS, config.fps)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture
