"""Faces that were cut out, as a detector finds them: without looking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facecam.aligning.alignment import Alignment
from facecam.config import EmbedderConfig
from facecam.faces import Detections, Image


@dataclass(frozen=True)
class Placed:
    """A detector for pictures that are faces cut out: the box follows from the cut."""

    alignment: Alignment
    config: EmbedderConfig
    """Of the embedder that crops what is found."""

    def detect(self, image: Image) -> Detections:
        """Return the one face, without landmarks."""
        box = self.alignment.box(image.shape[:2], self.config)
        points = np.full((1, 5, 2), np.nan, np.float32)
        return Detections(box[None], np.ones(1, np.float32), points)
