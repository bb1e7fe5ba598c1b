"""A whole run that trains an embedder, on one page.

00-check       the data looked at, and refused if it cannot work
01-index       who is learned from, who is held out
02-crops       of people, for the fit to cut and alter anew
02-teacher     or: altered crops with what the teacher says of them
02-pairs       the faces of LFW's pairs, if they are given
03-fit         the net, measured now and then; compiled
04-evaluate    beside the teacher, or the embedder in use
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from facecam.training.embedder.fitting import EmbedderFitRequest, fit_embedder
from facecam.training.embedder.index import IndexRequest, make_index
from facecam.training.embedder.pairing import PairsRequest, cut_pairs
from facecam.training.step import Step
from facecam.vision.detector import Detector

CHECK, INDEX, CROPS, TEACHER = "00-check", "01-index", "02-crops", "02-teacher"
PAIRS, FIT, EVALUATE = "02-pairs", "03-fit", "04-evaluate"
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
    paired = [] if request.pairs is None else [_pairs(request, config, size)]
    beside = [step.name for step in paired]
    return [
        Step(CHECK, look, meant.check),
        Step(INDEX, make_index, sets),
        crops,
        *paired,
        Step(
            FIT,
            fit_embedder,
            _fit(request, config, size),
            needs=(crops.name, *beside),
        ),
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
    request: EmbedderRequest, config: EmbeddingTrainingConfig, size: int
) -> EmbedderFitRequest:
    """Return what determines the fit."""
    return EmbedderFitRequest(
        config.network,
        size,
        request.loss,
        config.seed,
        config.fit,
        config.altering,
        str(request.start or ""),
        artifacts.sha256(request.start) if request.start else "",
    )


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
