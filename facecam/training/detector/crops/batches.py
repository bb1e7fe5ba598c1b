"""Balanced batches: so many samples of each kind, in an order known from the seed.

Batch n is a function of seed and n alone, so a resumed fit sees what it would have
seen. Each kind runs through its own records in a new random order every time round.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam.config.retraining import FitConfig
from facecam.errors import DatasetError
from facecam.faces import Image
from facecam.training.detector.crops.records import Records
from facecam.training.detector.crops.samples import Kind, Samples, join, mirrored

ORDER = (Kind.POSITIVE, Kind.PART, Kind.NEGATIVE, Kind.LANDMARK)
"""The kinds as `FitConfig.batch` counts them."""
NEEDED = (Kind.POSITIVE, Kind.NEGATIVE)
"""Kinds without which nothing can be learned."""
_LUMA = np.array([0.299, 0.587, 0.114])
_TO_YIQ = np.array(
    [_LUMA, [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]], np.float64
)
_FROM_YIQ = np.linalg.inv(_TO_YIQ)


class Batches:
    """Batches drawn from a folder of records. Owned by one thread.

    Args:
        folder: holds index.json and shards.
        config: how many of each kind, and how colours vary.
        seed: of order, mirroring and colours.

    Raises:
        DatasetError: there is no positive or no negative.
    """

    def __init__(self, folder: Path, config: FitConfig, seed: int) -> None:
        self._config = config
        self._seed = seed
        self._records = {kind: Records(folder, kind) for kind in ORDER}
        self._order: dict[Kind, tuple[int, NDArray[np.intp]]] = {}
        for kind in NEEDED:
            if not len(self._records[kind]):
                raise DatasetError(
                    f"{folder} holds no {kind.name.lower()} sample. Look at the "
                    "statistics of the data: facecam train check."
                )

    def batch(self, number: int) -> Samples:
        """Return batch `number`, mirrored by halves and with colours varied."""
        size = 0
        parts = []
        for kind, count in zip(ORDER, self._config.batch, strict=True):
            records = self._records[kind]
            if count and len(records):
                parts.append(records.read(self._numbers(kind, number, count)))
                size = parts[-1].pixels.shape[1]
        samples = join(parts, size)
        rng = np.random.default_rng((self._seed, 7, number))
        samples = mirrored(samples, rng.random(len(samples)) < 0.5)
        pixels = vary_colours(samples.pixels, self._config, rng)
        return Samples(samples.kinds, pixels, samples.offsets, samples.landmarks)

    def close(self) -> None:
        """Close all files."""
        for records in self._records.values():
            records.close()

    def _numbers(self, kind: Kind, batch: int, count: int) -> NDArray[np.intp]:
        """Return which records of a kind are in a batch, (count,)."""
        total = len(self._records[kind])
        places = np.arange(batch * count, (batch + 1) * count)
        chosen = np.empty(count, np.intp)
        for turn in np.unique(places // total).tolist():
            order = self._turn(kind, turn, total)
            mine = places // total == turn
            chosen[mine] = order[places[mine] % total]
        return chosen

    def _turn(self, kind: Kind, turn: int, total: int) -> NDArray[np.intp]:
        """Return the order of a kind's records the `turn`th time round, (total,)."""
        held = self._order.get(kind)
        if held is None or held[0] != turn:
            rng = np.random.default_rng((self._seed, int(kind), turn))
            held = (turn, rng.permutation(total))
            self._order[kind] = held
        return held[1]


def vary_colours(pixels: Image, config: FitConfig, rng: np.random.Generator) -> Image:
    """Vary brightness, contrast, saturation and hue, on values in [0, 1].

    All four are affine in the colour, so each sample goes through one matrix.

    Args:
        pixels: (n, s, s, 3).
        config: by how much.
        rng: draws for each sample.
    """
    n, s = pixels.shape[:2]
    if n == 0 or (config.jitter == 0 and config.hue == 0):
        return pixels
    bright, contrast, saturation = 1 + config.jitter * rng.uniform(-1, 1, (3, n))
    angle = 2 * np.pi * config.hue * rng.uniform(-1, 1, n)
    turn = np.zeros((n, 3, 3))
    turn[:, 0, 0] = 1
    turn[:, 1, 1] = turn[:, 2, 2] = saturation * np.cos(angle)
    turn[:, 1, 2] = -saturation * np.sin(angle)
    turn[:, 2, 1] = saturation * np.sin(angle)
    colour = (_FROM_YIQ @ turn @ _TO_YIQ) * (bright * contrast)[:, None, None]
    values = pixels.reshape(n, s * s, 3).astype(np.float32) / 255
    mean = values.mean(axis=(1, 2)).astype(np.float64)  # (n,)
    lift = mean * bright * (1 - contrast)
    varied = values @ colour.transpose(0, 2, 1).astype(np.float32)
    varied += lift[:, None, None].astype(np.float32)
    out = np.clip(varied * 255 + 0.5, 0, 255).astype(np.uint8)
    return out.reshape(pixels.shape)
