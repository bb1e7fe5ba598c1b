"""The look before a run: files, labels, samples, one batch, costs; and a refusal.

Hours of training are lost to what five minutes of looking would have shown. So
everything that can be checked is checked, what a person has to see is drawn, and a run
on data that cannot work does not start.

    preflight.json   findings, statistics, estimates
    quarantine.csv   what was labelled but cannot be used, and why
    sheets/*.png     labels on pictures, faces close up, samples with their answers
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from facecam import files
from facecam.annotations.annotation import AnnotatedSet, Fault
from facecam.config.retraining import RetrainingConfig
from facecam.errors import TrainingError
from facecam.training.apart import run_apart
from facecam.training.detector.checking import census, findings, one_batch, sheets
from facecam.training.detector.checking.census import Census, Count, Divided
from facecam.training.detector.checking.estimates import Estimates, Measured, estimate
from facecam.training.detector.checking.findings import Finding, Severity
from facecam.training.detector.checking.label_findings import of_labels
from facecam.training.detector.checking.rehearsal import Rehearsal, rehearse
from facecam.training.detector.checking.screening import Screening, screen
from facecam.training.detector.crops.samples import SIZES
from facecam.training.detector.index import IndexRequest, fault_table, read_sets
from facecam.training.step import Inputs, Metrics, Progress, Report

RESULT, QUARANTINE, SHEETS = "preflight.json", "quarantine.csv", "sheets"
STEP = "check"


@dataclass(frozen=True)
class Preflight:
    """What was seen before a run."""

    folder: Path
    """Where the report lies."""
    findings: tuple[Finding, ...]
    """The gravest first."""
    quarantined: tuple[Fault, ...]
    """What was labelled but cannot be used."""
    census: Census
    estimates: Estimates | None
    """None where an error was found before anything was measured, or nothing was."""
    sheets: tuple[str, ...]
    """Pictures to look at, in `folder`."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps a run from working."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)


@dataclass(frozen=True)
class PreflightRequest:
    """What a run is looked at before."""

    sets: IndexRequest
    numbers: RetrainingConfig


def check_data(
    workers: int, request: PreflightRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Look at the data of a run and refuse what cannot work; its first step.

    Raises:
        DatasetError: a set cannot be read.
        TrainingError: training on this data cannot work; says why.
    """
    config = replace(request.numbers, workers=workers)
    sets = read_sets(request.sets)
    seen = check(sets, config, out, report, started=bool(request.sets.start))
    refuse(seen)
    return {
        "warnings": sum(one.severity is Severity.WARNING for one in seen.findings),
        "left_out": len(seen.quarantined),
        "faces": seen.census.training.learned,
        **({"expected_seconds": seen.estimates.seconds} if seen.estimates else {}),
    }


def check(
    sets: Sequence[AnnotatedSet],
    config: RetrainingConfig,
    out: Path,
    report: Report,
    started: bool = False,
) -> Preflight:
    """Look at data before it is learned from, and write down what was seen.

    Args:
        sets: as read, pictures without faces and hard examples among them.
        config: the run that is meant.
        out: folder for the report, made if need be; on the disk the run will be on.
        report: told what is being done.
        started: the run goes on from a detector that works, and needs less data.

    Raises:
        TrainingError: the process that fits one batch crashed.
        OSError: the disk refuses.
    """
    (out / SHEETS).mkdir(parents=True, exist_ok=True)
    seen = _look(sets, config, report)
    faults = (*(fault for one in sets for fault in one.faults), *seen.screening.faults)
    found = [
        *findings.of_files(seen.screening, len(faults)),
        *findings.of_copies(seen.screening, seen.divided),
        *findings.of_amounts(seen.census, config, started),
        *(one for each in seen.screening.sets for one in of_labels(each)),
    ]
    drawn = sheets.draw_labels(
        seen.divided, seen.screening.decoded, config, out / SHEETS
    )
    costs = None
    if not any(one.severity is Severity.ERROR for one in found):
        rehearsals = _rehearse(seen, config, report)
        drawn += sheets.draw_samples(rehearsals, config, out / SHEETS)
        if config.preflight.steps:
            more, costs = _try(rehearsals, seen, config, out, report)
            found += more
    order = list(Severity)
    preflight = Preflight(
        out,
        tuple(sorted(found, key=lambda one: order.index(one.severity))),
        faults,
        seen.census,
        costs,
        tuple(path.relative_to(out).as_posix() for path in drawn),
    )
    _write(preflight)
    return preflight


def refuse(preflight: Preflight) -> None:
    """Stop if a run on this data cannot work.

    Raises:
        TrainingError: lists what is wrong, and what to do.
    """
    if preflight.errors:
        said = "\n".join(f"* {one.text} {one.cure}" for one in preflight.errors)
        raise TrainingError(
            f"Training on this data cannot work:\n{said}\n"
            f"What was seen is in {preflight.folder}."
        )


def _write(preflight: Preflight) -> None:
    """Write what was seen beside what was drawn."""
    files.write(preflight.folder / QUARANTINE, fault_table(preflight.quarantined))
    text = json.dumps(as_json(preflight), indent=2, ensure_ascii=False)
    files.write(preflight.folder / RESULT, text.encode())


def as_json(preflight: Preflight) -> dict[str, Any]:
    """Return what was seen as JSON has it."""
    counted, costs = preflight.census, preflight.estimates
    return {
        "findings": [asdict(one) for one in preflight.findings],
        "left_out": len(preflight.quarantined),
        "training": _statistics(counted.training),
        "held_out": _statistics(counted.held_out),
        "sets": [
            {
                "name": one.name,
                "layout": one.layout,
                "training": _statistics(one.training),
                "held_out": _statistics(one.held_out),
            }
            for one in counted.sets
        ],
        "estimates": costs
        and {"seconds": costs.seconds, "disk": costs.disk, **asdict(costs)},
        "sheets": preflight.sheets,
    }


def _statistics(count: Count) -> dict[str, Any]:
    plain = {
        name: value for name, value in asdict(count).items() if isinstance(value, int)
    }
    return {**plain, "by_size": count.by_size(), **count.by_level()}


@dataclass(frozen=True, eq=False)
class _Seen:
    """What looking at files and labels has shown."""

    screening: Screening
    divided: list[Divided]
    census: Census


def _look(
    sets: Sequence[AnnotatedSet], config: RetrainingConfig, report: Report
) -> _Seen:
    rng = np.random.default_rng(config.seed)
    tell = _teller("pictures", report)
    screening = screen(sets, config.preflight.decoded, rng, tell)
    divided = census.divide(screening.sets, config.index)
    return _Seen(screening, divided, census.take(divided, config.pnet.samples))


def _rehearse(seen: _Seen, config: RetrainingConfig, report: Report) -> list[Rehearsal]:
    tell = _teller("samples", report)
    rehearsals = []
    for number, net in enumerate(SIZES, start=1):
        rehearsals.append(rehearse(net, seen.divided, seen.screening.decoded, config))
        tell(number, len(SIZES))
    return rehearsals


def _try(
    rehearsals: Sequence[Rehearsal],
    seen: _Seen,
    config: RetrainingConfig,
    out: Path,
    report: Report,
) -> tuple[list[Finding], Estimates]:
    """Let each net learn one batch, in a process whose memory goes with it."""
    learned, memory = run_apart(
        one_batch.learn,
        (one_batch.lessons(rehearsals, config), config.preflight, config.seed),
        lambda progress: report(replace(progress, step=STEP)),
    )
    sizes = (one.width * one.height for one in seen.screening.headers.values())
    measured = Measured(
        rehearsals, learned, memory, max(sizes), seen.census.held_out.pictures
    )
    costs = estimate(measured, config, out)
    learning = findings.of_learning(learned, config.preflight)
    return [*learning, *findings.of_costs(costs, out)], costs


def _teller(text: str, report: Report) -> Callable[[int, int], None]:
    """Return what tells how far one part of the check is, a hundred times at most."""

    def tell(done: int, total: int) -> None:
        if done == total or done % max(total // 100, 1) == 0:
            report(Progress(STEP, done, total, {}, text))

    return tell
