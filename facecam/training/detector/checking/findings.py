"""What is wrong with data before it is learned from, and what cures it.

An error means that the run cannot work, a warning that it will probably disappoint; a
note is worth knowing. Errors of form, such as corners written where sizes belong, are
found earlier, by the readers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from facecam.config.retraining import PreflightConfig, RetrainingConfig
from facecam.training.detector.checking.census import Census, Divided
from facecam.training.detector.checking.estimates import RESERVE, Estimates
from facecam.training.detector.checking.one_batch import Learned, enough
from facecam.training.detector.checking.screening import Screening
from facecam.training.disk import in_words
from facecam.training.progress import NETS

MANY_FAULTS = 0.05
"""Share of the pictures above which those left out are worth a warning."""
FEW_HELD_OUT = 200
"""Faces to measure on below which the uncertainty is worth a warning."""
SMALL_SHARE = 0.3
"""Share of the faces that is learned from, below which that is worth a warning."""


class Severity(StrEnum):
    """How a finding is to be taken."""

    ERROR = "error"
    """The run cannot work."""
    WARNING = "warning"
    """The run will probably disappoint."""
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing found, and what to do."""

    severity: Severity
    text: str
    cure: str = ""


def of_files(screening: Screening, faults: int) -> Iterator[Finding]:
    """Judge whether the pictures can be read.

    Args:
        screening: what the files are like.
        faults: pictures and faces left out.
    """
    pictures = len(screening.headers)
    if not pictures:
        text = "None of the pictures can be read."
        cure = "See quarantine.csv; copy or download them again."
        yield Finding(Severity.ERROR, text, cure)
    elif faults:
        grave = faults > MANY_FAULTS * pictures
        yield Finding(
            Severity.WARNING if grave else Severity.NOTE,
            f"Pictures and faces that are labelled but cannot be used: {faults}.",
            "They are left out; quarantine.csv names each, its line, and the reason.",
        )


def of_copies(screening: Screening, divided: Sequence[Divided]) -> Iterator[Finding]:
    """Judge what is there twice."""
    learned = [pair.labelled.path for each in divided for pair in each.training]
    held_out = [pair.labelled.path for each in divided for pair in each.held_out]
    headers = screening.headers
    by_mark = {headers[path].mark: path for path in learned}
    twins = [path for path in held_out if headers[path].mark in by_mark]
    if twins:
        copy = by_mark[headers[twins[0]].mark]
        yield Finding(
            Severity.WARNING,
            f"Pictures held out that are also learned from: {len(twins)}. That "
            f"flatters the measurements. {twins[0]} is a copy of {copy}.",
            "Remove one of each two.",
        )
    copies = len(learned) - len(by_mark)
    if copies:
        text = f"Pictures to learn from that are copies of others: {copies}."
        yield Finding(
            Severity.NOTE, text, "They count twice; remove them if that is not wanted."
        )


def of_amounts(
    census: Census, config: RetrainingConfig, started: bool
) -> Iterator[Finding]:
    """Judge whether there is enough of everything.

    Args:
        census: what there is.
        config: the run that is meant.
        started: the run goes on from a detector that works, and needs less.
    """
    yield from _faces(census, config, started)
    yield from _landmarks(census, config, started)
    yield from _background(census)
    yield from _held_out(census, config)


def of_learning(
    learned: Sequence[Learned], numbers: PreflightConfig
) -> Iterator[Finding]:
    """Judge how the nets took one batch."""
    for one in learned:
        name = NETS[one.net]
        if not math.isfinite(one.least):
            yield Finding(
                Severity.ERROR,
                f"While {name} learned one batch, its loss stopped being a number "
                f"after {one.steps} steps.",
                "Look at the sheet of its samples: answers far outside of the crops "
                "are wrong.",
            )
        elif math.isnan(one.separation):
            yield Finding(
                Severity.ERROR,
                f"{name} was given no face, or no background, by the crops tried out.",
                "Add pictures of large faces and of none. If there are many, but far "
                "between, raise preflight.pictures.",
            )
        elif not enough(one, numbers):
            yield Finding(
                Severity.ERROR,
                f"{name} could not learn one batch in {one.steps} steps: its loss went "
                f"from {one.first:.2f} to {one.least:.2f}, and a face scored above a "
                f"background in {one.separation:.0%} of the cases.",
                "Look at the sheet of its samples: do the crops show what the headings "
                "say? If they do, raise preflight.steps.",
            )


def of_costs(costs: Estimates, folder: Path) -> Iterator[Finding]:
    """Judge whether this computer can carry the run.

    Args:
        costs: of the run.
        folder: on the disk that was looked at.
    """
    if costs.disk * RESERVE > costs.free_disk:
        yield Finding(
            Severity.ERROR,
            f"The run needs about {in_words(costs.disk)} of disk; "
            f"{in_words(costs.free_disk)} are free for {folder}.",
            "Free some, or give a folder on another disk.",
        )
    if costs.memory > costs.free_memory:
        yield Finding(
            Severity.WARNING,
            f"The run needs about {in_words(costs.memory)} of memory; "
            f"{in_words(costs.free_memory)} are free.",
            "Close other programs, or use fewer workers.",
        )


def _faces(
    census: Census, config: RetrainingConfig, started: bool
) -> Iterator[Finding]:
    found = census.training
    smallest = config.pnet.samples.smallest_face
    if not found.faces:
        yield Finding(
            Severity.ERROR,
            f"Of {found.pictures} pictures to learn from, none shows a labelled face.",
            "Give a set with boxes around faces. Pictures that a set itself holds out "
            "are only measured on.",
        )
    elif not found.learned:
        yield Finding(
            Severity.ERROR,
            f"Of {found.faces} faces, none is large and clear enough to learn from: "
            f"the shorter side has to be {smallest:g} pixels or more.",
            "Give larger pictures, or lower samples.smallest_face of the stages.",
        )
    elif found.learned < config.preflight.faces and not started:
        yield Finding(
            Severity.WARNING,
            f"There are few faces to learn from: {found.learned}.",
            "Add pictures, or start from the detector in use: --from deployed.",
        )
    elif found.learned < SMALL_SHARE * found.faces:
        yield Finding(
            Severity.WARNING,
            f"Of {found.faces} faces, only {found.learned} are learned from: others "
            f"are unclear, or their shorter side is below {smallest:g} pixels.",
            "Give larger pictures if they exist.",
        )


def _landmarks(
    census: Census, config: RetrainingConfig, started: bool
) -> Iterator[Finding]:
    found, enough = census.training, config.preflight.landmarks
    if not config.onet.fit.batch[3]:
        text = "The O-Net will learn no landmarks, as configured."
        yield Finding(Severity.NOTE, text)
    elif not found.learned_points and started:
        yield Finding(
            Severity.WARNING,
            "No face has five points: nothing keeps the landmarks of the O-Net that "
            "the run starts from.",
            "Add a set with points, such as that one's: --data FOLDER.",
        )
    elif not found.learned_points:
        yield Finding(
            Severity.ERROR,
            f"Of {found.faces} faces, none has five points, so the O-Net cannot learn "
            "landmarks.",
            "Add a set with points: CelebA, a CNN_FacePoint list, .pts files, or COCO "
            "with five keypoints.",
        )
    elif found.learned_points < enough and not started:
        yield Finding(
            Severity.WARNING,
            f"Few faces have five points: {found.learned_points}.",
            "Add a set with points, or start from the detector in use: "
            "--from deployed.",
        )


def _background(census: Census) -> Iterator[Finding]:
    found = census.training
    if found.pictures and found.incomplete == found.pictures:
        yield Finding(
            Severity.ERROR,
            "Of no picture it is known that all its faces are labelled, so nothing in "
            "them can be taken for background.",
            "Add pictures with every face boxed, or pictures without any face: "
            "--negatives FOLDER.",
        )


def _held_out(census: Census, config: RetrainingConfig) -> Iterator[Finding]:
    faces = census.held_out.faces
    if census.training.faces and faces < FEW_HELD_OUT:
        points = 200 * (0.1 * 0.9 / max(faces, 1)) ** 0.5
        yield Finding(
            Severity.WARNING,
            f"Few faces are held out to measure on: {faces}. A recall of 90 % will be "
            f"known to ±{min(points, 90):.0f} points only.",
            f"Hold out more pictures than {config.index.held_out:.0%}: "
            "index.held_out. Sets that divide themselves do as they say.",
        )
