"""How a training run stands: the nouns that whoever follows one reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from facecam.training.step import Metrics

CUT = (
    "It was cut off in the middle: its process was ended, the computer ran out of "
    "memory, or the power went. What is done is kept; go on with it."
)
"""What to tell somebody whose run ended without a word."""
ALWAYS = ("name", "number", "count", "state")
"""What a step's state as JSON never leaves out."""


class State(StrEnum):
    """How a step, or a whole run, stands."""

    WAITING = "waiting"
    """Not begun."""
    RUNNING = "running"
    STOPPED = "stopped"
    """Interrupted, killed or without power; the same command goes on."""
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True)
class StepState:
    """How one step stands."""

    name: str
    number: int
    """Its place among the steps, from 1."""
    count: int
    """How many steps the run has."""
    state: State = State.WAITING
    done: int = 0
    total: int = 0
    text: str = ""
    left: float | None = None
    """Seconds it still needs, about; None while nobody can tell."""
    metrics: Metrics = field(default_factory=dict)
    seconds: float | None = None
    """What it took, once it is done."""
    error: str = ""
    """What went wrong and what to do, if it failed."""
    cut: bool = False
    """Its process ended in the middle without a word."""
    stale: bool = False
    """There is output of other numbers; it will be replaced."""


@dataclass(frozen=True)
class Uses:
    """What a run takes of the computer, all its processes together."""

    processor: float
    """Cores that are busy with it."""
    memory: int
    """Bytes."""
    disk: int
    """Bytes of the run's directory."""
    free: int
    """Bytes left on that disk."""


@dataclass(frozen=True)
class RunState:
    """How a run stands."""

    path: Path
    kind: str
    """What is trained, such as "detector"."""
    command: tuple[str, ...]
    request: Mapping[str, Any]
    """What was asked for beside the numbers: the data, where to start from."""
    config: Mapping[str, Any]
    """Every number of the run."""
    versions: Mapping[str, str]
    started: float
    """When it was begun first, or put into the queue; seconds since 1970."""
    steps: tuple[StepState, ...]
    running: bool
    """A process works on it now."""
    error: str = ""
    """What went wrong and what to do, in one of its steps or before the first."""
    note: str = ""
    """What somebody has written about it."""
    uses: Uses | None = None
    """What it takes now; None if nobody works on it, or has only begun to."""

    @property
    def cut(self) -> bool:
        """Whether its process ended in the middle without a word."""
        return not self.running and any(step.cut for step in self.steps)

    @property
    def state(self) -> State:
        """How the run stands as a whole."""
        if self.running:
            return State.RUNNING
        if all(step.state is State.DONE for step in self.steps):
            return State.DONE
        if self.error or any(step.state is State.FAILED for step in self.steps):
            return State.FAILED
        begun = any(
            step.state is not State.WAITING or step.stale for step in self.steps
        )
        return State.STOPPED if begun else State.WAITING


def as_json(step: StepState) -> dict[str, Any]:
    """Return a step's state as JSON has it, without what says nothing."""
    plain = StepState(step.name, step.number, step.count)
    return {
        key: value
        for key, value in asdict(step).items()
        if key in ALWAYS or value != getattr(plain, key)
    }
