"""From what a person types to a camera."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facecam.camera.devices import CameraInfo, is_id, list_cameras
from facecam.camera.pictures import open_pictures
from facecam.camera.protocol import Camera
from facecam.camera.recordings import open_file
from facecam.camera.stream import is_stream, open_stream
from facecam.camera.webcam import open_webcam
from facecam.config import CameraConfig
from facecam.errors import CameraNotFound
from facecam.media import SUFFIXES


def open_camera(source: str, config: CameraConfig, paced: bool = True) -> Camera:
    """Open a source of frames.

    Args:
        source: a webcam's number, name (or a part of it that fits only one) or id, a
            video file, a folder of pictures, a picture, or the address of a stream.
        config: sizes and time-outs.
        paced: recordings play at their own speed; False: every frame, as fast as asked.

    Raises:
        CameraNotFound: there is no such source, or it gives no picture.
    """
    source = source.strip()
    if is_stream(source):
        return open_stream(source, config, paced)
    cameras = list_cameras()
    if info := choose(source, cameras):
        return open_webcam(info, config)
    if path := _existing(source):
        if path.is_dir() or path.suffix.lower() in SUFFIXES - {".gif"}:
            return open_pictures(path, config.picture_seconds, paced)
        return open_file(path, paced)
    raise CameraNotFound(_not_found(source, cameras))


def choose(source: str, cameras: Sequence[CameraInfo]) -> CameraInfo | None:
    """Return the webcam a person means by its number, id or name, if there is one."""
    wanted = source.casefold()
    for camera in cameras:
        if wanted in (str(camera.index), camera.id.casefold(), camera.name.casefold()):
            return camera
    alike = [
        camera for camera in cameras if wanted and wanted in camera.name.casefold()
    ]
    return alike[0] if len(alike) == 1 and not _existing(source) else None


def _existing(source: str) -> Path | None:
    """Return the file or folder a person means, None if there is none to be read."""
    try:
        path = Path(source).expanduser()
        return path if source and path.exists() else None
    except (OSError, RuntimeError, ValueError):  # too long, forbidden, nobody's home
        return None


def _not_found(source: str, cameras: Sequence[CameraInfo]) -> str:
    if is_id(source):
        wanted = "The camera is not connected"
    elif source.isdigit() or not source:
        wanted = f"There is no camera {source}".rstrip()
    else:
        wanted = f"There is no camera, file or folder called {source}"
    if not cameras:
        other = "other" if is_id(source) else "camera"
        return (
            f"{wanted}, nor any {other}. Connect one, or choose a video file or folder."
        )
    known = ", ".join(f"{camera.index} ({camera.name})" for camera in cameras)
    return f"{wanted}. Cameras here: {known}."
