"""A first look at folders somebody wants to learn from: what they are, what they hold.

Nothing is decoded and nothing judged; that is the business of `checking`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from facecam.annotations import reading
from facecam.annotations.annotation import AnnotatedSet, Annotation
from facecam.errors import DatasetError
from facecam.media import find_images
from facecam.training.detector import hard_examples
from facecam.training.detector.asking import DEPLOYED, SCRATCH

UNLABELLED = "pictures without labels"
"""What a folder of pictures is called of which nothing is known."""
EXAMPLES = 5
"""Faults that are quoted."""
MANY_FACES, MANY_LANDMARKS = 10_000, 5_000
"""Labelled faces, and faces with five points, from which a detector can be learned from
nothing: a tenth of what the published ones were learned from."""
FEW_FACES = 50
"""Labelled faces below which nothing but a trial is worth its time."""


@dataclass(frozen=True)
class Seen:
    """What one folder holds."""

    folder: Path
    layout: str = ""
    """What it was recognised as, such as "WIDER FACE"; "" if it cannot be read."""
    pictures: int = 0
    faces: int = 0
    landmarks: int = 0
    """Faces with five points."""
    without_faces: int = 0
    """Pictures that show no face."""
    splits: Mapping[str, int] = field(default_factory=dict)
    """Pictures by the name of their split, where the set divides itself."""
    faults: int = 0
    """What is labelled but cannot be used."""
    examples: tuple[str, ...] = ()
    """Some of these: where, and what is wrong."""
    error: str = ""
    """Why the folder cannot be read and what to do, or ""."""


@dataclass(frozen=True)
class Suggestion:
    """How to learn from what was found."""

    preset: str
    start: str
    """"scratch" or "deployed"."""
    why: str


def look(
    folders: Sequence[Path], report: Callable[[Path, int], None] = lambda *_: None
) -> list[Seen]:
    """Look at folders; what is wrong with one is said beside the others.

    Args:
        folders: data sets, pools of hard examples, or pictures without labels.
        report: told which folder is looked at, and its place, from 0.
    """
    seen = []
    for number, folder in enumerate(folders):
        report(folder, number)
        try:
            seen.append(_seen(folder, _read(folder)))
        except (DatasetError, OSError) as error:
            seen.append(Seen(folder, error=str(error)))
    return seen


def suggest(sets: Sequence[Seen]) -> Suggestion:
    """Return what is likely to work with what was found."""
    faces = sum(one.faces for one in sets)
    landmarks = sum(one.landmarks for one in sets)
    if faces >= MANY_FACES and landmarks >= MANY_LANDMARKS:
        why = f"{faces:,} labelled faces are enough to learn from nothing."
        return Suggestion("full", SCRATCH, why)
    if faces < FEW_FACES:
        why = (
            f"{faces} labelled faces are too few to get better by; a trial shows "
            "that everything works."
        )
        return Suggestion("trial", DEPLOYED, why)
    why = (
        f"{faces:,} labelled faces can lead the detector in use to pictures like "
        "these, but teach none from nothing."
    )
    return Suggestion("fine-tune", DEPLOYED, why)


def _read(folder: Path) -> AnnotatedSet | int:
    """Return the set in a folder, or how many pictures it holds without labels.

    Raises:
        DatasetError: it holds neither.
    """
    if (folder / hard_examples.LIST).is_file():
        return hard_examples.as_set(folder)
    try:
        return reading.read(folder)
    except DatasetError:
        if not folder.is_dir() or _is_set(folder) or not (found := find_images(folder)):
            raise
        return len(found)


def _is_set(folder: Path) -> bool:
    """Tell whether a folder is a data set, whatever may be wrong with it."""
    try:
        reading.recognise(folder)
    except DatasetError:
        return False
    return True


def _seen(folder: Path, found: AnnotatedSet | int) -> Seen:
    if isinstance(found, int):
        return Seen(folder, UNLABELLED, pictures=found)
    ones = found.annotations
    splits = Counter(one.split for one in ones)
    faults = [f"{fault.where}: {fault.reason}" for fault in found.faults]
    return Seen(
        folder,
        found.layout,
        pictures=len(ones),
        faces=sum(int((~one.ignored).sum()) for one in ones),
        landmarks=sum(map(_with_landmarks, ones)),
        without_faces=sum(one.complete and not len(one.boxes) for one in ones),
        splits={} if set(splits) == {""} else dict(splits),
        faults=len(faults),
        examples=tuple(faults[:EXAMPLES]),
    )


def _with_landmarks(one: Annotation) -> int:
    known = np.isfinite(one.landmarks).all(axis=(1, 2))  # (m,)
    return int((known & ~one.ignored).sum())
