"""A new detector against the one deployed: what gets better, what gets worse.

Both were measured on the same pictures in one run. A measure that gates may not get
worse; the others are for information, their groups being too small to decide. What
chance brings is no difference: on 65 pictures, one and the same detector mostly differs
by less than the standard error of a measure between the pictures and their mirror
images, but often by more than half of it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from facecam import files
from facecam.errors import TrainingError
from facecam.training.detector.evaluation.figures import DIFFICULTIES, FPI, Trial

SHARE_MARGIN = 0.01
"""Shares this near to each other are the same; so are shares one face apart, or within
the standard error of such a share."""
FALSE_MARGIN = 0.05
"""So are numbers of false alarms per picture, or within their standard error."""
LANDMARK_MARGIN, LANDMARK_SCATTER = 0.03, 0.35
"""So are landmark errors that differ by less than this part of the deployed one's, or
within their standard error; that of a single face is this part (measured on 1,045
faces and their mirror images)."""
TIME_MARGIN = 0.1
"""So are times; repeated measurements of one detector differ by a few per cent."""
GATING = ("all", "masked", "unmasked", *DIFFICULTIES)
"""Groups that gate."""


class Outcome(StrEnum):
    """How the new detector does, by one measure."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


class Unit(StrEnum):
    """What a measure counts."""

    SHARE = "share"
    PER_PICTURE = "per picture"
    EYE_DISTANCES = "eye distances"
    MILLISECONDS = "ms"


class Kind(StrEnum):
    """What a measure is of."""

    RECALL = "recall"
    PRECISION = "average precision"
    FALSE_ALARMS = "false alarms"
    PARTLY = "recall where one face is labelled"
    LANDMARKS = "landmark error"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The two detectors by one measure."""

    measure: str
    """In words: "Recall of all faces at 0.5 false alarms per picture"."""
    unit: Unit
    candidate: float | None
    """None where it could not be measured."""
    deployed: float
    outcome: Outcome
    gates: bool
    """Getting worse here speaks against deploying."""
    kind: Kind | None = None
    """None in files of earlier versions."""
    group: str = ""
    """Name of the faces counted, as in Trial, where it is not all of them at once."""
    false: float | None = None
    """False alarms per picture that a recall is given at."""
    faces: int | None = None
    """How many faces were counted."""

    def __str__(self) -> str:
        """Return it as a sentence."""
        old, new = wording(self.deployed, self.unit), wording(self.candidate, self.unit)
        return f"{self.measure}: {new}, deployed {old} ({self.outcome})."


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether a new detector should take the place of the one deployed."""

    verdicts: tuple[Verdict, ...]
    passes: bool
    reasons: tuple[str, ...]
    """What speaks against it; empty when it passes."""


def compare(candidate: Trial, deployed: Trial | None) -> Comparison:
    """Compare two detectors; where none is deployed, nothing speaks against the new.

    Raises:
        TrainingError: they were not measured on the same pictures.
    """
    if deployed is None:
        return Comparison((), True, ())
    if _scope(candidate) != _scope(deployed):
        raise TrainingError(
            "The two detectors were not measured on the same pictures, so they cannot "
            "be compared. Evaluate the run again."
        )
    verdicts = (
        *_recalls(candidate, deployed),
        *_precisions(candidate, deployed),
        *_others(candidate, deployed),
    )
    reasons = [str(v) for v in verdicts if v.gates and v.outcome is Outcome.WORSE]
    if not any(verdict.outcome is Outcome.BETTER for verdict in verdicts):
        reasons.append("It is better at nothing that was measured.")
    return Comparison(verdicts, not reasons, tuple(reasons))


def wording(value: float | None, unit: Unit) -> str:
    """Return a number as people read it."""
    if value is None:
        return "not measured"
    forms = {
        Unit.SHARE: f"{value:.1%}",
        Unit.PER_PICTURE: f"{value:.2f}",
        Unit.EYE_DISTANCES: f"{value:.4f}",
        Unit.MILLISECONDS: f"{value:.1f} ms",
    }
    return forms[unit]


def group_name(group: str) -> str:
    """Return whom a group of faces holds: "masked faces", "faces of 20–40 px"."""
    if group.endswith("px"):
        return f"faces {group}" if group.startswith("from") else f"faces of {group}"
    return f"{group} faces"


def write(comparison: Comparison, path: Path) -> None:
    """Write a comparison as JSON."""
    files.write(path, json.dumps(asdict(comparison), indent=1).encode())


def read(path: Path) -> Comparison:
    """Read a comparison back.

    Raises:
        TrainingError: the file is missing, damaged or no comparison.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        verdicts = [_verdict(values) for values in data["verdicts"]]
        return Comparison(tuple(verdicts), data["passes"], tuple(data["reasons"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"Cannot read the comparison in {path}: {error}. Delete that folder and "
            "run the same command again."
        ) from error


def _verdict(values: dict[str, Any]) -> Verdict:
    kind = values.get("kind")
    read = {
        "unit": Unit(values["unit"]),
        "outcome": Outcome(values["outcome"]),
        "kind": kind and Kind(kind),
    }
    return Verdict(**{**values, **read})


def _scope(trial: Trial) -> tuple[object, ...]:
    groups = {name: group.faces for name, group in trial.groups.items()}
    partly = trial.partly and (trial.partly.pictures, trial.partly.faces)
    return trial.pictures, trial.min_face, groups, partly


def _recalls(candidate: Trial, deployed: Trial) -> Iterator[Verdict]:
    """Compare recall at the deployed detector's false alarms as shown, and at FPI."""
    for name, old in deployed.groups.items():
        for false in (old.at(deployed.shown).false, FPI):
            compared = _shares(
                f"Recall of {group_name(name)} at {false:.2g} false alarms per picture",
                candidate.groups[name].recall_at(false),
                old.recall_at(false),
                old.faces,
                name in GATING,
            )
            yield replace(compared, kind=Kind.RECALL, group=name, false=false)


def _precisions(candidate: Trial, deployed: Trial) -> Iterator[Verdict]:
    for name in ("all", *DIFFICULTIES):
        if name in deployed.groups:
            old, new = deployed.groups[name], candidate.groups[name]
            compared = _shares(
                f"Average precision on {group_name(name)}",
                new.average_precision,
                old.average_precision,
                old.faces,
                gates=True,
            )
            yield replace(compared, kind=Kind.PRECISION, group=name)


def _others(candidate: Trial, deployed: Trial) -> Iterator[Verdict]:
    if "all" in deployed.groups:
        false = (
            candidate.groups["all"].at(candidate.shown).false,
            deployed.groups["all"].at(deployed.shown).false,
        )
        margin = max(FALSE_MARGIN, math.sqrt(false[1] / deployed.pictures))
        measure = "False alarms per picture as shown"
        compared = _smaller(measure, false, Unit.PER_PICTURE, margin)
        yield replace(compared, kind=Kind.FALSE_ALARMS)
    if deployed.partly and candidate.partly:
        compared = _shares(
            "Recall in pictures with one face labelled",
            candidate.partly.recall,
            deployed.partly.recall,
            deployed.partly.faces,
            gates=True,
        )
        yield replace(compared, kind=Kind.PARTLY)
    if deployed.landmarks:
        error, faces = deployed.landmarks.error, deployed.landmarks.faces
        errors = candidate.landmarks.error if candidate.landmarks else None, error
        margin = max(LANDMARK_MARGIN, LANDMARK_SCATTER / math.sqrt(faces)) * error
        compared = _smaller("Landmark error", errors, Unit.EYE_DISTANCES, margin)
        yield replace(compared, kind=Kind.LANDMARKS, faces=faces)
    if deployed.milliseconds is not None:
        times = candidate.milliseconds, deployed.milliseconds
        margin = TIME_MARGIN * deployed.milliseconds
        compared = _smaller("Time for a picture", times, Unit.MILLISECONDS, margin)
        yield replace(compared, kind=Kind.TIME)


def _shares(
    measure: str, candidate: float, deployed: float, faces: int, gates: bool
) -> Verdict:
    """Compare shares of faces, of which more is better."""
    n = max(faces, 1)
    error = math.sqrt(deployed * (1 - deployed) / n)
    margin = max(SHARE_MARGIN, 1 / n, error) + 1e-9
    outcome = _outcome(candidate - deployed, margin)
    return Verdict(
        measure, Unit.SHARE, candidate, deployed, outcome, gates, faces=faces
    )


def _smaller(
    measure: str, values: tuple[float | None, float], unit: Unit, margin: float
) -> Verdict:
    """Compare numbers of which less is better; none at all is the worst."""
    candidate, deployed = values
    gain = -math.inf if candidate is None else deployed - candidate
    outcome = _outcome(gain, margin + 1e-9)
    return Verdict(measure, unit, candidate, deployed, outcome, gates=True)


def _outcome(gain: float, margin: float) -> Outcome:
    if abs(gain) <= margin:
        return Outcome.SAME
    return Outcome.BETTER if gain > 0 else Outcome.WORSE
