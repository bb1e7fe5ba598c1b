"""An embedder fitted to crops: steps, measurements, checkpoints, the best weights.

    metrics.jsonl, events.out.tfevents…     the curves
    checkpoint-….npz                        weights, optimiser, average, position
    best.npz                                the weights that measured best
    weights.npz  int8.tflite  float32.tflite    as installed, written last

Batch n depends on the seed and n alone, so a fit that goes on from a checkpoint is the
same as one that was never interrupted, apart from the order of sums on several cores.
Several workers take a share each of every batch; the first of them measures and writes.
"""

from __future__ import annotations

import hashlib
import json
import math
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.config.embedding_training import AlteringConfig, EmbedderFitConfig
from facecam.errors import TrainingError
from facecam.nets.together import Company, Place, join
from facecam.training import checkpoints
from facecam.training.ahead import in_advance
from facecam.training.apart import run_apart, run_together
from facecam.training.board import Curves
from facecam.training.embedder.batches import (
    Batch,
    PeopleBatches,
    Share,
    TaughtBatches,
)
from facecam.training.embedder.crops import INDEX
from facecam.training.embedder.fellows import Fellows
from facecam.training.embedder.measuring import Measured, measure, read_measured, worth
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


def fit_embedder(
    fellows: Fellows,
    request: EmbedderFitRequest,
    inputs: Inputs,
    out: Path,
    report: Report,
) -> Metrics:
    """Fit an embedder in processes of their own; the step function of the fit step.

    Args:
        fellows: who fits together.
        request: what determines the fit; its batches are those of all together.
        inputs: the crops, and the pairs if there are any.
        out: gets the curves, the checkpoints and in the end the weights.
        report: told about steps and losses.

    Raises:
        TrainingError: a loss is no number, or a process ended.
        DatasetError: the crops cannot be used.
    """
    crops, *pairs = inputs.values()
    arguments = (request, crops, pairs[0] if pairs else None, out)
    shares = [(place, *arguments) for place in fellows.places()]
    metrics: Metrics = run_together(fit_share, shares, report)[0]
    run_apart(compile_net, (request.network, out), report)
    checkpoints.thin(out, keep=1)  # goes on from there if all but publishing was done
    return metrics


def help_fit(
    fellows: Fellows,
    request: EmbedderFitRequest,
    inputs: Inputs,
    out: Path,
    report: Report,
) -> Metrics:
    """Take part in a fit whose first worker is elsewhere; a step function.

    Args and errors are those of `fit_embedder`; nothing is kept here.
    """
    (crops,) = inputs.values()
    [place] = fellows.places()
    metrics: Metrics = run_apart(fit_share, (place, request, crops, None, out), report)
    return metrics


def fit(
    request: EmbedderFitRequest,
    crops: Path,
    pairs: Path | None,
    out: Path,
    report: Report,
) -> Metrics:
    """Fit in this process; the weights measured best are in `out` afterwards."""
    return fit_share(Place(), request, crops, pairs, out, report)


def fit_share(  # noqa: PLR0913 - a process of its own, told everything
    place: Place,
    request: EmbedderFitRequest,
    crops: Path,
    pairs: Path | None,
    out: Path,
    report: Report,
) -> Metrics:
    """Fit in this process, together with others; the first writes into `out`."""
    from facecam.nets.embedder_schedule import last_step

    with closing(_batches(request, crops, place)) as batches:
        last = last_step(request.fit, batches.epoch)
        seen = place.rank == 0 or place.neighbours > 1  # `out` is that of the first
        state = checkpoints.newest(out) if seen else None
        if state is not None and int(state["steps"]) >= last:
            if place.rank > 0:
                return {"steps": last}
            place = Place()  # nothing is left to do together
        if place.count > 1:
            report(Progress(STEP, 0, last, {}, "waiting for the other workers"))
        company = join(place)
        company.require_same(_identity(request, crops))
        fitting = _Fitting(request, company, batches, last, out)
        first = place.rank == 0
        best = fitting.begin(state if first else None)
        measured = read_measured(crops, pairs, request.size) if first else None
        fitting.run(best, measured, report)
        company.meet()  # the others stay until the first has kept everything
    return fitting.told(best)


class _Fitting:
    """A fit on its way, in one process.

    Args:
        request: what determines it.
        company: those it is done with.
        batches: this one's shares of them.
        last: step it ends with.
        out: gets what is kept, from the first process.
    """

    def __init__(
        self,
        request: EmbedderFitRequest,
        company: Company,
        batches: TaughtBatches | PeopleBatches,
        last: int,
        out: Path,
    ) -> None:
        from facecam.nets.embedder_training import EmbedderTrainee

        self._config, self._company = request.fit, company
        self._batches, self._last, self._out = batches, last, out
        self._trainee = EmbedderTrainee(
            request.network,
            request.loss,
            request.fit,
            request.seed,
            batches.epoch,
            batches.people,
            _start(request),
            company,
        )

    def begin(self, state: dict[str, Any] | None) -> _Best:
        """Go on from a checkpoint of the first process, if there is one."""
        best = _Best()
        if state is not None:
            value, steps = state.pop("best").tolist()
            best = _Best(value, int(steps))
            self._trainee.resume(state)
        if self._company.place.count > 1:
            self._trainee.adopt()
        return best

    def run(self, best: _Best, measured: Measured | None, report: Report) -> None:
        """Learn to the last step; measure and keep where there is what to measure."""
        trainee, last = self._trainee, self._last
        with Curves(self._out) if measured else nullcontext() as curves:
            if curves is not None and measured is not None:
                self._open(curves, measured)
            with in_advance(self._batches, trainee.steps, last) as source:
                for batch in source:
                    loss = trainee.learn(batch.pixels, batch.wanted)
                    if not math.isfinite(loss):
                        raise _no_number(batch, trainee.steps, self._out)
                    due = trainee.steps % self._config.every == 0
                    if due or trainee.steps == last:
                        if curves is not None and measured is not None:
                            self._keep(best, measured, curves, report)
                    elif trainee.steps % REPORT_EVERY == 0:
                        report(Progress(STEP, trainee.steps, last, {"loss": loss}))

    def told(self, best: _Best) -> Metrics:
        """Return what the step tells in the end."""
        if self._company.place.rank > 0:
            return {"steps": self._trainee.steps}
        return _finish(best, self._trainee, self._out)

    def _open(self, curves: Curves, measured: Measured) -> None:
        """Let the curves end where the fit goes on."""
        if self._trainee.steps:
            curves.truncate(self._trainee.steps)
            return
        curves.truncate(-1)  # what the net can do before it has learned anything
        before = measure(self._trainee.embed, measured.held_out, measured.pairs)
        curves.add(0, {**before, "epoch": 0.0})

    def _keep(
        self, best: _Best, measured: Measured, curves: Curves, report: Report
    ) -> None:
        """Measure, and keep a checkpoint and the best weights."""
        trainee = self._trainee
        figures = _look(trainee, measured)
        figures["epoch"] = trainee.steps / self._batches.epoch
        curves.add(trainee.steps, figures)
        _note(best, figures, trainee, self._out)
        _save(trainee, best, self._config, self._out)
        report(Progress(STEP, trainee.steps, self._last, figures))


def compile_net(network: str, out: Path, report: Report) -> None:
    """Compile the best weights in `out`; to be run in a process of its own.

    The compiler is TensorFlow's, whichever backend has trained.
    """
    import os

    os.environ["KERAS_BACKEND"] = "tensorflow"
    from facecam.nets.compile import convert_embedder

    report(Progress(STEP, 1, 1, {}, "compiling"))
    convert_embedder(out, out / BEST, network)


def _batches(
    request: EmbedderFitRequest, crops: Path, place: Place
) -> TaughtBatches | PeopleBatches:
    share = Share(place.rank, place.count)
    if request.loss == "distil":
        return TaughtBatches(crops, request.fit, request.seed, share)
    return PeopleBatches(
        crops, request.fit, request.altering, request.size, request.seed, share
    )


def _identity(request: EmbedderFitRequest, crops: Path) -> NDArray[np.int32]:
    """Return numbers (8,) that only the same fit of as many crops has, anywhere."""
    numbers = {**asdict(request), "start": ""}
    content = json.dumps(numbers, sort_keys=True).encode()
    content += (crops / INDEX).read_bytes()
    return np.frombuffer(hashlib.sha256(content).digest(), np.int32)


def _look(trainee: Any, measured: Measured) -> Metrics:
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
