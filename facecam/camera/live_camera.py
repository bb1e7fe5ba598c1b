"""A webcam or stream: the newest frame, or a clear word that there is none."""

from __future__ import annotations

import time
from collections.abc import Callable

from facecam.camera.protocol import frame_of
from facecam.camera.reader import BoundedReader, Shot
from facecam.errors import CameraLost, SourceEnded
from facecam.faces import Frame


class LiveCamera:
    """A device behind a reader.

    Args:
        name: what to call it in a sentence.
        reader: delivers its pictures.
        timeout: seconds without a picture until it counts as lost.
        is_present: asked when the picture stands still; unplugged cameras of some
            drivers go on delivering their last picture.
        mirrored: whether people look at themselves in it.
    """

    live = True
    length = None

    def __init__(
        self,
        name: str,
        reader: BoundedReader,
        timeout: float,
        is_present: Callable[[], bool] = lambda: True,
        mirrored: bool = False,
    ) -> None:
        self.name = name
        self.mirrored = mirrored
        self._reader = reader
        self._timeout = timeout
        self._is_present = is_present
        self._closed = False
        self._last_look = b""
        self._changed = time.monotonic()

    @property
    def fps(self) -> float | None:
        """Frames per second as the device states it."""
        return self._reader.fps

    def read(self) -> Frame:
        """Wait for the newest frame; see Camera."""
        shot = None if self._closed else self._reader.read(self._timeout)
        if self._closed:
            raise SourceEnded(f"{self.name} was closed.")
        if shot is None:
            raise CameraLost(
                f"{self.name} stopped delivering pictures. "
                "Check its cable, its power or the network."
            )
        self._check_that_it_moves(shot)
        return frame_of(shot.image, shot.index, shot.time)

    def close(self) -> None:
        """Release the device; see Camera."""
        self._closed = True
        self._reader.close()

    def _check_that_it_moves(self, shot: Shot) -> None:
        """Raise CameraLost if the picture stands still and the camera is not listed.

        A covered lens stands still as well, so standing still alone is no proof.
        """
        look = shot.image[::16, ::16].tobytes()
        if look != self._last_look:
            self._last_look, self._changed = look, shot.time
        elif shot.time - self._changed > self._timeout:
            self._changed = shot.time
            if not self._is_present():
                raise CameraLost(f"{self.name} was unplugged. Connect it again.")
