"""What is kept of a picture: the region around one face, and where that is."""

from __future__ import annotations

import cv2
import numpy as np

from facecam.config import GalleryConfig
from facecam.errors import NoFaceInImage
from facecam.faces import Detections, Floats, Image
from facecam.gallery.records import one_face


def cut_portrait(
    image: Image, face: Detections, config: GalleryConfig
) -> tuple[Image, Detections]:
    """Return the region around a face and the face in pixels of the region.

    The region begins at whole pixels and keeps the native resolution up to
    `longest_side`, so the crop the embedder cuts from it is the one it would cut from
    the whole picture.

    Args:
        image: (h, w, 3).
        face: one detection.
        config: size of the region.

    Raises:
        NoFaceInImage: the box lies outside the picture.
    """
    left, top, right, bottom = _region(face.boxes[0], image.shape[:2], config.region)
    if left >= right or top >= bottom:
        raise NoFaceInImage("The face lies outside the picture. Choose it again.")
    region, scale = reduced(image[top:bottom, left:right], config.longest_side)
    offset = np.array((left, top), np.float32)
    box = (face.boxes[0].reshape(2, 2) - offset) * np.float32(scale)
    points = (face.landmarks[0] - offset) * np.float32(scale)
    return np.ascontiguousarray(region), one_face(box.reshape(4), points)


def reduced(image: Image, longest: int) -> tuple[Image, float]:
    """Return a picture at most so many pixels long, and how much it was reduced."""
    scale = min(longest / max(image.shape[:2]), 1.0)
    if scale >= 1:
        return image, 1.0
    size = (
        max(round(image.shape[1] * scale), 1),
        max(round(image.shape[0] * scale), 1),
    )
    return np.asarray(
        cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8
    ), scale


def _region(
    box: Floats, size: tuple[int, int], factor: float
) -> tuple[int, int, int, int]:
    """Grow a box around its centre to whole pixels inside the picture."""
    height, width = size
    centre = (box[:2] + box[2:]) / 2
    half = np.maximum(box[2:] - box[:2], 1) * (factor / 2)
    x1, y1 = np.clip(np.floor(centre - half), 0, (width, height)).astype(int).tolist()
    x2, y2 = np.clip(np.ceil(centre + half), 0, (width, height)).astype(int).tolist()
    return x1, y1, x2, y2
