"""Faces to vectors: FaceNet behind a small protocol.

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


class FaceNetEmbedder:
    """Inception-ResNet-v1 as published, run by any runtime."""

    def __init__(self, net: Net, fingerprint: str, config: EmbedderConfig) -> None:
        self._net = net
        self._margin = config.margin
        self._offset = np.float32(config.offset)
        self.fingerprint = f"{fingerprint}-{config.margin:g}{config.offset:+g}"

    def crop(self, image: Image, detections: Detections) -> Image:
        """Cut every detected face with the one crop function of the product."""
        size = detections.boxes[:, 2:] - detections.boxes[:, :2]  # (n, 2)
        moved = detections.boxes + np.tile(size * self._offset, 2)
        return images.align(image, moved, CROP_SIZE, self._margin)

    def embed(self, crops: Image) -> Floats:
        """Return one unit vector per crop, (n, 160, 160, 3) -> (n, 512)."""
        (embeddings,) = self._net(crops)
        norms = np.linalg.norm(embeddings, axis=1, keepdims=True)  # (n, 1)
        return embeddings / np.maximum(norms, 1e-12)
