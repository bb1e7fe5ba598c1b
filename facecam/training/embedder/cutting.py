"""Crops of named people for the fit, and crops a teacher has seen, chunk by chunk.

People's crops are kept a little larger than what the net sees, unaltered: the fit cuts
and alters them anew each time. What a teacher has said holds for one altered crop only,
so those are altered here, cut for both nets, and kept with what the teacher says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from facecam.config.embedding_training import (
    AlteringConfig,
    PeopleConfig,
    TeacherConfig,
)
from facecam.faces import Floats, Image, Net
from facecam.media import read_image
from facecam.training.embedder import altering, crops, index
from facecam.training.embedder.altering import View
from facecam.training.embedder.crops import HELD_OUT, Chunk, Crops
from facecam.training.embedder.index import Shown
from facecam.training.step import Inputs, Metrics, Report

REACH = 1.15
"""Side of what is kept of a person's picture, as a multiple of what the net sees."""
AT_ONCE = 8
"""Crops the teacher is shown at once."""


@dataclass(frozen=True)
class PeopleRequest:
    """What determines the crops of people."""

    size: int
    """Side of the net's input, pixels."""
    people: PeopleConfig


@dataclass(frozen=True)
class TeacherRequest:
    """What determines what a teacher is asked."""

    size: int
    """Side of the net's input, pixels."""
    seed: int
    people: PeopleConfig
    altering: AlteringConfig
    teacher: TeacherConfig
    net: Path
    """The teacher's flatbuffer."""
    content: str = ""
    """Its fingerprint."""
    sees: int = 160
    """Side of its input, pixels."""


def kept_size(size: int) -> int:
    """Return the side of the crops kept for a net, pixels."""
    return round(size * REACH)


def cut_people(
    workers: int, request: PeopleRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Write the crops of people; a step function.

    Args:
        workers: processes; what comes out does not depend on it.
        request: what determines the crops.
        inputs: 01-index.
        out: gets the crops to learn from, and those of `HELD_OUT`.
        report: told about pictures done.

    Raises:
        DatasetError: too many pictures cannot be read.
    """
    (source,) = inputs.values()
    found = index.read_index(source)
    names = {name: n for n, name in enumerate(found.people())}
    others = {
        name: n for n, name in enumerate(sorted({s.person for s in found.held_out}))
    }
    (out / HELD_OUT).mkdir(exist_ok=True)
    labels = [names[shown.person] for shown in found.learned]
    held_out = [others[shown.person] for shown in found.held_out]
    chunks = [
        *crops.plan(found.learned, labels, out, 1),
        *crops.plan(found.held_out, held_out, out / HELD_OUT, 1),
    ]
    share = request.people.margin * REACH / request.people.grown
    size = kept_size(request.size)
    crops.fill(chunks, partial(_cut, share, size), workers, report)
    about = crops.Index(size, 0, len(names))
    counts = [
        crops.write_index(folder, chunks, about).count
        for folder in (out, out / HELD_OUT)
    ]
    return {"crops": counts[0], "held_out": counts[1], "people": len(names)}


def ask_teacher(
    workers: int, request: TeacherRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Write altered crops with what the teacher says of them; a step function.

    Args:
        workers: processes; what comes out does not depend on it.
        request: what determines the crops.
        inputs: 01-index.
        out: gets the crops to learn from, and those of `HELD_OUT`, unaltered.
        report: told about pictures done.

    Raises:
        DatasetError: too many pictures cannot be read.
    """
    (source,) = inputs.values()
    found = index.read_index(source)
    (out / HELD_OUT).mkdir(exist_ok=True)
    learned, held_out = ([0] * len(part) for part in (found.learned, found.held_out))
    chunks = [
        *crops.plan(found.learned, learned, out, request.teacher.rounds),
        *crops.plan(found.held_out, held_out, out / HELD_OUT, 1),
    ]
    prepare = partial(_prepare, request.net, source)
    crops.fill(chunks, partial(_ask, request), workers, report, prepare)
    about = crops.Index(request.size, _dimensions(request), 0)
    counts = [
        crops.write_index(folder, chunks, about).count
        for folder in (out, out / HELD_OUT)
    ]
    return {"crops": counts[0], "held_out": counts[1]}


def _cut(share: float, size: int, chunk: Chunk) -> int:
    """Write one chunk of people's crops."""
    pictures = crops.read_all(chunk.pictures, read_image)
    shown = altering.view(share)
    pixels = [altering.cut(picture, shown, size) for picture, _ in pictures]
    labels = np.array([label for _, label in pictures], np.int32)
    nothing = np.empty((len(pictures), 0), np.float32)
    crops.write(chunk.file, Crops(_stacked(pixels, size), labels, nothing))
    return len(pictures)


_teachers: list[Net] = []
"""In a worker: the teacher, at most one."""
_everybody: list[str] = []
"""In a worker: the pictures that are learned from. Each reads them for itself: with
every chunk handed to it they would be a hundred megabytes of a million pictures."""


def _prepare(net: Path, source: Path) -> None:
    """Set up a worker: the teacher, and whom the faces are mixed with."""
    _load(net)
    _everybody[:] = [str(shown.path) for shown in index.read_index(source).learned]


def _load(path: Path) -> None:
    from facecam.runtime import litert

    _teachers[:] = [litert.load(path, threads=1, buckets=(1, AT_ONCE))]


def _dimensions(request: TeacherRequest) -> int:
    """Return how many numbers the teacher's embeddings have."""
    _load(request.net)
    grey = np.zeros((1, request.sees, request.sees, 3), np.uint8)
    return int(_answers(_teachers[0], grey).shape[1])


def _ask(request: TeacherRequest, chunk: Chunk) -> int:
    """Write one chunk of what the teacher was asked."""
    pictures = crops.read_all(chunk.pictures, read_image)
    altered = chunk.file.parent.name != HELD_OUT
    seen: list[list[Image]] = [[], []]
    for n, (picture, _) in enumerate(pictures):
        rng = np.random.default_rng((request.seed, 2, chunk.number, n))
        pair = (
            _altered(picture, request, rng)
            if altered
            else _views(picture, altering.view(_share(request)), request)
        )
        for group, crop in zip(seen, pair, strict=True):
            group.append(crop)
    (net,) = _teachers
    asked = _stacked(seen[1], request.sees)
    taught = _stacked(seen[0], request.size)
    labels = np.zeros(len(taught), np.int32)
    crops.write(chunk.file, Crops(taught, labels, _answers(net, asked)))
    return len(taught)


def _altered(
    picture: Image, request: TeacherRequest, rng: np.random.Generator
) -> tuple[Image, Image]:
    """Return one altered face, or two mixed, as both nets see it."""
    one = _seen(picture, request, rng)
    if rng.random() >= request.altering.mixed:
        return one
    chosen = Path(_everybody[int(rng.integers(len(_everybody)))])
    other = crops.read_all([(Shown(chosen), 0)], read_image)
    if not other:
        return one
    two = _seen(other[0][0], request, rng)
    seed = int(rng.integers(2**31))
    first, second = (
        altering.mixed(a, b, altering.mixture(len(a), np.random.default_rng(seed)))
        for a, b in zip(one, two, strict=True)
    )
    return first, second


def _seen(
    picture: Image, request: TeacherRequest, rng: np.random.Generator
) -> tuple[Image, Image]:
    shown = altering.draw_view(request.altering, _share(request), rng)
    changed = altering.alter(picture, request.altering, request.people.grown, rng)
    return _views(changed, shown, request)


def _views(picture: Image, shown: View, request: TeacherRequest) -> tuple[Image, Image]:
    """Cut a face for the net that learns and for its teacher."""
    return (
        altering.cut(picture, shown, request.size),
        altering.cut(picture, shown, request.sees),
    )


def _share(request: TeacherRequest) -> float:
    return request.people.margin / request.people.grown


def _answers(net: Net, asked: Image) -> Floats:
    """Return what the teacher says, (n, d), unit length."""
    parts = [net(asked[n : n + AT_ONCE])[0] for n in range(0, len(asked), AT_ONCE)]
    found = np.concatenate(parts) if parts else net(asked)[0]
    return np.asarray(
        found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12),
        np.float32,
    )


def _stacked(pictures: list[Image], size: int) -> Image:
    return np.stack(pictures) if pictures else np.empty((0, size, size, 3), np.uint8)
