"""Runs that wait for their turn: one works at a time, also when the window is closed.

    runs/queue.json      {"waiting": ["2026-11-22-2", …], "held": ""}
    runs/.queue.lock     held for the moment of a change
    runs/.worker.lock    held by the process that works the queue off (`train work`)

A run that waits has its directory and its record already, and it waits until a process
works on it. One that is held was paused: nothing else begins until somebody goes on
with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from facecam import files
from facecam.errors import TrainingError
from facecam.training import runs
from facecam.training.run_files import is_locked

FILE = "queue.json"
LOCK, WORKER = ".queue.lock", ".worker.lock"
WAIT = 1.0
"""Seconds to wait for the worker's lock: whoever looks holds it for a moment."""
LOCK_SECONDS = 10
"""How long a change waits for another program's change."""


@dataclass(frozen=True)
class Queue:
    """What waits, in its order; names of directories in the folder of runs."""

    waiting: tuple[str, ...] = ()
    held: str = ""
    """The run that was paused, or ""."""


def read_queue(folder: Path) -> Queue:
    """Return the queue; an empty one if there is none.

    Args:
        folder: where runs live.

    Raises:
        TrainingError: it is damaged.
    """
    path = folder / FILE
    try:
        values = json.loads(path.read_text("utf-8"))
        return Queue(tuple(map(str, values["waiting"])), str(values["held"]))
    except FileNotFoundError:
        return Queue()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"{path} cannot be read: {error}. Delete it; the runs stay, and can be "
            "gone on with one by one."
        ) from error


def enqueue(folder: Path, name: str, first: bool = False) -> Queue:
    """Let a run wait for its turn; one that waits already keeps its place."""

    def change(queue: Queue) -> Queue:
        held = "" if queue.held == name else queue.held
        if name in queue.waiting and not first:
            return replace(queue, held=held)
        others = tuple(other for other in queue.waiting if other != name)
        return Queue((name, *others) if first else (*others, name), held)

    return _change(folder, change)


def dequeue(folder: Path, name: str) -> Queue:
    """Let a run wait no more, nor be held."""
    return _change(
        folder,
        lambda queue: Queue(
            tuple(other for other in queue.waiting if other != name),
            "" if queue.held == name else queue.held,
        ),
    )


def begin(folder: Path, name: str) -> Queue:
    """Let a run wait no more because a process works on it; one held stays so."""
    return _change(
        folder,
        lambda queue: replace(
            queue, waiting=tuple(other for other in queue.waiting if other != name)
        ),
    )


def hold(folder: Path, name: str) -> Queue:
    """Pause a run: nothing begins until it is gone on with, or waits no more."""
    return _change(folder, lambda queue: replace(queue, held=name))


def following(folder: Path) -> str:
    """Return the run whose turn it is; "" if none waits, or one is held."""
    queue = read_queue(folder)
    return "" if queue.held or not queue.waiting else queue.waiting[0]


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Be the one process that works the queue off; says whether this one is."""
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / WORKER, timeout=WAIT)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def worked_off(folder: Path) -> bool:
    """Tell whether a process works the queue off."""
    return is_locked(folder / WORKER)


def stop(root: Path, pause: bool = False) -> bool:
    """Let a run end within seconds, or wait no more.

    Args:
        root: its directory, in the folder of the runs.
        pause: let no other run begin until this one is gone on with.

    Returns:
        False if nobody works on it and it neither waited nor was held.

    Raises:
        TrainingError: the disk refuses.
    """
    folder, name = root.parent, root.name
    before = read_queue(folder)
    active = name in before.waiting or runs.is_running(root)
    if not pause:
        dequeue(folder, name)
    elif active:
        hold(folder, name)
        begin(folder, name)
    if active:  # one that waits may just be beginning
        runs.request_stop(root)
    return active or before.held == name


def _change(folder: Path, change: Callable[[Queue], Queue]) -> Queue:
    """Read, change and write the queue while nobody else does."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK, timeout=LOCK_SECONDS):
            before = read_queue(folder)
            after = change(before)
            if after != before:
                values = json.dumps(asdict(after), indent=1)
                files.write(folder / FILE, values.encode())
            return after
    except Timeout as error:
        raise TrainingError(
            f"Another program holds the queue in {folder}. Try again."
        ) from error
    except OSError as error:
        raise TrainingError(
            f"{folder / FILE} cannot be written: {error}. Make room on the disk, or "
            "make the folder writable."
        ) from error
