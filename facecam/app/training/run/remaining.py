"""How far a whole run is, and how long it still takes: from what its check expected.

The first step rehearses the others on this computer and writes what each will cost.
What the finished ones really took corrects that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from facecam.app.training.run.saying import step_words
from facecam.training.runs import RunState, State, StepState

FILE = "preflight.json"
CHECK = "00-check"
SMALL = 5.0
"""Seconds of a step for which nothing was expected."""
LEAST, MOST = 1 / 3, 3.0
"""How far what was expected is believed to be wrong."""


def read_expected(root: Path) -> Mapping[str, float]:
    """Return the seconds expected of each step, by its name; nothing before the check.

    Args:
        root: directory of the run.
    """
    try:
        values = json.loads((root / CHECK / FILE).read_text("utf-8"))
        parts = values["estimates"]["parts"]
        return {str(one["part"]): float(one["seconds"]) for one in parts}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def seconds_left(run: RunState, expected: Mapping[str, float]) -> float | None:
    """Return the seconds a run still needs, about; None while nobody can tell."""
    if not expected:
        return None
    pace = _pace(run, expected)
    total = 0.0
    for step in run.steps:
        if step.state is State.DONE:
            continue
        if step.state is State.RUNNING and step.left is not None:
            total += step.left
        else:
            total += pace * _expected(step, expected) * (1 - share(step))
    return total


def share_done(run: RunState, expected: Mapping[str, float]) -> float:
    """Return the share of a run that is done, 0…1, by time where it is known."""
    whole = sum(_expected(step, expected) for step in run.steps)
    done = sum(_expected(step, expected) * share(step) for step in run.steps)
    return done / whole if whole else 0.0


def share(step: StepState) -> float:
    """Return the share of a step that is done, 0…1."""
    if step.state is State.DONE:
        return 1.0
    return min(step.done / step.total, 1.0) if step.total else 0.0


def _pace(run: RunState, expected: Mapping[str, float]) -> float:
    """Return how many times longer steps take than was expected."""
    known = [
        (step.seconds, expected[_part(step)])
        for step in run.steps
        if step.state is State.DONE and step.seconds and _part(step) in expected
    ]
    really, thought = sum(a for a, _ in known), sum(b for _, b in known)
    return min(max(really / thought, LEAST), MOST) if thought else 1.0


def _expected(step: StepState, expected: Mapping[str, float]) -> float:
    return expected.get(_part(step), SMALL)


def _part(step: StepState) -> str:
    said = step_words(step.name)
    return f"{said.net} {said.part}".strip()
