"""What a run has brought that trains an embedder, read from the files of its steps."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facecam import artifacts
from facecam.app import words
from facecam.app.training.results.measures import Side
from facecam.app.training.results.sayings import OUTCOMES
from facecam.app.training.run.saying import percent
from facecam.config import Config
from facecam.errors import ModelError, TrainingError
from facecam.training.detector.evaluation.comparison import Outcome
from facecam.training.step import read_manifest

EVALUATE, PAIRS, FIT = "04-evaluate", "02-pairs", "03-fit"
"""Names of the steps; see facecam.training.embedder.recipe."""
FILE = "evaluation.json"
RUNS = "int8"
"""The precision that is put to use."""
CHANCE = 2.0
"""Standard errors beyond which a difference is none of chance; see `judging`."""
UNSEEN = "–"
MEGABYTE = 1e6


@dataclass(frozen=True)
class Brought:
    """What a run has made, measured beside the embedder in use or its teacher."""

    measured: Mapping[str, float]
    """Of the net as it will run, by the names of the curves."""
    exact: Mapping[str, float]
    """Of the same with all its digits."""
    other: Mapping[str, float]
    """Of the other one on the pairs; empty where there was none."""
    other_name: str
    """What the other one is called; "" without one."""
    time: Mapping[str, float]
    """Milliseconds of both for a face, and the share; empty where not measured."""
    pairs: int
    """How many it was verified on."""
    held_out: int
    """Pictures that were kept to measure on."""
    size: int
    """Bytes of the net as it will run."""
    other_size: int


def read_brought(root: Path, config: Config) -> Brought:
    """Read what a finished run has brought.

    Raises:
        TrainingError: it was not evaluated, or the file of that is damaged.
    """
    path = root / EVALUATE / FILE
    try:
        told = json.loads(path.read_text("utf-8"))
        measured, exact = dict(told[RUNS]), dict(told["float32"])
        other: dict[str, Any] = dict(told.get("other") or {})
        name = str(other.pop("name", ""))
        time = {key: float(value) for key, value in told.get("time", {}).items()}
    except FileNotFoundError as error:
        raise TrainingError(
            "This run was not measured yet. Go on with it: that is its last step."
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainingError(
            f"{path} is damaged: {error}. Delete the folder {EVALUATE} of this run and "
            "go on with it: then it is measured anew."
        ) from error
    return Brought(
        measured,
        exact,
        other,
        called(name, config),
        time,
        _counted(root / PAIRS, "pairs"),
        _counted(root / "01-index", "held_out"),
        _size(root / FIT / f"{RUNS}.tflite"),
        _size(_installed(name, config)),
    )


def headline(brought: Brought, used: bool) -> str:
    """Return what the run has brought in one or two sentences."""
    is_it = "It is in use" if used else "It"
    return f"{is_it}{': it' if used else ''} {_does(brought)}. {_pace(brought)}".strip()


def basis(brought: Brought) -> str:
    """Say on what it was measured."""
    parts = [f"{words.pictures(brought.held_out)} kept to measure on"]
    if brought.pairs:
        parts.insert(0, f"{brought.pairs:,} pairs it has not learned from")
    return f"Measured as it will run, on {' and '.join(parts)}."


def sides(brought: Brought) -> tuple[Side, ...]:
    """Return every measure of both as rows; those that were taken."""
    new, old, exact = brought.measured, brought.other, brought.exact
    found = []
    for key, name, about in (
        ("lfw", "Pairs it is right about", "Do they show one person or two? The "
         "distance that decides is that of the other pairs."),
        ("lfw_val", "Of one person, at 1 in 1,000", "Pairs of one person it takes for "
         "such, where 1 in 1,000 of the others would pass."),
        ("auc", "People told apart", "Over every pair of pictures of people it has not "
         "learned: the area below the curve. 50 % is chance."),
        ("cosine", "Like its teacher", "The mean cosine between what both say of faces "
         "it has not learned; 100 % would be the same."),
    ):  # fmt: skip
        if key not in new:
            continue
        tip = f"{about} With all its digits: {percent(exact.get(key, new[key]))}."
        outcome = _judged(brought) if key == "lfw" else None
        before = percent(old[key]) if key in old else UNSEEN
        about_it = OUTCOMES[outcome] if outcome else ""
        found.append(Side(name, before, percent(new[key]), tip, outcome, about_it))
    return (*found, *_costs(brought))


def _costs(brought: Brought) -> list[Side]:
    """Return the rows of time and size."""
    rows = []
    if time := brought.time:
        outcome = Outcome.BETTER if time["share"] < 1 else Outcome.WORSE
        tip = "Median of one face on this computer, measured in turn."
        old, new = (f"{time[key]:.1f} ms" for key in ("other", "milliseconds"))
        rows.append(Side("Time of a face", old, new, tip, outcome, tip, counts=False))
    if brought.size:
        old = _megabytes(brought.other_size) if brought.other_size else UNSEEN
        tip = "Of the file that runs."
        rows.append(Side("Size", old, _megabytes(brought.size), tip, counts=False))
    return rows


def _judged(brought: Brought) -> Outcome | None:
    """Tell whether it is better or worse on the pairs than chance would bring."""
    new, old = brought.measured["lfw"], brought.other.get("lfw")
    if old is None or not brought.pairs:
        return None
    wrong = [round((1 - share) * brought.pairs) for share in (new, old)]
    if abs(wrong[0] - wrong[1]) <= CHANCE * math.sqrt(sum(wrong)):
        return Outcome.SAME
    return Outcome.BETTER if new > old else Outcome.WORSE


def _does(brought: Brought) -> str:
    new, old = brought.measured, brought.other.get("lfw")
    if "lfw" in new:
        beside = f", {brought.other_name} {percent(old)}" if old is not None else ""
        return f"is right about {percent(new['lfw'])} of the pairs{beside}"
    if "cosine" in new:
        return f"says what its teacher says to {percent(new['cosine'])}"
    if "auc" in new:
        return f"tells people it has not learned apart to {percent(new['auc'])}"
    return "was not measured: too little was held out"


def _pace(brought: Brought) -> str:
    share = brought.time.get("share")
    if share is None:
        return ""
    times = (
        f"{1 / share:.1f} times as quick" if share < 1 else f"{share:.1f} times as slow"
    )
    return f"It is {times} as {brought.other_name}."


def called(name: str, config: Config) -> str:
    """Return the title of an embedder; its name if it was deleted, "" without one."""
    try:
        return artifacts.find(name, "embedder", config).called if name else ""
    except ModelError:  # deleted since
        return name


def _counted(folder: Path, metric: str) -> int:
    manifest = read_manifest(folder) or {}
    return int((manifest.get("metrics") or {}).get(metric, 0))


def _installed(name: str, config: Config) -> Path:
    return config.models / "embedder" / name / artifacts.FINAL / f"{RUNS}.tflite"


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
