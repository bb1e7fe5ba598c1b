"""The faces on the pictures of LFW's pairs, cut once for every net that is measured.

pairs.json          which two pictures, one person or two, in which fold
pictures-112.npy    their faces, for nets with an input of that side
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facecam import files
from facecam.faces import Floats, Image
from facecam.gallery import subject
from facecam.media import read_image
from facecam.training.datasets import Pair, read_pairs
from facecam.training.embedder.measuring import PAIRS, PICTURES
from facecam.training.evaluation import CENTRE_SHARE, require_folds
from facecam.training.step import Inputs, Metrics, Progress, Report
from facecam.vision.detector import Detector
from facecam.vision.image import align


@dataclass(frozen=True)
class PairsRequest:
    """What determines the faces of pairs."""

    folder: Path
    """Holds pairs.txt and pictures, as LFW is published."""
    sizes: tuple[int, ...]
    """Sides of the inputs of all nets that are measured, pixels."""
    margin: float
    offset: float
    """Of the crop; see EmbedderConfig."""
    detector: str
    """Name of the detector that finds the faces."""


def cut_pairs(
    build: Callable[[], Detector],
    request: PairsRequest,
    inputs: Inputs,
    out: Path,
    report: Report,
) -> Metrics:
    """Cut the faces of all pictures; a step function.

    Args:
        build: makes the detector.
        request: what determines the faces.
        inputs: nothing.
        out: gets the files above.
        report: told about pictures done.

    Raises:
        DatasetError: it is not LFW, or pictures are missing.
        ImageError: a picture cannot be read.
    """
    pairs = usable_pairs(request.folder)
    paths = sorted({path for pair in pairs for path in (pair.first, pair.second)})
    detector = build()
    missed = 0
    shapes = {size: (len(paths), size, size, 3) for size in request.sizes}
    cut = {size: np.empty(shape, np.uint8) for size, shape in shapes.items()}
    for n, path in enumerate(paths):
        image = read_image(path)
        box = _face(image, detector)
        if box is None:
            missed, box = missed + 1, _centre(image)
        lean = np.tile(box[2:] - box[:2], 2) * np.float32(request.offset)
        moved = (box + lean)[None].astype(np.float32)
        for size, crops in cut.items():
            crops[n] = align(image, moved, size, request.margin)[0]
        report(Progress("pairs", n + 1, len(paths), {}))
    for size, crops in cut.items():
        np.save(out / PICTURES.format(size=size), crops, allow_pickle=False)
    places = {path: n for n, path in enumerate(paths)}
    values = {
        "paths": [str(path) for path in paths],
        "pairs": [
            (places[pair.first], places[pair.second], pair.same, pair.fold)
            for pair in pairs
        ],
    }
    files.write(out / PAIRS, json.dumps(values).encode())
    return {"pairs": len(pairs), "pictures": len(paths), "without_face": missed}


def usable_pairs(folder: Path) -> list[Pair]:
    """Read the pairs of LFW, to be verified.

    Raises:
        DatasetError: it is not LFW, pictures are missing, or it has too few folds.
    """
    pairs = read_pairs(folder)
    require_folds(pairs)
    return pairs


def _face(image: Image, detector: Detector) -> Floats | None:
    """Return the box of whom a picture shows, (4,), None if no face is found."""
    found = detector.detect(image)
    if not len(found):
        return None
    box: Floats = found.boxes[subject(found, image.shape[:2])]
    return box


def _centre(image: Image) -> Floats:
    """Return where the face of an LFW picture is, (4,)."""
    height, width = image.shape[:2]
    low, high = (1 - CENTRE_SHARE) / 2, (1 + CENTRE_SHARE) / 2
    return np.array((low * width, low * height, high * width, high * height), "f4")
