"""The last step of a run: the compiled embedder beside its teacher, or the one in use.

evaluation.json    the new one measured on what was held out, both on pairs; times
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facecam import files
from facecam.faces import Floats, Image, Net
from facecam.runtime import litert
from facecam.training.embedder.crops import HELD_OUT
from facecam.training.embedder.measuring import (
    AT_ONCE,
    Embed,
    PairSet,
    measure,
    read_held_out,
    read_pairs,
    verify,
)
from facecam.training.step import Inputs, Metrics, Progress, Report

EVALUATION = "evaluation.json"
THREADS = 2
"""Of each net."""
TIMED = 40
"""Single faces that are timed."""


@dataclass(frozen=True)
class Other:
    """An embedder that the new one is compared with."""

    name: str
    net: Path
    """Its flatbuffer."""
    size: int
    """Side of its input, pixels."""
    content: str
    """Fingerprint of its weights."""


@dataclass(frozen=True)
class EvaluationRequest:
    """How the finished embedder is measured."""

    size: int
    """Side of its input, pixels."""
    other: Other | None = None


def evaluate(
    request: EvaluationRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Measure the compiled nets; a step function.

    Args:
        request: what they are compared with.
        inputs: crops, fit and, if there are any, pairs.
        out: gets the file above.
        report: told about nets done.
    """
    crops, fit, *given = inputs.values()
    held_out = read_held_out(crops / HELD_OUT, request.size)
    told: dict[str, Any] = {}
    nets = {name: _load(fit / f"{name}.tflite") for name in ("int8", "float32")}
    for done, (name, net) in enumerate(nets.items()):
        report(Progress("evaluate", done, 3, {}, name))
        pairs = read_pairs(given[0], request.size) if given else None
        told[name] = measure(embedding(net), held_out, pairs)
    if request.other is not None:
        report(Progress("evaluate", 2, 3, {}, request.other.name))
        net = _load(request.other.net)
        told["other"] = {"name": request.other.name}
        if given:
            theirs = read_pairs(given[0], request.other.size)
            told["other"] |= _pairs_told(net, theirs)
        sizes = request.size, request.other.size
        told["time"] = times((nets["int8"], net), sizes)
    files.write(out / EVALUATION, json.dumps(told, indent=1).encode())
    return _metrics(told)


def embedding(net: Net) -> Embed:
    """Return what embeds any number of crops with a net."""

    def embed(crops: Image) -> Floats:
        (found,) = net(crops)
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(norms, 1e-12), np.float32)

    return embed


def times(nets: tuple[Net, Net], sizes: tuple[int, int]) -> dict[str, float]:
    """Time two nets on single faces, in turn so that other loads touch both.

    Returns:
        Median milliseconds of each, and the first's as a share of the second's.
    """
    faces = [np.zeros((1, size, size, 3), np.uint8) for size in sizes]
    took: list[list[float]] = [[], []]
    for _ in range(TIMED):
        for net, face, mine in zip(nets, faces, took, strict=True):
            begin = time.perf_counter()
            net(face)
            mine.append(1000 * (time.perf_counter() - begin))
    one, other = (float(np.median(mine[3:])) for mine in took)
    return {"milliseconds": one, "other": other, "share": one / other}


def _load(path: Path) -> Net:
    return litert.load(path, THREADS, buckets=(1, 8, AT_ONCE))


def _pairs_told(net: Net, pairs: PairSet) -> dict[str, float]:
    result = verify(embedding(net), pairs)
    return {"lfw": result["accuracy"], "lfw_val": result["val_at_far_1e-3"]}


def _metrics(told: Mapping[str, Any]) -> Metrics:
    metrics: Metrics = dict(told["int8"])
    other = told.get("other", {})
    metrics |= {f"other_{k}": v for k, v in other.items() if k != "name"}
    if "time" in told:
        metrics["time_share"] = told["time"]["share"]
    return metrics
