"""How a run stands, in words and as a shape; what it is for, and how far it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from facecam.app import moments
from facecam.config import EmbeddingTrainingConfig, RetrainingConfig
from facecam.config.embedding_presets import (
    EMBEDDING_PRESETS,
    FULL,
    with_embedding_preset,
)
from facecam.config.presets import PRESETS, with_preset
from facecam.training.queue import Queue
from facecam.training.runs import RunState, State, changed_numbers

SCRATCH = "scratch"
PURPOSES = {
    "trial": "Quick trial",
    "fine-tune": "Fine-tune",
    "full": "Full training",
}
ON_HARD = "Fine-tune on hard examples"
EMBEDDER = "embedder"
WAYS = {
    "distil": "Learned from a teacher",
    "softmax+center": "Learned from names",
    "triplet": "Learned from triplets",
}
"""What an embedder's run is for that is no trial."""
ASIDE = ("seed", "workers")
"""Numbers that say nothing of what a run is for."""


class Standing(StrEnum):
    """How a run stands, the queue considered."""

    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"
    DAMAGED = "damaged"


MEANINGS = {
    Standing.RUNNING: "It is being worked on now, also when the window is closed.",
    Standing.WAITING: "It begins when the runs before it have ended.",
    Standing.PAUSED: "It was paused. What is done is kept; go on whenever you like.",
    Standing.STOPPED: "It was stopped or interrupted. What is done is kept; it can be "
    "gone on with.",
    Standing.FAILED: "Something went wrong. Open it to see what, and what to do.",
    Standing.DONE: "It has ended. Open it to see what it has brought.",
    Standing.DAMAGED: "Its record cannot be read.",
}


def standing(run: RunState, queue: Queue) -> Standing:
    """Return how a run stands."""
    name = run.path.name
    if run.running:
        return Standing.RUNNING
    if queue.held == name:
        return Standing.PAUSED
    if name in queue.waiting:
        return Standing.WAITING
    if run.state is State.WAITING:  # taken out of the queue before it began
        return Standing.STOPPED
    return Standing(run.state.value)


def purpose(run: RunState) -> str:
    """Return what a run is for, in words: that of the preset it is nearest to."""
    name = preset(run)
    if run.kind == EMBEDDER and name == FULL:
        return WAYS.get(str(run.request.get("loss")), PURPOSES[FULL])
    if name == "fine-tune" and run.request.get("hard"):
        return ON_HARD
    return PURPOSES[name]


def preset(run: RunState) -> str:
    """Return the preset that the fewest numbers of a run differ from."""
    from_scratch = run.request.get("start") == SCRATCH
    numbers = json.dumps(run.config, default=_plain)
    return _nearest(run.kind, numbers, from_scratch)


def usual(name: str, kind: str = "detector") -> dict[str, Any]:
    """Return every number of a preset of some kind of run, nested."""
    if kind == EMBEDDER:
        return asdict(with_embedding_preset(EmbeddingTrainingConfig(), name))
    return asdict(with_preset(RetrainingConfig(), name))


def day(run: RunState, now: float | None = None) -> str:
    """Return when a run was begun, "today 10:12" or "20 November 10:12"."""
    return moment(run.started, now)


def moment(seconds: float, now: float | None = None) -> str:
    """Return a moment (seconds since 1970) as "today 10:12" or "Friday 9:00"."""
    when = moments.day(seconds, now)
    when = when.lower() if when in ("Today", "Yesterday", "Tomorrow") else when
    return f"{when} {moments.clock(seconds)}"


def place(run: RunState, queue: Queue) -> str:
    """Return a run's place in the queue, "next" or "3rd in the queue"; else ""."""
    if run.path.name not in queue.waiting:
        return ""
    number = queue.waiting.index(run.path.name) + 1
    return "next in the queue" if number == 1 else f"{_ordinal(number)} in the queue"


def took(run: RunState) -> float:
    """Return the seconds that the steps done so far have taken."""
    return sum(step.seconds or 0.0 for step in run.steps)


@lru_cache(maxsize=256)
def _nearest(kind: str, config: str, from_scratch: bool) -> str:
    numbers: Mapping[str, Any] = json.loads(config)

    def away(name: str) -> tuple[int, bool]:
        changed = changed_numbers(usual(name, kind), numbers)
        count = sum(number not in ASIDE for number in changed)
        return count, (name == FULL) != from_scratch

    return min(EMBEDDING_PRESETS if kind == EMBEDDER else PRESETS, key=away)


def _plain(value: object) -> str:
    return value.as_posix() if isinstance(value, Path) else str(value)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number in (11, 12, 13) else ending}"
