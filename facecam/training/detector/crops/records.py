"""Samples in TFRecord files that any TFRecord reader understands.

    <shard>.tfrecord    records of one kind and one size
    index.json          which shards there are, of which kind, how many records each

Each record is a tf.train.Example with the features kind, offsets, landmarks, pixels.
All have a fixed length, so a record is a structured NumPy value: writing and reading
need no protocol buffers, and record n of a shard lies at n times the record's size.
Checksums are those of the format: CRC-32C, masked (tensorflow/core/lib/io).
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import Any

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.errors import DatasetError
from facecam.training.detector.crops.samples import Kind, Samples

INDEX = "index.json"
OPEN_FILES = 40
"""Shards of one kind kept open at most. A fit reads four kinds at once, and some
systems allow a program no more than 256 files."""
_BYTES, _FLOATS, _WHOLE = 1, 2, 3
"""Fields of tf.train.Feature: bytes_list, float_list, int64_list."""
_LENGTH_AND_SUM = 12
"""Bytes before a record's data: its length and the checksum of that."""


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
    return _record(size)[0].itemsize


class Records:
    """The records of one kind in a folder, read by number. Owned by one thread."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        index = read_index(folder)
        self._folder = folder
        self._shards = [shard for shard in index.shards if shard.kind == kind]
        self._starts = np.cumsum([0, *(shard.count for shard in self._shards)])
        self._dtype = _record(index.size)[0]
        self._open: OrderedDict[int, BufferedReader] = OrderedDict()

    def __len__(self) -> int:
        return int(self._starts[-1])

    def read(self, numbers: NDArray[np.intp]) -> Samples:
        """Return the records of these numbers, in their order.

        Raises:
            DatasetError: a file is missing, shorter than it should be, or damaged.
        """
        rows = np.empty(len(numbers), self._dtype)
        where = np.searchsorted(self._starts, numbers, side="right") - 1
        for place in np.argsort(numbers, kind="stable").tolist():
            shard = int(where[place])
            row = int(numbers[place] - self._starts[shard])
            rows[place] = self._row(shard, row)
        return Samples(rows["kind"], rows["pixels"], rows["offsets"], rows["landmarks"])

    def close(self) -> None:
        """Close all files."""
        while self._open:
            self._open.popitem()[1].close()

    def _row(self, shard: int, row: int) -> NDArray[Any]:
        name = self._shards[shard].file
        size = self._dtype.itemsize
        try:
            file = self._file(shard)
            file.seek(row * size)
            data = file.read(size)
        except OSError as error:
            raise self._damaged(name, str(error)) from error
        if len(data) < size:
            raise self._damaged(name, "it is too short")
        value = np.frombuffer(data, self._dtype)[0]
        if _masked(data[_LENGTH_AND_SUM:-4]) != value["sum"]:
            raise self._damaged(name, f"the checksum of record {row} is wrong")
        return value

    def _file(self, shard: int) -> BufferedReader:
        file = self._open.pop(shard, None)
        if file is None:
            if len(self._open) >= OPEN_FILES:
                self._open.popitem(last=False)[1].close()
            file = (self._folder / self._shards[shard].file).open("rb")
        self._open[shard] = file
        return file

    def _damaged(self, name: str, reason: str) -> DatasetError:
        return DatasetError(
            f"{self._folder / name} is damaged: {reason}. "
            f"Delete {self._folder} and run the same command again."
        )


def _encoded(samples: Samples) -> bytes:
    dtype, blank = _record(samples.pixels.shape[1])
    rows = np.repeat(blank, len(samples))
    rows["kind"] = samples.kinds
    rows["offsets"] = samples.offsets
    rows["landmarks"] = samples.landmarks
    rows["pixels"] = samples.pixels
    whole = rows.tobytes()
    step = dtype.itemsize
    rows["sum"] = [
        _masked(whole[n + _LENGTH_AND_SUM : n + step - 4])
        for n in range(0, len(whole), step)
    ]
    return rows.tobytes()


def _masked(data: bytes) -> int:
    """Return the checksum of some bytes as TFRecord files hold it."""
    crc = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


@cache
def _record(size: int) -> tuple[np.dtype[Any], NDArray[Any]]:
    """Return the layout of a record with samples of a size, and one without content.

    Returns:
        The structured type, and (1,) of it in which only what never changes is set.
    """
    pixels = size * size * 3
    heads = [
        _head("kind", _WHOLE, 1),
        _head("offsets", _FLOATS, 16),
        _head("landmarks", _FLOATS, 40),
        _head("pixels", _BYTES, pixels),
    ]
    body = sum(map(len, heads)) + 1 + 16 + 40 + pixels
    heads[0] = b"\x0a" + _varint(body) + heads[0]
    dtype = np.dtype(
        [
            ("length", "<u8"),
            ("length_sum", "<u4"),
            ("head0", f"V{len(heads[0])}"),
            ("kind", "u1"),
            ("head1", f"V{len(heads[1])}"),
            ("offsets", "<f4", 4),
            ("head2", f"V{len(heads[2])}"),
            ("landmarks", "<f4", (5, 2)),
            ("head3", f"V{len(heads[3])}"),
            ("pixels", "u1", (size, size, 3)),
            ("sum", "<u4"),
        ]
    )
    blank = np.zeros(1, dtype)
    length = dtype.itemsize - _LENGTH_AND_SUM - 4
    blank["length"] = length
    blank["length_sum"] = _masked(length.to_bytes(8, "little"))
    for n, head in enumerate(heads):
        blank[f"head{n}"] = np.void(head)
    return dtype, blank


def _head(name: str, field: int, size: int) -> bytes:
    """Return what precedes the `size` bytes of a feature in an encoded Example.

    An entry of the map Features.feature holds the name (field 1) and the Feature
    (field 2); the Feature holds a list; the list holds its values (field 1).
    """
    values = b"\x0a" + _varint(size)  # packed numbers, or one string of bytes
    listed = bytes([field << 3 | 2]) + _varint(len(values) + size) + values
    key = b"\x0a" + _varint(len(name)) + name.encode()
    feature = b"\x12" + _varint(len(listed) + size) + listed
    entry = key + feature
    return b"\x0a" + _varint(len(entry) + size) + entry


def _varint(number: int) -> bytes:
    """Encode a whole number as protocol buffers do, seven bits a byte."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
