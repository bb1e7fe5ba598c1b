"""Works the queue off: one run after the other, gently, each in a process of its own.

The process that does so trains nothing itself. Where it is killed, the run it had begun
goes on alone, and whoever works the queue off next waits for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeAlias

from facecam.errors import TrainingError
from facecam.training import queue, runs, workers
from facecam.training.journal import keep_failure
from facecam.training.running import stoppable
from facecam.training.runs import State

Tell: TypeAlias = Callable[[str, State], None]

PROGRAM: tuple[str, ...] = (sys.executable, "-m", "facecam")
"""What is called to train."""
POLL = 0.5
"""Seconds between two looks at what goes on."""
PATIENCE = 30.0
"""Seconds a run that was asked to stop is given before it is ended."""
LIMITS = (
    workers.CORES,
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
"""Environment variables that say how many cores may compute. What is in the environment
already stays. No number of a run depends on them."""
INTERRUPTED = 130
"""Exit code of a command that was asked to stop: 128 + SIGINT."""
LAST = 2000
"""Bytes of what a process said last that are read."""


def work_off(folder: Path, home: Path, tell: Tell, nice: int = 10) -> bool:
    """Carry out what waits, until nothing does or a run is held.

    A run that fails or is stopped is left to itself, and the next one begins.

    Args:
        folder: where runs live.
        home: of facecam.
        tell: told the name of each run that begins, and how it ended.
        nice: how far a run steps back behind other programs, 0…19.

    Returns:
        False if another process does so already.

    Raises:
        TrainingError: the queue cannot be read or written.
        KeyboardInterrupt: this process is to end; the run it was at waits again.
    """
    while True:
        with queue.alone(folder) as mine:
            if not mine:
                return False
            with stoppable():
                while name := _next(folder):
                    _carry_out(folder / name, home, tell, nice)
        if not queue.following(folder):  # nothing came in the last moment
            return True


def _next(folder: Path) -> str:
    """Return the run whose turn it is, once nobody else trains; "" if there is none."""
    while name := queue.following(folder):
        if not (folder / name / runs.RECORD).is_file():  # deleted
            queue.begin(folder, name)
        elif not _busy(folder):
            return name
        else:
            time.sleep(POLL)
    return ""


def _busy(folder: Path) -> bool:
    """Tell whether a process works on any run of a folder."""
    return any(runs.is_running(lock.parent) for lock in folder.glob(f"*/{runs.LOCK}"))


def _carry_out(root: Path, home: Path, tell: Tell, nice: int) -> None:
    folder, name = root.parent, root.name
    runs.withdraw_stop(root)
    if queue.following(folder) != name:  # somebody has just stopped it
        return
    with tempfile.TemporaryFile() as words:
        try:
            child = _begin(root, home, words, nice)
        except TrainingError:  # its record is damaged: whoever looks at it is told
            queue.begin(folder, name)
            return
        tell(name, State.RUNNING)
        try:
            code = _follow(child, root)
        except KeyboardInterrupt:
            _end(child, root)
            raise
        if code > 0 and code != INTERRUPTED:
            _explain(root, words)
    with suppress(TrainingError):
        tell(name, runs.read_run(root).state)


def _begin(
    root: Path, home: Path, words: IO[bytes], nice: int
) -> subprocess.Popen[bytes]:
    """Start the command that goes on with a run."""
    kind = runs.read_run(root).kind
    cores = str(max(1, _cores() - 1))
    child = subprocess.Popen(
        [*PROGRAM, "train", kind, "--run", str(root), "--json"],
        env={
            **dict.fromkeys(LIMITS, cores),
            **os.environ,
            "FACECAM_HOME": str(home),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=words,
        start_new_session=True,  # Ctrl+C is for this process, which passes it on
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    _step_back(child.pid, nice)
    return child


def _step_back(process: int, nice: int) -> None:
    """Let a process, and all it will start, work when nobody else wants to."""
    import psutil

    if not nice:
        return
    with suppress(psutil.Error, OSError):
        one = psutil.Process(process)
        if os.name == "nt":
            one.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            one.nice(min(one.nice() + nice, 19))
    with suppress(OSError):  # Linux weighs sessions before it looks at their processes
        Path(f"/proc/{process}/autogroup").write_text(str(nice))


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _follow(child: subprocess.Popen[bytes], root: Path) -> int:
    """Wait until a run ends; it leaves the queue when it is seen to have begun.

    Only once: somebody may let it wait again while it ends.
    """
    waits = True
    while (code := _ended(child)) is None:
        if waits and runs.is_running(root):
            with suppress(TrainingError):  # a full disk: it is tried again
                queue.begin(root.parent, root.name)
                waits = False
    if waits:
        queue.begin(root.parent, root.name)
    return code


def _ended(child: subprocess.Popen[bytes]) -> int | None:
    try:
        return child.wait(POLL)
    except subprocess.TimeoutExpired:
        return None


def _end(child: subprocess.Popen[bytes], root: Path) -> None:
    """Let a run end because this process has to; it waits for its turn again."""
    with suppress(TrainingError):
        runs.request_stop(root)
    for act in (None, child.terminate, child.kill):
        if act is not None:
            act()
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
            break
    with suppress(TrainingError):
        if queue.read_queue(root.parent).held != root.name:
            queue.enqueue(root.parent, root.name, first=True)


def _explain(root: Path, words: IO[bytes]) -> None:
    """Keep why a run has ended of which nobody else has kept it."""
    with suppress(TrainingError):
        if runs.read_run(root).state in (State.WAITING, State.STOPPED):
            words.seek(-min(LAST, words.seek(0, os.SEEK_END)), os.SEEK_END)
            said = words.read().decode(errors="replace").strip()
            last = said.rpartition("\n")[2].removeprefix("facecam: ")
            keep_failure(root, last or "It ended without a word. Go on with it.")
