"""What a run that trains an embedder will bring about: findings, time, disk, memory.

Cutting and altering faces, and what a teacher takes for them, is measured here; what
learning takes is scaled from a measurement elsewhere by how fast a core calculates
here. Time of the processor is measured, so that other programs do not disturb: expect
a factor of two, and more while they go on.

    preflight.json   findings, counts, estimates
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facecam import files
from facecam.config import EmbeddingTrainingConfig
from facecam.errors import DatasetError, ImageError
from facecam.training.datasets import read_pairs
from facecam.training.detector.checking.estimates import Estimate, Estimates
from facecam.training.detector.checking.findings import Finding, Severity, of_costs
from facecam.training.embedder import checking, index, looking
from facecam.training.embedder.checking import SHEET, SHOWN, CheckRequest
from facecam.training.embedder.cutting import kept_size
from facecam.training.embedder.evaluating import Other
from facecam.training.embedder.index import Index
from facecam.training.embedder.measuring import MEASURED
from facecam.training.embedder.pairing import usable_pairs
from facecam.training.step import Inputs, Metrics, Progress, Report

RESULT = "preflight.json"
STEP = "check"
NUMBERS, REFERENCE = 1 << 20, 0.0005
"""How many numbers are taken to a power, and the seconds of one core for that where the
next numbers were measured."""
LEARNED = {"compact": 0.011, "facenet": 0.08}
"""Seconds to learn from one crop, on two cores; see docs/decisions/0026. The second
is the first by how much more the net multiplies."""
PAIRED = 0.05
"""Seconds to find the face of a picture of LFW, of one core."""
WEIGHTS = {"compact": 18e6, "facenet": 94e6}
"""Bytes of a net's weights."""
COPIES = 10
"""How many times the weights lie on the disk: two checkpoints with what the optimiser
and the average keep, the best, the compiled ones."""
MEMORY = {"compact": 2.2e9, "facenet": 6e9}
"""Bytes of the process that learns, with its batches."""
DIMENSIONS = 512
GROWN_APART = 0.01
"""By so much two ways to cut faces must differ to be worth a word."""
FEW = 200
"""People below which names teach little."""


@dataclass(frozen=True)
class Meant:
    """The run that is meant."""

    check: CheckRequest
    loss: str
    numbers: EmbeddingTrainingConfig
    other: Other | None = None
    pairs: Path | None = None
    """Folder of LFW."""

    @property
    def distils(self) -> bool:
        """Whether a teacher is asked."""
        return self.loss == "distil" and self.other is not None


@dataclass(frozen=True)
class _Speeds:
    """Seconds of one core on this computer."""

    crop: float
    """To read, alter and cut one face."""
    ask: float
    """For the teacher to embed one."""
    learn: float
    """To learn from one, all cores together."""


def check_step(
    meant: Meant, request: CheckRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Look at the data, refuse what cannot work, say what the run costs; a step.

    Args:
        meant: the run; what it costs does not change what it makes.
        request: what is looked at.
        inputs: nothing.
        out: gets the sheet and the file above.
        report: told what is looked at.

    Raises:
        DatasetError: there is too little, it cannot be read, or it is too small; the
            pairs are none.
    """
    if meant.pairs is not None:  # not after hours of asking a teacher
        usable_pairs(meant.pairs)
    began = time.process_time()
    metrics = checking.check_data(request, inputs, out, report)
    taken = time.process_time() - began
    costs = _estimate(meant, index.divide(request.index), taken, out)
    told = {"estimates": _told(costs)}
    files.write(out / RESULT, json.dumps(told, indent=1).encode())
    return {**metrics, "expected_seconds": costs.seconds}


def look(meant: Meant, out: Path, report: Report) -> dict[str, Any]:
    """Look at the data of a run that is meant; what is wrong is said, not raised.

    Args:
        meant: the run.
        out: gets the sheet; on the disk that the run will be on. Made if need be.
        report: told what is being done.

    Returns:
        What `train check` says as JSON: findings, counts, estimates, sheets.
    """
    out.mkdir(parents=True, exist_ok=True)
    report(Progress(STEP, 0, 3, {}, "Looking at faces"))
    began = time.process_time()
    try:
        divided = index.divide(meant.check.index)
        checking.check_data(meant.check, {}, out, lambda told: None)
    except (DatasetError, ImageError) as error:
        return _answer(out, [Finding(Severity.ERROR, str(error))], Index((), ()), None)
    taken = time.process_time() - began
    report(Progress(STEP, 1, 3, {}, "Measuring this computer"))
    costs = _estimate(meant, divided, taken, out)
    report(Progress(STEP, 2, 3, {}, "Measuring this computer"))
    found = [
        *_of_amounts(meant, divided),
        *_of_pairs(meant, divided),
        *of_costs(costs, out),
    ]
    order = list(Severity)
    found.sort(key=lambda one: order.index(one.severity))
    return _answer(out, found, divided, costs)


def _answer(
    out: Path, found: list[Finding], divided: Index, costs: Estimates | None
) -> dict[str, Any]:
    failed = any(one.severity is Severity.ERROR for one in found) and costs is None
    return {
        "findings": [asdict(one) for one in found],
        "training": _counted(divided.learned),
        "held_out": _counted(divided.held_out),
        "left_out": divided.left_out,
        "estimates": _told(costs) if costs else None,
        "sheets": [] if failed else [SHEET],
    }


def _counted(shown: tuple[index.Shown, ...]) -> dict[str, int]:
    people = {one.person for one in shown} - {index.NOBODY}
    return {"pictures": len(shown), "people": len(people)}


def _told(costs: Estimates) -> dict[str, Any]:
    return {"seconds": costs.seconds, "disk": costs.disk, **asdict(costs)}


def _of_amounts(meant: Meant, divided: Index) -> Iterator[Finding]:
    """Judge whether there is enough to learn from."""
    pictures, people = len(divided.learned), len(divided.people())
    if meant.loss != "distil" and people < FEW:
        yield Finding(
            Severity.WARNING,
            f"{people:,} people teach a net to tell these people apart, and little of "
            "others.",
            "Add people, or learn from an embedder that knows faces.",
        )
    elif pictures < looking.MANY_PICTURES:
        yield Finding(
            Severity.WARNING,
            f"{pictures:,} pictures are few: the net will know faces like these only.",
            "Add pictures; for a teacher, faces of anybody do.",
        )
    if divided.left_out:
        yield Finding(
            Severity.NOTE,
            f"{divided.left_out:,} pictures are left out: of people with too few.",
        )
    seen = looking.look(meant.check.index.data)
    grown = meant.numbers.people.grown
    for one in seen:
        noted = one.settings.get("people.grown", grown)
        if abs(noted - grown) > GROWN_APART:
            yield Finding(
                Severity.WARNING,
                f"The faces in {one.folder} are cut as the box times {noted:g}, and "
                f"people.grown says {grown:g}: the net would see less or more of a "
                "face than the camera's.",
                f"Say how they are cut: --set people.grown={noted:g}",
            )
    if not all(one.square for one in seen):
        yield Finding(
            Severity.WARNING,
            "Most pictures are no squares: they may be whole photos, not faces.",
            "Cut the faces out first: facecam align.",
        )


def _of_pairs(meant: Meant, divided: Index) -> Iterator[Finding]:
    """Judge whether the pairs can say how the net does."""
    if meant.pairs is None:
        text = "Without pairs to verify on, nobody can say how it does beside others."
        yield Finding(Severity.NOTE, text, "Choose a folder of LFW, with pairs.txt.")
        return
    try:
        pairs = usable_pairs(meant.pairs)
    except (DatasetError, ImageError) as error:
        yield Finding(Severity.ERROR, str(error))
        return
    shown = {path.parent.name for one in pairs for path in (one.first, one.second)}
    taught = {one.person or one.path.parent.name for one in divided.learned}
    if both := shown & taught:
        yield Finding(
            Severity.WARNING,
            f"{len(both):,} people of the pairs are learned from: what is measured on "
            "the pairs will be better than with strangers.",
            "Leave these people out of the data, or give other pairs.",
        )


def _estimate(meant: Meant, divided: Index, taken: float, folder: Path) -> Estimates:
    """Estimate the costs of a run; `taken` are the seconds the look has taken."""
    import psutil

    crop = taken / max(min(SHOWN, len(divided.learned)), 1)
    speeds = _Speeds(crop, _asked(meant), _learned(meant.numbers.network))
    parts = [*_crops(meant, divided, speeds), *_learning(meant, divided, speeds)]
    memory = psutil.virtual_memory().available
    free = shutil.disk_usage(folder).free
    network = meant.numbers.network
    return Estimates(tuple(parts), MEMORY[network], free, memory)


def _crops(meant: Meant, divided: Index, speeds: _Speeds) -> Iterator[Estimate]:
    """Estimate what is cut, and asked, before anything is learned."""
    numbers, size = meant.numbers, meant.check.size
    learned, held_out = len(divided.learned), len(divided.held_out)
    together = min(numbers.workers, os.cpu_count() or 1)
    if meant.distils:
        crops = learned * numbers.teacher.rounds + held_out
        seconds = crops * (speeds.crop + speeds.ask) / together
        room = crops * (size * size * 3 + DIMENSIONS * 4)
        yield Estimate("teacher", seconds, room)
    else:
        crops = learned + held_out
        room = crops * kept_size(size) ** 2 * 3
        yield Estimate("crops", crops * speeds.crop / together, room)
    if pictures := _pictures(meant):
        yield Estimate("pairs", pictures * PAIRED, pictures * 4 * size * size * 3)


def _learning(meant: Meant, divided: Index, speeds: _Speeds) -> Iterator[Estimate]:
    """Estimate the fit with its measurements, and the comparison at the end."""
    numbers, fit = meant.numbers, meant.numbers.fit
    learned = len(divided.learned)
    if meant.distils:
        crops, batch = learned * numbers.teacher.rounds, fit.batch
    else:
        crops, batch = learned, fit.people * fit.pictures
    seen = crops * fit.epochs
    looks = seen / batch / fit.every + 2
    measured = min(len(divided.held_out), MEASURED) + _pictures(meant)
    seconds = seen * speeds.learn + looks * measured * speeds.learn / 3
    room = WEIGHTS[numbers.network] * COPIES
    yield Estimate("fit", seconds, room)
    yield Estimate("evaluate", 3 * measured * (speeds.ask or speeds.learn / 3), 0.0)


def _pictures(meant: Meant) -> int:
    """Return how many pictures the pairs have; 0 if they cannot be read."""
    if meant.pairs is None:
        return 0
    try:
        pairs = read_pairs(meant.pairs)
    except (DatasetError, ImageError):
        return 0
    return len({path for pair in pairs for path in (pair.first, pair.second)})


def _asked(meant: Meant) -> float:
    """Measure the seconds a teacher takes for a face, of one core; 0 without one."""
    if meant.other is None:
        return 0.0
    from facecam.runtime import litert

    some = 8
    net = litert.load(meant.other.net, threads=1, buckets=(some,))
    faces = np.zeros((some, meant.other.size, meant.other.size, 3), np.uint8)
    return _quickest(lambda: net(faces), times=3) / some


def _learned(network: str) -> float:
    """Return the seconds to learn from one crop here, about."""
    values = np.linspace(0, 1, NUMBERS, dtype=np.float32)
    taken = _quickest(lambda: (np.tanh(values), np.exp(values)), times=20)
    return LEARNED[network] * taken / REFERENCE


def _quickest(work: Any, times: int) -> float:
    """Return the least seconds of the processor something takes, after a first time."""
    taken = []
    for _ in range(times + 1):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken[1:])
