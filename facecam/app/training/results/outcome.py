"""What a run has brought, read from the files of its last step."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facecam import artifacts
from facecam.config import Config
from facecam.errors import TrainingError
from facecam.training.detector.evaluation import comparison, differences, folder
from facecam.training.detector.evaluation import figures as trials
from facecam.training.detector.evaluation.comparison import (
    Comparison,
    Kind,
    Outcome,
    Verdict,
)
from facecam.training.detector.evaluation.differences import Differences
from facecam.training.detector.evaluation.figures import FPI, Trial
from facecam.training.step import read_manifest


@dataclass(frozen=True, eq=False)
class Results:
    """A finished run: what its detector can do, and what differs."""

    root: Path
    trial: Trial
    deployed: Trial | None
    """What it was compared with; None where there was none."""
    comparison: Comparison
    differences: Differences | None
    """None where an earlier version evaluated it, or nothing was compared."""
    report: Path
    """For people, as HTML."""
    content: str
    """Fingerprint of the detector it was compared with."""

    def verdict(self, kind: Kind) -> Verdict | None:
        """Return how the two do by a measure of all faces; recall at FPI."""
        found = (
            one
            for one in self.comparison.verdicts
            if one.kind is kind
            and one.group in ("", "all")
            and (kind is not Kind.RECALL or one.false == FPI)
        )
        return next(found, None)

    @property
    def worse(self) -> tuple[Verdict, ...]:
        """What speaks against using it."""
        return tuple(
            one
            for one in self.comparison.verdicts
            if one.gates and one.outcome is Outcome.WORSE
        )


def read_results(root: Path) -> Results:
    """Read what a finished run has brought.

    Raises:
        TrainingError: it was not evaluated, or a file of its evaluation is damaged.
    """
    place = folder.of_run(root)
    manifest = read_manifest(place) if place is not None else None
    if place is None or manifest is None:
        raise TrainingError(
            "This run was not compared with the detector in use yet. Go on with it: "
            "that is its last step."
        )
    deployed = place / folder.DEPLOYED
    differing = place / differences.FILE
    return Results(
        root,
        trials.read(place / folder.TRIAL),
        trials.read(deployed) if deployed.exists() else None,
        comparison.read(place / folder.COMPARISON),
        differences.read(differing) if differing.exists() else None,
        place / folder.REPORT,
        _content(manifest),
    )


def fingerprint(config: Config) -> str:
    """Return what tells the detector in use from any other, as evaluations keep it."""
    stamp = artifacts.stamp(config.models, "detector", config.detector.model)
    return hashlib.sha256(stamp).hexdigest()[:16] if stamp else ""


def _content(manifest: Mapping[str, Any]) -> str:
    config = manifest.get("config") or {}
    return str(config.get("content", ""))
