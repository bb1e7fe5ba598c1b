"""A look at the data before it is learned from: a few pictures, and what they become.

crops.jpg    crops as the net will be shown them, altered
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facecam.config.embedding_training import AlteringConfig
from facecam.errors import DatasetError
from facecam.media import read_image, read_size, write_image
from facecam.training.embedder import altering, crops, index
from facecam.training.embedder.index import IndexRequest
from facecam.training.step import Inputs, Metrics, Report

SHEET = "crops.jpg"
SHOWN = 64
"""Pictures that are looked at."""
ROW = 8
SMALLEST = 0.5
"""A picture is small if its shorter side is less than this share of the net's input."""


@dataclass(frozen=True)
class CheckRequest:
    """What is looked at."""

    index: IndexRequest
    size: int
    """Side of the net's input, pixels."""
    altering: AlteringConfig


def check_data(
    request: CheckRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Refuse data that cannot work, and draw what the net will see; a step function.

    Raises:
        DatasetError: there is too little, it cannot be read, or it is too small.
    """
    found = index.divide(request.index)
    rng = np.random.default_rng((request.index.seed, 5))
    count = min(SHOWN, len(found.learned))
    places = rng.choice(len(found.learned), count, replace=False)
    chosen = [(found.learned[n], 0) for n in places.tolist()]
    pictures = crops.read_all(chosen, read_image)
    if len(pictures) < count * (1 - crops.UNREADABLE):
        raise DatasetError(
            f"{count - len(pictures)} of {count} pictures cannot be read, such as "
            f"those beside {chosen[0][0].path}. Take what is damaged out of there."
        )
    numbers = request.index.numbers
    share = numbers.margin / numbers.grown
    small = sum(
        min(picture.shape[:2]) * share < request.size * SMALLEST
        for picture, _ in pictures
    )
    if small > count / 2:
        sides = "×".join(map(str, read_size(chosen[0][0].path)))
        raise DatasetError(
            f"Most pictures are too small: {chosen[0][0].path} has {sides} pixels, of "
            f"which the net sees {share:.0%}; it takes {request.size}. Cut the faces "
            "from larger pictures: facecam align."
        )
    seen = []
    for picture, _ in pictures:
        view = altering.draw_view(request.altering, share, rng)
        altered = altering.alter(picture, request.altering, numbers.grown, rng)
        seen.append(altering.cut(altered, view, request.size))
    seen += [np.zeros_like(seen[0])] * (-len(seen) % ROW)
    rows = [np.hstack(seen[n : n + ROW]) for n in range(0, len(seen), ROW)]
    write_image(out / SHEET, np.vstack(rows))
    return {"pictures": len(found.learned), "held_out": len(found.held_out)}
