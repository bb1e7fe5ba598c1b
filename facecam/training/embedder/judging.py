"""Whether the embedder of a run tells people apart as well as the one in use.

Both are tried on the same pairs of pictures. A run is compared at its end; where
another embedder is in use by now, that one is tried on the run's pairs here.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facecam import artifacts
from facecam.config import Config
from facecam.errors import TrainingError
from facecam.installation import Report, quiet
from facecam.runtime import litert
from facecam.training import step
from facecam.training.embedder import evaluating, measuring
from facecam.training.embedder.recipe import EVALUATE, FIT, PAIRS

KIND = "embedder"
CHANCE = 2.0
"""Standard errors beyond which a difference is none of chance."""


@dataclass(frozen=True)
class Judged:
    """How the embedder of a run compares with the one in use."""

    other: str
    """What the one in use is called; "" if none is installed."""
    pairs: int = 0
    """On how many pairs of pictures both were tried; 0 if they were not."""
    own: float = 0.0
    """Share of the pairs that the run's embedder gets right."""
    theirs: float = 0.0
    unknown: str = ""
    """Why they could not be compared."""

    @property
    def worse(self) -> str:
        """Say by how much it is worse; "" if it is not, by more than chance."""
        if not self.pairs:
            return ""
        wrong = [round((1 - share) * self.pairs) for share in (self.own, self.theirs)]
        if wrong[0] - wrong[1] <= CHANCE * math.sqrt(sum(wrong)):
            return ""
        return (
            f"It tells one person from two on {self.own:.2%} of {self.pairs:,} pairs "
            f"of pictures, {self.other} on {self.theirs:.2%}."
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks against using it at once."""
        return tuple(said for said in (self.worse, self.unknown) if said)


def judge(config: Config, run: Path, report: Report = quiet) -> Judged:
    """Compare the embedder of a run with the one in use.

    Args:
        config: says which is in use.
        run: directory of the run, fitted.
        report: told the progress.

    Raises:
        TrainingError: what the run says of itself is damaged.
        ModelError: the embedder in use is damaged.
    """
    name = artifacts.running(config)
    installed = artifacts.installed(config.models, KIND, name)
    if installed is None:
        return Judged("")
    manifest = artifacts.find(name, KIND, config)
    evaluated, told = _evaluation(run)
    if told is None or evaluated is None:
        return Judged(manifest.called, unknown="It was not evaluated.")
    if _ended(run / FIT) > evaluated["started"]:
        said = "It was fitted again since it was evaluated."
        return Judged(manifest.called, unknown=said)
    own = told["int8"].get("lfw")
    if own is None or not (run / PAIRS / measuring.PAIRS).is_file():
        said = (
            "It was tried on no pairs of pictures (--pairs), so nobody knows whether "
            f"it tells people apart as well as {manifest.called}."
        )
        return Judged(manifest.called, unknown=said)
    count = len(json.loads((run / PAIRS / measuring.PAIRS).read_text("utf-8"))["pairs"])
    theirs = _compared(told, evaluated, installed)
    if theirs is None:
        report(f"Trying {manifest.called} on the pairs", 0.0)
        net = installed.file(f"{config.runtime.precision}.tflite")
        theirs = _tried(run, net, int(manifest.input["size"]))
    if theirs is None:
        said = f"It was not compared with {manifest.called}, which is in use now."
        return Judged(manifest.called, unknown=said)
    return Judged(manifest.called, count, own, theirs)


def _evaluation(run: Path) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the manifest of the last step and what was measured in it."""
    path = run / EVALUATE / evaluating.EVALUATION
    evaluated = step.read_manifest(run / EVALUATE)
    if evaluated is None:
        return None, None
    try:
        told = json.loads(path.read_text("utf-8"))
        dict(told["int8"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"{path} cannot be read: {error}. Delete {path.parent} and go on with the "
            f"run: facecam train embedder --run {run}"
        ) from error
    return evaluated, told


def _compared(
    told: dict[str, Any], evaluated: dict[str, Any], installed: artifacts.Installed
) -> float | None:
    """Return how the one in use did in the run's own evaluation, if it was in that."""
    other = evaluated["config"].get("other") or {}
    prints = [installed.fingerprint(precision) for precision in ("int8", "float32")]
    if other.get("content") not in prints:
        return None
    share = told.get("other", {}).get("lfw")
    return None if share is None else float(share)


def _tried(run: Path, net: Path, size: int) -> float | None:
    """Try an embedder on the pairs of a run; None if they are not cut for it."""
    if not (run / PAIRS / measuring.PICTURES.format(size=size)).is_file():
        return None
    pairs = measuring.read_pairs(run / PAIRS, size)
    loaded = litert.load(net, evaluating.THREADS, buckets=(measuring.AT_ONCE,))
    return float(measuring.verify(evaluating.embedding(loaded), pairs)["accuracy"])


def _ended(folder: Path) -> float:
    """Return when a step ended, seconds since 1970."""
    manifest = step.read_manifest(folder) or {}
    return float(manifest.get("started", 0.0)) + float(manifest.get("seconds", 0.0))
