"""What a training run takes of the computer: processor, memory, disk."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path

from facecam.training import disk
from facecam.training.states import Uses


class Meter:
    """Measures this process and all it has started, since it was asked before.

    Args:
        root: the directory of the run.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seconds = self._spent()[0]
        self._when = time.monotonic()

    def read(self) -> Uses:
        """Return what is taken now; the processor, on average since the last call.

        Raises:
            OSError: the directory is gone.
        """
        seconds, memory = self._spent()
        now = time.monotonic()
        added = sum(
            max(0.0, spent - self._seconds.get(process, 0.0))
            for process, spent in seconds.items()
        )
        passed = max(now - self._when, 1e-3)
        self._seconds, self._when = seconds, now
        return Uses(
            processor=round(added / passed, 2),
            memory=memory,
            disk=disk.size(self._root),
            free=shutil.disk_usage(self._root).free,
        )

    def _spent(self) -> tuple[dict[tuple[int, float], float], int]:
        """Return the seconds each process has computed so far, and bytes of all.

        Processes that end meanwhile do not count.
        """
        import psutil

        seconds: dict[tuple[int, float], float] = {}
        memory = 0
        own = psutil.Process()
        for process in (own, *own.children(recursive=True)):
            with contextlib.suppress(psutil.Error), process.oneshot():
                times = process.cpu_times()
                seconds[process.pid, process.create_time()] = times.user + times.system
                memory += process.memory_info().rss
        return seconds, memory
