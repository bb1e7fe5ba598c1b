"""Network streams: whatever FFmpeg reads from an address, without adding delay."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

import cv2

from facecam.camera.live_camera import LiveCamera
from facecam.camera.reader import BoundedReader
from facecam.camera.recordings import VideoFile
from facecam.config import CameraConfig
from facecam.errors import CameraNotFound

SCHEMES = ("rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp", "tcp", "srt")


def is_stream(source: str) -> bool:
    """Return whether a source is the address of a stream."""
    return urlsplit(source).scheme.lower() in SCHEMES


def open_stream(
    url: str, config: CameraConfig, paced: bool = True
) -> LiveCamera | VideoFile:
    """Open a network stream; a film on a web server plays like any recording.

    Args:
        url: its address.
        config: the time-outs.
        paced: of a film, see `open_camera`.

    Raises:
        CameraNotFound: it does not answer, or sends nothing that can be shown.
    """
    name = stream_name(url)
    reader = BoundedReader(partial(open_url, url, config))
    if reader.delivers(config.open_timeout + config.read_timeout):
        if reader.length is None:
            return LiveCamera(name, reader, config.read_timeout)
        reader.close()
        if recording := open_url(url, config):
            return VideoFile(recording, name, paced)
    reader.close()
    raise CameraNotFound(
        f"{name} sends no video. Check the address, the password and the network."
    )


def stream_name(url: str) -> str:
    """Return host and path of an address: what may be shown, without the password."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}".rstrip("/") or parts.scheme


def open_url(url: str, config: CameraConfig) -> cv2.VideoCapture | None:
    """Open a stream with FFmpeg; None when it cannot be opened.

    One thread decodes, since FFmpeg delays the picture by a frame for each further
    one: measured from writing to reading H.264 at 25 frames/s, 0.08 s with one thread,
    0.12 s with two, 0.68 s with 16. RTSP goes over TCP, as OpenCV has it, because lost
    packets spoil more than they save. No more is needed: the reader takes what is
    buffered at once, and keeps the newest.
    """
    capture = cv2.VideoCapture(
        url,
        cv2.CAP_FFMPEG,
        [
            *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, int(config.open_timeout * 1000)),
            *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(config.read_timeout * 1000)),
            *(cv2.CAP_PROP_N_THREADS, 1),
        ],
    )
    return capture if capture.isOpened() else None
