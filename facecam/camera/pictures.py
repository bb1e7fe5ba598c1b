"""A folder of pictures, or a single one, as a camera."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from facecam.errors import CameraNotFound, ImageError, SourceEnded
from facecam.faces import Frame, Image
from facecam.media import SUFFIXES, find_images, read_image

log = logging.getLogger(__name__)

REPEAT = 0.1
"""Seconds after which a picture that stays on the screen is delivered again."""


class ImageFolder:
    """Pictures one after the other.

    Unlike a film's frames, none is ever dropped, and far more than a moment lies
    between two of them: nobody is followed from one to the next. A picture that cannot
    be read is passed over, with a line in the log.

    Args:
        paths: the pictures, at least one.
        name: what to call them in a sentence.
        seconds: how long each is shown.
        paced: show each so long, delivering it again and again, a single one until
            closed; else each once and as fast as asked.
    """

    live = False
    mirrored = False

    def __init__(
        self, paths: list[Path], name: str, seconds: float, paced: bool
    ) -> None:
        self.name = name
        self.fps: float | None = 1 / seconds
        single = paced and len(paths) == 1
        self.length: int | None = None if single else len(paths)
        self._paths = paths
        self._seconds = seconds
        self._paced = paced
        self._closed = threading.Event()
        self._position = -1
        self._image: Image | None = None
        self._shown = 0.0
        """Seconds the picture has been on the screen."""
        self._refused: list[ImageError] = []

    def read(self) -> Frame:
        """Wait for the next picture; see Camera.

        Raises:
            CameraNotFound: not a single one could be read.
        """
        if self._image is not None and self._paced:
            self._closed.wait(REPEAT)
            self._shown += REPEAT
            if not self._closed.is_set() and self._stays():
                return self._frame(self._image)
        self._image, self._shown = self._next(), 0.0
        return self._frame(self._image)

    def close(self) -> None:
        """Stop; see Camera."""
        self._closed.set()

    def _stays(self) -> bool:
        return len(self._paths) == 1 or self._shown < self._seconds

    def _frame(self, image: Image) -> Frame:
        time = self._position * self._seconds + self._shown
        return Frame(image, self._position, time)

    def _next(self) -> Image:
        while not self._closed.is_set() and self._position + 1 < len(self._paths):
            self._position += 1
            try:
                return read_image(self._paths[self._position])
            except ImageError as error:
                log.warning("%s", error)
                self._refused.append(error)
        if self._refused and len(self._refused) == len(self._paths):
            raise CameraNotFound(
                f"No picture in {self.name} can be read. The first: {self._refused[0]}"
            )
        raise SourceEnded(f"{self.name} is over.")


def open_pictures(path: Path, seconds: float, paced: bool) -> ImageFolder:
    """Open a folder of pictures, or a single picture.

    Args:
        path: of the folder or the picture.
        seconds: how long each picture is shown.
        paced: see ImageFolder.

    Raises:
        CameraNotFound: there is no picture.
    """
    paths = find_images(path) if path.is_dir() else [path]
    if not paths:
        endings = ", ".join(sorted(SUFFIXES))
        raise CameraNotFound(
            f"There are no pictures in {path}. Names of pictures end in {endings}."
        )
    return ImageFolder(paths, path.name or str(path), seconds, paced)
