"""Batches of crops, in an order known from the seed: batch n depends on it and n alone.

Of people, P of them with K crops each, cut and altered anew; from a teacher, as they
are, for what it said holds for these pixels. Where several learn together, each makes
its own share of every batch, and the shares are the batch that one alone would make.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam.config.embedding_training import AlteringConfig, EmbedderFitConfig
from facecam.errors import DatasetError
from facecam.faces import Image
from facecam.training.embedder import altering
from facecam.training.embedder.crops import Records


@dataclass(frozen=True, eq=False)
class Batch:
    """What a net learns from in one step."""

    pixels: Image  # (n, s, s, 3)
    wanted: NDArray[Any]
    """Labels (n,), or the teacher's embeddings (n, d)."""


@dataclass(frozen=True)
class Share:
    """Which part of every batch is made."""

    rank: int = 0
    count: int = 1

    def of(self, batch: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the part of a batch (n,) that is this one's; n / count of them."""
        size = len(batch) // self.count
        return batch[self.rank * size : (self.rank + 1) * size]


ALL = Share()


class TaughtBatches:
    """Crops with what a teacher said of them. Owned by one thread.

    Args:
        folder: of crops.
        config: how many in a batch.
        seed: of their order.
        share: what is made of each batch.

    Raises:
        DatasetError: there are fewer crops than a batch holds.
    """

    def __init__(
        self, folder: Path, config: EmbedderFitConfig, seed: int, share: Share = ALL
    ) -> None:
        self._records = Records(folder)
        self._share = share
        self._count = config.batch
        self._order = _Order(len(self._records), (seed, 3))
        if len(self._records) < self._count:
            raise DatasetError(
                f"{folder} holds {len(self._records)} crops, fewer than a batch. Give "
                "more pictures, or --set fit.batch=16."
            )
        self.epoch = len(self._records) // self._count
        """Batches in which the crops are gone through once."""
        self.people = 0
        """How many are learned from."""

    def batch(self, number: int) -> Batch:
        """Return batch `number`."""
        places = np.arange(number * self._count, (number + 1) * self._count)
        crops = self._records.read(self._order.at(self._share.of(places)))
        return Batch(crops.pixels, crops.embeddings)

    def close(self) -> None:
        """Close all files."""
        self._records.close()


class PeopleBatches:
    """P people with K crops each. Owned by one thread.

    People come in a new random order each time round, and so do the crops of each; one
    with fewer than K shows some again, altered otherwise.

    Args:
        folder: of crops.
        config: how many people and crops.
        alterations: how crops vary.
        size: side of what the net sees, pixels.
        seed: of order and alterations.
        share: what is made of each batch.

    Raises:
        DatasetError: there are too few people.
    """

    def __init__(  # noqa: PLR0913 - what determines a batch
        self,
        folder: Path,
        config: EmbedderFitConfig,
        alterations: AlteringConfig,
        size: int,
        seed: int,
        share: Share = ALL,
    ) -> None:
        self._records = Records(folder)
        self._share = share
        self._alterations, self._size, self._seed = alterations, size, seed
        labels = self._records.labels()
        self.people = self._records.index.people
        """How many are learned from."""
        by_person = np.argsort(labels, kind="stable")
        ends = np.searchsorted(labels[by_person], np.arange(1, self.people))
        self._mine = np.split(by_person, ends)
        self._able = [n for n, mine in enumerate(self._mine) if len(mine)]
        self._p = min(config.people, len(self._able))
        self._k = config.pictures
        while self._p * self._k % share.count:  # shares are equal
            self._p -= 1
        if self._p < 2:
            raise DatasetError(
                f"{folder} shows fewer than two people. Give pictures of more."
            )
        self._order = _Order(len(self._able), (seed, 3))
        self._orders = {n: _Order(len(self._mine[n]), (seed, 4, n)) for n in self._able}
        self.epoch = math.ceil(len(labels) / (self._p * self._k))
        """Batches that hold as many crops as there are."""

    def batch(self, number: int) -> Batch:
        """Return batch `number`, (P × K) crops or this one's share of them."""
        visits = np.arange(number * self._p, (number + 1) * self._p)
        chosen = [self._able[n] for n in self._order.at(visits).tolist()]
        rounds = (visits // len(self._able)).tolist()
        numbers = [
            self._mine[person][
                self._orders[person].at(np.arange(turn * self._k, (turn + 1) * self._k))
            ]
            for person, turn in zip(chosen, rounds, strict=True)
        ]
        crops = self._records.read(self._share.of(np.concatenate(numbers)))
        places = self._share.of(np.arange(self._p * self._k))
        pixels = [
            self._altered(crop, np.random.default_rng((self._seed, 7, number, place)))
            for crop, place in zip(crops.pixels, places.tolist(), strict=True)
        ]
        return Batch(np.stack(pixels), crops.labels)

    def close(self) -> None:
        """Close all files."""
        self._records.close()

    def _altered(self, crop: Image, rng: np.random.Generator) -> Image:
        share = self._size / len(crop)
        shown = altering.draw_view(self._alterations, share, rng)
        # The face fills about as much of what is kept as a box grown by this.
        changed = altering.alter(crop, self._alterations, 1.25 / share, rng)
        return altering.cut(changed, shown, self._size)


def middles(crops: Image, size: int) -> Image:
    """Return the middle of larger crops, unaltered, (n, size, size, 3)."""
    if crops.shape[1] == size:
        return crops
    shown = altering.view(size / crops.shape[1])
    cut = [altering.cut(crop, shown, size) for crop in crops]
    return np.stack(cut) if cut else np.empty((0, size, size, 3), np.uint8)


class _Order:
    """Numbers 0…n-1 in a new random order each time round."""

    def __init__(self, count: int, seed: tuple[int, ...]) -> None:
        self._count = count
        self._seed = seed
        self._turns: dict[int, NDArray[np.intp]] = {}

    def at(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the numbers at some places of the endless order."""
        found = np.empty(len(places), np.intp)
        for turn in np.unique(places // self._count).tolist():
            mine = places // self._count == turn
            found[mine] = self._turn(turn)[places[mine] % self._count]
        return found

    def _turn(self, turn: int) -> NDArray[np.intp]:
        if turn not in self._turns:
            for old in [one for one in self._turns if one < turn - 1]:
                del self._turns[old]
            rng = np.random.default_rng((*self._seed, turn))
            self._turns[turn] = rng.permutation(self._count)
        return self._turns[turn]
