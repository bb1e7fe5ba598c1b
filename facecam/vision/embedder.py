"""Faces to vectors: FaceNet, or another network like it, behind a small protocol.

Schroff et al. 2015, "FaceNet: A Unified Embedding for Face Recognition and
Clustering". Input scaling is folded into the network, so the crops are plain pixels.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from facecam.config import EmbedderConfig
from facecam.faces import Detections, Floats, Image, Net
from facecam.vision import image as images

CROP_SIZE = 160
"""Side of FaceNet's input, pixels (davidsandberg/facenet)."""


class Embedder(Protocol):
    """Turns detected faces into unit vectors: the nearer, the more alike."""

    fingerprint: str
    """Identifies the network and its crop; vectors of another one do not compare."""

    def crop(self, image: Image, detections: Detections) -> Image:
        """Cut every detected face, -> (n, size, size, 3)."""
        ...

    def embed(self, crops: Image) -> Floats:
        """Return one unit vector per crop, (n, size, size, 3) -> (n, d)."""
        ...


class NetEmbedder:
    """One network, run by any runtime.

    Args:
        net: uint8 crops in, embeddings out.
        fingerprint: of its weights and how they are run.
        config: what its crop shows.
        size: side of its input, pixels.
    """

    def __init__(
        self,
        net: Net,
        fingerprint: str,
        config: EmbedderConfig,
        size: int = CROP_SIZE,
    ) -> None:
        self._net = net
        self._size = size
        self._margin = config.margin
        self._offset = config.offset
        self.fingerprint = f"{fingerprint}-{config.margin:g}{config.offset:+g}"

    def crop(self, image: Image, detections: Detections) -> Image:
        """Cut every detected face with the one crop function of the product."""
        boxes = moved(detections.boxes, self._offset)
        return images.align(image, boxes, self._size, self._margin)

    def embed(self, crops: Image) -> Floats:
        """Return one unit vector per crop, (n, size, size, 3) -> (n, d)."""
        (embeddings,) = self._net(crops)
        norms = np.linalg.norm(embeddings, axis=1, keepdims=True)  # (n, 1)
        return embeddings / np.maximum(norms, 1e-12)


def moved(boxes: Floats, offset: float) -> Floats:
    """Move boxes by a fraction of their sides, (n, 4) -> (n, 4)."""
    size = boxes[:, 2:] - boxes[:, :2]  # (n, 2)
    return boxes + np.tile(size * np.float32(offset), 2)
