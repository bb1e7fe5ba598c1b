"""What nobody expected: logged with its traceback, told in a readable line.

Errors end up in home/logs/facecam.log, which is kept small by rotation. The window
adds a listener to say that something went wrong and to offer the details.
"""

from __future__ import annotations

import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from facecam import __version__

BYTES = 500_000
"""Largest size of one log file; three older ones are kept."""

log = logging.getLogger("facecam")


def start_log(folder: Path) -> Path | None:
    """Log warnings and worse to a file in `folder`; None if it cannot be written."""
    path = folder / "facecam.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=BYTES, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:
        log.warning("No log can be written to %s.", folder)
        return None
    pattern = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(logging.Formatter(pattern))
    log.addHandler(handler)
    return path


def watch(tell: Callable[[str], None]) -> Callable[[], None]:
    """Log every exception nobody caught and `tell` its details, from any thread.

    Returns:
        A function that ends the watch.
    """
    before, before_thread = sys.excepthook, threading.excepthook

    def caught(
        kind: type[BaseException],
        error: BaseException,
        where: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, where)
            return
        log.error("Unexpected", exc_info=(kind, error, where))
        tell(details(error, where))

    def caught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            caught(args.exc_type, args.exc_value, args.exc_traceback)

    def end() -> None:
        sys.excepthook, threading.excepthook = before, before_thread

    sys.excepthook, threading.excepthook = caught, caught_in_thread
    return end


def details(error: BaseException, where: TracebackType | None) -> str:
    """Return what to send to somebody who can mend it."""
    lines = traceback.format_exception(type(error), error, where)
    system = f"facecam {__version__}, Python {platform.python_version()}"
    return f"{system}, {platform.platform()}\n\n{''.join(lines)}"
