"""Beside a run that goes on: a thread that sees when it is to stop, and what it takes.

Stopping is asked for by a file, because that works from any process on any system: see
`runs.request_stop`.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from facecam.training import runs
from facecam.training.resources import Meter
from facecam.training.states import Uses

EVERY = 0.5
"""Seconds between two looks for the file that asks to stop."""
MEASURED = 2.0
"""Seconds between two looks at what the run takes."""
TOLERANCE = 1.0
"""Seconds by which the time a process began may be wrong."""
STOP = getattr(signal, "SIGUSR1", signal.SIGINT)
"""What interrupts the main thread. Not SIGINT where there is another signal: a process
begun in the background may ignore that."""


@contextmanager
def watched(root: Path, tell: Callable[[Uses], None]) -> Iterator[None]:
    """Interrupt the main thread as Ctrl+C does when somebody asks the run to stop.

    What was asked for before this process began is history. Only the main thread can be
    interrupted; elsewhere this does nothing.

    Args:
        root: the directory of the run.
        tell: told what the run takes of the computer; on a thread of its own.

    Raises:
        KeyboardInterrupt: somebody wants it to stop.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = runs.stop_requested(root)
    if asked is not None and asked < _process_began() - TOLERANCE:
        runs.withdraw_stop(root)
    done = threading.Event()
    watch = threading.Thread(
        target=_watch, args=(root, tell, done), name="stop", daemon=True
    )
    before = signal.signal(STOP, _interrupt)
    try:
        watch.start()
        yield
    finally:
        done.set()
        try:
            watch.join()
        finally:  # it may have interrupted even this
            signal.signal(STOP, before)
            with suppress(OSError):
                runs.withdraw_stop(root)


def _watch(root: Path, tell: Callable[[Uses], None], done: threading.Event) -> None:
    meter, measured = Meter(root), time.monotonic()
    while not done.wait(EVERY):
        if runs.stop_requested(root) is not None:
            _interrupt_main()
            return
        if time.monotonic() - measured >= MEASURED:
            measured = time.monotonic()
            with suppress(OSError, RuntimeError):  # a full disk; a process that ends
                tell(meter.read())


def _interrupt_main() -> None:
    """Let the main thread leave whatever it waits for."""
    if hasattr(signal, "pthread_kill"):
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, STOP)
    else:  # sets the event that the waits of Windows look at, too
        signal.raise_signal(STOP)


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _process_began() -> float:
    """Return when this process began, seconds since 1970."""
    import psutil

    return float(psutil.Process().create_time())
