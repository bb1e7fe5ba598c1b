"""Crops in files: for people with their numbers, for a teacher with its embeddings.

    <chunk>.tfrecord    records of one chunk of pictures; see facecam.training.tfrecords
    index.json          which files there are, how many records each, side, dimensions
    held-out/           the same, to measure on

A chunk is a file that is there whole or not at all, so an interrupted step goes on with
the next one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.errors import DatasetError, ImageError
from facecam.faces import Floats, Image
from facecam.training import tfrecords
from facecam.training.embedder.index import Shown
from facecam.training.step import Progress, Report
from facecam.training.tfrecords import Feature, Layout, Reader
from facecam.training.workers import map_tasks

INDEX = "index.json"
HELD_OUT = "held-out"
"""Folder of the crops nothing is learned from."""
CHUNK = 128
"""Pictures of a chunk: a second of work, some megabytes."""
UNREADABLE = 0.05
"""Share of the pictures that may be unreadable; more is a mistake."""


@dataclass(frozen=True, eq=False)
class Crops:
    """n crops with what they are taught by."""

    pixels: Image  # (n, s, s, 3)
    labels: NDArray[np.int32]  # (n,), 0 where nobody has a name
    embeddings: Floats  # (n, d), the teacher's; d is 0 without one

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def wanted(self) -> NDArray[np.int32] | Floats:
        """What a net is to say: the teacher's embeddings, or else the labels."""
        return self.embeddings if self.embeddings.shape[1] else self.labels


@dataclass(frozen=True)
class Chunk:
    """Some pictures with their labels, in one of the rounds."""

    file: Path
    number: int
    """Among all chunks of its folder; draws depend on it."""
    pictures: tuple[tuple[Shown, int], ...]


@dataclass(frozen=True)
class File:
    """A file of crops."""

    name: str
    count: int


@dataclass(frozen=True)
class Index:
    """All files of a folder."""

    size: int
    """Side of the crops, pixels."""
    dimensions: int
    """Of the teacher's embeddings; 0 without one."""
    people: int
    """How many there are."""
    files: tuple[File, ...] = ()

    @property
    def count(self) -> int:
        """How many crops there are."""
        return sum(file.count for file in self.files)


def plan(
    shown: Sequence[Shown], labels: Sequence[int], folder: Path, rounds: int
) -> list[Chunk]:
    """Divide pictures into chunks; those of later rounds come again."""
    pairs = list(zip(shown, labels, strict=True)) * rounds
    return [
        Chunk(
            folder / f"{n // CHUNK:05d}.tfrecord",
            n // CHUNK,
            tuple(pairs[n : n + CHUNK]),
        )
        for n in range(0, len(pairs), CHUNK)
    ]


def fill(
    chunks: Sequence[Chunk],
    make: Callable[[Chunk], int],
    workers: int,
    report: Report,
    prepare: Callable[[], None] | None = None,
) -> None:
    """Write the files of chunks that are not there yet.

    Args:
        chunks: of any folders.
        make: writes the file of a chunk and returns how many crops it holds.
        workers: processes; 0 does everything in this one.
        report: told about pictures done.
        prepare: see `map_tasks`.

    Raises:
        DatasetError: too many pictures cannot be read.
    """
    missing = [one for one in chunks if not one.file.exists()]
    total = sum(len(one.pictures) for one in chunks)
    done = total - sum(len(one.pictures) for one in missing)
    lost, most = 0, UNREADABLE * max(total, CHUNK)
    with closing(map_tasks(make, missing, workers, prepare=prepare)) as made:
        for chunk, count in zip(missing, made, strict=True):
            done += len(chunk.pictures)
            lost += len(chunk.pictures) - count
            report(Progress("crops", done, total, {}))
            if lost > most:
                raise DatasetError(
                    f"{lost:,} of {done:,} pictures cannot be read, such as some "
                    f"beside {chunk.pictures[0][0].path}. Look at the folder, and take "
                    "what is damaged out of it."
                )


def write(path: Path, crops: Crops) -> None:
    """Write crops into a file, whole or not at all."""
    _, size = crops.pixels.shape[:2]
    columns: dict[str, NDArray[Any]] = {
        "label": crops.labels.astype(np.float32),
        "pixels": crops.pixels,
    }
    if crops.embeddings.shape[1]:
        columns["embedding"] = crops.embeddings
    content = layout(size, crops.embeddings.shape[1]).encode(columns)
    files.write(path, content)


def write_index(folder: Path, chunks: Sequence[Chunk], index: Index) -> Index:
    """Write which files belong to a folder.

    Args:
        folder: holds the files.
        chunks: of any folder.
        index: without files.
    """
    record = layout(index.size, index.dimensions).dtype.itemsize
    mine = tuple(
        File(one.file.name, one.file.stat().st_size // record)
        for one in chunks
        if one.file.parent == folder
    )
    index = replace(index, files=mine)
    files.write(folder / INDEX, json.dumps(asdict(index)).encode())
    return index


def read_index(folder: Path) -> Index:
    """Read which files belong to a folder.

    Raises:
        DatasetError: there is no index, or it is damaged.
    """
    path = folder / INDEX
    try:
        values = json.loads(path.read_text("utf-8"))
        values["files"] = tuple(File(**file) for file in values["files"])
        return Index(**values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{path} cannot be read: {error}. Delete {folder} and run again."
        ) from error


class Records:
    """The crops of a folder, read by number. Owned by one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.index = read_index(folder)
        counts = [(file.name, file.count) for file in self.index.files]
        record = layout(self.index.size, self.index.dimensions)
        self._reader = Reader(folder, counts, record)

    def __len__(self) -> int:
        return len(self._reader)

    def read(self, numbers: NDArray[np.intp]) -> Crops:
        """Return the crops of these numbers, in their order.

        Raises:
            DatasetError: a file is missing or damaged.
        """
        rows = self._reader.read(numbers)
        embeddings = (
            rows["embedding"]
            if self.index.dimensions
            else np.empty((len(rows), 0), np.float32)
        )
        return Crops(rows["pixels"], rows["label"].astype(np.int32), embeddings)

    def labels(self) -> NDArray[np.int32]:
        """Return the label of every crop, (n,).

        Raises:
            DatasetError: a file is missing or damaged.
        """
        parts = [self._labels(file) for file in self.index.files if file.count]
        return np.concatenate([np.empty(0, np.float32), *parts]).astype(np.int32)

    def close(self) -> None:
        """Close all files."""
        self._reader.close()

    def _labels(self, file: File) -> NDArray[np.float32]:
        record = layout(self.index.size, self.index.dimensions).dtype
        path = self._folder / file.name
        try:
            rows = np.memmap(path, record, "r", shape=(file.count,))
        except (OSError, ValueError) as error:
            raise DatasetError(
                f"{path} is damaged: {error}. Delete {self._folder} and run the same "
                "command again."
            ) from error
        return np.array(rows["label"])


def layout(size: int, dimensions: int) -> Layout:
    """Return how records with crops of a side and embeddings lie in a file."""
    features = [Feature("label", tfrecords.Kind.FLOATS)]
    if dimensions:
        features.append(Feature("embedding", tfrecords.Kind.FLOATS, (dimensions,)))
    pixels = Feature("pixels", tfrecords.Kind.BYTES, (size, size, 3))
    return tfrecords.layout((*features, pixels))


def read_all(
    pictures: Sequence[tuple[Shown, int]], read: Callable[[Path], Image]
) -> list[tuple[Image, int]]:
    """Read pictures; those that cannot be read are passed over."""
    found = []
    for shown, label in pictures:
        try:
            found.append((read(shown.path), label))
        except ImageError:
            continue
    return found
