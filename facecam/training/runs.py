"""The training runs of a folder: found, read, noted on, stopped, deleted.

A run is a directory that says all about itself, see `run_files`; whoever looks needs
nothing from the process that works on it.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from facecam import files
from facecam.errors import TrainingError
from facecam.training import disk
from facecam.training.run_files import (
    BEGUN,
    FAILED,
    JOURNAL,
    LOCK,
    LOG,
    NOTE,
    RECORD,
    START,
    STOP,
    USES,
    RunFiles,
    damaged,
    is_running,
    read_record,
)
from facecam.training.states import CUT, RunState, State, StepState, Uses, as_json

__all__ = [
    "BEGUN",
    "CUT",
    "FAILED",
    "JOURNAL",
    "LOCK",
    "LOG",
    "NOTE",
    "RECORD",
    "START",
    "STOP",
    "USES",
    "RunReader",
    "RunState",
    "State",
    "StepState",
    "Uses",
    "as_json",
    "changed_numbers",
    "damaged",
    "delete",
    "find",
    "is_running",
    "list_runs",
    "read_record",
    "read_run",
    "request_stop",
    "stop_requested",
    "withdraw_stop",
    "write_note",
]

log = logging.getLogger(__name__)


class RunReader:
    """Reads the runs of a folder again and again; what did not change is kept.

    Args:
        folder: where runs live.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[Path, RunFiles] = {}
        self.damaged: tuple[str, ...] = ()
        """What is wrong with the runs that cannot be read, and what to do."""

    def read(self) -> list[RunState]:
        """Return the runs, the newest first; damaged ones are in `damaged`."""
        found, damaged = [], []
        roots = {record.parent for record in self._folder.glob(f"[!.]*/{RECORD}")}
        self._runs = {root: self._runs.get(root) or RunFiles(root) for root in roots}
        for files_of_run in self._runs.values():
            try:
                found.append(files_of_run.read())
            except (TrainingError, OSError) as error:
                damaged.append(str(error))
        for words in sorted(set(damaged) - set(self.damaged)):
            log.warning("%s", words)
        self.damaged = tuple(sorted(damaged))
        return sorted(found, key=lambda run: run.started, reverse=True)


def read_run(root: Path) -> RunState:
    """Return how a run stands.

    Raises:
        TrainingError: there is no run in this directory, or its record is damaged.
    """
    return RunFiles(root).read()


def list_runs(folder: Path) -> list[RunState]:
    """Return the runs of a folder, the newest first. Damaged ones are logged."""
    return RunReader(folder).read()


def request_stop(root: Path) -> None:
    """Ask the process that works on a run to stop; it does so within a second.

    Raises:
        TrainingError: the disk refuses.
    """
    try:
        try:
            files.write(root / STOP, json.dumps(time.time()).encode())
        except OSError:
            (root / STOP).touch()  # a full disk often has room for a name
    except OSError as error:
        raise TrainingError(
            f"{root / STOP} cannot be written: {error}. Make room on the disk, or end "
            "the process that trains."
        ) from error


def stop_requested(root: Path) -> float | None:
    """Return when somebody asked a run to stop, seconds since 1970; None if nobody."""
    try:
        return float(json.loads((root / STOP).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):  # empty: `touch stop`
        return time.time()


def withdraw_stop(root: Path) -> None:
    """Ask for no stop any more."""
    (root / STOP).unlink(missing_ok=True)


def write_note(root: Path, text: str) -> None:
    """Write something about a run; nothing deletes what was written.

    Raises:
        TrainingError: there is no run in this directory, or the disk refuses.
    """
    read_record(root)
    words = text.strip()
    try:
        if words:
            files.write(root / NOTE, words.encode())
        else:
            (root / NOTE).unlink(missing_ok=True)
    except OSError as error:
        raise TrainingError(
            f"{root / NOTE} cannot be written: {error}. Make room on the disk."
        ) from error


def delete(root: Path) -> None:
    """Delete a run with everything it has made.

    Raises:
        TrainingError: it is none, or somebody works on it.
        OSError: a file of it is open elsewhere, or the disk refuses.
    """
    if not (root / RECORD).is_file():
        read_record(root)  # says so; one that is damaged may be deleted
    if is_running(root):
        raise TrainingError(
            f"{root} is being worked on. Stop it first: facecam train stop {root.name}"
        )
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


def _flat(values: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{where}{name}.")
        else:
            yield f"{where}{name}", list(value) if isinstance(value, tuple) else value
