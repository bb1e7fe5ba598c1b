"""The last good views of each face, kept in memory for "Who is this?".

Nothing here is written to disk: views are forgotten with their track. A view is a
region around the face as large as the gallery keeps of a portrait.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facecam.config import WindowConfig
from facecam.faces import Face, Floats, Image, Recognition
from facecam.vision.region import around

FORGET_AFTER = 30.0
"""Seconds until the views of a face that left are forgotten."""


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """One good view: the part of a frame around a face, and the face in it."""

    image: Image
    box: Floats  # (4,), pixels of `image`
    landmarks: Floats  # (5, 2), pixels of `image`
    quality: float
    time: float

    def portrait(self) -> Image:
        """Return the face alone with some room, for a thumbnail; a square if it can."""
        x1, y1, x2, y2 = self.box
        side = max(x2 - x1, y2 - y1) * 0.68
        cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
        height, width, _ = self.image.shape
        left, right = int(max(cx - side, 0)), int(min(cx + side, width))
        top, bottom = int(max(cy - side, 0)), int(min(cy + side, height))
        part = self.image[top : max(bottom, top + 1), left : max(right, left + 1)]
        return np.ascontiguousarray(part)


def cut(image: Image, face: Face, time: float) -> View:
    """Cut the view of one face out of a frame's image; a copy."""
    region, corner = around(image, face.box)
    box = (face.box.reshape(2, 2) - corner).reshape(4)
    return View(region, box, face.landmarks - corner, face.quality, time)


class GoodViews:
    """Collects views while faces are seen: the best, not all of one moment."""

    def __init__(self, config: WindowConfig) -> None:
        self._config = config
        self._views: dict[int, list[View]] = {}
        self._seen: dict[int, float] = {}

    def collect(self, recognition: Recognition) -> None:
        """Look at a new recognition and keep what improves the collection."""
        now = recognition.frame.time
        for face in recognition.faces:
            self._seen[face.track] = now
            kept = self._views.setdefault(face.track, [])
            if self._wanted(kept, face, now):
                kept.append(cut(recognition.frame.image, face, now))
                kept.sort(key=lambda view: -view.quality)
                del kept[self._config.views :]
        for track, seen in list(self._seen.items()):
            if not 0 <= now - seen <= FORGET_AFTER:
                del self._seen[track], self._views[track]

    def of(self, track: int) -> tuple[View, ...]:
        """Return the views of a track, the best first."""
        return tuple(self._views.get(track, ()))

    def clear(self) -> None:
        """Forget every view, as when another source is chosen."""
        self._views.clear()
        self._seen.clear()

    def _wanted(self, kept: list[View], face: Face, now: float) -> bool:
        """Tell whether a view is good enough and not of the moment of another."""
        near = [v for v in kept if abs(v.time - now) < self._config.view_spacing]
        if near:
            best = max(view.quality for view in near)
            if face.quality <= best + 0.05:
                return False
            for view in near:
                kept.remove(view)
            return True
        return len(kept) < self._config.views or face.quality > kept[-1].quality
