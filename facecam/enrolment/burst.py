"""The best of a few frames: quality times what they add to the pictures taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facecam.enrolment.advice import Taken, View
from facecam.faces import Floats

BASE = 0.1
"""What a picture is worth that shows nothing new, against 1 for something all new: of
two like pictures the better one is kept."""
NOTICEABLE = 1.02
"""A frame must be better by this factor to be worth an embedding."""


def novelty(embedding: Floats, taken: Sequence[Taken]) -> float:
    """Return 1 minus the cosine with the likest picture taken; 1 for the first."""
    if not taken:
        return 1.0
    return 1.0 - max(float(embedding @ shot.embedding) for shot in taken)


@dataclass
class Burst:
    """Frames of one view within a moment."""

    view: View
    began: float
    quality: float = 0.0
    """Of the best frame embedded."""
    worth: float = 0.0
    best: Taken | None = None

    def promises(self, quality: float) -> bool:
        """Say whether a frame of that quality is worth looking at closer."""
        return self.best is None or quality > NOTICEABLE * self.quality

    def offer(self, shot: Taken, taken: Sequence[Taken]) -> None:
        """Keep a picture if it is worth more than the best so far."""
        worth = shot.quality * (BASE + novelty(shot.embedding, taken))
        self.quality = max(self.quality, shot.quality)
        if self.best is None or worth > self.worth:
            self.worth, self.best = worth, shot
