"""The nouns of facecam: what a frame, a detection and a face are.

Read this file first. Every other module takes and returns these types.

Conventions, valid everywhere:
    images      uint8, RGB, (h, w, 3); BGR exists only inside camera and media
    boxes       float32 pixels, (x1, y1, x2, y2), x2 and y2 exclusive
    landmarks   float32 pixels, (x, y); left eye, right eye, nose, left mouth corner,
                right mouth corner, as seen in the image
    embeddings  float32, (d,), unit length
    times       seconds, from time.monotonic()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]

Net: TypeAlias = Callable[[Image], tuple[Floats, ...]]
"""A loaded network: uint8 RGB batch (n, h, w, 3) in, its outputs (n, …) out."""


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """One picture from a camera, and when it was taken."""

    image: Image
    index: int
    time: float
    """Seconds, monotonic; of a recording, seconds since its first frame."""


@dataclass(frozen=True, eq=False, slots=True)
class Detections:
    """The n faces a detector found in one image, best score first."""

    boxes: Floats  # (n, 4)
    scores: Floats  # (n,)
    landmarks: Floats  # (n, 5, 2), NaN where the detector gives none

    def __post_init__(self) -> None:
        n = len(self.boxes)
        assert self.boxes.shape == (n, 4), self.boxes.shape
        assert self.scores.shape == (n,), self.scores.shape
        assert self.landmarks.shape == (n, 5, 2), self.landmarks.shape

    def __len__(self) -> int:
        return len(self.boxes)

    def keep(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> Detections:
        """Return the detections selected by a mask or by positions."""
        return Detections(self.boxes[index], self.scores[index], self.landmarks[index])

    @staticmethod
    def none() -> Detections:
        """Return the detections of an image without faces."""
        empty = np.empty((0, 4), np.float32)
        return Detections(empty, empty[:, 0], np.empty((0, 5, 2), np.float32))


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as enrolled. Two people may share a name, never an id."""

    id: str
    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Examples:
    """What an identifier learns one person from."""

    own: Floats  # (n, d), n at least 1: their portraits
    never: Floats  # (m, d), views that were said not to be them


@dataclass(frozen=True, slots=True)
class Match:
    """What the identifier says of one embedding, or of a track's votes."""

    identity: Identity | None
    """The person; None is a stranger, which is the default answer."""
    strangers: float
    """About one stranger in so many would resemble the best candidate this much."""
    candidate: Identity | None = None
    """Whom the face resembles most, named or not. For "Is this …?" suggestions."""


@dataclass(frozen=True, eq=False, slots=True)
class Face:
    """One face as shown: where, since when, and who."""

    box: Floats  # (4,)
    landmarks: Floats  # (5, 2)
    score: float
    """The detector's belief, 0…1."""
    track: int
    match: Match | None
    """None while the track is still being looked at."""
    quality: float = 1.0
    """How good a view it is for recognition, 0…1."""
    embedding: Floats | None = None  # (d,), only on frames in which it was embedded


@dataclass(frozen=True, eq=False, slots=True)
class Recognition:
    """Everything said about one frame."""

    frame: Frame
    faces: tuple[Face, ...]
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage: detect, track, embed, identify."""
    embedder: str = ""
    """Fingerprint of what made the embeddings; empty where nobody is named."""
