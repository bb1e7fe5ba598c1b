"""Training samples: crops of 12, 24 or 48 pixels, and what a net should answer.

    offsets     (ground truth - crop) / side, for x1, y1, x2, y2
    landmarks   (point - upper left corner) / side, five times x, y

Neither is rounded. What a kind of sample does not teach is zero, and masked by kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from facecam.faces import Floats, Image
from facecam.vision.boxes import iou

SIZES = {"pnet": 12, "rnet": 24, "onet": 48}
"""Side of each net's input, pixels."""
MIRRORED_POINTS = (1, 0, 2, 4, 3)
"""Which landmark each one becomes in a mirror: eyes and mouth corners change."""


class Kind(IntEnum):
    """What a sample teaches."""

    NEGATIVE = 0
    """No face."""
    POSITIVE = 1
    """A face, and where exactly."""
    PART = 2
    """A part of a face: only where it is."""
    LANDMARK = 3
    """A face: only where its landmarks are."""


@dataclass(frozen=True, eq=False, slots=True)
class Samples:
    """Some n samples of one size."""

    kinds: NDArray[np.uint8]  # (n,), of Kind
    pixels: Image  # (n, s, s, 3)
    offsets: Floats  # (n, 4)
    landmarks: Floats  # (n, 5, 2)

    def __len__(self) -> int:
        return len(self.kinds)

    def keep(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> Samples:
        """Return the samples selected by a mask or by positions."""
        return Samples(
            self.kinds[index],
            self.pixels[index],
            self.offsets[index],
            self.landmarks[index],
        )

    @staticmethod
    def none(size: int) -> Samples:
        """Return no sample of a size."""
        return Samples(
            np.empty(0, np.uint8),
            np.empty((0, size, size, 3), np.uint8),
            np.empty((0, 4), np.float32),
            np.empty((0, 5, 2), np.float32),
        )


def join(parts: Sequence[Samples], size: int) -> Samples:
    """Return all samples of several groups in their order."""
    groups = [Samples.none(size), *parts]
    return Samples(
        np.concatenate([group.kinds for group in groups]),
        np.concatenate([group.pixels for group in groups]),
        np.concatenate([group.offsets for group in groups]),
        np.concatenate([group.landmarks for group in groups]),
    )


def offsets(crops: Floats, faces: Floats) -> Floats:
    """Return where faces lie as seen from square crops, both (n, 4), -> (n, 4)."""
    side = (crops[:, 2] - crops[:, 0])[:, None]
    return (faces - crops) / side


def fractions(crops: Floats, landmarks: Floats) -> Floats:
    """Return where points lie in square crops, (n, 4), (n, 5, 2) -> (n, 5, 2)."""
    side = (crops[:, 2] - crops[:, 0])[:, None, None]
    return (landmarks - crops[:, None, :2]) / side


def overlaps(crops: Floats, faces: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return each crop's largest overlap with a face, (n,), and with which, (n,)."""
    if not len(faces):
        return np.zeros(len(crops), np.float32), np.zeros(len(crops), np.intp)
    table = iou(crops, faces)
    return table.max(axis=1, initial=0), table.argmax(axis=1)


def mirrored(samples: Samples, which: NDArray[np.bool_]) -> Samples:
    """Return samples, those chosen seen in a mirror: pixels, boxes and landmarks.

    Args:
        samples: n of them.
        which: (n,).
    """
    pixels, boxes = samples.pixels.copy(), samples.offsets.copy()
    points = samples.landmarks.copy()
    pixels[which] = pixels[which, :, ::-1]
    boxes[which] = boxes[which][:, [2, 1, 0, 3]] * np.array([-1, 1, -1, 1], np.float32)
    turned = points[which][:, MIRRORED_POINTS]
    taught = (samples.kinds[which] == Kind.LANDMARK)[:, None]
    turned[..., 0] = np.where(taught, 1 - turned[..., 0], turned[..., 0])
    points[which] = turned
    return Samples(samples.kinds, pixels, boxes, points)
