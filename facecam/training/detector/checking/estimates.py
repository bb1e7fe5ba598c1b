"""What a run will cost: time, disk and memory, from a rehearsal on this computer.

Cutting samples and a step of each fit are measured. Mining is not, as there is no net
yet to mine with: it is scaled from a measurement by how fast P-Net's step is here. Fits
may end early, so the times are those of the longest run. Expect a factor of two.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facecam.config.retraining import RetrainingConfig, StageConfig
from facecam.training.detector.checking.one_batch import Learned
from facecam.training.detector.checking.rehearsal import Rehearsal
from facecam.training.detector.crops.mining import CHUNK
from facecam.training.detector.crops.records import record_bytes
from facecam.training.detector.crops.samples import SIZES

REFERENCE_STEP = 0.012
"""Seconds of P-Net's step on the computer the next two numbers were measured on: two
cores of a server, one thread a worker."""
LOOK_PICTURE, LOOK_MEGAPIXEL = 0.006, 0.2
"""Seconds to look for faces of 20 pixels in a picture: for each, and for its size."""
WORKER_BYTES = 150e6
"""Of a process that samples or mines, before its first picture."""
PIXEL_BYTES = 30
"""Of memory for each pixel of the picture at work: altered copies, its pyramid."""
SAMPLE_COPIES = 3
"""How often a chunk's samples are in memory at once: cut, joined, written."""
FIT_BYTES = {"pnet": 1e6, "rnet": 6e6, "onet": 22e6}
"""Of disk for checkpoints, weights and curves of a fit."""
RESERVE = 1.1
"""Free disk asked for, as a multiple of the estimate."""


@dataclass(frozen=True)
class Estimate:
    """What one part of a run costs."""

    part: str
    seconds: float
    disk: float
    """Bytes that stay."""


@dataclass(frozen=True)
class Estimates:
    """What a run costs, and what there is."""

    parts: tuple[Estimate, ...]
    memory: float
    """Bytes at the peak, of all processes together."""
    free_disk: float
    free_memory: float

    @property
    def seconds(self) -> float:
        """Of the whole run."""
        return sum(part.seconds for part in self.parts)

    @property
    def disk(self) -> float:
        """Bytes of the whole run."""
        return sum(part.disk for part in self.parts)


@dataclass(frozen=True)
class Measured:
    """What was measured before."""

    rehearsals: Sequence[Rehearsal]
    learned: Sequence[Learned]
    fit_memory: float
    """Bytes of the process that fits."""
    largest: int
    """Pixels of the largest picture."""
    held_out: int
    """Pictures to measure on."""


def estimate(measured: Measured, config: RetrainingConfig, folder: Path) -> Estimates:
    """Estimate the costs of a run.

    Args:
        measured: on this computer.
        config: the run.
        folder: exists; on the disk that the run will be written to.
    """
    import psutil

    parts: list[Estimate] = []
    steps = {each.net: each.seconds for each in measured.learned}
    speed = steps["pnet"] / REFERENCE_STEP
    for number, rehearsal in enumerate(measured.rehearsals):
        parts += _stage(number, rehearsal, steps[rehearsal.net], speed, config)
    looks = 2 * _look(measured.held_out, _megapixels(measured), speed)
    parts.append(Estimate("evaluate", looks, 0.0))
    return Estimates(
        tuple(parts),
        _memory(measured, config),
        shutil.disk_usage(folder).free,
        psutil.virtual_memory().available,
    )


def _stage(
    number: int,
    rehearsal: Rehearsal,
    step: float,
    speed: float,
    config: RetrainingConfig,
) -> list[Estimate]:
    """Estimate samples and fit of one net; the check is a small part of the samples."""
    net = rehearsal.net
    stage: StageConfig = getattr(config, net)
    seconds = rehearsal.seconds
    if number > 0:
        seconds += _look(rehearsal.turns, rehearsal.megapixels, speed)
    together = min(config.workers, os.cpu_count() or 1)
    size = sum(rehearsal.expected.values()) * record_bytes(SIZES[net])
    return [
        Estimate(f"{net} samples", seconds / together, size),
        Estimate(f"{net} fit", step * stage.fit.steps, FIT_BYTES[net]),
    ]


def _look(pictures: int, megapixels: float, speed: float) -> float:
    """Return the seconds in which one core finds the faces of some pictures."""
    return speed * (pictures * LOOK_PICTURE + megapixels * LOOK_MEGAPIXEL)


def _megapixels(measured: Measured) -> float:
    """Return the size of the pictures held out, taking them for as large as others."""
    first = measured.rehearsals[0]
    return measured.held_out * first.megapixels / max(first.turns, 1)


def _memory(measured: Measured, config: RetrainingConfig) -> float:
    """Return the memory of the greediest step: workers beside each other, or a fit."""
    import psutil

    chunks = (
        CHUNK * sum(each.expected.values()) / max(each.turns, 1)
        * record_bytes(SIZES[each.net])
        for each in measured.rehearsals
    )  # fmt: skip
    worker = WORKER_BYTES + PIXEL_BYTES * measured.largest + SAMPLE_COPIES * max(chunks)
    own = psutil.Process().memory_info().rss
    return own + max(config.workers * worker, measured.fit_memory)
