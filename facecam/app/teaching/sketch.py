"""What is being marked in a still picture: a box, points in it, or a found box.

Everything is in pixels of the picture; no Qt here.
"""

from __future__ import annotations

import numpy as np

from facecam.app.placement import face_at
from facecam.app.teaching import drawing
from facecam.app.teaching.drawing import Corners, Size, Spot
from facecam.app.teaching.mark import FALSE_ALARM, MISSED_FACE, Mark, Still
from facecam.faces import Face


class Sketch:
    """A mark on its way.

    Args:
        still: the picture.
        mirrored: whether it is shown mirrored: points are asked for as they are seen.
    """

    def __init__(self, still: Still, mirrored: bool) -> None:
        self.still, self.mirrored = still, mirrored
        self.box: Corners | None = None
        self.points: list[Spot] = []
        """In the order they are asked for."""
        self.marking = False
        """Whether points are clicked."""
        self.chosen: Face | None = None
        """A found box that is none."""
        self.cursor: Spot | None = None
        """Where the next point probably is; the keyboard may move it."""

    @property
    def size(self) -> Size:
        """Width and height of the picture."""
        height, width, _ = self.still.image.shape
        return width, height

    @property
    def region(self) -> tuple[int, int, int, int]:
        """The part of the picture to look at: x, y, width, height."""
        if self.marking and self.box is not None:
            return drawing.region(self.box, self.size)
        return 0, 0, *self.size

    @property
    def large_enough(self) -> bool:
        """Whether there is a box in which a net can see something."""
        return self.box is not None and drawing.large_enough(self.box)

    @property
    def complete(self) -> bool:
        """Whether all five points are there."""
        return len(self.points) == len(drawing.POINTS)

    def draw(self, box: Corners) -> None:
        """Draw a box; what was chosen is not any more."""
        self.box, self.chosen = box, None

    def choose(self, spot: Spot) -> None:
        """Choose the found box at a spot, or none."""
        found = self.found(spot)
        if found is not None:
            self.box = None
        self.chosen = found

    def found(self, spot: Spot) -> Face | None:
        """Return the found face at a spot."""
        return face_at(list(self.still.faces), *spot)

    def begin_points(self) -> None:
        """Let points be clicked, if there is a box to click them in."""
        if self.large_enough:
            self.marking, self.points = True, []
            self._expect()

    def add_point(self, spot: Spot) -> int:
        """Add the next point; return its number."""
        self.points.append(spot)
        self._expect()
        return len(self.points) - 1

    def take_back(self) -> None:
        """Take back the last point; then the points; then what is drawn or chosen."""
        if self.points:
            self.points.pop()
        elif self.marking:
            self.marking = False
        else:
            self.box = self.chosen = None
        self._expect()

    def go(self, by: Spot, resize: bool) -> None:
        """Move what the keyboard moves: where the next point goes, else the box."""
        if self.cursor is not None:
            x, y = self.cursor
            self.cursor = drawing.within((x + by[0], y + by[1]), self.size)
        elif self.marking:
            return
        elif self.box is None:
            self.draw(drawing.first_box(self.size))
        elif resize:
            across = -by[0] if self.mirrored else by[0]
            self.draw(drawing.grown(self.box, (across, by[1]), self.size))
        else:
            self.draw(drawing.moved(self.box, by, self.size))

    def mark(self, points: bool = True) -> Mark | None:
        """Return what is marked; None if that is not enough.

        Args:
            points: whether points that were begun must be complete, and are kept.
        """
        image = self.still.image
        if self.chosen is not None:
            return Mark(image, self.chosen.box, FALSE_ALARM)
        if self.box is None or not self.large_enough:
            return None
        landmarks = None
        if points and self.marking:
            if not self.complete:
                return None
            landmarks = drawing.landmarks(self.points, self.mirrored)
        return Mark(image, np.array(self.box, np.float32), MISSED_FACE, landmarks)

    def _expect(self) -> None:
        """Know where the next point probably is."""
        self.cursor = None
        if self.marking and self.box is not None and not self.complete:
            number = len(self.points)
            self.cursor = drawing.likely(self.box, number, self.mirrored)
