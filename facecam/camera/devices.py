"""Which webcams there are. Asking again is cheap, so hot-plugging is asking again.

An index changes when cameras are plugged and unplugged, therefore a camera has an id
that stays: on Linux its link in /dev/v4l, elsewhere the path the system gives it.
"""

from __future__ import annotations

import logging
import struct
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import cv2

log = logging.getLogger(__name__)

QUERY_CAPABILITY = 0x80685600
"""VIDIOC_QUERYCAP of linux/videodev2.h, for a struct v4l2_capability of 104 bytes."""
ID_BEGINNINGS = ("usb-", "pci-", "platform-", "/sys/", "\\\\?\\usb#")
"""How ids begin: links by id and by path, devices without one, those of Windows."""
CAPTURES = 0x00000001 | 0x00001000
"""V4L2_CAP_VIDEO_CAPTURE and its multi-planar sibling."""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """One webcam of this computer."""

    id: str
    """Stays the same when cameras come and go."""
    name: str
    """For people; two of the same make are told apart by a number."""
    index: int
    """Today's number, as in `--source 0`."""
    addresses: tuple[tuple[int, int], ...] = ()
    """(OpenCV backend, index within it), the one to try first in front."""


def is_id(source: str) -> bool:
    """Tell whether a source is surely the id of a webcam, plugged in or not."""
    return source.startswith(ID_BEGINNINGS)


class _Enumerated(Protocol):
    """What cv2_enumerate_cameras says of a camera."""

    index: int
    name: str
    path: str | None


def list_cameras() -> list[CameraInfo]:
    """Return the webcams plugged in now, in a stable order. Opens none of them."""
    if sys.platform == "linux":
        return linux_cameras(Path("/sys/class/video4linux"), Path("/dev"))
    try:
        return _enumerated_cameras()
    except (ImportError, OSError, NotImplementedError) as error:
        log.warning("Cameras cannot be listed by name: %s", error)
        return [CameraInfo("0", "Camera 0", 0, ((cv2.CAP_ANY, 0),))]


def linux_cameras(sysfs: Path, dev: Path) -> list[CameraInfo]:
    """Return the capture devices of Video4Linux.

    Args:
        sysfs: /sys/class/video4linux.
        dev: /dev.
    """
    links = _links(dev / "v4l" / "by-path") | _links(dev / "v4l" / "by-id")
    nodes = sorted(
        (int(node.name.removeprefix("video")), node)
        for node in (sysfs.iterdir() if sysfs.is_dir() else ())
        if node.name.removeprefix("video").isdigit()
    )
    return _numbered(
        CameraInfo(
            id=links.get(node.name, str((node / "device").resolve())),
            name=_text(node / "name") or f"Camera {index}",
            index=index,
            addresses=((cv2.CAP_V4L2, index),),
        )
        for index, node in nodes
        if _captures(dev / node.name, node)
    )


def merged(
    listings: Sequence[tuple[int, Sequence[_Enumerated]]],
) -> list[CameraInfo]:
    """Merge what several backends list, [(backend, cameras)], into one entry each.

    The order of backends is the order in which they will be tried. Windows gives a
    device one path per backend, which differ in the class id at their end.
    """
    found: dict[str, CameraInfo] = {}
    for backend, cameras in listings:
        for camera in cameras:
            key = (camera.path or camera.name).lower().split("#{")[0]
            info = found.setdefault(key, CameraInfo(key, camera.name, len(found)))
            address = (backend, camera.index)
            found[key] = replace(info, addresses=(*info.addresses, address))
    return _numbered(found.values())


def _enumerated_cameras() -> list[CameraInfo]:
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends

    wanted = (cv2.CAP_MSMF, cv2.CAP_DSHOW, cv2.CAP_AVFOUNDATION)
    return merged(
        [(b, enumerate_cameras(b)) for b in wanted if b in supported_backends]
    )


def _links(folder: Path) -> dict[str, str]:
    """Return which link points at which device node: {"video0": "usb-…-index0"}."""
    if not folder.is_dir():
        return {}
    return {link.resolve().name: link.name for link in sorted(folder.iterdir())}


def _captures(device: Path, node: Path) -> bool:
    """Tell a camera from its metadata node, a tuner or a codec.

    The device is asked, which does not switch it on; where that is not allowed, the
    first node of each device is taken, as that is the camera in practice.
    """
    try:
        return bool(_capabilities(device, device.stat().st_ctime_ns) & CAPTURES)
    except OSError:
        return _text(node / "index") in ("0", "")


@lru_cache(maxsize=64)
def _capabilities(device: Path, plugged: int) -> int:
    """Ask a device once each time it is plugged in, as asking may wake it."""
    import fcntl

    with device.open("rb", buffering=0) as file:
        answer = bytearray(104)
        fcntl.ioctl(file, QUERY_CAPABILITY, answer)
    return int(struct.unpack_from("=I", answer, 88)[0])


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _numbered(cameras: Iterable[CameraInfo]) -> list[CameraInfo]:
    """Tell cameras of one name apart: "HD Webcam", "HD Webcam (2)"."""
    seen: Counter[str] = Counter()
    result = []
    for camera in cameras:
        seen[camera.name] += 1
        number = f" ({seen[camera.name]})" if seen[camera.name] > 1 else ""
        result.append(replace(camera, name=camera.name + number))
    return result
