"""From a whole picture to what is kept of it: which face, which regions, which name."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from facecam.config import GalleryConfig
from facecam.errors import WeightsMissing
from facecam.faces import Detections, Image
from facecam.gallery.people import Shot
from facecam.gallery.portraits import cut_portrait, reduced
from facecam.gallery.records import now, one_face
from facecam.gallery.subject import subject
from facecam.media import decode_image, encode_jpeg
from facecam.vision import image as images

if TYPE_CHECKING:
    from facecam.vision.detector import Detector
    from facecam.vision.embedder import Embedder

ORIGINAL_QUALITY = 90
"""JPEG quality of the whole picture; the portrait, which is embedded, has 95."""


@dataclass(frozen=True, eq=False, slots=True)
class Cut:
    """What is kept of a shot."""

    name: str
    """File name in every folder, a digest of picture and face: "1f0c….jpg"."""
    face: Detections
    """The face in pixels of the region."""
    region: bytes
    original: bytes
    """The whole picture; empty where the region shows all of it, or none is wanted."""
    aligned: bytes
    taken: str
    capture: str = ""
    """Which sitting it is from; empty: that of the call."""


class Cutter:
    """Finds the face meant in a picture and cuts it out.

    Args:
        detector: finds the face; without it, boxes must be given.
        embedder: says what its crop looks like; without it, THE crop does.
        config: sizes and thresholds.
    """

    def __init__(
        self,
        detector: Detector | None,
        embedder: Embedder | None,
        config: GalleryConfig,
    ) -> None:
        self._detector = detector
        self._embedder = embedder
        self._config = config
        self._net = threading.Lock()
        """A net serves one thread at a time; thumbnails are read on another one."""

    def look_with(self, detector: Detector) -> None:
        """Find faces with another detector from the next picture on."""
        with self._net:
            self._detector = detector

    def cut(self, shot: Shot) -> Cut:
        """Return what is kept of a shot.

        Raises:
            NoFaceInImage, SeveralFacesInImage: the picture does not say who is meant.
            WeightsMissing: it takes a detector to find out.
        """
        config, image = self._config, shot.image
        if shot.box is None:
            face = self.face(image, config.clearly)
        else:
            face = one_face(shot.box, shot.landmarks)
        region, placed = cut_portrait(image, face, config)
        data, whole = encode_jpeg(region), b""
        if config.keep_originals and region.size < image.size:
            small, _ = reduced(image, config.original_side)
            whole = encode_jpeg(small, ORIGINAL_QUALITY)
        crop = encode_jpeg(self.crop(region, placed)[0])
        name = f"{digest(data, placed)[:16]}.jpg"
        taken = shot.taken or now()
        return Cut(name, placed, data, whole, crop, taken, shot.capture)

    def face(self, image: Image, clearly: float = 1.0) -> Detections:
        """Return the most prominent face of a picture.

        Raises:
            NoFaceInImage, SeveralFacesInImage: there is none, or none clearly so.
            WeightsMissing: there is no detector.
        """
        if self._detector is None:
            raise WeightsMissing(
                "Finding the face in a picture needs a detector. "
                "Run: facecam models install detector"
            )
        with self._net:
            found = self._detector.detect(image)
        least = self._config.least_score
        chosen = subject(found, image.shape[:2], clearly, least)
        return found.keep(np.array([chosen]))

    def placed(self, data: bytes, face: Detections | None) -> tuple[Image, Detections]:
        """Decode a portrait and find its face, where that is not known."""
        image = decode_image(data)
        return image, face or self.face(image)

    def crop(self, image: Image, face: Detections) -> Image:
        """Return the face as the embedder sees it, (1, side, side, 3)."""
        if self._embedder is None:
            return images.align(image, face.boxes)
        return self._embedder.crop(image, face)


def digest(data: bytes, face: Detections | None) -> str:
    """Return what determines an embedding: the picture and the face in it."""
    hasher = hashlib.sha256(data)
    hasher.update(b"" if face is None else face.boxes.tobytes())
    return hasher.hexdigest()
