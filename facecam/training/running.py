"""One process works on a run: under its lock, keeping its record, stopping cleanly."""

from __future__ import annotations

import json
import platform
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

from facecam import files
from facecam.errors import FacecamError, TrainingError
from facecam.training import disk, runs
from facecam.training.journal import Journal, Tell
from facecam.training.runs import RunState
from facecam.training.step import Step, completed_fingerprint, fingerprints, run_recipe
from facecam.training.watching import watched

PACKAGES = ("facecam", "numpy", "opencv-python-headless", "keras", "tensorflow")
"""Packages whose versions a run keeps."""
STOPS = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""What asks a process to end: a shutdown, a closed terminal, Ctrl+Break."""
WAIT = 1.0
"""Seconds to wait for the lock: whoever looks at a run holds it for a moment."""


@dataclass(frozen=True)
class Recipe:
    """A recipe with all that its run should remember."""

    kind: str
    """What is trained, such as "detector". A run never changes it."""
    steps: tuple[Step, ...]
    request: Mapping[str, Any] = field(default_factory=dict)
    """What was asked for beside the numbers, as JSON has it."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Every number, as JSON has it."""
    command: tuple[str, ...] = ()
    reads: tuple[Path, ...] = ()
    """Folders it reads, which somebody might move meanwhile."""


def prepare(recipe: Recipe, root: Path) -> RunState:
    """Make the directory of a run and its record, and begin nothing.

    Args:
        recipe: what is to be run.
        root: made if it is not there.

    Raises:
        TrainingError: the directory holds something else, or somebody works on it, or
            the disk is full.
    """
    check(recipe.kind, root)
    with _alone(root), _full_disk_explained(root):
        _keep_record(recipe, root)
        disk.reserve(root)
    return runs.read_run(root)


def carry_out(recipe: Recipe, root: Path, tell: Tell) -> RunState:
    """Run a recipe in a directory of its own, or go on with it there.

    SIGTERM and the like end it as Ctrl+C does, by KeyboardInterrupt, and so does
    `runs.request_stop`.

    Args:
        recipe: what to run.
        root: made if it is not there.
        tell: receives the state of each step as it changes, and its progress.

    Raises:
        TrainingError: the directory holds something else, or somebody works on it, or
            the disk is full.
        FacecamError: what a step has to say.
        KeyboardInterrupt: somebody wants it to stop; the same call goes on.
    """
    check(recipe.kind, root)
    with stoppable(), _alone(root), _full_disk_explained(root):
        _keep_record(recipe, root)
        journal = Journal(root, recipe.steps, tell)
        with journal, watched(root, journal.note_uses), _moves_explained(recipe, root):
            run_recipe(journal.steps, root, journal.report)
    return runs.read_run(root)


def check(kind: str, root: Path) -> None:
    """Refuse a directory that holds something else than a run of this kind.

    Raises:
        TrainingError: it does.
    """
    if (root / runs.RECORD).is_file():
        other = runs.read_record(root).get("kind")
        if other != kind:
            raise TrainingError(
                f"{root} holds a run of another kind: {other}, not {kind}. Give "
                "another directory."
            )
    elif root.exists() and not (root.is_dir() and _is_empty(root)):
        raise TrainingError(
            f"{root} exists and is no training run. Give a directory that does not "
            "exist yet."
        )


def redone(recipe: Recipe, root: Path) -> list[str]:
    """Return the steps that are complete with other numbers and will be done again."""
    prints = fingerprints(recipe.steps)
    kept = {name: completed_fingerprint(root / name) for name in prints}
    return [name for name in prints if kept[name] not in (None, prints[name])]


@contextmanager
def stoppable() -> Iterator[None]:
    """Let whatever asks the process to end do so as Ctrl+C does.

    What the process was begun to ignore stays ignored: `nohup` means a closed terminal.
    Only the main thread can; elsewhere this does nothing.
    """
    known = [getattr(signal, name) for name in STOPS if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        known = []
    heeded = [n for n in known if signal.getsignal(n) not in (signal.SIG_IGN, None)]
    before = {number: signal.signal(number, _interrupt) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the lock of a run."""
    from filelock import FileLock, Timeout

    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / runs.LOCK, timeout=WAIT)
    try:
        lock.acquire()
    except Timeout as error:
        raise TrainingError(
            f"{root} is being worked on by another facecam. Wait for it, or stop it "
            "there with Ctrl+C."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _full_disk_explained(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if disk.is_full(error):
            raise TrainingError(disk.full(root, 0.0)) from error
        raise


def gone(folders: Iterable[Path]) -> str:
    """Return what to tell somebody whose folders are not there; "" if all are."""
    missing = [str(folder) for folder in folders if not folder.exists()]
    if not missing:
        return ""
    return (
        f"What it learns from is not there any more: {', '.join(missing)}. It was "
        "moved, renamed or deleted, or its disk is not connected. Put it back under "
        "this name and go on with the run. What is done is kept."
    )


@contextmanager
def _moves_explained(recipe: Recipe, root: Path) -> Iterator[None]:
    """Say which folder is gone, rather than which of its files cannot be read."""
    try:
        yield
    except FacecamError as error:
        if not (root / runs.RECORD).exists():
            raise TrainingError(
                f"The folder of the run was moved or renamed meanwhile; it is not at "
                f"{root} any more. What is done is kept; go on with it where it is now."
            ) from error
        if words := gone(recipe.reads):
            raise TrainingError(words) from error
        raise


def _is_empty(root: Path) -> bool:
    """Tell whether a directory holds only what is there before a run begins."""
    expected = (runs.LOCK, runs.START, f"{runs.START}.partial")
    return all(
        path.name in expected or files.is_partial(path) for path in root.iterdir()
    )


def _keep_record(recipe: Recipe, root: Path) -> None:
    now = time.time()
    path = root / runs.RECORD
    before = runs.read_record(root) if path.exists() else {}
    record = {
        "kind": recipe.kind,
        "command": recipe.command,
        "request": recipe.request,
        "config": recipe.config,
        "versions": _versions(),
        "started": before.get("started", now),
        "attempt": now,
        "steps": [
            {"name": name, "fingerprint": fingerprint}
            for name, fingerprint in fingerprints(recipe.steps).items()
        ],
    }
    files.write(path, json.dumps(record, indent=2).encode())


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "system": platform.platform()}
    for package in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found
