"""Whether a head is held still."""

from __future__ import annotations

from collections import deque

import numpy as np

from facecam.config import EnrolmentConfig
from facecam.faces import Floats


class Stillness:
    """Remembers where a face was over the last moment."""

    def __init__(self, config: EnrolmentConfig) -> None:
        self._config = config
        self._past: deque[tuple[float, Floats]] = deque()

    def follow(self, points: Floats, side: float, time: float) -> float:
        """Note where a face is; return how much of the time to hold still is over.

        Args:
            points: (k, 2), of the face, pixels.
            side: of the face, pixels.
            time: of the frame, seconds.

        Returns:
            0…1; 1 when it has stayed where it is for long enough.
        """
        since = time
        for then, where in reversed(self._past):
            if _apart(where, points) > self._config.still * side:
                break
            since = then
        oldest = time - 2 * self._config.still_seconds
        self._past = deque((t, p) for t, p in self._past if t >= oldest)
        self._past.append((time, points))
        return min((time - since) / self._config.still_seconds, 1.0)

    def forget(self) -> None:
        """Begin anew, as when the face was lost."""
        self._past.clear()


def _apart(a: Floats, b: Floats) -> float:
    """Return the mean distance of corresponding points."""
    if a.shape != b.shape:
        return np.inf
    return float(np.linalg.norm(a - b, axis=1).mean())
