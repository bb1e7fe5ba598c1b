"""The only place pixels are resampled: mip chain, crops for the nets, align.

Coordinates are those of `faces`: a pixel is a unit square, so the centre of the first
one lies at (0.5, 0.5) and a box over the whole image is (0, 0, w, h).
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facecam.errors import ImageError
from facecam.faces import Detections, Floats, Image

ALIGN_BORDER = cv2.BORDER_REPLICATE
"""What `align` shows outside the picture."""
_LINEAR = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class Mips:
    """An image and its successive halves, made when first asked for.

    A reduction by any factor then takes one cheap linear step from the half next
    above it, as textures are sampled (Williams 1983, "Pyramidal parametrics").
    """

    def __init__(self, image: Image) -> None:
        self._halves = [image]

    @property
    def image(self) -> Image:
        """The image itself, uint8 (h, w, 3)."""
        return self._halves[0]

    def level(self, index: int) -> Image:
        """Return the image halved `index` times; an odd last row or column is lost."""
        while len(self._halves) <= index:
            self._halves.append(_half(self._halves[-1]))
        return self._halves[index]

    def level_for(self, reduction: float) -> int:
        """Return the smallest half that still has to be reduced, or the image."""
        height, width = self.image.shape[:2]
        return halvings(reduction, min(height, width))


def halvings(reduction: float, shorter: int) -> int:
    """Return how often to halve before a linear step does the rest of a reduction.

    Args:
        reduction: how much smaller the result is; below 1 means larger.
        shorter: side of the image, pixels; it cannot be halved below one.
    """
    return min(int(max(reduction, 1)).bit_length(), shorter.bit_length()) - 1


def as_rgb(pixels: NDArray[Any]) -> Image:
    """Return any usual arrangement of 8-bit pixels as uint8 RGB (h, w, 3).

    Args:
        pixels: uint8 grey (h, w) or (h, w, 1), grey and alpha (h, w, 2), RGB
            (h, w, 3), RGBA (h, w, 4); alpha is dropped.

    Raises:
        ImageError: another type or shape, or no pixel at all.
    """
    if pixels.dtype != np.uint8 or pixels.size == 0:
        raise ImageError(
            f"Expected 8-bit pixels, got {pixels.dtype} {pixels.shape}. "
            "Convert the picture to 8 bits a channel."
        )
    planes = pixels[:, :, None] if pixels.ndim == 2 else pixels
    if planes.ndim != 3 or planes.shape[2] > 4:
        raise ImageError(
            f"Expected a grey, RGB or RGBA picture, got an array of {pixels.shape}."
        )
    if planes.shape[2] <= 2:
        return np.repeat(planes[:, :, :1], 3, axis=2)
    return np.ascontiguousarray(planes[:, :, :3])


def align(image: Image, boxes: Floats, size: int = 160, margin: float = 1.25) -> Image:
    """Cut faces for the embedder: THE crop of enrolment, live view and evaluation.

    The centre of each box is kept; its width and height are multiplied by `margin` and
    scaled separately to `size`, facenet's own way (davidsandberg/facenet,
    src/align/align_dataset_mtcnn.py). Outside the picture its edge is repeated.

    Args:
        image: (h, w, 3).
        boxes: (k, 4), pixels of the image; they may reach out of it.
        size: side of the crops, pixels.
        margin: side of the region cut, as a multiple of the side of the box.

    Returns:
        (k, size, size, 3).
    """
    crops = np.empty((len(boxes), size, size, 3), np.uint8)
    for crop, box in zip(crops, grown(boxes, margin), strict=True):
        _cut_locally(image, box, crop)
    return crops


def natural(crop: Image, face: Detections | None) -> Image:
    """Return the middle square of what `align` cut, in the proportions it had.

    For people to look at: faces are higher than wide, and `align` makes them broad.

    Args:
        crop: (size, size, 3).
        face: the one it was cut around; None leaves the crop as it is.
    """
    if face is None or not len(face):
        return crop
    size = crop.shape[0]
    width, height = np.maximum(face.boxes[0, 2:] - face.boxes[0, :2], 1)
    across, down = min(1.0, height / width), min(1.0, width / height)
    left, top = (size - size * across) / 2, (size - size * down) / 2
    middle = np.array([left, top, size - left, size - top], np.float32)
    return align(crop, middle[None], size, margin=1.0)[0]


def reduced_grey(image: Image, scale: float) -> tuple[NDArray[np.uint8], float]:
    """Return an image in grey, (h', w'), and how much it was reduced, at most 1."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    size = (round(width * scale), round(height * scale))
    if scale >= 1 or min(size) < 1:
        return grey.astype(np.uint8, copy=False), 1.0
    reduced = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return reduced.astype(np.uint8, copy=False), scale


def cut(mips: Mips, boxes: Floats, size: int) -> Image:
    """Cut squares for R-Net and O-Net; outside the picture is black, as in training.

    Args:
        mips: of the picture.
        boxes: (n, 4), pixels of the picture; they may reach out of it.
        size: side of the crops, pixels.

    Returns:
        (n, size, size, 3).
    """
    crops = np.empty((len(boxes), size, size, 3), np.uint8)
    reductions = (boxes[:, 2:] - boxes[:, :2]).min(axis=1) / size
    levels = [mips.level_for(reduction) for reduction in reductions.tolist()]
    scaled = boxes * np.exp2(-np.array(levels, np.float32))[:, None]
    for crop, level, back in zip(crops, levels, _affines(scaled, size), strict=True):
        cv2.warpAffine(mips.level(level), back, (size, size), crop, _LINEAR)
    return crops


def grown(boxes: Floats, margin: float) -> Floats:
    """Multiply the width and the height of boxes around their centres, (k, 4)."""
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = np.maximum(boxes[:, 2:] - boxes[:, :2], 1) * (margin / 2)
    return np.hstack([centre - half, centre + half])


def _cut_locally(image: Image, box: Floats, crop: Image) -> None:
    """Fill `crop` from a box, halving only the pixels around it."""
    size = crop.shape[0]
    reduction = float(min(box[2] - box[0], box[3] - box[1])) / size
    if reduction < 2:
        _warp(image, box, crop)
        return
    step = 1 << (int(reduction).bit_length() - 1)
    height, width = image.shape[:2]
    first = np.clip(np.floor(box[:2]) - 2 * step, 0, (width - 1, height - 1))
    last = np.clip(np.ceil(box[2:]) + 3 * step, first + 1, (width, height))
    left, top, right, bottom = np.concatenate([first, last]).astype(int).tolist()
    part = Mips(image[top:bottom, left:right])
    level = part.level_for(step)
    offset = np.array((left, top, left, top), np.float32)
    scaled = (box - offset) * np.float32(0.5**level)
    _warp(part.level(level), scaled, crop)


def _warp(source: Image, box: Floats, crop: Image) -> None:
    """Resample the box of `source` linearly over the whole of `crop`."""
    size = crop.shape[0]
    [back] = _affines(box[None], size)
    cv2.warpAffine(source, back, (size, size), crop, _LINEAR, ALIGN_BORDER)


def _affines(boxes: Floats, size: int) -> NDArray[np.float64]:
    """Return for each box the map from its crop's pixels to the source's, (n, 2, 3)."""
    scale = (boxes[:, 2:] - boxes[:, :2]).astype(np.float64) / size  # (n, 2)
    maps = np.zeros((len(boxes), 2, 3))
    maps[:, 0, 0], maps[:, 1, 1] = scale.T
    maps[:, :, 2] = boxes[:, :2] + scale / 2 - 0.5
    return maps


def _half(image: Image) -> Image:
    height, width = image.shape[:2]
    even = image[: height & ~1, : width & ~1]
    half = cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return half.reshape(height // 2, width // 2, 3).astype(np.uint8, copy=False)
