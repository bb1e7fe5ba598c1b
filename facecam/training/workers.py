"""Many tasks on several processes: results in the order of the tasks.

Each worker is a fresh interpreter ("spawn", the same on every system) with one thread
per library, so that n workers keep n cores busy. Workers hold few tasks ahead, so that
a list of any length takes little memory, and they end when the process they work for
does, even when that is killed.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import connection
from typing import Any, TypeVar

from facecam.errors import TrainingError

CORES = "FACECAM_CORES"
"""Environment variable: how many processes may compute at once."""
T = TypeVar("T")
R = TypeVar("R")

AHEAD = 3
"""Tasks handed out per worker: the one it does and those it goes on with at once."""
ORPHANED = 1
"""Exit code of a process whose parent has gone; nobody is left to read it."""


def quiet(done: int) -> None:
    """Report to nobody."""


def map_tasks(
    function: Callable[[T], R],
    tasks: Iterable[T],
    workers: int,
    report: Callable[[int], None] = quiet,
    prepare: Callable[[], None] | None = None,
) -> Generator[R, None, None]:
    """Do tasks on several processes; yield their results in the order of the tasks.

    Tasks are taken from the iterable as they are handed out, `AHEAD` per worker.
    Leaving the iterator early, by an error or by closing it, drops what was not begun.

    Args:
        function: at the top level of a module, so that workers can import it; its
            task and its result travel by pickle.
        tasks: any number of them.
        workers: processes; 0 does everything in this one.
        report: told how many tasks are done, in their order.
        prepare: called once in each worker before its first task, to load what all
            tasks use; `functools.partial(load, folder)` gives it arguments.

    Raises:
        TrainingError: a worker was ended from outside, most often for want of memory.
        Exception: whatever a task or `prepare` raises, with its type.
    """
    results = _here(function, tasks, prepare)
    if workers > 0:
        most = min(workers, _allowed())
        results = _elsewhere(partial(_work, function, prepare), tasks, most)
    for done, result in enumerate(results, start=1):
        report(done)
        yield result


def end_with_parent() -> None:
    """Let this child process end as soon as its parent has, however that came.

    Ctrl+C goes to every process of a terminal: only the parent answers it.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watch = threading.Thread(
        target=_end_after, args=(parent.sentinel,), name="parent", daemon=True
    )
    watch.start()


def _allowed() -> int:
    """Return how many processes may compute at once."""
    told = os.environ.get(CORES, "")
    return max(1, int(told)) if told.isdecimal() else sys.maxsize


def _end_after(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(ORPHANED)


def _here(
    function: Callable[[T], R], tasks: Iterable[T], prepare: Callable[[], None] | None
) -> Iterator[R]:
    if prepare is not None:
        prepare()
    yield from map(function, tasks)


def _elsewhere(
    function: Callable[[T], R], tasks: Iterable[T], workers: int
) -> Iterator[R]:
    context = multiprocessing.get_context("spawn")
    left = context.RawValue("b", False)  # without a lock that a killed worker may hold
    pool = ProcessPoolExecutor(workers, context, _begin, (left,))
    waiting: deque[Future[R]] = deque()
    remaining = iter(tasks)
    try:
        for task in itertools.islice(remaining, workers * AHEAD):
            waiting.append(pool.submit(function, task))
        while waiting:
            yield waiting.popleft().result()
            for task in itertools.islice(remaining, 1):
                waiting.append(pool.submit(function, task))
    except BrokenProcessPool as error:
        raise TrainingError(
            "A worker process was ended from outside, most often because memory ran "
            "out. Close other programs or use fewer workers, and run the same command "
            "again."
        ) from error
    finally:
        left.value = True  # for tasks that are no longer the pool's to cancel
        pool.shutdown(cancel_futures=True)


_prepared: list[Any] = []
"""In a worker: what has been called to prepare it, at most one entry."""
_left: list[Any] = []
"""In a worker: the shared flag that says that nobody waits for results any more."""


def _begin(left: Any) -> None:
    """Set up a worker."""
    import cv2

    _left.append(left)
    end_with_parent()
    cv2.setNumThreads(1)


def _work(function: Callable[[T], R], prepare: Callable[[], None] | None, task: T) -> R:
    """Do one task in a worker. Preparing here lets its errors reach the caller."""
    if _left[0].value:
        raise CancelledError
    if prepare is not None and not _prepared:
        prepare()
        _prepared.append(prepare)
    return function(task)
