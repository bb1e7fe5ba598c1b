"""How faces were cut out of their pictures: said in a note beside them, aligned.json.

Two ways to say how much is shown around a face. facecam's: the box times a margin. The
seeds': the box and a margin in pixels of the picture, half of it on each side, clipped
to the picture, whatever the size of the face.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facecam import files
from facecam.config import EmbedderConfig
from facecam.errors import DatasetError
from facecam.faces import Floats, Image
from facecam.media import find_images, read_size
from facecam.vision import image as images
from facecam.vision.embedder import moved

NOTE = "aligned.json"
SEEDS = "bounding_boxes_*.txt"
"""What the seeds' align step leaves in a folder."""
STANDARD = 160
"""Side of the seeds' input, pixels. They cut larger faces, 182, so that training takes
160 at random from them; what measures takes the middle."""


@dataclass(frozen=True)
class Alignment:
    """How faces are cut."""

    size: int = STANDARD
    """Side of the pictures, pixels."""
    margin: float | None = 1.25
    """Side of what is cut, as a multiple of the box; None: `pixels` says it."""
    pixels: int | None = None
    """The seeds' margin: so many pixels of the picture more than the box has."""
    offset: float = 0.0
    """How far the middle lies from that of the box, as a fraction of its sides."""
    multiple: bool = False
    """Every face of a picture, numbered, instead of the largest, most central one."""

    @staticmethod
    def of(
        config: EmbedderConfig,
        size: int = STANDARD,
        margin: float | None = None,
        pixels: int | None = None,
        multiple: bool = False,
    ) -> Alignment:
        """Return how to cut for an embedder.

        Args:
            config: of the embedder: its margin and offset.
            size: side of the pictures, pixels. Where it is more than 160 and no margin
                is given, so much more is shown: the middle 160 are the embedder's crop.
            margin: side of what is cut as a multiple of the box.
            pixels: the seeds' way instead.
            multiple: every face.
        """
        if pixels is not None:
            return Alignment(size, None, pixels, config.offset, multiple)
        usual = round(config.margin * max(1.0, size / STANDARD), 4)
        return Alignment(size, margin or usual, None, config.offset, multiple)

    def crop(self, image: Image, boxes: Floats) -> Image:
        """Cut faces, (h, w, 3), (k, 4) -> (k, size, size, 3)."""
        boxes = moved(boxes, self.offset)
        if self.margin is not None:
            return images.align(image, boxes, self.size, self.margin)
        height, width = image.shape[:2]
        half = np.float32((self.pixels or 0) / 2)
        low = np.maximum(boxes[:, :2] - half, 0)
        high = np.minimum(boxes[:, 2:] + half, np.array((width, height), np.float32))
        return images.align(image, np.hstack([low, high]), self.size, margin=1.0)

    def box(self, size: tuple[int, int], config: EmbedderConfig) -> Floats:
        """Return where the detector's box lies in a picture cut like this, (4,).

        Of the seeds' way nobody knows: the box for which the embedder's crop is the
        picture, or the middle 160 pixels of one that is larger.

        Args:
            size: (height, width) of the picture, pixels.
            config: of the embedder that will crop.
        """
        height, width = size
        margin, offset = self.margin, self.offset
        if margin is None:
            margin = config.margin * max(1.0, self.size / STANDARD)
            offset = config.offset
        centre, half = 0.5 - offset / margin, 0.5 / margin
        low, high = centre - half, centre + half
        return np.array(
            (low * width, low * height, high * width, high * height), np.float32
        )

    def write(self, folder: Path) -> None:
        """Note it in a folder, or make sure that this is what is noted there.

        Raises:
            DatasetError: the folder holds faces cut in another way.
        """
        noted = read(folder)
        if noted is None:
            text = json.dumps(asdict(self), indent=1)
            files.write(folder / NOTE, f"{text}\n".encode())
        elif noted != self:
            raise DatasetError(
                f"{folder} holds faces cut in another way: {noted}. Choose another "
                f"folder, or cut these in the same way, not as {self}."
            )

    def __str__(self) -> str:
        """Return it for people: "160 px, box × 1.25"."""
        around = f"box × {self.margin:g}" if self.margin else f"box + {self.pixels} px"
        faces = ", every face" if self.multiple else ""
        return f"{self.size} px, {around}{faces}"


def read(folder: Path) -> Alignment | None:
    """Return what is noted in a folder; None where there is no note.

    Raises:
        DatasetError: the note is damaged.
    """
    path = folder / NOTE
    if not path.is_file():
        return None
    try:
        return _parsed(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DatasetError(
            f"{path} is damaged: {error}. Align into another folder."
        ) from error


def recognised(folder: Path) -> Alignment | None:
    """Return how the pictures of a folder were cut; None if they are whole pictures.

    facecam notes it for everything below a folder; the seeds leave a list of boxes.

    Raises:
        DatasetError: the note is damaged.
    """
    if noted := _noted(folder):
        return noted
    if folder.is_dir() and next(folder.glob(SEEDS), None) is not None:
        return supposed(folder)
    return None


def supposed(folder: Path) -> Alignment:
    """Return how the pictures of a folder were cut, said to be faces cut out.

    Raises:
        DatasetError: they are no squares of one size.
        ImageError: there is no such folder.
    """
    if noted := _noted(folder):
        return noted
    first = next(iter(find_images(folder)), None)
    width, height = read_size(first) if first else (0, 0)
    if first is None or width != height:
        raise DatasetError(
            f"{folder} does not hold faces cut out, which are square"
            f"{'' if first is None else f': {first.name} has {width}×{height} pixels'}."
            " Cut them out: facecam align"
        )
    return Alignment(width, None, 0)


def _noted(folder: Path) -> Alignment | None:
    """Return what is noted in a folder or in one around it."""
    here = folder.resolve()
    notes = (read(around) for around in (here, *here.parents))
    return next((note for note in notes if note is not None), None)


def _parsed(noted: dict[str, Any]) -> Alignment:
    alignment = Alignment(**noted)
    known = alignment.margin is not None or alignment.pixels is not None
    if not known or alignment.size < 1 or not (alignment.margin or 1.0) > 0:
        raise ValueError("size or margin cannot be")
    return alignment
