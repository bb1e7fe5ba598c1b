"""What a training run is on disk, and how far it is: to be read while it goes on, too.

runs/2026-11-22/
    run.json         what was asked for, by which command, with which versions
    progress.jsonl   a line a second: the step, how far, metrics, what went wrong
    log.txt          the same for people, with warnings and tracebacks
    run.lock         held by the one process that works on the run
    01-index/ …      the steps: see `step`
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from facecam.errors import TrainingError
from facecam.training import disk
from facecam.training.step import Metrics, read_manifest

log = logging.getLogger(__name__)

RECORD = "run.json"
JOURNAL = "progress.jsonl"
LOG = "log.txt"
LOCK = "run.lock"
START = "start"
"""Folder with a copy of what a run started from."""

ALWAYS = ("name", "number", "count", "state")
"""What a step's state as JSON never leaves out."""
BEGUN = "begun"
"""Key of the journal line each attempt begins with; lines before it are history."""


class State(StrEnum):
    """How a step, or a whole run, stands."""

    WAITING = "waiting"
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
    stale: bool = False
    """There is output of other numbers; it will be replaced."""


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
    """When it was begun first, seconds since 1970."""
    steps: tuple[StepState, ...]
    running: bool
    """A process works on it now."""

    @property
    def state(self) -> State:
        """How the run stands as a whole."""
        found = {step.state for step in self.steps}
        if self.running:
            return State.RUNNING
        if found == {State.DONE}:
            return State.DONE
        return State.FAILED if State.FAILED in found else State.STOPPED


def read_run(root: Path) -> RunState:
    """Return how a run stands.

    Raises:
        TrainingError: there is no run in this directory, or its record is damaged.
    """
    record = read_record(root)
    running = is_running(root)
    latest = {step.name: step for step in _journal(root)}
    try:
        names: list[dict[str, str]] = record["steps"]
        steps = [
            _step(root, StepState(step["name"], number, len(names)), step, latest)
            for number, step in enumerate(names, start=1)
        ]
        return RunState(
            root,
            record["kind"],
            tuple(record["command"]),
            record["request"],
            record["config"],
            record["versions"],
            record["started"],
            tuple(step if running else _halted(step) for step in steps),
            running,
        )
    except (KeyError, TypeError) as error:
        raise damaged(root, repr(error)) from error


class RunReader:
    """Reads the runs of a folder again and again; what did not change is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> list[RunState]:
        """Return the runs, the newest first. Damaged ones are logged."""
        return list_runs(self._folder)


def read_record(root: Path) -> dict[str, Any]:
    """Return what run.json holds.

    Raises:
        TrainingError: there is none, or it is damaged.
    """
    path = root / RECORD
    if not path.is_file():
        raise TrainingError(
            f"There is no training run in {root}. See which there are: "
            "facecam train list"
        )
    try:
        record = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise damaged(root, str(error)) from error
    if not isinstance(record, dict):
        raise damaged(root, "it holds no object")
    return record


def list_runs(folder: Path) -> list[RunState]:
    """Return the runs of a folder, the newest first. Damaged ones are logged."""
    found = []
    for record in folder.glob(f"[!.]*/{RECORD}"):  # a dot: half deleted
        try:
            found.append(read_run(record.parent))
        except TrainingError as error:
            log.warning("%s", error)
    return sorted(found, key=lambda run: run.started, reverse=True)


def delete(root: Path) -> None:
    """Delete a run with everything it has made.

    Raises:
        TrainingError: it is none, or somebody works on it.
        OSError: a file of it is open elsewhere, or the disk refuses.
    """
    read_record(root)
    if is_running(root):
        raise TrainingError(f"{root} is being worked on. Stop it first, with Ctrl+C.")
    gone = root.with_name(f".{root.name}.deleted")
    disk.remove(gone)
    disk.move(root, gone)  # so that a kill leaves no half run that looks whole
    disk.remove(gone)


def find(name: str, folder: Path) -> Path:
    """Return the directory of a run that is named by its path or by its name.

    Args:
        name: what somebody typed.
        folder: where runs live.

    Raises:
        TrainingError: there is no such run.
    """
    for root in (Path(name).expanduser(), folder / name):
        if (root / RECORD).is_file():
            return root.resolve()
    raise TrainingError(
        f"There is no training run {name}. See which there are: facecam train list"
    )


def is_running(root: Path) -> bool:
    """Tell whether a process works on a run."""
    from filelock import FileLock, Timeout

    if not (root / LOCK).exists():
        return False
    try:
        with FileLock(root / LOCK, timeout=0):
            return False
    except Timeout:
        return True


def changed_numbers(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return what differs between two nested mappings: {"pnet.fit.steps": (10, 20)}.

    Lists and tuples are the same thing: JSON has only lists.
    """
    before, after = dict(_flat(old)), dict(_flat(new))
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }


def damaged(root: Path, why: str) -> TrainingError:
    """Return the error for a record that is not as it was written."""
    return TrainingError(
        f"{root / RECORD} is damaged: {why}. Move the run away or delete it, and begin "
        "it again."
    )


def as_json(step: StepState) -> dict[str, Any]:
    """Return a step's state as JSON has it, without what says nothing."""
    plain = StepState(step.name, step.number, step.count)
    return {
        key: value
        for key, value in asdict(step).items()
        if key in ALWAYS or value != getattr(plain, key)
    }


def _journal(root: Path) -> list[StepState]:
    """Return what the last attempt has told, in order; torn lines are passed over."""
    path = root / JOURNAL
    if not path.exists():
        return []
    known = {f.name for f in fields(StepState)}
    told: list[StepState] = []
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            entry = json.loads(line)
            if BEGUN in entry:
                told.clear()
                continue
            values = {key: entry[key] for key in entry if key in known}
            told.append(StepState(**values | {"state": State(entry["state"])}))
        except (ValueError, TypeError, KeyError):
            continue
    return told


def _step(
    root: Path,
    waiting: StepState,
    asked: Mapping[str, str],
    latest: Mapping[str, StepState],
) -> StepState:
    """Return how one step stands by its directory, then by the journal."""
    manifest = read_manifest(root / waiting.name)
    if manifest and manifest["fingerprint"] == asked["fingerprint"]:
        return replace(
            waiting,
            state=State.DONE,
            metrics=manifest.get("metrics", {}),
            seconds=manifest.get("seconds"),
        )
    told = latest.get(waiting.name, waiting)
    if told.state is State.DONE:  # its directory has been deleted since
        told = waiting
    return replace(
        told, number=waiting.number, count=waiting.count, stale=manifest is not None
    )


def _halted(step: StepState) -> StepState:
    """Return a step of a run nobody works on: what was running was killed."""
    if step.state is not State.RUNNING:
        return step
    return replace(step, state=State.STOPPED, left=None)


def _flat(values: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{where}{name}.")
        else:
            yield f"{where}{name}", list(value) if isinstance(value, tuple) else value
