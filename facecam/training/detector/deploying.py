"""The detector of a run put to use: gate, compile, publish; the one before is kept.

    03-pnet-fit, 06-rnet-fit, 09-onet-fit   weights.npz
    11-evaluate                             comparison.json: the gate; settings.json
                                            -> <home>/models/detector/<name>/installed

Whoever overrides the gate is told what gets worse, and so is whoever asks later which
detector finds the faces.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facecam import artifacts, installation
from facecam.artifacts import Installed, Origin
from facecam.config import THRESHOLDS, Config
from facecam.errors import ModelError, Refused, TrainingError
from facecam.installation import Report, quiet
from facecam.nets.arrays import Arrays, digest, read_net
from facecam.training import step
from facecam.training.detector.cascade import NETS, WEIGHTS, fits_of
from facecam.training.detector.evaluation import comparison as comparing
from facecam.training.detector.evaluation import evaluating
from facecam.training.detector.evaluation.comparison import Comparison
from facecam.training.detector.evaluation.contenders import of_run
from facecam.training.detector.recipe import EVALUATE


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
        Refused: the comparison speaks against it, or there is none.
        TrainingError: the run is not done.
        ModelError: its weights are damaged, or the disk refuses.
    """
    arrays = read_detector(run)
    manifest = installation.meant(config, "detector")
    now = _in_use(config)
    comparison = _comparison(run, force)
    settings = read_settings(run)
    if now is not None and _same(now, arrays, settings):
        return Deployed(now, comparison, changed=False)
    missing = _missing(config, run, comparison)
    doubts = (missing,) if missing or comparison is None else comparison.reasons
    if doubts and not force:
        again = f"Evaluate it: facecam train detector --run {run}"
        raise Refused("detector", run, doubts, again if missing else "")
    source = f"training run {run.resolve().name}"
    origin = Origin(source, settings, _note(doubts))
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
    arrays: Arrays = {}
    for net, fit in zip(NETS, fits_of(run), strict=True):
        for name, array in read_net(fit / WEIGHTS).items():
            arrays[f"{net}_{name}"] = np.asarray(array, np.float32)
    return arrays


def read_settings(run: Path) -> dict[str, Any]:
    """Return the numbers that belong to the weights: those the run was evaluated with.

    Raises:
        TrainingError: the run is not done, or the file that says them is damaged.
    """
    config = of_run(run).config
    return {"thresholds": list(config.thresholds or THRESHOLDS), "lean": config.lean}


def _in_use(config: Config) -> Installed | None:
    """Return the detector in use if it is intact."""
    try:
        found = artifacts.installed(config.models, "detector", config.detector.model)
        if found is not None:
            artifacts.verify(found)
    except ModelError:
        return None
    return found


def _same(model: Installed, arrays: Arrays, settings: Mapping[str, Any]) -> bool:
    """Tell whether a model has these weights and the settings that belong to them."""
    return model.arrays == digest(arrays) and model.origin.settings == settings


def _comparison(run: Path, force: bool) -> Comparison | None:
    """Read how the run compares with what was deployed; None if it was not evaluated.

    Raises:
        TrainingError: the file is damaged, and that is not to be overridden.
    """
    if step.read_manifest(run / EVALUATE) is None:
        return None
    try:
        return comparing.read(run / EVALUATE / evaluating.COMPARISON)
    except TrainingError:
        if force:
            return None
        raise


def _missing(config: Config, run: Path, comparison: Comparison | None) -> str:
    """Say why the comparison of a run tells nothing; "" if it does."""
    evaluated = step.read_manifest(run / EVALUATE)
    if evaluated is None or comparison is None:
        return "It was not evaluated."
    if any(_ended(fit) > evaluated["started"] for fit in fits_of(run)):
        return "Its nets were fitted again since it was evaluated."
    if not _compared_with_that_in_use(config, evaluated["config"]):
        return "It was not compared with the detector in use now."
    return ""


def _compared_with_that_in_use(config: Config, evaluation: Mapping[str, Any]) -> bool:
    """Tell whether an evaluation was made with the detector in use now."""
    final = config.models / "detector" / config.detector.model / artifacts.FINAL
    if not (final / artifacts.MANIFEST).is_file():
        return True
    now = evaluating.request(final, config.retraining.trial)
    return evaluation.get("content") == now.content


def _ended(folder: Path) -> float:
    """Return when a step ended, seconds since 1970."""
    manifest = step.read_manifest(folder) or {}
    return manifest.get("started", 0.0) + manifest.get("seconds", 0.0)


def _note(doubts: Sequence[str]) -> str:
    return f"deployed although: {' '.join(doubts)}" if doubts else ""
