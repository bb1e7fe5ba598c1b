"""Samples cut from a few pictures of each set: to look at, to count, to learn from.

The same alterations and the same crops as in the run, on few pictures, so that what a
run will cost and what its nets will see is known in a minute.
"""

from __future__ import annotations

import time
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import RetrainingConfig, SamplesConfig
from facecam.faces import Image
from facecam.media import read_image
from facecam.training.detector.checking.census import Divided
from facecam.training.detector.crops import altering, mining
from facecam.training.detector.crops.mining import SamplesRequest
from facecam.training.detector.crops.samples import SIZES, Kind, Samples, join
from facecam.training.detector.crops.sampling import sample

KEPT = 16
"""Samples of each kind that are kept of a picture."""
_AS_CUT = dict.fromkeys(Kind, 1.0)
MINED = {
    "pnet": _AS_CUT,
    "rnet": _AS_CUT | {Kind.NEGATIVE: 0.6, Kind.POSITIVE: 1.4, Kind.PART: 1.3},
    "onet": _AS_CUT | {Kind.NEGATIVE: 0.15, Kind.POSITIVE: 1.25, Kind.PART: 0.8},
}
"""Samples of a run as a share of those cut at random: a cascade proposes fewer places
without a face, and more upon one. Measured in a run over 5,000 pictures."""


@dataclass(frozen=True, eq=False)
class Rehearsal:
    """What cutting samples for one net was like."""

    net: str
    samples: Samples
    """Some of each picture, in random order."""
    expected: dict[Kind, int]
    """Samples of each kind in the whole run, about, those held out included."""
    turns: int
    """Pictures gone through: each as often as there are rounds, and those held out."""
    megapixels: float
    """Of all turns together."""
    seconds: float
    """Of one processor core for all turns."""


def rehearse(
    net: str,
    divided: Sequence[Divided],
    readable: Container[Path],
    config: RetrainingConfig,
) -> Rehearsal:
    """Cut samples of some pictures of each set.

    Args:
        net: "pnet", "rnet" or "onet".
        divided: the sets; pictures with faces and without are extrapolated for
            themselves in each.
        readable: pictures that are known to be readable; some of each set.
        config: the run.

    Raises:
        ImageError: a picture cannot be read.
    """
    rng = np.random.default_rng((config.seed, SIZES[net]))
    turns = [
        group
        for number in range(len(divided))
        for group in _by_faces(_turns(net, divided, config, number))
    ]
    groups: list[Samples] = []
    expected = dict.fromkeys(Kind, 0.0)
    seconds = megapixels = 0.0
    for pictures in turns:
        known = [one for one in pictures if one.path in readable]
        chosen = rng.permutation(len(known))[: config.preflight.pictures]
        share = len(pictures) / max(len(chosen), 1)
        began = time.perf_counter()
        for n in chosen.tolist():
            image = read_image(known[n].path)
            cut = _cut(net, image, known[n], config, rng)
            groups.append(_thinned(cut, rng))
            megapixels += share * image.shape[0] * image.shape[1] / 1e6
            for kind in Kind:
                expected[kind] += share * int((cut.kinds == kind).sum())
        seconds += (time.perf_counter() - began) * share
    samples = join(groups, SIZES[net])
    return Rehearsal(
        net,
        samples.keep(rng.permutation(len(samples))),
        {kind: round(n * MINED[net][kind]) for kind, n in expected.items()},
        sum(map(len, turns)),
        megapixels,
        seconds,
    )


def _turns(
    net: str, divided: Sequence[Divided], config: RetrainingConfig, which: int
) -> list[Annotation]:
    """Return the pictures of one set, as often as the run goes through them."""
    numbers = samples_config(net, config)
    everything = [pair.prepared for each in divided for pair in each.training]
    rounds = mining.rounds_for(everything, numbers)
    request = SamplesRequest(
        net, config.seed, replace(numbers, rounds=rounds), config.mining
    )
    mine = [pair.prepared for pair in divided[which].training]
    chunks = mining.plan(mine, Path(), request, altered=True)
    held_out = [pair.prepared for pair in divided[which].held_out]
    return [
        one
        for chunk in chunks
        for one, turn in chunk.pictures
        if turn == 0 or mining.repeated(one)  # the others give landmarks, and little
    ] + held_out


def _by_faces(pictures: Sequence[Annotation]) -> tuple[list[Annotation], ...]:
    """Divide pictures: with faces to learn from, and without."""
    groups: tuple[list[Annotation], ...] = ([], [])
    for one in pictures:
        groups[bool((~one.ignored).any())].append(one)
    return groups


def samples_config(net: str, config: RetrainingConfig) -> SamplesConfig:
    """Return the numbers of the samples of one net."""
    stage = {"pnet": config.pnet, "rnet": config.rnet, "onet": config.onet}[net]
    return stage.samples


def _cut(
    net: str,
    image: Image,
    truth: Annotation,
    config: RetrainingConfig,
    rng: np.random.Generator,
) -> Samples:
    numbers = samples_config(net, config)
    image, truth = altering.alter(image, truth, altering.draw(numbers, rng))
    return sample(image, truth, SIZES[net], numbers, rng)


def _thinned(samples: Samples, rng: np.random.Generator) -> Samples:
    """Keep a few samples of each kind."""
    order = rng.permutation(len(samples))
    kinds = samples.kinds[order]
    return samples.keep(
        np.concatenate([order[np.flatnonzero(kinds == kind)[:KEPT]] for kind in Kind])
    )
