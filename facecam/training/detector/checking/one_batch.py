"""Can each net learn one batch? If not, it will learn nothing from thousands.

The oldest test there is of a training pipeline, and the cheapest: targets that belong
to other crops show in it, and losses that are masked away. R- and O-Net learn any batch
by heart; P-Net is too small for that and learns it only if crops and labels make sense.
On the way it is measured what a step costs on this computer, in time and in memory.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from facecam.config.retraining import FitConfig, PreflightConfig, RetrainingConfig
from facecam.faces import Floats
from facecam.training.detector.checking.rehearsal import Rehearsal
from facecam.training.detector.crops.batches import ORDER
from facecam.training.detector.crops.samples import Kind, Samples
from facecam.training.progress import NETS
from facecam.training.step import Progress, Report

STEADY = 5
"""Steps after which a step takes its usual time: everything is compiled by then."""
LOOK_EVERY = 10
"""Steps between two looks at whether the net has learned enough."""


@dataclass(frozen=True)
class Learned:
    """How one net took one batch."""

    net: str
    first: float
    """Loss of the first step."""
    least: float
    """Smallest loss; no number if the last one was none."""
    separation: float
    """Chance that a face of the batch scores above a background, at the end."""
    steps: int
    seconds: float
    """Of a step, median."""


@dataclass(frozen=True)
class Lesson:
    """One batch for one net."""

    net: str
    config: FitConfig
    batch: Samples


def learn(
    lessons: Sequence[Lesson], numbers: PreflightConfig, seed: int, report: Report
) -> tuple[list[Learned], int]:
    """Let each net learn its batch. Run it apart: it loads the backend of Keras.

    Args:
        lessons: nets and their batches.
        numbers: how long, and how far the loss must fall.
        seed: of the first weights.
        report: told about steps.

    Returns:
        What became of each; bytes of memory of this process at the end.
    """
    import psutil

    results = []
    for number, lesson in enumerate(lessons):

        def tell(steps: int, number: int = number, net: str = lesson.net) -> None:
            done = number * numbers.steps + steps
            total = len(lessons) * numbers.steps
            report(Progress("one batch", done, total, {}, f"one batch for {NETS[net]}"))

        results.append(_learn(lesson, numbers, seed, tell))
    return results, psutil.Process().memory_info().rss


def lessons(rehearsals: Sequence[Rehearsal], config: RetrainingConfig) -> list[Lesson]:
    """Draw a batch for each net from what was rehearsed, as its fit would."""
    fits = {"pnet": config.pnet.fit, "rnet": config.rnet.fit, "onet": config.onet.fit}
    return [
        Lesson(one.net, fits[one.net], _batch(one.samples, fits[one.net]))
        for one in rehearsals
    ]


def enough(learned: Learned, numbers: PreflightConfig) -> bool:
    """Tell whether a net has learned what it must."""
    fell = learned.least <= numbers.fall * learned.first
    return fell and learned.separation >= numbers.separation


def separation(scores: Floats, batch: Samples) -> float:
    """Return the chance that a face scores above a background; no number without both.

    Args:
        scores: (n,), of the samples of the batch.
        batch: n samples.
    """
    faces = scores[batch.kinds == Kind.POSITIVE]
    others = scores[batch.kinds == Kind.NEGATIVE]
    if not len(faces) or not len(others):
        return math.nan
    return float((faces[:, None] > others[None, :]).mean())


def _batch(samples: Samples, config: FitConfig) -> Samples:
    """Take the first samples of each kind, as far as there are any."""
    chosen = [
        np.flatnonzero(samples.kinds == kind)[:count]
        for kind, count in zip(ORDER, config.batch, strict=True)
    ]
    return samples.keep(np.concatenate(chosen))


def _learn(
    lesson: Lesson,
    numbers: PreflightConfig,
    seed: int,
    tell: Callable[[int], None],
) -> Learned:
    from facecam.nets.training import Trainee

    config = replace(
        lesson.config,
        steps=numbers.steps,
        optimiser="adamw",
        rate=numbers.rate,
        warm_up=0.0,
        average=0.0,
        anchor=0.0,
    )
    trainee, batch = Trainee(lesson.net, config, seed), lesson.batch
    losses: list[float] = []
    times: list[float] = []
    while True:
        tell(len(losses))
        began = time.perf_counter()
        loss = trainee.learn(batch.pixels, batch.kinds, batch.offsets, batch.landmarks)
        times.append(time.perf_counter() - began)
        losses.append(loss)
        last = len(losses) == numbers.steps or not math.isfinite(loss)
        if last or len(losses) % LOOK_EVERY == 0:
            scores = trainee.answer(batch.pixels)[0]
            learned = _judged(lesson, losses, times, scores)
            if last or enough(learned, numbers):
                return learned


def _judged(
    lesson: Lesson, losses: Sequence[float], times: Sequence[float], scores: Floats
) -> Learned:
    return Learned(
        lesson.net,
        losses[0],
        min(losses) if math.isfinite(losses[-1]) else math.nan,
        separation(scores, lesson.batch),
        len(losses),
        statistics.median(times[STEADY:] or times),
    )
