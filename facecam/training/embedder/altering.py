"""One crop seen otherwise: moved, turned, in other light, grey, blurred, masked.

What is drawn for a crop is a plain record; it is applied to the whole picture first,
so that nets of different input sizes see the same altered face, and then cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facecam.config.embedding_training import AlteringConfig
from facecam.faces import Image
from facecam.training.detector.crops.altering import paint_mask
from facecam.vision.image import ALIGN_BORDER

REDUCTIONS = (0.2, 0.7)
"""By how much a picture is reduced before it is enlarged again."""
BLURS = (0.5, 2.0)
"""Sigma of an even blur, of a hundredth of the picture's side."""
NOISES = (3.0, 12.0)
"""Sigma of the noise, grey levels."""
QUALITIES = (20, 70)
"""Of a poor JPEG."""
PATCHES = (0.1, 0.3)
"""Sides of what covers a part, of the side of the face."""
MIXTURES = (0.3, 0.7)
"""Share of the first of two faces that are blended."""
SPLICED = 0.5
"""Share of the mixtures that have one part from each face, instead of a blend."""
USUAL_POINTS = np.array(
    [(0.31, 0.4), (0.69, 0.4), (0.5, 0.6), (0.35, 0.78), (0.65, 0.78)], np.float32
)
"""Where the five points of a face usually lie in its box."""


@dataclass(frozen=True)
class View:
    """What of a picture is shown, in shares of its sides."""

    centre: tuple[float, float] = (0.5, 0.5)
    sides: tuple[float, float] = (1.0, 1.0)
    angle: float = 0.0
    """Degrees."""
    mirrored: bool = False


def view(share: float) -> View:
    """Return the middle of a picture, `share` of its sides."""
    return View(sides=(share, share))


def draw_view(config: AlteringConfig, share: float, rng: np.random.Generator) -> View:
    """Draw what of a picture is shown; unaltered it would be its middle.

    Args:
        config: by how much it varies.
        share: of the picture's sides.
        rng: draws.
    """
    x, y = share * config.shifted * rng.uniform(-1, 1, 2)
    scale = share * np.exp(config.scaled * rng.uniform(-1, 1))
    stretch = np.exp(config.stretched * rng.uniform(-1, 1) / 2)
    return View(
        centre=(0.5 + float(x), 0.5 + float(y)),
        sides=(float(scale * stretch), float(scale / stretch)),
        angle=float(config.turned * rng.uniform(-1, 1)),
        mirrored=bool(rng.random() < config.mirrored),
    )


def cut(picture: Image, shown: View, size: int) -> Image:
    """Cut a view, -> (size, size, 3); as `align` does, but turned and mirrored."""
    height, width = picture.shape[:2]
    across, down = shown.sides[0] * width, shown.sides[1] * height
    turn = np.deg2rad(shown.angle)
    cos, sin = np.cos(turn), np.sin(turn)
    flip = -1 if shown.mirrored else 1
    back = np.array(
        [[flip * cos * across, -sin * down], [flip * sin * across, cos * down]]
    )
    back /= size
    middle = np.array([shown.centre[0] * width, shown.centre[1] * height])
    offset = middle - back @ [size / 2, size / 2]
    offset += back @ [0.5, 0.5] - 0.5  # to OpenCV a pixel's centre is a whole number
    crop = cv2.warpAffine(
        picture,
        np.column_stack([back, offset]),
        (size, size),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=ALIGN_BORDER,
    )
    return crop.astype(np.uint8, copy=False)


def alter(
    picture: Image, config: AlteringConfig, grown: float, rng: np.random.Generator
) -> Image:
    """Return a picture of a face in other light, grey, blurred, masked and so on.

    Args:
        picture: (h, w, 3), the face in its middle.
        config: how often and how much.
        grown: side of the picture as a multiple of the face's box.
        rng: draws.
    """
    chances = rng.random(7)
    if chances[0] < config.masked:
        picture = picture.copy()
        paint_mask(picture, _points(picture, grown, rng), rng)
    if chances[1] < config.hidden:
        picture = _hidden(picture, grown, rng)
    picture = _lit(picture, config, rng)
    if chances[2] < config.reduced:
        picture = _reduced(picture, rng)
    if chances[3] < config.blurred:
        picture = _blurred(picture, rng)
    if chances[4] < config.noisy:
        noise = rng.normal(0, rng.uniform(*NOISES), picture.shape)
        picture = _pixels(picture + noise)
    if chances[5] < config.packed:
        picture = _packed(picture, rng)
    if chances[6] < config.grey:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        picture = np.repeat(grey[:, :, None], 3, axis=2).astype(np.uint8, copy=False)
    return picture


def mixture(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw the share of the first of two faces at every pixel, (size, size, 1).

    A blend of both, or one part from each with a soft seam.
    """
    if rng.random() >= SPLICED:
        return np.full((size, size, 1), rng.uniform(*MIXTURES), np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:size, 0:size] / size - 0.5
    across = np.cos(angle) * x + np.sin(angle) * y - rng.uniform(-0.15, 0.15)
    return (1 / (1 + np.exp(-across * rng.uniform(12, 60))))[:, :, None].astype(
        np.float32
    )


def mixed(first: Image, second: Image, share: NDArray[np.float32]) -> Image:
    """Mix two crops of one size by the share of the first, (size, size, 1)."""
    return _pixels(first * share + second * (1 - share))


def _points(picture: Image, grown: float, rng: np.random.Generator) -> NDArray[Any]:
    """Return about where the five points of the face lie, (5, 2) pixels."""
    height, width = picture.shape[:2]
    inside = USUAL_POINTS + rng.normal(0, 0.02, 2) + rng.normal(0, 0.01, (5, 2))
    points = (0.5 + (inside - 0.5) / grown) * (width, height)
    return points.astype(np.float32)


def _hidden(picture: Image, grown: float, rng: np.random.Generator) -> Image:
    """Cover a patch of the face with one colour."""
    height, width = picture.shape[:2]
    w, h = rng.uniform(*PATCHES, 2) * (width / grown, height / grown)
    x, y = (0.5 + rng.uniform(-0.5, 0.5, 2) / grown) * (width, height)
    covered = picture.copy()
    place = ((x, y), (w, h), rng.uniform(0, 90))
    colour = rng.uniform(0, 255, 3).tolist()
    corners = cv2.boxPoints(place).round().astype(np.int32)
    cv2.fillPoly(covered, [corners], colour, cv2.LINE_AA)
    return covered


def _lit(picture: Image, config: AlteringConfig, rng: np.random.Generator) -> Image:
    """Vary brightness, contrast, colours, and let light come from a side."""
    if config.light == 0 and config.colour == 0:
        return picture
    height, width = picture.shape[:2]
    bright, contrast, curve, side = config.light * rng.uniform(-1, 1, 4)
    values = np.arange(256) / 255
    values = values ** np.exp(curve)
    values = (values - 0.5) * np.exp(contrast) + 0.5 + bright / 3
    table = np.clip(255 * values, 0, 255)[:, None]
    table = table * (1 + config.colour * rng.uniform(-1, 1, 3))  # (256, 3)
    lit = cv2.LUT(picture, _pixels(table)[None])
    if abs(side) < config.light / 2:
        return lit.astype(np.uint8, copy=False)
    angle = rng.uniform(0, 2 * np.pi)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None] * np.float32(np.cos(angle))
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(
        np.sin(angle)
    )
    ramp = np.exp(np.float32(2 * side) * (x + y))[:, :, None]
    return _pixels(lit * ramp)


def _reduced(picture: Image, rng: np.random.Generator) -> Image:
    height, width = picture.shape[:2]
    reduction = rng.uniform(*REDUCTIONS)
    size = max(1, round(width * reduction)), max(1, round(height * reduction))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return large.astype(np.uint8, copy=False)


def _blurred(picture: Image, rng: np.random.Generator) -> Image:
    """Blur evenly, or along a line as a moving head is."""
    unit = picture.shape[0] / 100
    if rng.random() < 0.5:
        sigma = rng.uniform(*BLURS) * unit
        return cv2.GaussianBlur(picture, (0, 0), sigma).astype(np.uint8, copy=False)
    length = max(3, round(rng.uniform(2, 6) * unit))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    half = (length - 1) / 2 * np.array([np.cos(angle), np.sin(angle)])
    first, last = (
        np.round((length - 1) / 2 + side * half).astype(int).tolist()
        for side in (-1, 1)
    )
    cv2.line(kernel, first, last, 1.0)
    return cv2.filter2D(picture, -1, kernel / kernel.sum()).astype(np.uint8, copy=False)


def _packed(picture: Image, rng: np.random.Generator) -> Image:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*QUALITIES))]
    _, data = cv2.imencode(".jpg", picture, quality)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _pixels(values: NDArray[Any]) -> Image:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
