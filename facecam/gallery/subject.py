"""Which face of a picture it is about: the largest, most central one."""

from __future__ import annotations

import numpy as np

from facecam.errors import NoFaceInImage, SeveralFacesInImage
from facecam.faces import Detections, Floats


def subject(
    detections: Detections,
    size: tuple[int, int],
    clearly: float = 1.0,
    least_score: float = 0.0,
) -> int:
    """Return the position of the face a picture is about.

    Args:
        detections: the faces of the picture.
        size: (height, width) of the picture, pixels.
        clearly: how many times more prominent than the next it has to be; 1 takes
            the most prominent one in any case.
        least_score: what the detector believes in less does not count as a face.

    Raises:
        NoFaceInImage: there is none.
        SeveralFacesInImage: two or more are about as prominent.
    """
    sure = detections.scores >= least_score
    if not sure.any():
        raise NoFaceInImage(
            "No face was found. Use a picture with a larger, sharper face."
        )
    values = np.where(sure, prominence(detections.boxes, size), 0)
    best = int(values.argmax())
    rivals = int((values * clearly > values[best]).sum())
    if clearly > 1 and rivals > 1:
        raise SeveralFacesInImage(
            f"{rivals} faces are about equally prominent. "
            "Say which one is meant, or use a picture of one person."
        )
    return best


def prominence(boxes: Floats, size: tuple[int, int]) -> Floats:
    """Return how much each face looks like the subject, (n, 4) -> (n,).

    The area in square pixels, shrinking to nothing from the centre of the picture to
    its corners. davidsandberg/facenet (src/align/align_dataset_mtcnn.py) subtracts the
    squared distance instead, which has no ratio and so cannot say "clearly".
    """
    height, width = size
    half = np.array((width, height), np.float32) / 2
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2  # (n, 2)
    distances = np.linalg.norm(centres - half, axis=1) / np.linalg.norm(half)
    areas = np.maximum(boxes[:, 2:] - boxes[:, :2], 0).prod(axis=1)
    return areas * np.maximum(1 - distances, 0.01) ** 2
