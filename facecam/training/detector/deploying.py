"""The detector of a run put to use: gate, compile, publish; the one before is kept.

    03-pnet-fit, 05-rnet-fit, 07-onet-fit  weights.npz
    08-evaluate                            comparison.json, settings.json
                                                         -> <home>/models/detector/…

The gate is the comparison with what was deployed when the run was evaluated. Whoever
overrides it is told what gets worse, and so is whoever looks at the detector later.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from facecam import artifacts, installation
from facecam.artifacts import Installed, Origin
from facecam.config import THRESHOLDS, Config
from facecam.errors import ModelError, TrainingError, WeightsCorrupt
from facecam.installation import Report, quiet
from facecam.nets.arrays import Arrays, digest, read_net
from facecam.training import step
from facecam.training.detector import comparison as comparing
from facecam.training.detector.cascade import WEIGHTS
from facecam.training.detector.comparison import Comparison

FITS = {"pnet": "03-pnet-fit", "rnet": "05-rnet-fit", "onet": "07-onet-fit"}
"""The step of the recipe that fits each net."""
EVALUATION = "08-evaluate"
COMPARISON = "comparison.json"
SETTINGS = "settings.json"
"""Thresholds and lean the run was evaluated with."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What is in use now, and how it compares with what was before."""

    model: Installed
    comparison: Comparison | None
    """None if the run was never evaluated, and deployed all the same."""
    changed: bool = True
    """Whether it was not in use already."""


def deploy(
    config: Config, run: Path, force: bool = False, report: Report = quiet
) -> Deployed:
    """Use the detector of a run from now on; keep the one before for `rollback`.

    Args:
        config: names the model and where it lives.
        run: directory of the run.
        force: deploy a detector that is worse, or was not compared.
        report: told about progress.

    Raises:
        TrainingError: the run is not done, or the comparison speaks against it.
        ModelError: its weights are damaged, or the disk refuses.
    """
    arrays = read_detector(run)
    manifest = installation.meant(config, "detector")
    now = _in_use(config)
    comparison = _comparison(run, force)
    if now is not None and now.arrays == digest(arrays):
        return Deployed(now, comparison, changed=False)
    doubts = _doubts(run, comparison, now)
    if doubts and not force:
        raise TrainingError(_refusal(run, doubts))
    origin = Origin(f"training run {run.resolve().name}", _settings(run), _note(doubts))
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / artifacts.WEIGHTS
        np.savez(weights, allow_pickle=False, **arrays)
        model = installation.convert(config, manifest, weights, origin, report)
    return Deployed(model, comparison)


def read_detector(run: Path) -> Arrays:
    """Read the canonical arrays of the three nets of a run, named `pnet_…` and so on.

    Raises:
        TrainingError: this is no run, or not all nets are fitted.
        WeightsCorrupt: a file of weights is damaged.
    """
    if not run.is_dir():
        raise TrainingError(
            f"There is no run {run}. Those there are: facecam train list"
        )
    unfinished = [name for name in FITS.values() if _manifest(run, name) is None]
    if unfinished:
        raise TrainingError(
            f"{run} has not finished {', '.join(unfinished)}. Run its training command "
            "again: it goes on from where it stopped."
        )
    arrays: Arrays = {}
    for net, name in FITS.items():
        for key, array in read_net(run / name / WEIGHTS).items():
            arrays[f"{net}_{key}"] = np.asarray(array, np.float32)
    return arrays


def _in_use(config: Config) -> Installed | None:
    """Return the detector in use if it is intact."""
    try:
        found = artifacts.installed(config.models, "detector", config.detector.model)
        if found is not None:
            artifacts.verify(found)
    except ModelError:
        return None
    return found


def _comparison(run: Path, force: bool) -> Comparison | None:
    """Read how the run compares with what was deployed; None if it was not evaluated.

    Raises:
        TrainingError: the file is damaged, and that is not to be overridden.
    """
    if _manifest(run, EVALUATION) is None:
        return None
    try:
        return comparing.read(run / EVALUATION / COMPARISON)
    except TrainingError:
        if force:
            return None
        raise


def _doubts(
    run: Path, comparison: Comparison | None, now: Installed | None
) -> tuple[str, ...]:
    """Return what speaks against deploying a run, in sentences."""
    if comparison is None:
        return ("It was not evaluated: run its training command again.",)
    began = _time(run, EVALUATION, "started")
    again = (
        f"Delete {run / EVALUATION} and run the training command again to compare anew."
    )
    if any(_time(run, fit, "started", "seconds") > began for fit in FITS.values()):
        return (f"Its nets were fitted again since it was evaluated. {again}",)
    if now is not None and now.when and _seconds(now.when) > began:
        return (f"Since it was evaluated, {now.source} was installed. {again}",)
    return comparison.reasons


def _refusal(run: Path, doubts: Iterable[str]) -> str:
    lines = "\n".join(f"  {doubt}" for doubt in doubts)
    return (
        f"The detector of {run} is not put to use:\n{lines}\n"
        f"To use it all the same: facecam deploy {run} --force"
    )


def _note(doubts: tuple[str, ...]) -> str:
    return f"deployed although: {' '.join(doubts)}" if doubts else ""


def _settings(run: Path) -> Mapping[str, Any]:
    """Return the numbers that belong to the weights: those the run was evaluated with.

    Raises:
        WeightsCorrupt: the file that tells them is damaged.
    """
    path = run / EVALUATION / SETTINGS
    if not path.is_file():
        return {"thresholds": THRESHOLDS, "lean": 0.0}
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise WeightsCorrupt(
            f"{path} is damaged ({error}). Delete {path.parent} and run the training "
            "command again."
        ) from error


def _manifest(run: Path, name: str) -> dict[str, Any] | None:
    return step.read_manifest(run / name)


def _time(run: Path, name: str, *parts: str) -> float:
    """Return the sum of times in a step's manifest, seconds since 1970."""
    manifest = _manifest(run, name) or {}
    return sum(float(manifest.get(part, 0.0)) for part in parts)


def _seconds(when: str) -> float:
    return datetime.fromisoformat(when).timestamp()
