"""The last step of a run: its cascade beside the deployed one, on held-out pictures.

    trial.json, deployed.json   what the two can do
    comparison.json             what gets better and worse; whether it may be deployed
    settings.json               thresholds and lean that belong to the new weights
    differences.json            pictures in which only one of the two is right
    report.html, *.jpg          for people: numbers, curves, mistakes
    detections.txt              what the new one found, as FDDB's evaluation reads it

The score from which the new one shows faces is chosen such that it gives no more false
alarms than the deployed one: what a score means is for each net to say.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from facecam import artifacts, files
from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.faces import Detections
from facecam.media import read_image
from facecam.training.detector import index
from facecam.training.detector.evaluation import (
    comparison,
    differences,
    figures,
    folder,
    galleries,
    page,
    result_files,
    thresholds,
    trial,
)
from facecam.training.detector.evaluation.comparison import Comparison, Outcome
from facecam.training.detector.evaluation.contenders import (
    SETTINGS,
    Contender,
    installed,
    trained,
)
from facecam.training.detector.evaluation.figures import Trial
from facecam.training.detector.evaluation.galleries import Side
from facecam.training.step import Inputs, Metrics, Progress, Report

TRIAL, DEPLOYED, COMPARISON = folder.TRIAL, folder.DEPLOYED, folder.COMPARISON
SHOWN = tuple(hundredth / 100 for hundredth in range(50, 96))
"""Scores among which the one faces are shown from is chosen."""
TIMED, ROUNDS = 20, 3
"""Pictures that are timed, and how often each; its best time counts."""


@dataclass(frozen=True)
class EvaluationRequest:
    """What a finished cascade is compared with, and how it is measured."""

    deployed: str
    """Folder of the installed detector; "" for none."""
    trial: TrialConfig
    content: str = ""
    """Fingerprint of the installed detector: with another, the step is done again."""


def request(deployed: Path | None, config: TrialConfig) -> EvaluationRequest:
    """Return the request to compare with an installed detector, or with none.

    Args:
        deployed: <home>/models/detector/<name>/installed.
        config: how both are measured.
    """
    if deployed is None:
        return EvaluationRequest("", config)
    manifest = deployed / artifacts.MANIFEST
    content = manifest.read_bytes() if manifest.is_file() else b""
    return EvaluationRequest(
        str(deployed), config, hashlib.sha256(content).hexdigest()[:16]
    )


def evaluate_run(
    request: EvaluationRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Measure and compare; the step function.

    Args:
        request: what to compare with.
        inputs: the index, then the fits of P-, R- and O-Net.
        out: folder of the results.
        report: called after each picture.

    Raises:
        DatasetError: no face was held out.
        ModelError: a net is missing or damaged.
    """
    listed, *fits = inputs.values()
    held_out = index.read(listed / index.HELD_OUT)
    contenders = [trained(fits, request.trial.passing)]
    if request.deployed:
        deployed_one = installed(Path(request.deployed))
        if request.trial.passing is None:
            contenders = [
                thresholds.choose(contenders[0], deployed_one, held_out, request.trial)
            ]
        contenders.append(deployed_one)
    found = _look(contenders, held_out, request.trial, report)
    n = len(held_out)
    report(Progress("evaluate", n, n, {}, "comparing"))
    trials = _judge(contenders, held_out, found, request.trial)
    candidate, deployed = trials[0], trials[1] if len(trials) > 1 else None
    compared = comparison.compare(candidate, deployed)
    _write(out, contenders[0], (candidate, deployed), compared)
    result_files.write_fddb(out, held_out, found[0])
    sides = [Side(f, one.shown) for f, one in zip(found, trials, strict=True)]
    made = list(galleries.galleries(held_out, request.trial, sides))
    galleries.write_sheets(made, out)
    if len(sides) > 1:
        differing = galleries.differences(held_out, request.trial, sides)
        differences.write(differing, out / differences.FILE)
    title = f"The detector of {out.parent.name}"
    page.write(
        page.Content(title, candidate, deployed, compared, made), out / folder.REPORT
    )
    return _metrics(candidate, deployed, compared)


def _look(
    contenders: Sequence[Contender],
    annotations: Sequence[Annotation],
    config: TrialConfig,
    report: Report,
) -> list[list[Detections]]:
    """Return by detector what it finds in each of n pictures."""
    detectors = [contender.searching(config) for contender in contenders]
    found: list[list[Detections]] = [[] for _ in contenders]
    for n, annotation in enumerate(annotations, 1):
        image = read_image(annotation.path)
        for detections, detector in zip(found, detectors, strict=True):
            detections.append(detector.detect(image))
        report(Progress("evaluate", n, len(annotations), {}, "finding faces"))
    return found


def _judge(
    contenders: Sequence[Contender],
    annotations: Sequence[Annotation],
    found: Sequence[Sequence[Detections]],
    config: TrialConfig,
) -> list[Trial]:
    """Return the trial of each detector, the new one's threshold chosen, all timed."""
    scores = [config.shown, *(one.thresholds[2] for one in contenders[1:])]
    trials = [
        trial.judge(annotations, f, replace(config, shown=score))
        for f, score in zip(found, scores, strict=True)
    ]
    if len(trials) > 1:
        shown = chosen_score(*trials)
        trials[0] = trial.judge(annotations, found[0], replace(config, shown=shown))
    times = _times(contenders, annotations)
    return [
        replace(one, milliseconds=milliseconds)
        for one, milliseconds in zip(trials, times, strict=True)
    ]


def chosen_score(candidate: Trial, deployed: Trial) -> float:
    """Return the least score that gives no more false alarms than the deployed one."""
    if "all" not in candidate.groups:
        return candidate.shown
    new, old = candidate.groups["all"], deployed.groups["all"]
    most = old.at(deployed.shown).false
    return next((score for score in SHOWN if new.at(score).false <= most), SHOWN[-1])


def _times(
    contenders: Sequence[Contender], annotations: Sequence[Annotation]
) -> list[float]:
    """Return the median time each detector takes for a picture, milliseconds.

    They take turns, so that whatever else the machine does meets both.
    """
    detectors = [contender.detector() for contender in contenders]
    whole = [one for one in annotations if one.complete] or annotations
    chosen = np.linspace(0, len(whole) - 1, min(len(whole), TIMED)).astype(int)
    best = np.full((len(detectors), len(chosen)), np.inf)
    for column, n in enumerate(chosen):
        image = read_image(whole[n].path)
        for _ in range(ROUNDS):
            for row, detector in enumerate(detectors):
                started = time.perf_counter()
                detector.detect(image)
                took = 1000 * (time.perf_counter() - started)
                best[row, column] = min(best[row, column], took)
    return [float(median) for median in np.median(best, axis=1)]


def _write(
    out: Path,
    candidate: Contender,
    trials: tuple[Trial, Trial | None],
    compared: Comparison,
) -> None:
    new, old = trials
    figures.write(new, out / TRIAL)
    if old is not None:
        figures.write(old, out / DEPLOYED)
    comparison.write(compared, out / COMPARISON)
    settings = {
        "thresholds": [*candidate.thresholds[:2], new.shown],
        "lean": candidate.config.lean,
    }
    files.write(out / SETTINGS, json.dumps(settings, indent=2).encode())


def _metrics(candidate: Trial, deployed: Trial | None, compared: Comparison) -> Metrics:
    """Return the numbers that stand in the list of runs."""
    metrics = {
        f"recall_{name}": group.recall_at()
        for name, group in candidate.groups.items()
        if name in comparison.GATING
    }
    if "all" in candidate.groups:
        shown = candidate.groups["all"].at(candidate.shown)
        metrics["false_alarms"] = shown.false
    if candidate.landmarks is not None:
        metrics["landmark_error"] = candidate.landmarks.error
    if deployed is not None:
        assert candidate.milliseconds
        assert deployed.milliseconds
        metrics["time_ratio"] = candidate.milliseconds / deployed.milliseconds
        outcomes = [verdict.outcome for verdict in compared.verdicts]
        metrics |= {str(outcome): outcomes.count(outcome) for outcome in Outcome}
        metrics["passes"] = float(compared.passes)
    return metrics
