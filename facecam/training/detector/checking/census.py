"""What data sets hold, counted: pictures, faces by size and kind, points, background.

All faces of a set stand in one table, so that a question costs one line of numpy
whether there are ten pictures or two hundred thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import ATTRIBUTES, AnnotatedSet, Annotation
from facecam.config.retraining import IndexConfig, SamplesConfig
from facecam.faces import Floats
from facecam.training.detector.index import gather

SIZES = (10, 20, 40, 80, 160)
"""Bounds between the classes of size, pixels of the longer side."""
LEVELS = {
    "blur": ("clear", "normal", "heavy"),
    "expression": ("typical", "exaggerated"),
    "illumination": ("normal", "extreme"),
    "occlusion": ("none", "partial", "heavy"),
    "pose": ("typical", "atypical"),
}
"""What the levels of each attribute are called in the readme of WIDER FACE."""
UNKNOWN = -1
"""Level of an attribute that a set says nothing of."""


@dataclass(frozen=True, eq=False, slots=True)
class FaceTable:
    """The n labelled faces of many pictures."""

    pictures: NDArray[np.intp]  # (n,), which picture shows it
    boxes: Floats  # (n, 4)
    ignored: NDArray[np.bool_]  # (n,)
    landmarks: Floats  # (n, 5, 2), NaN where unknown
    attributes: Mapping[str, NDArray[np.int8]]
    """By name, all of ATTRIBUTES: (n,), UNKNOWN where nothing is said."""

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def sides(self) -> Floats:
        """Width and height, (n, 2)."""
        return self.boxes[:, 2:] - self.boxes[:, :2]

    @property
    def pointed(self) -> NDArray[np.bool_]:
        """Which faces have all five points, (n,)."""
        return np.asarray(np.isfinite(self.landmarks).all(axis=(1, 2)))

    def keep(self, mask: NDArray[np.bool_]) -> FaceTable:
        """Return the faces selected by a mask (n,)."""
        return FaceTable(
            self.pictures[mask],
            self.boxes[mask],
            self.ignored[mask],
            self.landmarks[mask],
            {name: levels[mask] for name, levels in self.attributes.items()},
        )


@dataclass(frozen=True)
class Count:
    """What some pictures hold. Faces are those not ignored."""

    pictures: int = 0
    backgrounds: int = 0
    """Pictures known to show no face at all."""
    incomplete: int = 0
    """Pictures that may show faces nobody labelled: they give no background."""
    places: int = 0
    """Places in pictures that were said to show no face: former false alarms."""
    faces: int = 0
    ignored: int = 0
    """Regions labelled as neither face nor background."""
    pointed: int = 0
    """Faces with five points."""
    learned: int = 0
    """Faces large and clear enough, as configured, to be learned from."""
    learned_points: int = 0
    """Faces whose points are learned from."""
    masked: int = 0
    """Faces whose occlusion is partial or heavy."""
    sizes: tuple[int, ...] = (0,) * (len(SIZES) + 1)
    """Faces between the bounds of SIZES."""
    levels: tuple[int, ...] = (0,) * sum(map(len, LEVELS.values()))
    """Faces by attribute and level, in the order of LEVELS; unknown ones nowhere."""

    def __add__(self, other: Count) -> Count:
        return Count(*(_plus(self, other, field.name) for field in fields(Count)))

    def by_size(self) -> dict[str, int]:
        """Return the number of faces by size, smallest first."""
        bounds = [f"{low}–{high} px" for low, high in pairwise(SIZES)]
        names = [f"below {SIZES[0]} px", *bounds, f"{SIZES[-1]} px and more"]
        return dict(zip(names, self.sizes, strict=True))

    def by_level(self) -> dict[str, dict[str, int]]:
        """Return the number of faces by attribute and level, where any is known."""
        rest = iter(self.levels)
        counted = {
            name: {level: next(rest) for level in levels}
            for name, levels in LEVELS.items()
        }
        return {name: row for name, row in counted.items() if any(row.values())}


@dataclass(frozen=True, eq=False, slots=True)
class Pair:
    """One picture as labelled, and as the index prepares it for learning."""

    labelled: Annotation
    prepared: Annotation


@dataclass(frozen=True, eq=False, slots=True)
class Divided:
    """One data set as a run would use it."""

    root: Path
    layout: str
    training: tuple[Pair, ...]
    held_out: tuple[Pair, ...]

    @property
    def name(self) -> str:
        """What its folder is called."""
        return self.root.resolve().name


@dataclass(frozen=True)
class SetCount:
    """One data set counted."""

    name: str
    layout: str
    training: Count
    held_out: Count


@dataclass(frozen=True)
class Census:
    """All data sets counted."""

    sets: tuple[SetCount, ...]

    @property
    def training(self) -> Count:
        """What is learned from, of all sets."""
        return sum((each.training for each in self.sets), Count())

    @property
    def held_out(self) -> Count:
        """What is measured on, of all sets."""
        return sum((each.held_out for each in self.sets), Count())


def divide(sets: Sequence[AnnotatedSet], config: IndexConfig) -> list[Divided]:
    """Divide each set as the step 01-index will."""
    return [_divided(each, config) for each in sets]


def take(divided: Sequence[Divided], samples: SamplesConfig) -> Census:
    """Count what sets hold.

    Args:
        divided: the sets.
        samples: how large faces must be.
    """
    return Census(
        tuple(
            SetCount(
                each.name,
                each.layout,
                count(each.training, samples),
                count(each.held_out, samples),
            )
            for each in divided
        )
    )


def count(pairs: Sequence[Pair], samples: SamplesConfig) -> Count:
    """Count what some pictures hold."""
    labelled = [pair.labelled for pair in pairs]
    table = tabulate(labelled)
    prepared = tabulate([pair.prepared for pair in pairs])
    faces = table.keep(~table.ignored)
    longer = faces.sides.max(axis=1)
    return Count(
        pictures=len(pairs),
        backgrounds=sum(one.complete and not len(one.boxes) for one in labelled),
        incomplete=sum(not one.complete for one in labelled),
        places=sum(len(one.background) for one in labelled),
        faces=len(faces),
        ignored=int(table.ignored.sum()),
        pointed=int(faces.pointed.sum()),
        learned=int(positives(prepared, samples).sum()),
        learned_points=int(with_landmarks(prepared, samples).sum()),
        masked=int((faces.attributes["occlusion"] >= 1).sum()),
        sizes=_tally(np.searchsorted(SIZES, longer, side="right"), len(SIZES) + 1),
        levels=tuple(
            number
            for name, levels in LEVELS.items()
            for number in _tally(faces.attributes[name], len(levels))
        ),
    )


def tabulate(annotations: Sequence[Annotation]) -> FaceTable:
    """Put the faces of all pictures into one table, in their order."""
    counts = [len(one.boxes) for one in annotations]
    return FaceTable(
        np.repeat(np.arange(len(annotations)), counts),
        _joined([one.boxes for one in annotations], (0, 4), np.float32),
        _joined([one.ignored for one in annotations], (0,), np.bool_),
        _joined([one.landmarks for one in annotations], (0, 5, 2), np.float32),
        {name: _levels(annotations, name) for name in ATTRIBUTES},
    )


def positives(faces: FaceTable, samples: SamplesConfig) -> NDArray[np.bool_]:
    """Tell which faces, as prepared, are large enough to give positives, (n,)."""
    large = faces.sides.min(axis=1) >= samples.smallest_face
    return np.asarray(large & ~faces.ignored)


def with_landmarks(faces: FaceTable, samples: SamplesConfig) -> NDArray[np.bool_]:
    """Tell which faces, as prepared, give samples of landmarks, (n,)."""
    large = faces.sides.max(axis=1) >= samples.smallest_landmarks
    return np.asarray(large & faces.pointed & ~faces.ignored)


def _divided(each: AnnotatedSet, config: IndexConfig) -> Divided:
    labelled = {one.path: one for one in each.annotations}
    training, held_out, _ = gather([each], config)
    pairs = (
        tuple(Pair(labelled[one.path], one) for one in part)
        for part in (training, held_out)
    )
    return Divided(each.root, each.layout, *pairs)


def _levels(annotations: Sequence[Annotation], name: str) -> NDArray[np.int8]:
    columns = [
        one.attributes[name]
        if name in one.attributes
        else np.full(len(one.boxes), UNKNOWN, np.int8)
        for one in annotations
    ]
    return _joined(columns, (0,), np.int8)


def _joined(parts: list[Any], empty: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Concatenate arrays; the empty shape says what nothing looks like."""
    return np.concatenate([np.empty(empty, dtype), *parts]).astype(dtype, copy=False)


def _tally(classes: NDArray[np.integer[Any]], number: int) -> tuple[int, ...]:
    """Count classes 0 … number - 1; others are not counted."""
    known = classes[(classes >= 0) & (classes < number)]
    return tuple(np.bincount(known, minlength=number).tolist())


def _plus(one: Count, other: Count, name: str) -> Any:
    a, b = getattr(one, name), getattr(other, name)
    if isinstance(a, int):
        return a + b
    return tuple(x + y for x, y in zip(a, b, strict=True))
