"""A whole run that trains an embedder, on one page.

00-check       the data looked at, and refused if it cannot work
01-index       who is learned from, who is held out
02-crops       of people, for the fit to cut and alter anew
02-teacher     or: altered crops with what the teacher says of them
02-pairs       the faces of LFW's pairs, if they are given
03-fit         the net, measured now and then; compiled
04-evaluate    beside the teacher, or the embedder in use

On a machine that only helps another to fit, instead of the last three:

03-join        its share of every batch; nothing is kept
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from facecam import artifacts
from facecam.config import EmbeddingTrainingConfig
from facecam.config.embedding_training import LOSSES
from facecam.errors import TrainingError
from facecam.training.embedder import cutting, expecting, index
from facecam.training.embedder.checking import CheckRequest
from facecam.training.embedder.cutting import PeopleRequest, TeacherRequest
from facecam.training.embedder.evaluating import EvaluationRequest, Other, evaluate
from facecam.training.embedder.expecting import Meant
from facecam.training.embedder.fellows import Fellows
from facecam.training.embedder.fitting import (
    EmbedderFitRequest,
    fit_embedder,
    help_fit,
)
from facecam.training.embedder.index import IndexRequest, make_index
from facecam.training.embedder.pairing import PairsRequest, cut_pairs
from facecam.training.step import Step
from facecam.vision.detector import Detector

CHECK, INDEX, CROPS, TEACHER = "00-check", "01-index", "02-crops", "02-teacher"
PAIRS, FIT, EVALUATE = "02-pairs", "03-fit", "04-evaluate"
JOIN = "03-join"
SIZES = {"compact": 112, "facenet": 160}
"""Sides of the networks' inputs, pixels; those of facecam.nets.embedders."""


@dataclass(frozen=True)
class PairsWanted:
    """Where LFW lies, and what finds its faces."""

    folder: Path
    detector: str
    """Name of the detector."""
    build: Callable[[], Detector]
    offset: float
    """Of the crop, see EmbedderConfig."""


@dataclass(frozen=True)
class EmbedderRequest:
    """What a person asks for when they train an embedder."""

    data: tuple[Path, ...]
    """Folders: one folder per person in each, or crops without names to distil."""
    loss: str
    start: Path | None = None
    """File of weights to start from."""
    other: Other | None = None
    """The teacher, or the embedder the new one is compared with."""
    pairs: PairsWanted | None = None
    cluster: tuple[str, ...] = ()
    """HOST:PORT of every machine that fits, by rank; none for this one alone."""
    rank: int = 0
    """Which of them this one is; the first keeps what is learned."""


def embedder_recipe(
    request: EmbedderRequest, config: EmbeddingTrainingConfig
) -> list[Step]:
    """Return the steps of a run.

    Args:
        request: data, loss, and what to start from.
        config: every number.

    Raises:
        DatasetError: a folder is not there or holds no picture.
        TrainingError: there is no such loss, or no teacher.
    """
    if request.loss not in LOSSES:
        raise TrainingError(
            f"There is no loss {request.loss}. Known: {', '.join(LOSSES)}."
        )
    size = SIZES[config.network]
    meant = meaning(request, config)
    sets = meant.check.index
    look = partial(expecting.check_step, meant)
    crops = _crops(request, config, size)
    fellows = Fellows(config.fitters, request.cluster, request.rank)
    fitted = _fit(request, config, size, fellows.count)
    first = [Step(CHECK, look, meant.check), Step(INDEX, make_index, sets), crops]
    if request.rank > 0:
        helped = partial(help_fit, fellows)
        return [*first, Step(JOIN, helped, fitted, needs=(crops.name,))]
    paired = [] if request.pairs is None else [_pairs(request, config, size)]
    beside = [step.name for step in paired]
    return [
        *first,
        *paired,
        Step(FIT, partial(fit_embedder, fellows), fitted, needs=(crops.name, *beside)),
        Step(
            EVALUATE,
            evaluate,
            EvaluationRequest(size, request.other),
            needs=(crops.name, FIT, *beside),
        ),
    ]


def meaning(request: EmbedderRequest, config: EmbeddingTrainingConfig) -> Meant:
    """Return the run that is meant, as whoever says what it will cost wants it.

    Raises:
        DatasetError: a folder is not there or holds no picture.
    """
    sets = IndexRequest(
        request.data,
        request.loss != "distil",
        config.seed,
        config.people,
        index.fingerprint(request.data),
    )
    look = CheckRequest(sets, SIZES[config.network], config.altering)
    pairs = None if request.pairs is None else request.pairs.folder
    return Meant(look, request.loss, config, request.other, pairs)


def _fit(
    request: EmbedderRequest, config: EmbeddingTrainingConfig, size: int, workers: int
) -> EmbedderFitRequest:
    """Return what determines the fit: that of one worker with the batches of all."""
    numbers = config.fit
    fit = replace(
        numbers, people=numbers.people * workers, batch=numbers.batch * workers
    )
    return EmbedderFitRequest(
        config.network,
        size,
        request.loss,
        config.seed,
        fit,
        config.altering,
        str(request.start or ""),
        _content(request.start) if request.start else "",
    )


def _content(start: Path) -> str:
    """Return the fingerprint of a file of weights, or of a folder of arrays."""
    if start.is_file():
        return artifacts.sha256(start)
    parts = [f"{one.name} {artifacts.sha256(one)}" for one in sorted(start.glob("*"))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _crops(
    request: EmbedderRequest, config: EmbeddingTrainingConfig, size: int
) -> Step:
    """Return the step that makes the crops."""
    if request.loss != "distil":
        people = PeopleRequest(size, config.people)
        make = partial(cutting.cut_people, config.workers)
        return Step(CROPS, make, people, needs=(INDEX,))
    if request.other is None:
        raise TrainingError(
            "There is no teacher to distil. Install one: facecam models install"
        )
    taught = TeacherRequest(
        size,
        config.seed,
        config.people,
        config.altering,
        config.teacher,
        request.other.net,
        request.other.content,
        request.other.size,
    )
    return Step(
        TEACHER, partial(cutting.ask_teacher, config.workers), taught, needs=(INDEX,)
    )


def _pairs(
    request: EmbedderRequest, config: EmbeddingTrainingConfig, size: int
) -> Step:
    """Return the step that cuts the faces of LFW's pairs."""
    assert request.pairs is not None
    sizes = {size, request.other.size if request.other else size}
    wanted = PairsRequest(
        request.pairs.folder,
        tuple(sorted(sizes)),
        config.people.margin,
        request.pairs.offset,
        request.pairs.detector,
    )
    return Step(PAIRS, partial(cut_pairs, request.pairs.build), wanted)
