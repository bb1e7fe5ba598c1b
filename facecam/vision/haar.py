"""OpenCV's Haar cascade behind the Detector protocol.

Viola and Jones 2001, "Rapid Object Detection using a Boosted Cascade of Simple
Features". Needs no weights of ours; finds frontal, upright faces only and gives no
landmarks (they are NaN).
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from facecam.config import DetectorConfig
from facecam.errors import ModelError
from facecam.faces import Detections, Image
from facecam.vision import boxes as geometry
from facecam.vision.image import as_rgb, reduced_grey

CASCADE = "haarcascade_frontalface_default.xml"
"""Of the OpenCV wheel."""
WINDOW = 24
"""Side of the smallest face the cascade knows, pixels."""
SCALE_STEP = 1.1
"""Between two sizes searched; OpenCV's default."""
NEIGHBOURS = 5
"""So many overlapping finds make a face; fewer find more, and more that is none."""
EVEN_WEIGHT = 3.0
"""Level weight of detectMultiScale3 that becomes a score of 0.5."""


class HaarDetector:
    """Holds the cascade."""

    def __init__(self, config: DetectorConfig) -> None:
        self._config = config
        path = Path(cv2.__file__).parent / "data" / CASCADE
        # Given as text: OpenCV cannot open non-ASCII paths on Windows.
        storage = cv2.FileStorage(
            path.read_text("utf-8"), cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY
        )
        self._cascade = cv2.CascadeClassifier()
        if not self._cascade.read(storage.getFirstTopLevelNode()):
            raise ModelError(
                f"OpenCV cannot read {path}. Install opencv-python-headless anew."
            )

    def detect(self, image: Image) -> Detections:
        """Return the faces of an image, best first, without landmarks."""
        picture = as_rgb(image)
        height, width = picture.shape[:2]
        grey, scale = reduced_grey(picture, WINDOW / self._config.min_face)
        corners, _, weights = self._cascade.detectMultiScale3(
            grey, SCALE_STEP, NEIGHBOURS, outputRejectLevels=True
        )
        if len(corners) == 0:
            return Detections.none()
        x, y, w, h = np.asarray(corners, np.float32).T / scale
        boxes = geometry.clip(np.stack([x, y, x + w, y + h], axis=1), width, height)
        excess = np.asarray(weights, np.float32).reshape(-1) - EVEN_WEIGHT
        scores = 1 / (1 + np.exp(-excess))
        landmarks = np.full((len(boxes), 5, 2), np.nan, np.float32)
        order = np.argsort(-scores, kind="stable")[: self._config.max_faces]
        return Detections(boxes, scores, landmarks).keep(order)
