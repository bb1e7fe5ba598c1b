"""A function in a process of its own, so that its memory goes when it is done.

Or in several, which need one another and so end together. What TensorFlow has taken it
never gives back, and a net that fails may take the whole interpreter along. The child
reports through a pipe; what it and its libraries print goes to a log, whose end is
quoted if it dies.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from facecam.errors import FacecamError, TrainingError
from facecam.training.step import Progress, Report
from facecam.training.workers import end_with_parent

PATIENCE = 5.0
"""Seconds a child that was asked to end is given before it is killed."""
LAST_LINES = 12
"""Lines of a dead child's log that are quoted."""
_ONLY = "The process that does the computing"


def run_apart(
    function: Callable[..., Any], arguments: tuple[Any, ...], report: Report
) -> Any:
    """Run a function in a fresh process and return what it returns.

    The process ends with this one, and when this call is left by an exception, such as
    Ctrl+C.

    Args:
        function: at the top level of a module; called as function(*arguments, report).
        arguments: what can be pickled; the result must be so, too.
        report: receives the child's reports.

    Raises:
        FacecamError: raised by the function, with its words and its type.
        OSError: the same.
        RuntimeError: the function raised anything else, which is a bug; a note holds
            the child's traceback.
        TrainingError: the process crashed or was ended from outside.
    """
    [result] = run_together(function, [arguments], report)
    return result


def run_together(
    function: Callable[..., Any], shares: Sequence[tuple[Any, ...]], report: Report
) -> list[Any]:
    """Run a function in several fresh processes at once and return what they return.

    If one ends, all do: they need one another.

    Args:
        function: at the top level of a module.
        shares: arguments of each process; see `run_apart`, also for the errors.
        report: receives the reports of the first one.
    """
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        children: list[_Child] = []
        try:
            for n, arguments in enumerate(shares):
                receiver, sender = context.Pipe(duplex=False)
                log = Path(folder) / f"log-{n}.txt"
                process = context.Process(
                    target=_child, args=(sender, log, function, arguments), name="apart"
                )
                title = f"Worker {n}" if len(shares) > 1 else _ONLY
                children.append(_Child(process, receiver, log, title))
                process.start()
                sender.close()  # so that the end of the child is the end of the pipe
            results = _listen(children, report)
            for child in children:
                child.process.join(PATIENCE)
            return results
        finally:
            for child in children:
                child.receiver.close()
            for child in children:  # all of them are asked before one is waited for
                if child.process.pid is not None:
                    child.process.terminate()
            for child in children:
                _end(child.process)


@dataclass(frozen=True, eq=False)
class _Child:
    """A process, and how it is heard."""

    process: BaseProcess
    receiver: Connection
    log: Path
    title: str


def _listen(children: Sequence[_Child], report: Report) -> list[Any]:
    """Return what all of them say in the end, in their order."""
    results: dict[int, Any] = {}
    while len(results) < len(children):
        waiting = [c.receiver for n, c in enumerate(children) if n not in results]
        for ready in connection.wait(waiting):
            number = next(n for n, c in enumerate(children) if c.receiver is ready)
            try:
                kind, content = children[number].receiver.recv()
            except (EOFError, OSError):  # OSError: in the middle of a message
                raise _crash(children[number]) from None
            if kind == "error":
                raise content
            if kind == "result":
                results[number] = content
            elif number == 0:
                report(content)
    return [results[n] for n in range(len(children))]


def _crash(child: _Child) -> TrainingError:
    """Return the error for a child that ended without a word."""
    child.process.join(PATIENCE)
    code = child.process.exitcode
    how = signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
    log = child.log
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    words = "\n".join(lines[-LAST_LINES:]) or "(none)"
    return TrainingError(
        f"{child.title} ended with {how}. If memory ran out, "
        "close other programs. Then run the same command again: it goes on from the "
        f"last checkpoint. Its last words:\n{words}"
    )


def _end(child: BaseProcess) -> None:
    """Make sure that a child has ended."""
    if child.pid is None:  # it could not be started
        return
    if child.is_alive():
        child.terminate()
        child.join(PATIENCE)
    if child.is_alive():
        child.kill()
        child.join()
    child.close()


def _child(
    sender: Connection,
    log: Path,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    """Run the function in the child process."""
    end_with_parent()
    _write_to(log)

    def report(progress: Progress) -> None:
        sender.send(("report", progress))

    try:
        result = function(*arguments, report)
    except (FacecamError, OSError) as error:
        sender.send(("error", error))
    except Exception as error:
        sender.send(("error", _described(error)))
        raise
    else:
        sender.send(("result", result))
    finally:
        sender.close()


def _write_to(log: Path) -> None:
    """Send everything printed from here on to a file, by native libraries, too."""
    file = log.open("w", encoding="utf-8", buffering=1)
    for stream in (1, 2):
        os.dup2(file.fileno(), stream)
    sys.stdout = sys.stderr = file
    faulthandler.enable(file)


def _described(error: Exception) -> RuntimeError:
    """Return an error that travels by pickle, whatever the original is made of."""
    told = RuntimeError(f"{type(error).__name__}: {error}")
    told.add_note("".join(traceback.format_exception(error)))
    return told
