"""Samples in TFRecord files that any TFRecord reader understands.

    <shard>.tfrecord    records of one kind and one size
    index.json          which shards there are, of which kind, how many records each

Each record is a tf.train.Example with the features kind, offsets, landmarks, pixels,
all of a fixed length: see `facecam.training.tfrecords`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.errors import DatasetError
from facecam.training import tfrecords
from facecam.training.detector.crops.samples import Kind, Samples
from facecam.training.tfrecords import Feature, Layout, Reader

INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of records."""

    file: str
    kind: int
    count: int


@dataclass(frozen=True, slots=True)
class Index:
    """All shards of a folder."""

    size: int
    """Side of the samples, pixels."""
    shards: tuple[Shard, ...]

    def count(self, kind: Kind) -> int:
        """Return how many records of a kind there are."""
        return sum(shard.count for shard in self.shards if shard.kind == kind)


def write_shards(folder: Path, stem: str, samples: Samples) -> list[Shard]:
    """Write samples, one file per kind that occurs; each is there whole or not at all.

    Args:
        folder: an existing folder.
        stem: the files are called `<stem>-<kind>.tfrecord`.
        samples: n of them.
    """
    shards = []
    for kind in Kind:
        some = samples.keep(samples.kinds == kind)
        if len(some):
            name = f"{stem}-{kind.name.lower()}.tfrecord"
            files.write(folder / name, _encoded(some))
            shards.append(Shard(name, int(kind), len(some)))
    return shards


def write_index(folder: Path, size: int, shards: Sequence[Shard]) -> None:
    """Write which shards belong to a folder."""
    values = {"size": size, "shards": [asdict(shard) for shard in shards]}
    files.write(folder / INDEX, json.dumps(values).encode())


def read_index(folder: Path) -> Index:
    """Read which shards belong to a folder.

    Raises:
        DatasetError: there is no index, or it is damaged.
    """
    path = folder / INDEX
    try:
        values = json.loads(path.read_text("utf-8"))
        shards = tuple(Shard(**shard) for shard in values["shards"])
        return Index(int(values["size"]), shards)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{path} cannot be read: {error}. Delete {folder} and run again."
        ) from error


def record_bytes(size: int) -> int:
    """Return the length of a record with a sample of so many pixels' side."""
    return _layout(size).dtype.itemsize


class Records:
    """The records of one kind in a folder, read by number. Owned by one thread."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        index = read_index(folder)
        mine = [(s.file, s.count) for s in index.shards if s.kind == kind]
        self._reader = Reader(folder, mine, _layout(index.size))

    def __len__(self) -> int:
        return len(self._reader)

    def read(self, numbers: NDArray[np.intp]) -> Samples:
        """Return the records of these numbers, in their order.

        Raises:
            DatasetError: a file is missing, shorter than it should be, or damaged.
        """
        rows = self._reader.read(numbers)
        return Samples(rows["kind"], rows["pixels"], rows["offsets"], rows["landmarks"])

    def close(self) -> None:
        """Close all files."""
        self._reader.close()


def _encoded(samples: Samples) -> bytes:
    return _layout(samples.pixels.shape[1]).encode(
        {
            "kind": samples.kinds,
            "offsets": samples.offsets,
            "landmarks": samples.landmarks,
            "pixels": samples.pixels,
        }
    )


def _layout(size: int) -> Layout:
    """Return how records with samples of so many pixels' side lie in a file."""
    return tfrecords.layout(
        (
            Feature("kind", tfrecords.Kind.WHOLE),
            Feature("offsets", tfrecords.Kind.FLOATS, (4,)),
            Feature("landmarks", tfrecords.Kind.FLOATS, (5, 2)),
            Feature("pixels", tfrecords.Kind.BYTES, (size, size, 3)),
        )
    )
