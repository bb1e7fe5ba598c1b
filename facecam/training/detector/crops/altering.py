"""One picture seen otherwise: mirrored, turned, grey, blurred, a mask painted on.

Pixels, boxes and landmarks go through one and the same affine map, so they cannot part.
The alteration of a picture is drawn first, as a plain record, and applied afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import SamplesConfig
from facecam.faces import Floats, Image
from facecam.training.detector.crops.samples import MIRRORED_POINTS
from facecam.vision.boxes import area, clip

REDUCTIONS = (0.35, 0.8)
"""By how much a picture is reduced before it is enlarged again."""
SMALLEST_REDUCED = 16.0
"""No face is reduced to a shorter side below this, pixels."""
MASK_OUTLINE = np.array(
    [
        *[(-0.55, 0.3), (0.0, 0.12), (0.55, 0.3)],  # cheek, bridge of the nose, cheek
        *[(0.5, 0.85), (0.2, 1.15), (0.0, 1.22), (-0.2, 1.15), (-0.5, 0.85)],
    ],
    np.float32,
)
"""A mask from the bridge of the nose to below the chin, in units of a face: x along the
eyes, 1 being twice their distance; y from the eyes, 1 a little below the mouth."""
MOUTH = 0.75
"""Where the mouth lies in those units."""
VISIBLE = 0.7
"""Share of what is seen of a face that must stay in a turned picture; of those that
lose more, nothing is learned."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """How a picture is altered; the default is not at all."""

    mirrored: bool = False
    angle: float = 0.0
    """Degrees, clockwise as seen."""
    grey: bool = False
    reduction: float = 1.0
    """The picture is made this much smaller, and large again."""
    masked: float = 0.0
    """Share of the faces with landmarks that get a mask."""
    seed: int = 0
    """Of the masks' colours."""


def draw(config: SamplesConfig, rng: np.random.Generator) -> Alteration:
    """Draw how to alter a picture."""
    chances = rng.random(4)
    return Alteration(
        mirrored=bool(chances[0] < config.mirrored),
        angle=float(rng.uniform(-config.turned, config.turned)),
        grey=bool(chances[1] < config.grey),
        reduction=float(rng.uniform(*REDUCTIONS))
        if chances[2] < config.reduced
        else 1.0,
        masked=config.masked,
        seed=int(rng.integers(2**31)),
    )


def alter(
    image: Image, truth: Annotation, alteration: Alteration
) -> tuple[Image, Annotation]:
    """Apply an alteration to a picture and to what is labelled in it.

    A turned box keeps its sides and moves with its centre: faces are round enough for
    the few degrees in question.

    Args:
        image: (h, w, 3).
        truth: its faces.
        alteration: what to do.

    Returns:
        A new picture of the same size, and its faces.
    """
    image = _painted(image, truth, alteration)
    height, width = image.shape[:2]
    if alteration.mirrored or alteration.angle:
        matrix = _matrix(alteration, width, height)
        image = cv2.warpAffine(
            image,
            _pixel_centres(matrix),
            (width, height),
            borderMode=cv2.BORDER_REPLICATE,
        ).astype(np.uint8, copy=False)
        moved = _moved(truth, matrix, alteration.mirrored)
        truth = _without_lost(moved, truth, width, height)
    if alteration.reduction < 1:
        image = _reduced(image, max(alteration.reduction, _least_reduction(truth)))
    if alteration.grey:
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        image = np.repeat(grey[:, :, None], 3, axis=2).astype(np.uint8, copy=False)
    return image, truth


def _matrix(alteration: Alteration, width: int, height: int) -> NDArray[np.float64]:
    """Return the map of points of the picture to points of the new one, (2, 3)."""
    centre = (width / 2, height / 2)
    matrix = cv2.getRotationMatrix2D(centre, -alteration.angle, 1.0)  # (2, 3)
    if alteration.mirrored:
        mirror = np.array([[-1, 0, width], [0, 1, 0], [0, 0, 1]], np.float64)
        matrix = matrix @ mirror
    return np.asarray(matrix, np.float64)


def _pixel_centres(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the same map for OpenCV, to which a pixel's centre is a whole number."""
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5
    return shifted


def _moved(
    truth: Annotation, matrix: NDArray[np.float64], mirrored: bool
) -> Annotation:
    points = truth.landmarks.astype(np.float64) @ matrix[:, :2].T + matrix[:, 2]
    if mirrored:
        points = points[:, MIRRORED_POINTS]
    return replace(
        truth,
        boxes=_moved_boxes(truth.boxes, matrix),
        landmarks=points.astype(np.float32),
        background=_moved_boxes(truth.background, matrix),
    )


def _moved_boxes(boxes: Floats, matrix: NDArray[np.float64]) -> Floats:
    corners = boxes.astype(np.float64)
    half = (corners[:, 2:] - corners[:, :2]) / 2
    centres = corners[:, :2] + half
    centres = centres @ matrix[:, :2].T + matrix[:, 2]
    return np.hstack([centres - half, centres + half]).astype(np.float32)


def _without_lost(
    moved: Annotation, before: Annotation, width: int, height: int
) -> Annotation:
    """Ignore the faces that were turned out of the picture."""
    seen = area(clip(moved.boxes, width, height))
    lost = seen < VISIBLE * area(clip(before.boxes, width, height))
    return replace(moved, ignored=moved.ignored | lost)


def _least_reduction(truth: Annotation) -> float:
    """Return how far a picture may be reduced such that its faces stay faces."""
    shorter = (truth.boxes[:, 2:] - truth.boxes[:, :2]).min(axis=1)
    sides = shorter[~truth.ignored]
    return min(1.0, SMALLEST_REDUCED / max(float(sides.min(initial=1e6)), 1.0))


def _reduced(image: Image, reduction: float) -> Image:
    height, width = image.shape[:2]
    size = max(1, round(width * reduction)), max(1, round(height * reduction))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return large.astype(np.uint8, copy=False)


def _painted(image: Image, truth: Annotation, alteration: Alteration) -> Image:
    """Paint masks over some faces; the landmarks under them stay known."""
    if not alteration.masked:
        return image
    rng = np.random.default_rng(alteration.seed)
    image = image.copy()
    for points in truth.landmarks:
        if rng.random() < alteration.masked and np.isfinite(points).all():
            paint_mask(image, points, rng)
    return image


def paint_mask(image: Image, points: Floats, rng: np.random.Generator) -> None:
    """Paint a mask of a random colour, with soft light from above, over one face."""
    outline = mask_outline(points, rng)
    reach = np.concatenate([outline.min(axis=0), outline.max(axis=0)])
    height, width = image.shape[:2]
    left, top = np.maximum(np.floor(reach[:2]).astype(int) - 1, 0)
    right, bottom = np.minimum(np.ceil(reach[2:]).astype(int) + 1, (width, height))
    if right - left < 2 or bottom - top < 2:
        return
    part = image[top:bottom, left:right]
    cover: NDArray[Any] = np.zeros(part.shape[:2], np.uint8)
    polygon = np.round((outline - (left, top)) * 16).astype(np.int32)
    cv2.fillPoly(cover, [polygon], 255, cv2.LINE_AA, shift=4)
    share = (cover[:, :, None].astype(np.float64) / 255) * rng.uniform(0.85, 1.0)
    light = np.linspace(1.1, 0.75, bottom - top)[:, None, None]
    folds = rng.normal(0, 6, (bottom - top, 1, 1))
    colour = _cloth(rng) * light * _brightness(part) + folds
    part[:] = np.clip(part * (1 - share) + colour * share, 0, 255).astype(np.uint8)


def mask_outline(points: Floats, rng: np.random.Generator) -> Floats:
    """Return the outline of a mask on a face, (8, 2) pixels.

    Args:
        points: (5, 2), landmarks.
        rng: moves the upper edge and the sides a little.
    """
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    down = (mouth - eyes) / MOUTH
    across = 2 * (points[1] - points[0])
    least = 0.8 * float(np.linalg.norm(down))  # of a face in profile
    length = float(np.linalg.norm(across))
    across = across * (max(length, least) / max(length, 1e-6))
    outline = MASK_OUTLINE * rng.uniform(0.92, 1.12, 2)
    outline[:3, 1] += rng.uniform(-0.08, 0.2)
    return (eyes + outline[:, :1] * across + outline[:, 1:] * down).astype(np.float32)


def _cloth(rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw a colour masks have: white, light blue, black, or any."""
    usual = [(235, 235, 235), (150, 190, 220), (120, 170, 200), (30, 30, 35)]
    pick = int(rng.integers(len(usual) + 2))
    colour = usual[pick] if pick < len(usual) else tuple(rng.uniform(20, 235, 3))
    return np.array(colour, np.float64) + rng.normal(0, 12, 3)


def _brightness(part: Image) -> float:
    """Return how bright the place is, about 1 for daylight."""
    return float(np.clip(part.mean() / 125.0, 0.35, 1.2))
