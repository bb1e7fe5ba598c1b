"""The files of a training run, read again and again while it goes on.

runs/2026-11-22/
    run.json         what was asked for, by which command, with which versions
    progress.jsonl   a line a second: the step, how far, metrics, what went wrong
    log.txt          the same for people, with warnings and tracebacks
    note.txt         what somebody has written about it
    stop             there while somebody wants it to stop
    run.lock         held by the one process that works on the run
    01-index/ …      the steps: see `step`

A line of progress.jsonl is how a step stands, or one of these, about the whole run:

    {"begun": 1795340000.0}              an attempt; what is above it is history
    {"time": …, "failed": "…"}           what kept it from beginning a step
    {"time": …, "uses": {…}}             what it takes of the computer
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from facecam.errors import TrainingError
from facecam.training.states import RunState, State, StepState, Uses
from facecam.training.step import MANIFEST, read_manifest

T = TypeVar("T")
Mark: TypeAlias = tuple[int, int, int] | None
"""What changes with a file: its number, its size, when it was written (ns)."""

RECORD = "run.json"
JOURNAL = "progress.jsonl"
LOG = "log.txt"
NOTE = "note.txt"
STOP = "stop"
LOCK = "run.lock"
START = "start"
"""Folder with a copy of what a run started from."""

BEGUN, FAILED, USES = "begun", "failed", "uses"
"""Keys of the journal's lines about the whole run."""
KNOWN = frozenset(field.name for field in fields(StepState))


class RunFiles:
    """Reads one run whenever it is asked to; what did not change is kept."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._record = _Kept(root / RECORD, lambda _: read_record(root))
        self._note = _Kept(root / NOTE, _read_note)
        self._journal = _Journal(root / JOURNAL)
        self._manifests: dict[str, _Kept[dict[str, Any] | None]] = {}
        self._seen: tuple[object, ...] = ()
        self._state: RunState | None = None

    def read(self) -> RunState:
        """Return how the run stands.

        Raises:
            TrainingError: there is no run in this directory, or its record is damaged.
        """
        running = is_running(self._root)
        names = ("", RECORD, JOURNAL, NOTE)
        seen = (running, *(_mark(self._root / name) for name in names))
        if self._state is None or seen != self._seen:
            self._state = self._read(running)
            self._seen = seen
        return self._state

    def _read(self, running: bool) -> RunState:
        record = self._record.read()
        try:
            asked: list[dict[str, str]] = record["steps"]
            steps = self._steps(asked, running)
            error = "" if running else self._journal.error
            if not running:
                steps = tuple(map(_halted, steps))
            errors = (step.error for step in steps if step.state is State.FAILED)
            return RunState(
                self._root,
                record["kind"],
                tuple(record["command"]),
                record["request"],
                record["config"],
                record["versions"],
                record["started"],
                steps,
                running,
                error or next(errors, ""),
                self._note.read(),
                self._journal.uses if running else None,
            )
        except (KeyError, TypeError) as error:
            raise damaged(self._root, repr(error)) from error

    def _steps(
        self, asked: list[dict[str, str]], running: bool
    ) -> tuple[StepState, ...]:
        """Return how the steps stand by their directories, then by the journal."""
        found = [self._manifest(step["name"]) for step in asked]
        whole = [
            manifest is not None and manifest["fingerprint"] == step["fingerprint"]
            for step, manifest in zip(asked, found, strict=True)
        ]
        if running or not all(whole):  # the journal of a finished run may be long
            self._journal.read()
        steps = []
        for number, step in enumerate(asked, start=1):
            waiting = StepState(step["name"], number, len(asked))
            manifest = found[number - 1]
            if whole[number - 1] and manifest is not None:
                steps.append(_published(waiting, manifest))
                continue
            told = self._journal.steps.get(waiting.name, waiting)
            if told.state is State.DONE:  # its directory has been deleted since
                told = waiting
            stale = manifest is not None
            steps.append(replace(told, number=number, count=len(asked), stale=stale))
        return tuple(steps)

    def _manifest(self, name: str) -> dict[str, Any] | None:
        folder = self._root / name
        if name not in self._manifests:
            kept = _Kept(folder / MANIFEST, lambda _: read_manifest(folder))
            self._manifests[name] = kept
        return self._manifests[name].read()


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


def damaged(root: Path, why: str) -> TrainingError:
    """Return the error for a record that is not as it was written."""
    return TrainingError(
        f"{root / RECORD} is damaged: {why}. Move the run away or delete it, and begin "
        "it again."
    )


def is_running(root: Path) -> bool:
    """Tell whether a process works on a run."""
    return is_locked(root / LOCK)


def is_locked(path: Path) -> bool:
    """Tell whether a process holds a lock; it is held for a moment to find out."""
    from filelock import FileLock, Timeout

    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


class _Kept(Generic[T]):
    """What was made of a file, until the file changes."""

    def __init__(self, path: Path, make: Callable[[Path], T]) -> None:
        self._path = path
        self._make = make
        self._made: tuple[Mark, T] | None = None

    def read(self) -> T:
        mark = _mark(self._path)
        if self._made is None or self._made[0] != mark:
            self._made = (mark, self._make(self._path))
        return self._made[1]


class _Journal:
    """What the last attempt has told; each reading goes on where the one before ended.

    Lines that a kill has torn are passed over.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = 0
        self._offset = 0
        self._begin()

    def read(self) -> None:
        """Take what was added."""
        try:
            with self._path.open("rb") as file:
                now = os.fstat(file.fileno())
                if now.st_ino != self._number or now.st_size < self._offset:
                    self._number, self._offset = now.st_ino, 0
                    self._begin()
                file.seek(self._offset)
                added = file.read()
        except FileNotFoundError:
            self._offset = 0
            self._begin()
            return
        whole = added[: added.rfind(b"\n") + 1]
        self._offset += len(whole)
        last = whole.rfind(b'{"%s"' % BEGUN.encode())  # what is above is history
        for line in whole[max(last, 0) :].splitlines():
            with suppress(ValueError, TypeError, KeyError):
                self._take(json.loads(line))

    def _begin(self) -> None:
        """Forget what an earlier attempt has told."""
        self.steps: dict[str, StepState] = {}
        """By name, as each has told last."""
        self.error = ""
        self.uses: Uses | None = None

    def _take(self, entry: Mapping[str, Any]) -> None:
        if BEGUN in entry:
            self._begin()
        elif FAILED in entry:
            self.error = str(entry[FAILED])
        elif USES in entry:
            self.uses = Uses(**entry[USES])
        else:
            values = {key: entry[key] for key in entry if key in KNOWN}
            step = StepState(**values | {"state": State(entry["state"])})
            self.steps[step.name] = step


def _published(waiting: StepState, manifest: Mapping[str, Any]) -> StepState:
    """Return a step that is done, as its manifest tells it."""
    return replace(
        waiting,
        state=State.DONE,
        metrics=manifest.get("metrics", {}),
        seconds=manifest.get("seconds"),
    )


def _halted(step: StepState) -> StepState:
    """Return a step of a run nobody works on: what was running was killed."""
    if step.state is not State.RUNNING:
        return step
    return replace(step, state=State.STOPPED, left=None, cut=True)


def _mark(path: Path) -> Mark:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


def _read_note(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
