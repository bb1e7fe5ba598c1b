"""The nouns of measuring a detector: curves, figures of a group of faces, a trial.

A Trial is kept as JSON, so that a later run can be compared with it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.errors import TrainingError
from facecam.faces import Floats

if TYPE_CHECKING:
    from facecam.training.metrics import Reals

FPI = 0.5
"""False boxes per picture at which recall is given."""
DIFFICULTIES = ("easy", "medium", "hard")
"""Groups of WIDER FACE's own evaluation."""
CURVE_POINTS = 1000
"""A longer curve is thinned to about so many points."""


@dataclass(frozen=True, slots=True)
class Point:
    """What holds when faces are shown from one score on."""

    score: float
    recall: float
    """Share of the faces asked for that are found."""
    false: float
    """False boxes per picture."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one group of faces is found."""

    faces: int
    """How many there were to find."""
    average_precision: float
    curve: tuple[Point, ...]
    """Falling scores; at most about CURVE_POINTS of them."""

    def at(self, score: float) -> Point:
        """Return what holds when faces are shown from that score on."""
        shown = [point for point in self.curve if point.score >= score]
        return shown[-1] if shown else Point(score, 0.0, 0.0)

    def recall_at(self, false: float = FPI) -> float:
        """Return the recall where at most so many boxes per picture are false."""
        fine = (point.recall for point in self.curve if point.false <= false + 1e-9)
        return max(fine, default=0.0)


@dataclass(frozen=True, slots=True)
class Partly:
    """Pictures of which not every face is labelled."""

    pictures: int
    faces: int
    recall: float
    """Share of the labelled faces found at the score faces are shown from."""


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Five points against labelled ones, on faces found and shown."""

    faces: int
    error: float
    """Mean distance of the points over the distance of the eyes."""
    median: float
    poor: float
    """Share of the faces with an error above POOR_LANDMARKS."""
    mean_shape: float
    """The error if every face had the average points of all of them in its box."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a detector can do."""

    pictures: int
    """Pictures of which every face is labelled: false alarms are counted in these."""
    min_face: int
    """Faces with a longer side from this were asked for, pixels."""
    shown: float
    """Score from which a face is shown."""
    groups: dict[str, Figures]
    """By name: "all", "masked" and "unmasked" where known, sizes such as "20–40 px";
    "easy", "medium" and "hard" where WIDER FACE's lists are. None is empty."""
    partly: Partly | None = None
    landmarks: Landmarks | None = None
    milliseconds: float | None = None
    """Median time for a picture; of two trials in one run only the ratio counts."""


def figures(
    scores: Floats, kinds: NDArray[np.intp], faces: int, pictures: int, shown: float
) -> Figures:
    """Return the figures of one group of faces.

    Args:
        scores: (n,), of all boxes found in all pictures.
        kinds: (n,), metrics.TRUE, FALSE or IGNORED.
        faces: how many there were to find, at least 1.
        pictures: how many were looked at.
        shown: score that will be asked for; the curve is exact there and at FPI.
    """
    from facecam.training import metrics  # OpenCV: not for those who only read

    recall, false = metrics.recall_curve(scores, kinds, faces)
    precision = metrics.average_precision(recall, false, faces)
    falling = np.unique(scores)[::-1]  # (k,), one for each point of the curve
    rate = false / pictures
    kept = _kept(falling, rate, shown)
    columns = (column[kept].tolist() for column in (falling, recall, rate))
    points = (Point(*row) for row in zip(*columns, strict=True))
    return Figures(faces, precision, tuple(points))


def write(trial: Trial, path: Path) -> None:
    """Write a trial as JSON."""
    files.write(path, json.dumps(asdict(trial)).encode())


def read(path: Path) -> Trial:
    """Read a trial back.

    Raises:
        TrainingError: the file is missing, damaged or no trial.
    """
    try:
        return _from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"Cannot read the measurements in {path}: {error}. Delete that folder and "
            "run the same command again."
        ) from error


def _kept(scores: Floats, rate: Reals, shown: float) -> NDArray[np.intp]:
    """Return which points of a long curve are kept; those asked for stay exact."""
    k = len(scores)
    spread = np.linspace(0, k - 1, min(k, CURVE_POINTS)).round()
    asked = np.array([(scores >= shown).sum(), (rate <= FPI).sum()]) - 1
    return np.unique(np.append(spread, asked[asked >= 0]).astype(np.intp))


def _from_json(data: dict[str, Any]) -> Trial:
    groups = {
        name: Figures(**{**group, "curve": tuple(Point(**p) for p in group["curve"])})
        for name, group in data["groups"].items()
    }
    partly, landmarks = data["partly"], data["landmarks"]
    return Trial(
        **{
            **data,
            "groups": groups,
            "partly": partly and Partly(**partly),
            "landmarks": landmarks and Landmarks(**landmarks),
        }
    )
