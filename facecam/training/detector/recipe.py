"""The whole retraining run on one page.

    00-check         the data looked at, and refused if it cannot work
    01-index         all sets -> one list of annotations, divided
    02-pnet-samples  random crops, 12 px            05  08  mined with the nets so far
    03-pnet-fit      one net fitted                 06  09
    04-pnet-check    recall of the cascade, a gate  07  10
    11-evaluate      the finished cascade beside the deployed detector

One `make_samples`, one `fit_net` and one `check` serve all three nets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from facecam import artifacts
from facecam.annotations import reading
from facecam.config import RetrainingConfig
from facecam.errors import TrainingError
from facecam.training.detector import index
from facecam.training.detector.cascade import INDEX, NETS, WEIGHTS, fits_of, is_run
from facecam.training.detector.checking.preflight import PreflightRequest, check_data
from facecam.training.detector.crops.mining import SamplesRequest, make_samples
from facecam.training.detector.evaluation import evaluating
from facecam.training.detector.fitting import FitRequest, fit_net
from facecam.training.detector.index import IndexRequest
from facecam.training.detector.stages import CheckRequest, check
from facecam.training.step import Step

CHECK = "00-check"
EVALUATE = "11-evaluate"


@dataclass(frozen=True)
class DetectorRequest:
    """What a person asks for when they train a detector."""

    data: tuple[Path, ...]
    """Folders of labelled pictures."""
    negatives: tuple[Path, ...] = ()
    """Folders of pictures without faces."""
    hard: tuple[Path, ...] = ()
    """Pools of hard examples."""
    replay: tuple[Path, ...] = ()
    """Folders of pictures in which what the start finds is taught again."""
    start: Path | None = None
    """What to start from: the folder of an installed detector, or of a run."""
    deployed: Path | None = None
    """The installed detector the new one is compared with."""


def detector_recipe(request: DetectorRequest, config: RetrainingConfig) -> list[Step]:
    """Return the steps of a run.

    Args:
        request: data, and what to start from.
        config: every number.

    Raises:
        DatasetError: a folder is not there.
        TrainingError: there are no weights to start from.
    """
    if request.replay and request.start is None:
        raise TrainingError(
            "From scratch there is nothing to remember. Leave --replay out, or start "
            "from the detector in use with --from deployed."
        )
    folders = (*request.data, *request.negatives, *request.hard, *request.replay)
    content = reading.fingerprint(folders)
    sets = IndexRequest(
        request.data,
        request.negatives,
        request.hard,
        content,
        config.index,
        str(request.start or ""),
        request.replay,
    )
    seen = PreflightRequest(sets, replace(config, workers=1))
    steps = [
        Step(CHECK, partial(check_data, config.workers), seen),
        Step(INDEX, partial(index.index, config.workers), sets),
    ]
    fits: list[str] = []
    for stage in range(len(NETS)):
        steps += _stage(stage, fits, request, config)
        fits.append(_name(stage, "fit"))
    steps.append(
        Step(
            EVALUATE,
            evaluating.evaluate_run,
            evaluating.request(request.deployed, config.trial),
            needs=(INDEX, *fits),
            version=2,
        )
    )
    return steps


def _stage(
    stage: int, fits: Sequence[str], request: DetectorRequest, config: RetrainingConfig
) -> list[Step]:
    """Return samples, fit and check of one net."""
    net = NETS[stage]
    numbers = getattr(config, net)
    samples, fit = _name(stage, "samples"), _name(stage, "fit")
    file, content = _start(request.start, stage)
    return [
        Step(
            samples,
            partial(make_samples, config.workers),
            SamplesRequest(net, config.seed, numbers.samples, config.mining),
            needs=(INDEX, *fits),
        ),
        Step(
            fit,
            fit_net,
            FitRequest(net, config.seed, numbers.fit, file, content),
            needs=(samples,),
        ),
        Step(
            _name(stage, "check"),
            partial(check, config.workers),
            CheckRequest(stage, config.mining, config.gate),
            needs=(INDEX, *fits, fit),
        ),
    ]


def _name(stage: int, part: str) -> str:
    number = 2 + 3 * stage + ("samples", "fit", "check").index(part)
    return f"{number:02d}-{NETS[stage]}-{part}"


def _start(start: Path | None, stage: int) -> tuple[str, str]:
    """Return the file one net starts from and its checksum; "" for nothing."""
    if start is None:
        return "", ""
    file = (fits_of(start)[stage] if is_run(start) else start) / WEIGHTS
    if not file.is_file():
        raise TrainingError(f"{file} is missing. Use --from scratch.")
    return str(file), artifacts.sha256(file)
