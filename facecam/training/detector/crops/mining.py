"""Samples of one size from all pictures: drawn at random, and mined with a cascade.

    P-Net     random crops around and beside the faces
    R-Net     the same around the faces; everything else from what P-Net proposes
    O-Net     the same from what P- and R-Net propose

Pictures are gone through in chunks, on several processes. A chunk writes its shards and
then its mark, so an interrupted step goes on with the next chunk, and each process
holds one picture and the samples of a chunk, whatever the number of pictures.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from facecam import files
from facecam.annotations.annotation import Annotation
from facecam.config import DetectorConfig
from facecam.config.retraining import MiningConfig, SamplesConfig
from facecam.errors import ImageError
from facecam.faces import Image
from facecam.media import read_image
from facecam.training.detector import index
from facecam.training.detector.cascade import load_cascade
from facecam.training.detector.crops import altering, records
from facecam.training.detector.crops.altering import Alteration
from facecam.training.detector.crops.records import Shard
from facecam.training.detector.crops.samples import SIZES, Kind, Samples, join
from facecam.training.detector.crops.sampling import (
    by_overlap,
    crops_around,
    landmark_samples,
    sample,
)
from facecam.training.step import Inputs, Metrics, Progress, Report
from facecam.training.workers import map_tasks
from facecam.vision.boxes import to_square
from facecam.vision.detector import Detector, MTCNNDetector
from facecam.vision.image import Mips

CHUNK = 64
"""Pictures of a chunk: some seconds of work, and shards of some megabytes."""
HELD_OUT = "held-out"
"""Folder of the samples nothing is learned from."""


@dataclass(frozen=True)
class SamplesRequest:
    """What determines the samples of one net."""

    net: str
    seed: int
    samples: SamplesConfig
    mining: MiningConfig


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some pictures, each with the number of its round."""

    name: str
    folder: Path
    pictures: tuple[tuple[Annotation, int], ...]
    altered: bool
    seed: int


def make_samples(
    workers: int, request: SamplesRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Write the samples of one net; the step function of the samples steps.

    Args:
        workers: processes; what comes out does not depend on it.
        request: what determines the samples.
        inputs: 01-index, and the fits of the nets before, in their order.
        out: gets the shards of training, and those of `HELD_OUT`.
        report: told about pictures done.
    """
    source, *fits = inputs.values()
    (out / HELD_OUT).mkdir(exist_ok=True)
    chunks = [
        *plan(index.read(source / index.TRAIN), out, request, altered=True),
        *plan(index.read(source / index.CONFORMED), out / HELD_OUT, request, False),
    ]
    shards = _fill(chunks, fits, request, workers, report)
    counts: Metrics = {}
    for folder in (out, out / HELD_OUT):
        mine = [
            shard
            for chunk in chunks
            if chunk.folder == folder
            for shard in shards[chunk.folder / chunk.name]
        ]
        records.write_index(folder, SIZES[request.net], mine)
        prefix = "" if folder == out else "held_out_"
        for kind in Kind:
            total = sum(shard.count for shard in mine if shard.kind == kind)
            counts[f"{prefix}{kind.name.lower()}"] = total
    return counts


def plan(
    annotations: Sequence[Annotation],
    folder: Path,
    request: SamplesRequest,
    altered: bool,
) -> list[Chunk]:
    """Divide pictures into chunks; those of later rounds come again."""
    rounds = rounds_for(annotations, request.samples) if altered else 1
    again = request.samples.landmark_rounds if altered else 1
    turns = [
        (annotation, turn)
        for turn in range(max(rounds, again))
        for annotation in annotations
        if turn < (rounds if repeated(annotation) else again)
    ]
    seed = request.seed if altered else 0
    return [
        Chunk(f"{n // CHUNK:05d}", folder, tuple(turns[n : n + CHUNK]), altered, seed)
        for n in range(0, len(turns), CHUNK)
    ]


def repeated(truth: Annotation) -> bool:
    """Tell whether more than its landmarks is learned from a picture in each round."""
    return truth.complete or len(truth.background) > 0


def rounds_for(annotations: Sequence[Annotation], config: SamplesConfig) -> int:
    """Return how often to go through the fully labelled pictures."""
    if config.rounds:
        return config.rounds
    faces = 0
    for one in annotations:
        if one.complete:
            shorter = (one.boxes[:, 2:] - one.boxes[:, :2]).min(axis=1, initial=np.inf)
            faces += int((~one.ignored & (shorter >= config.smallest_face)).sum())
    # About a third of the crops around a face become positives.
    wanted = config.wanted / max(faces * config.crops / 3, 1)
    return min(max(math.ceil(wanted), 1), config.most_rounds)


def mine(
    detector: Detector,
    image: Image,
    truth: Annotation,
    request: SamplesRequest,
    rng: np.random.Generator,
) -> Samples:
    """Cut what a cascade proposes in one picture, and faces at random places.

    Negatives are those the cascade is surest of and others at random, half and half.

    Args:
        detector: the nets so far.
        image: (h, w, 3).
        truth: its faces.
        request: for which net.
        rng: draws crops.
    """
    size, config = SIZES[request.net], request.samples
    mips = Mips(image)
    squares = to_square(detector.detect(image).boxes)
    found = by_overlap(mips, squares, truth, size, config)
    around = by_overlap(mips, crops_around(truth, config, rng), truth, size, config)
    return join(
        [
            _without_many_negatives(found, request.mining.negatives, rng),
            around,
            landmark_samples(mips, truth, size, config, rng),
        ],
        size,
    )


def _without_many_negatives(
    samples: Samples, most: int, rng: np.random.Generator
) -> Samples:
    """Keep at most so many negatives; samples come with the surest first."""
    negatives = np.flatnonzero(samples.kinds == Kind.NEGATIVE)
    if len(negatives) <= most:
        return samples
    surest, rest = negatives[: most // 2], negatives[most // 2 :]
    others = rng.choice(rest, most - len(surest), replace=False)
    kept = samples.kinds != Kind.NEGATIVE
    kept[surest] = kept[others] = True
    return samples.keep(kept)


def _fill(
    chunks: Sequence[Chunk],
    fits: Sequence[Path],
    request: SamplesRequest,
    workers: int,
    report: Report,
) -> dict[Path, list[Shard]]:
    """Do the chunks that are not done yet; return the shards of all."""
    done = {_key(chunk): _marked(chunk) for chunk in chunks}
    missing = [chunk for chunk in chunks if done[_key(chunk)] is None]
    total = sum(len(chunk.pictures) for chunk in chunks)
    pictures = total - sum(len(chunk.pictures) for chunk in missing)
    step = f"{request.net} samples"
    work = partial(_do, request)
    prepare = partial(_prepare, tuple(fits), request.mining)
    with closing(map_tasks(work, missing, workers, prepare=prepare)) as results:
        for chunk, shards in zip(missing, results, strict=True):
            done[_key(chunk)] = shards
            pictures += len(chunk.pictures)
            report(Progress(step, pictures, total, {}))
    return {key: shards or [] for key, shards in done.items()}


_cascade: list[MTCNNDetector] = []
"""In a worker: the nets so far, none or one cascade."""


def _prepare(fits: Sequence[Path], config: MiningConfig) -> None:
    """Load the nets so far."""
    _cascade.clear()
    if fits:
        _cascade.append(load_cascade(fits, mining_config(config)))


def mining_config(config: MiningConfig) -> DetectorConfig:
    """Return how the cascade looks for faces while mining, and while it is checked."""
    return replace(
        DetectorConfig(),
        min_face=config.min_face,
        thresholds=config.thresholds,
        max_candidates=config.candidates,
        max_faces=config.candidates,
        lean=0.0,
    )


def _do(request: SamplesRequest, chunk: Chunk) -> list[Shard]:
    """Write the shards of one chunk, then its mark."""
    size = SIZES[request.net]
    groups = [_of_picture(request, chunk, *picture) for picture in chunk.pictures]
    shards = records.write_shards(chunk.folder, chunk.name, join(groups, size))
    text = json.dumps([asdict(shard) for shard in shards])
    files.write(_mark(chunk), text.encode())
    return shards


def _of_picture(
    request: SamplesRequest, chunk: Chunk, truth: Annotation, turn: int
) -> Samples:
    size = SIZES[request.net]
    try:
        image = read_image(truth.path)
    except ImageError as error:
        raise ImageError(f"{truth.where}: {error}") from error
    rng = np.random.default_rng((chunk.seed, turn, *truth.path.name.encode()))
    alteration = Alteration()
    if chunk.altered:
        alteration = altering.draw(request.samples, rng)
    image, truth = altering.alter(image, truth, alteration)
    if turn > 0 and not repeated(truth):
        return landmark_samples(Mips(image), truth, size, request.samples, rng)
    if _cascade:
        return mine(_cascade[0], image, truth, request, rng)
    return sample(image, truth, size, request.samples, rng)


def _marked(chunk: Chunk) -> list[Shard] | None:
    """Return the shards of a chunk that is done, None of one that is not."""
    path = _mark(chunk)
    if not path.exists():
        return None
    return [Shard(**values) for values in json.loads(path.read_text("utf-8"))]


def _mark(chunk: Chunk) -> Path:
    return chunk.folder / f"{chunk.name}.json"


def _key(chunk: Chunk) -> Path:
    return chunk.folder / chunk.name
