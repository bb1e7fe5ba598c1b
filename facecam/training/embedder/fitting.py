"""An embedder fitted to crops: steps, measurements, checkpoints, the best weights.

    metrics.jsonl, events.out.tfevents…     the curves
    checkpoint-….npz                        weights, optimiser, average, position
    best.npz                                the weights that measured best
    weights.npz  int8.tflite  float32.tflite    as installed, written last

Batch n depends on the seed and n alone, so a fit that goes on from a checkpoint is the
same as one that was never interrupted, apart from the order of sums on several cores.
"""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facecam import files
from facecam.config.embedding_training import AlteringConfig, EmbedderFitConfig
from facecam.errors import TrainingError
from facecam.training import checkpoints
from facecam.training.ahead import in_advance
from facecam.training.apart import run_apart
from facecam.training.board import Curves
from facecam.training.embedder.batches import Batch, PeopleBatches, TaughtBatches
from facecam.training.embedder.crops import HELD_OUT
from facecam.training.embedder.measuring import (
    HeldOut,
    PairSet,
    measure,
    read_held_out,
    read_pairs,
    worth,
)
from facecam.training.step import Inputs, Metrics, Progress, Report

STEP = "fit"
BEST = "best.npz"
WEIGHTS = "weights.npz"
NAN_BATCH = "nan-batch.npz"
REPORT_EVERY = 20
"""Steps between two reports."""


@dataclass(frozen=True)
class EmbedderFitRequest:
    """What determines a fit."""

    network: str
    size: int
    """Side of its input, pixels."""
    loss: str
    seed: int
    fit: EmbedderFitConfig
    altering: AlteringConfig
    start: str = ""
    """File of canonical arrays to start from; "" starts from nothing."""
    start_content: str = ""
    """Its fingerprint."""


@dataclass
class _Best:
    """The best measurement so far."""

    value: float = -math.inf
    steps: int = 0


@dataclass(frozen=True, eq=False)
class _Measured:
    """What a fit is measured on."""

    held_out: HeldOut
    pairs: PairSet | None


def fit_embedder(
    request: EmbedderFitRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Fit an embedder in a process of its own; the step function of the fit step.

    Args:
        request: what determines the fit.
        inputs: the crops, and the pairs if there are any.
        out: gets the curves, the checkpoints and in the end the weights.
        report: told about steps and losses.

    Raises:
        TrainingError: a loss is no number, or the process ended.
        DatasetError: the crops cannot be used.
    """
    crops, *pairs = inputs.values()
    arguments = (request, crops, pairs[0] if pairs else None, out)
    metrics: Metrics = run_apart(fit, arguments, report)
    run_apart(compile_net, (request.network, out), report)
    checkpoints.thin(out, keep=1)  # goes on from there if all but publishing was done
    return metrics


def fit(
    request: EmbedderFitRequest,
    crops: Path,
    pairs: Path | None,
    out: Path,
    report: Report,
) -> Metrics:
    """Fit in this process; the weights measured best are in `out` afterwards."""
    from facecam.nets.embedder_training import EmbedderTrainee, last_step

    config = request.fit
    with closing(_batches(request, crops)) as batches:
        trainee = EmbedderTrainee(
            request.network,
            request.loss,
            config,
            request.seed,
            batches.epoch,
            batches.people,
            _start(request),
        )
        best = _resume(trainee, out)
        last = last_step(config, batches.epoch)
        measured = _measured(request, crops, pairs)
        with Curves(out) as curves:
            if trainee.steps:
                curves.truncate(trainee.steps)
            else:  # what the net can do before it has learned anything
                curves.truncate(-1)
                before = measure(trainee.embed, measured.held_out, measured.pairs)
                curves.add(0, {**before, "epoch": 0.0})
            with in_advance(batches, trainee.steps, last) as source:
                for batch in source:
                    loss = trainee.learn(batch.pixels, batch.wanted)
                    if not math.isfinite(loss):
                        raise _no_number(batch, trainee.steps, out)
                    if trainee.steps % config.every == 0 or trainee.steps == last:
                        figures = _look(trainee, measured)
                        figures["epoch"] = trainee.steps / batches.epoch
                        curves.add(trainee.steps, figures)
                        _note(best, figures, trainee, out)
                        _save(trainee, best, config, out)
                        report(Progress(STEP, trainee.steps, last, figures))
                    elif trainee.steps % REPORT_EVERY == 0:
                        report(Progress(STEP, trainee.steps, last, {"loss": loss}))
    return _finish(best, trainee, out)


def compile_net(network: str, out: Path, report: Report) -> None:
    """Compile the best weights in `out`; to be run in a process of its own.

    The compiler is TensorFlow's, whichever backend has trained.
    """
    import os

    os.environ["KERAS_BACKEND"] = "tensorflow"
    from facecam.nets.compile import convert_embedder

    report(Progress(STEP, 1, 1, {}, "compiling"))
    convert_embedder(out, out / BEST, network)


def _batches(request: EmbedderFitRequest, crops: Path) -> TaughtBatches | PeopleBatches:
    if request.loss == "distil":
        return TaughtBatches(crops, request.fit, request.seed)
    return PeopleBatches(
        crops, request.fit, request.altering, request.size, request.seed
    )


def _measured(
    request: EmbedderFitRequest, crops: Path, pairs: Path | None
) -> _Measured:
    held_out = read_held_out(crops / HELD_OUT, request.size)
    return _Measured(held_out, read_pairs(pairs, request.size) if pairs else None)


def _look(trainee: Any, measured: _Measured) -> Metrics:
    """Return the losses since the last measurement, and figures on what is held out."""
    figures: Metrics = trainee.losses()
    figures["rate"] = trainee.rate()
    with trainee.averaged():
        figures |= measure(trainee.embed, measured.held_out, measured.pairs)
    return figures


def _start(request: EmbedderFitRequest) -> dict[str, Any] | None:
    if not request.start:
        return None
    from facecam.nets import weights
    from facecam.nets.embedders import network
    from facecam.nets.layers import names_and_shapes

    wanted = names_and_shapes(network(request.network).build(False))
    return weights.read(Path(request.start), wanted)


def _resume(trainee: Any, out: Path) -> _Best:
    """Go on from the newest checkpoint, if there is one."""
    state = checkpoints.newest(out)
    if state is None:
        return _Best()
    value, steps = state.pop("best").tolist()
    trainee.resume(state)
    return _Best(value, int(steps))


def _save(trainee: Any, best: _Best, config: EmbedderFitConfig, out: Path) -> None:
    state = trainee.state()
    state["best"] = np.array([best.value, best.steps], np.float64)
    checkpoints.save(out, trainee.steps, state, config.keep)


def _note(best: _Best, figures: Metrics, trainee: Any, out: Path) -> None:
    """Keep the weights if none measured better."""
    value = worth(figures)
    if value >= best.value:
        with trainee.averaged():
            files.write(out / BEST, checkpoints.packed(trainee.weights()))
        best.value, best.steps = value, trainee.steps


def _finish(best: _Best, trainee: Any, out: Path) -> Metrics:
    if checkpoints.unpacked(out / BEST) is None:
        raise TrainingError(
            f"{out / BEST} is missing or damaged. Delete {out} and run again."
        )
    return {"steps": trainee.steps, "best_steps": best.steps, "worth": best.value}


def _no_number(batch: Batch, steps: int, out: Path) -> TrainingError:
    path = out / NAN_BATCH
    arrays = {"pixels": batch.pixels, "wanted": batch.wanted}
    files.write(path, checkpoints.packed(arrays))
    return TrainingError(
        f"The loss of step {steps} is no number. The batch is kept in {path}. A "
        "smaller rate (--set fit.rate=0.0003) or --set fit.precision=float32 helps."
    )
