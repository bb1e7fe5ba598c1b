"""Saying what a script is doing, for how long, and why it cannot go on."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import TracebackType


def fail(text: str) -> NoReturn:
    """Say what is missing and what to do, and end."""
    sys.exit(f"\n{text}")


class Step:
    """A line that says what happens, for how long, and what came of it."""

    def __init__(self, text: str, ticking: bool = True) -> None:
        self._text = text
        self._ticking = ticking and sys.stdout.isatty()
        self._note = ""
        self._began = time.monotonic()
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def note(self, text: str) -> None:
        """Show what the step is at."""
        self._note = text
        if not sys.stdout.isatty():
            print(f"  {text}", flush=True)

    def __enter__(self) -> Step:
        print(f"{self._text} …", flush=True)
        if self._ticking:
            self._ticker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._ticking:
            self._ticker.join()
            print("\r\x1b[K", end="")
        outcome = "done" if kind is None else "stopped"
        print(f"  {outcome} after {time.monotonic() - self._began:.0f} s", flush=True)

    def _tick(self) -> None:
        while not self._over.wait(0.5):
            elapsed = int(time.monotonic() - self._began)
            width = shutil.get_terminal_size().columns - 1
            line = f"  {elapsed // 60}:{elapsed % 60:02d}  {self._note}"[:width]
            print(f"\r\x1b[K{line}", end="", flush=True)
