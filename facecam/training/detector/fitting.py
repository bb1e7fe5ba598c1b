"""One net fitted to its samples: steps, measurements, checkpoints, the best weights.

    metrics.jsonl, events.out.tfevents…   the curves
    checkpoint-….npz                      weights, optimiser, average, position
    best.npz                              the weights that measured best
    hardest.json  hardest-….png           what is judged most wrongly, to be looked at
    weights.npz  net.tflite               what the next steps use, written last

Batch n depends on the seed and n alone, so a fit that goes on from a checkpoint is the
same as one that was never interrupted, apart from the order of sums on several cores.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.config.retraining import FitConfig
from facecam.errors import TrainingError
from facecam.faces import Floats
from facecam.training import checkpoints
from facecam.training.ahead import in_advance
from facecam.training.apart import run_apart
from facecam.training.board import Curves
from facecam.training.detector import hardest
from facecam.training.detector.cascade import NET, WEIGHTS
from facecam.training.detector.crops.batches import ORDER, Batches
from facecam.training.detector.crops.mining import HELD_OUT
from facecam.training.detector.crops.records import Records
from facecam.training.detector.crops.samples import Kind, Samples, join
from facecam.training.step import Inputs, Metrics, Progress, Report

BEST = "best.npz"
NAN_BATCH = "nan-batch.npz"
NOISE = 0.002
"""Later weights count as better down to so much less: the measurement is that exact."""
MEASURED = 3000
"""Held-out samples of each kind that are measured on, at most."""
AT_ONCE = 500
"""Of them, so many at a time."""
REPORT_EVERY = 20
"""Steps between two reports."""


@dataclass(frozen=True)
class FitRequest:
    """What determines a fit."""

    net: str
    seed: int
    fit: FitConfig
    start: str = ""
    """File of canonical arrays to start from; "" starts from nothing."""
    start_content: str = ""
    """Its fingerprint."""


@dataclass
class _Best:
    """The best measurement so far, and how many came after it."""

    value: float = -math.inf
    steps: int = 0
    since: int = 0


def fit_net(request: FitRequest, inputs: Inputs, out: Path, report: Report) -> Metrics:
    """Fit a net in a process of its own; the step function of the fit steps.

    Args:
        request: what determines the fit.
        inputs: the samples.
        out: gets the curves, the checkpoints and in the end the weights.
        report: told about steps and losses.

    Raises:
        TrainingError: a loss is no number, or the process ended.
        DatasetError: the samples cannot be used.
    """
    (samples,) = inputs.values()
    metrics: Metrics = run_apart(fit, (request, samples, out), report)
    run_apart(compile_net, (request.net, out), report)
    checkpoints.thin(out, keep=1)  # goes on from there if all but publishing was done
    return metrics


def fit(request: FitRequest, samples: Path, out: Path, report: Report) -> Metrics:
    """Fit a net in this process; the weights measured best are in `out` afterwards."""
    from facecam.nets.training import Trainee

    config = request.fit
    start = _start(request)
    trainee = Trainee(request.net, config, request.seed, start)
    best = _resume(trainee, out)
    held_out = _held_out(samples / HELD_OUT)
    drawn = Batches(samples, config, request.seed)
    with Curves(out) as curves, closing(drawn) as batches:
        curves.truncate(trainee.steps)
        last = config.steps if best.since < config.patience else trainee.steps
        with in_advance(batches, trainee.steps, last) as source:
            for batch in source:
                loss = trainee.learn(
                    batch.pixels, batch.kinds, batch.offsets, batch.landmarks
                )
                if not math.isfinite(loss):
                    raise _no_number(request.net, batch, trainee.steps, out)
                if trainee.steps % config.every == 0 or trainee.steps == last:
                    figures, scores = _measure(trainee, held_out, config)
                    curves.add(trainee.steps, figures)
                    _note(best, figures, trainee, out)
                    _save(trainee, best, config, out)
                    if held_out is not None:
                        hardest.write(out, trainee.steps, held_out, scores)
                    report(_progress(request, trainee.steps, figures))
                    if best.since >= config.patience:
                        break
                elif trainee.steps % REPORT_EVERY == 0:
                    report(_progress(request, trainee.steps, {"loss": loss}))
    return _finish(best, trainee, out)


def compile_net(net: str, out: Path, report: Report) -> None:
    """Compile the weights in `out`; to be run in a process of its own.

    The compiler is TensorFlow's, whichever backend has trained.
    """
    import os

    os.environ["KERAS_BACKEND"] = "tensorflow"
    from facecam.nets.trained import compile_trained

    weights = checkpoints.unpacked(out / WEIGHTS)
    assert weights is not None
    report(Progress(f"{net} fit", 1, 1, {}, "compiling"))
    files.write(out / NET, compile_trained(net, weights))


def recall_at_false_share(
    scores: Floats, kinds: NDArray[np.uint8], share: float
) -> float:
    """Return the share of positives above the score that a share of negatives exceed.

    Args:
        scores: (n,).
        kinds: (n,).
        share: of the negatives, 0…1.
    """
    positives, negatives = (
        scores[kinds == Kind.POSITIVE],
        scores[kinds == Kind.NEGATIVE],
    )
    if not len(positives) or not len(negatives):
        return math.nan
    threshold = np.quantile(negatives, 1 - share)
    return float((positives > threshold).mean())


def _start(request: FitRequest) -> dict[str, NDArray[Any]] | None:
    if not request.start:
        return None
    arrays = checkpoints.unpacked(Path(request.start))
    if arrays is None:
        raise TrainingError(f"{request.start} cannot be read. Train from scratch.")
    prefix = f"{request.net}_"
    if any(name.startswith(prefix) for name in arrays):  # a file of all three nets
        mine = {k: v for k, v in arrays.items() if k.startswith(prefix)}
        return {name.removeprefix(prefix): array for name, array in mine.items()}
    return arrays


def _resume(trainee: Any, out: Path) -> _Best:
    """Go on from the newest checkpoint, if there is one."""
    state = checkpoints.newest(out)
    if state is None:
        return _Best()
    value, steps, since = state.pop("best").tolist()
    trainee.resume(state)
    return _Best(value, int(steps), int(since))


def _save(trainee: Any, best: _Best, config: FitConfig, out: Path) -> None:
    state = trainee.state()
    state["best"] = np.array([best.value, best.steps, best.since], np.float64)
    checkpoints.save(out, trainee.steps, state, config.keep)


def _held_out(folder: Path) -> Samples | None:
    """Return what is measured on: evenly taken, at most `MEASURED` of each kind."""
    groups = []
    for kind in ORDER:
        records = Records(folder, kind)
        if len(records):
            count = min(len(records), MEASURED)
            places = np.linspace(0, len(records) - 1, count).astype(np.intp)
            groups.append(records.read(places))
        records.close()
    return join(groups, groups[0].pixels.shape[1]) if groups else None


def _measure(
    trainee: Any, samples: Samples | None, config: FitConfig
) -> tuple[Metrics, Floats]:
    """Return the losses since the last measurement, and figures on held-out samples.

    Returns:
        The figures, and the scores of the samples: (n,).
    """
    figures: Metrics = trainee.losses()
    if samples is None:
        return figures, np.empty(0, np.float32)
    with trainee.averaged():
        parts = [
            trainee.answer(samples.pixels[n : n + AT_ONCE])
            for n in range(0, len(samples), AT_ONCE)
        ]
    scores, offsets, points = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    placed = (samples.kinds == Kind.POSITIVE) | (samples.kinds == Kind.PART)
    marked = samples.kinds == Kind.LANDMARK
    known: Mapping[str, float] = {
        "recall": float(
            np.mean(
                [
                    recall_at_false_share(scores, samples.kinds, share)
                    for share in config.false_shares
                ]
            )
        ),
        "box_error": _mean(np.abs(offsets - samples.offsets)[placed]),
        "landmark_error": _mean(
            np.linalg.norm(points - samples.landmarks, axis=2)[marked]
        ),
    }
    figures |= {name: value for name, value in known.items() if value == value}
    return figures, scores


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else math.nan


def worth(figures: Mapping[str, float]) -> float:
    """Return by what weights are compared: recall, less the errors of what is placed.

    Without held-out samples, the losses decide.
    """
    if "recall" not in figures:
        return -figures["classification"] - figures["box"] - figures["landmarks"]
    return (
        figures["recall"]
        - figures.get("box_error", 0.0)
        - figures.get("landmark_error", 0.0)
    )


def _note(best: _Best, figures: Metrics, trainee: Any, out: Path) -> None:
    value = worth(figures)
    if value >= best.value - NOISE:
        with trainee.averaged():
            files.write(out / BEST, checkpoints.packed(trainee.weights()))
        best.value = max(best.value, value)
        best.steps, best.since = trainee.steps, 0
    else:
        best.since += 1


def _finish(best: _Best, trainee: Any, out: Path) -> Metrics:
    weights = checkpoints.unpacked(out / BEST)
    if weights is None:
        raise TrainingError(
            f"{out / BEST} is missing or damaged. Delete {out} and run again."
        )
    files.write(out / WEIGHTS, checkpoints.packed(weights))
    return {"steps": trainee.steps, "best_steps": best.steps, "worth": best.value}


def _progress(request: FitRequest, steps: int, figures: Metrics) -> Progress:
    return Progress(f"{request.net} fit", steps, request.fit.steps, figures)


def _no_number(net: str, batch: Samples, steps: int, out: Path) -> TrainingError:
    path = out / NAN_BATCH
    arrays: dict[str, NDArray[Any]] = {
        "kinds": batch.kinds,
        "pixels": batch.pixels,
        "offsets": batch.offsets,
        "landmarks": batch.landmarks,
    }
    files.write(path, checkpoints.packed(arrays))
    return TrainingError(
        f"The loss of step {steps} is no number. The batch is kept in {path}; look "
        "for boxes without area or absurd targets in it. If there are none, a smaller "
        f"learning rate (--set {net}.fit.rate=0.0003) helps."
    )
