"""After each net: what the cascade so far finds of the held-out faces, and a gate.

Accuracy on balanced samples says little: a net may be right on 98 of 100 crops and find
no face. What counts is recall over whole pictures, at the thresholds of mining.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from facecam import files
from facecam.annotations.annotation import Annotation
from facecam.config.retraining import GateConfig, MiningConfig
from facecam.errors import TrainingError
from facecam.faces import Floats
from facecam.media import read_image
from facecam.training.detector import index
from facecam.training.detector.cascade import load_cascade
from facecam.training.detector.crops.mining import mining_config
from facecam.training.step import Inputs, Metrics, Progress, Report
from facecam.training.workers import map_tasks
from facecam.vision.boxes import iou, longer_sides
from facecam.vision.detector import MTCNNDetector

STAGES = ("P-Net", "R-Net", "O-Net")
MOST_PICTURES = 2000
"""Held-out pictures looked at, at most: enough for a recall to within a point."""
CHUNK = 16
"""Pictures a worker takes at once."""
LEAST_EYES = 1.0
"""Eyes nearer to each other than so many pixels measure nothing: full profiles."""
FEW_PROPOSALS = 3.0
"""Proposals a face below which a net says no to nearly everything."""
HINTS = {
    "silent": "The net proposes next to nothing. Often the boxes are written in "
    "another form than they are read in (corners as sizes, or the reverse): look at "
    "the drawn boxes with facecam train check.",
    "elsewhere": "The net proposes much, but not where the faces are. Often the boxes "
    "do not belong to these pictures, or most faces are unlabelled: look at the drawn "
    "boxes with facecam train check.",
    "short": "It was fitted for few steps or on few faces: see the curves in the "
    "folder of its fit, and raise --set {net}.fit.steps=…, or add pictures.",
}


@dataclass(frozen=True)
class CheckRequest:
    """What is checked, and what it must reach."""

    stage: int
    """How many nets there are, less one."""
    mining: MiningConfig
    gate: GateConfig


@dataclass(frozen=True)
class Found:
    """What a cascade finds in some pictures."""

    faces: int
    found: int
    pictures: int
    proposals: int
    errors: tuple[float, ...]
    """Of the landmarks of the faces found, by eye distance."""


def check(
    workers: int, request: CheckRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Measure the cascade so far and stop a run that leads nowhere.

    Args:
        workers: processes.
        request: which stage, and its gate.
        inputs: 01-index and the fits so far.
        out: gets figures.json.
        report: told about pictures done.

    Raises:
        TrainingError: the recall is below the gate; says what the cause may be.
    """
    source, *fits = inputs.values()
    truths = index.read(source / index.HELD_OUT)
    truths = truths[:: max(1, math.ceil(len(truths) / MOST_PICTURES))]
    figures = measure(truths, fits, request, workers, report)
    files.write(out / "figures.json", json.dumps(figures, indent=2).encode())
    least = request.gate.recall[request.stage]
    if figures.get("recall", 1.0) < least:
        raise TrainingError(_refusal(request.stage, figures, least))
    return figures


def measure(
    truths: Sequence[Annotation],
    fits: Sequence[Path],
    request: CheckRequest,
    workers: int,
    report: Report,
) -> Metrics:
    """Return recall, proposals per picture and the landmarks' error of a cascade."""
    chunks = [truths[n : n + CHUNK] for n in range(0, len(truths), CHUNK)]
    step = f"{STAGES[request.stage]} check"

    def tell(done: int) -> None:
        report(Progress(step, min(done * CHUNK, len(truths)), len(truths), {}))

    work = partial(_look, request)
    prepare = partial(_prepare, tuple(fits), request.mining)
    parts = list(map_tasks(work, chunks, workers, tell, prepare))
    faces, pictures = sum(p.faces for p in parts), sum(p.pictures for p in parts)
    figures: Metrics = {"pictures": pictures, "faces": faces}
    if faces:
        figures["recall"] = sum(p.found for p in parts) / faces
    if pictures:
        figures["proposals"] = sum(p.proposals for p in parts) / pictures
    errors = [error for part in parts for error in part.errors]
    if errors:
        figures["landmark_error"] = float(np.mean(errors))
        figures["mean_shape_error"] = mean_shape_error(truths)
    return figures


def mean_shape_error(truths: Sequence[Annotation]) -> float:
    """Return the landmarks' error, by eye distance, of one shape for every box.

    A net that has learned nothing about landmarks does this well.
    """
    shapes, eyes = [np.empty((0, 5, 2))], [np.empty((0, 1, 2))]
    for one in truths:
        known = np.isfinite(one.landmarks).all(axis=(1, 2)) & ~one.ignored
        known &= np.isfinite(_eye_distance(one.landmarks))
        box = one.boxes[known][:, None, :]  # (m, 1, 4)
        points = one.landmarks[known]
        sides = box[..., 2:] - box[..., :2]
        shapes.append((points - box[..., :2]) / sides)
        eyes.append(_eye_distance(points)[:, None, None] / sides)
    shape, eye = np.concatenate(shapes), np.concatenate(eyes)  # (n, 5, 2), (n, 1, 2)
    if not len(shape):
        return math.nan
    away = np.linalg.norm((shape - shape.mean(axis=0)) / eye, axis=2)
    return float(away.mean())


_cascade: list[MTCNNDetector] = []
"""In a worker: the nets so far."""


def _prepare(fits: Sequence[Path], config: MiningConfig) -> None:
    _cascade[:] = [load_cascade(fits, mining_config(config))]


def _look(request: CheckRequest, truths: Sequence[Annotation]) -> Found:
    (cascade,) = _cascade
    faces = found = proposals = 0
    errors: list[float] = []
    for truth in truths:
        seen = cascade.detect(read_image(truth.path))
        longer = longer_sides(truth.boxes)
        asked = ~truth.ignored & (longer >= request.mining.min_face)
        overlap = iou(truth.boxes[asked], seen.boxes)  # (m, n)
        hit = overlap.max(axis=1, initial=0) >= request.gate.iou
        if truth.complete:
            faces += len(hit)
            found += int(hit.sum())
            proposals += len(seen)
        if hit.any():
            best = overlap.argmax(axis=1)
            points, known = seen.landmarks[best[hit]], truth.landmarks[asked][hit]
            away = np.linalg.norm(points - known, axis=2).mean(axis=1)
            away = away / _eye_distance(known)
            errors += away[np.isfinite(away)].tolist()
    pictures = sum(truth.complete for truth in truths)
    return Found(faces, found, pictures, proposals, tuple(errors))


def _eye_distance(points: Floats) -> Floats:
    """Return the distance of the eyes, NaN where it measures nothing, (n,)."""
    distance = np.linalg.norm(points[:, 0] - points[:, 1], axis=1)
    return np.where(distance >= LEAST_EYES, distance, np.nan).astype(np.float32)


def _refusal(stage: int, figures: Metrics, least: float) -> str:
    """Say what is wrong and what it may come from."""
    each = figures["proposals"] * figures["pictures"] / max(figures["faces"], 1)
    cause = "silent" if each < FEW_PROPOSALS else "elsewhere"
    if stage > 0 or figures["recall"] > least / 2:
        cause = "short"
    hint = HINTS[cause].format(net=("pnet", "rnet", "onet")[stage])
    return (
        f"After {STAGES[stage]} the cascade finds {figures['recall']:.0%} of the "
        f"held-out faces, with {figures['proposals']:.0f} proposals a picture; "
        f"{least:.0%} are needed to go on (gate.recall). {hint}"
    )
