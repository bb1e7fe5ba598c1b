"""TFRecord files of records with a fixed length, which NumPy reads by itself.

Each record is a tf.train.Example whose features have a fixed size, so it is a
structured NumPy value: writing and reading need no protocol buffers, and record n of a
file lies at n times the record's size. Any TFRecord reader understands the files.
Checksums are those of the format: CRC-32C, masked (tensorflow/core/lib/io).
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import Any

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from facecam.errors import DatasetError

OPEN_FILES = 40
"""Files of one reader kept open at most. A fit has four readers at once, and some
systems allow a program no more than 256 files."""
_LENGTH_AND_SUM = 12
"""Bytes before a record's data: its length and the checksum of that."""


class Kind(IntEnum):
    """What a feature holds: the field of tf.train.Feature."""

    BYTES = 1
    FLOATS = 2
    WHOLE = 3


@dataclass(frozen=True)
class Feature:
    """One feature of every record."""

    name: str
    kind: Kind
    shape: tuple[int, ...] = ()

    @property
    def dtype(self) -> str:
        """Type of its numbers; a whole number is below 128, which takes one byte."""
        return "<f4" if self.kind is Kind.FLOATS else "u1"

    @property
    def size(self) -> int:
        """Bytes of its numbers."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize


@dataclass(frozen=True, eq=False)
class Layout:
    """How a record lies in its file."""

    dtype: np.dtype[Any]
    blank: NDArray[Any]
    """(1,) in which only what never changes is set."""

    def encode(self, columns: dict[str, NDArray[Any]]) -> bytes:
        """Return n records as the content of a file; each column has n rows."""
        n = len(next(iter(columns.values())))
        rows = np.repeat(self.blank, n)
        for name, values in columns.items():
            rows[name] = values
        whole, step = rows.tobytes(), self.dtype.itemsize
        rows["sum"] = [
            _masked(whole[at + _LENGTH_AND_SUM : at + step - 4])
            for at in range(0, len(whole), step)
        ]
        return rows.tobytes()


class Reader:
    """Records of several files, read by number. Owned by one thread.

    Args:
        folder: holds the files.
        files: names, and how many records each has.
        layout: of every record.
    """

    def __init__(
        self, folder: Path, files: Sequence[tuple[str, int]], layout: Layout
    ) -> None:
        self._folder = folder
        self._files = [name for name, _ in files]
        self._starts = np.cumsum([0, *(count for _, count in files)])
        self._dtype = layout.dtype
        self._open: OrderedDict[int, BufferedReader] = OrderedDict()

    def __len__(self) -> int:
        return int(self._starts[-1])

    def read(self, numbers: NDArray[np.intp]) -> NDArray[Any]:
        """Return the records of these numbers, in their order, (k,) of the layout.

        Raises:
            DatasetError: a file is missing, shorter than it should be, or damaged.
        """
        rows = np.empty(len(numbers), self._dtype)
        where = np.searchsorted(self._starts, numbers, side="right") - 1
        for place in np.argsort(numbers, kind="stable").tolist():
            file = int(where[place])
            rows[place] = self._row(file, int(numbers[place] - self._starts[file]))
        return rows

    def close(self) -> None:
        """Close all files."""
        while self._open:
            self._open.popitem()[1].close()

    def _row(self, number: int, row: int) -> NDArray[Any]:
        name = self._files[number]
        size = self._dtype.itemsize
        try:
            file = self._file(number)
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

    def _file(self, number: int) -> BufferedReader:
        file = self._open.pop(number, None)
        if file is None:
            if len(self._open) >= OPEN_FILES:
                self._open.popitem(last=False)[1].close()
            file = (self._folder / self._files[number]).open("rb")
        self._open[number] = file
        return file

    def _damaged(self, name: str, reason: str) -> DatasetError:
        return DatasetError(
            f"{self._folder / name} is damaged: {reason}. "
            f"Delete {self._folder} and run the same command again."
        )


@cache
def layout(features: tuple[Feature, ...]) -> Layout:
    """Return how records with these features lie in a file."""
    heads = [_head(one) for one in features]
    body = sum(map(len, heads)) + sum(one.size for one in features)
    heads[0] = b"\x0a" + _varint(body) + heads[0]
    fields: list[tuple[Any, ...]] = [("length", "<u8"), ("length_sum", "<u4")]
    for n, (head, one) in enumerate(zip(heads, features, strict=True)):
        fields.append((f"head{n}", f"V{len(head)}"))
        fields.append((one.name, one.dtype, one.shape))
    dtype = np.dtype([*fields, ("sum", "<u4")])
    blank = np.zeros(1, dtype)
    length = dtype.itemsize - _LENGTH_AND_SUM - 4
    blank["length"] = length
    blank["length_sum"] = _masked(length.to_bytes(8, "little"))
    for n, head in enumerate(heads):
        blank[f"head{n}"] = np.void(head)
    return Layout(dtype, blank)


def _masked(data: bytes) -> int:
    """Return the checksum of some bytes as TFRecord files hold it."""
    crc = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _head(one: Feature) -> bytes:
    """Return what precedes the bytes of a feature in an encoded Example.

    An entry of the map Features.feature holds the name (field 1) and the Feature
    (field 2); the Feature holds a list; the list holds its values (field 1).
    """
    size = one.size
    values = b"\x0a" + _varint(size)  # packed numbers, or one string of bytes
    listed = bytes([one.kind << 3 | 2]) + _varint(len(values) + size) + values
    key = b"\x0a" + _varint(len(one.name)) + one.name.encode()
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
