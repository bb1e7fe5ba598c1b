"""What data sets hold, counted: pictures, faces by size and kind, points, background.

All faces of a set stand in one table, so that a question costs one line of numpy
whether there are ten pictures or two hundred thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import ATTRIBUTES, AnnotatedSet, Annotation
from facecam.config.retraining import IndexConfig, SamplesConfig
from facecam.faces import Floats

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
    faces: int = 0
    ignored: int = 0
    """Regions labelled as neither face nor background."""
    pointed: int = 0
    """Faces with five points."""
    learned: int = 0
    """Faces large and clear enough, as configured, to give positives."""
    learned_points: int = 0
    """Faces that give samples of landmarks."""
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


@dataclass(frozen=True)
class SetCount:
    """One data set counted."""

    name: str
    layout: str
    training: Count
    """What may be learned from; of a set that does not divide itself, all of it."""
    held_out: Count
    """What the set itself holds out to measure on."""


@dataclass(frozen=True)
class Census:
    """All data sets counted."""

    sets: tuple[SetCount, ...]

    @property
    def training(self) -> Count:
        """What may be learned from, of all sets."""
        return sum((each.training for each in self.sets), Count())

    @property
    def held_out(self) -> Count:
        """What the sets hold out, of all sets."""
        return sum((each.held_out for each in self.sets), Count())


def take(
    sets: Sequence[AnnotatedSet], index: IndexConfig, samples: SamplesConfig
) -> Census:
    """Count what the sets hold.

    Args:
        sets: as read.
        index: which faces are learned from.
        samples: how large they must be.
    """
    counted = []
    for each in sets:
        held = [one for one in each.annotations if is_held_out(one)]
        kept = [one for one in each.annotations if not is_held_out(one)]
        counts = (count(part, index, samples) for part in (kept, held))
        counted.append(SetCount(each.root.name, each.layout, *counts))
    return Census(tuple(counted))


def is_held_out(annotation: Annotation) -> bool:
    """Tell whether a set itself keeps a picture from being learned from."""
    return annotation.split in ("val", "test")


def count(
    annotations: Sequence[Annotation], index: IndexConfig, samples: SamplesConfig
) -> Count:
    """Count what some pictures hold."""
    table = tabulate(annotations)
    faces = table.keep(~table.ignored)
    learned = positives(faces, index, samples)
    points = faces.pointed & with_landmarks(faces, index, samples)
    longer = faces.sides.max(axis=1)
    return Count(
        pictures=len(annotations),
        backgrounds=sum(one.complete and not len(one.boxes) for one in annotations),
        incomplete=sum(not one.complete for one in annotations),
        faces=len(faces),
        ignored=int(table.ignored.sum()),
        pointed=int(faces.pointed.sum()),
        learned=int(learned.sum()),
        learned_points=int(points.sum()),
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


def positives(
    faces: FaceTable, index: IndexConfig, samples: SamplesConfig
) -> NDArray[np.bool_]:
    """Tell which faces are large and clear enough to give positives, (n,)."""
    large = faces.sides.min(axis=1) >= samples.smallest_face
    return large & wanted(faces, index)


def with_landmarks(
    faces: FaceTable, index: IndexConfig, samples: SamplesConfig
) -> NDArray[np.bool_]:
    """Tell which faces are large and clear enough to give landmarks, (n,)."""
    longer = faces.sides.max(axis=1)
    return (longer >= samples.smallest_landmarks) & wanted(faces, index)


def wanted(faces: FaceTable, index: IndexConfig) -> NDArray[np.bool_]:
    """Tell which faces the index does not turn into ignored regions, (n,)."""
    return (
        (faces.sides.max(axis=1) >= index.smallest)
        & (faces.attributes["blur"] <= index.max_blur)
        & (faces.attributes["occlusion"] <= index.max_occlusion)
        & (faces.attributes["pose"] <= index.max_pose)
    )


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
