"""Which face of a picture is cut: the largest, most central, as facenet chooses."""

from __future__ import annotations

import numpy as np

from facecam.faces import Floats
from facecam.vision.boxes import area

OFFSET_WEIGHT = 2.0
"""Square pixels of area a square pixel of offset costs (davidsandberg/facenet,
src/align/align_dataset_mtcnn.py: "some extra weight on the centering")."""


def central(boxes: Floats, size: tuple[int, int]) -> int:
    """Return the position of the largest face, less twice its squared offset.

    The offset is that of its centre from the centre of the picture, pixels. People are
    enrolled from the face `gallery.subject` finds, which asks besides how clearly.

    Args:
        boxes: (n, 4), n at least 1.
        size: (height, width) of the picture, pixels.
    """
    height, width = size
    middle = np.array((width, height), np.float32) / 2
    offsets = (boxes[:, :2] + boxes[:, 2:]) / 2 - middle  # (n, 2)
    return int((area(boxes) - OFFSET_WEIGHT * (offsets**2).sum(axis=1)).argmax())
