"""What a run tells while it goes on: to whoever watches, and to whoever looks later."""

from __future__ import annotations

import json
import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, TypeAlias

from facecam.errors import TrainingError
from facecam.training import disk, runs
from facecam.training.progress import Pace, duration, told
from facecam.training.runs import State, StepState, Uses
from facecam.training.step import (
    Inputs,
    Metrics,
    Progress,
    Report,
    Step,
    read_manifest,
)

SPACING = 1.0
"""Seconds between two lines of progress.jsonl about one step."""
STAMP = "%Y-%m-%d %H:%M:%S"

Tell: TypeAlias = Callable[[StepState], None]


class Journal:
    """Follows the steps of a run. Use as a context manager around `run_recipe`.

    Args:
        root: the directory of the run.
        steps: of the recipe; run those of the journal in their place.
        tell: receives the state of each step as it changes, and its progress.
    """

    def __init__(self, root: Path, steps: Sequence[Step], tell: Tell) -> None:
        self._root = root
        self._tell = tell
        self._states = {
            step.name: StepState(step.name, number, len(steps))
            for number, step in enumerate(steps, start=1)
        }
        self._pace = Pace()
        self._current: StepState | None = None
        self._written = 0.0
        self._writing = threading.Lock()
        self._lines: TextIO
        self._log: TextIO
        self._open: ExitStack
        self.steps = [self._followed(step) for step in steps]
        """The steps, each saying that it begins."""

    def __enter__(self) -> Journal:
        with ExitStack() as stack:
            disk.reserve(self._root)
            self._lines = stack.enter_context(_appended(self._root / runs.JOURNAL))
            self._log = stack.enter_context(_appended(self._root / runs.LOG))
            self._write({runs.BEGUN: time.time()})
            self._note("begun" if self._log.tell() == 0 else "gone on with")
            stack.enter_context(_warnings_to(self._log))
            self._open = stack.pop_all()
        return self

    def report(self, progress: Progress) -> None:
        """Take the progress of the step that runs."""
        assert self._current is not None
        progress = self._pace.estimated(progress)
        self._current = replace(
            self._current,
            done=progress.done,
            total=progress.total,
            text=progress.text,
            left=progress.left,
            metrics=progress.metrics,
        )
        self._tell(self._current)
        if time.monotonic() - self._written >= SPACING:
            self._keep(self._current)

    def note_uses(self, uses: Uses) -> None:
        """Keep what the run takes of the computer; from any thread."""
        self._write({**_now(), runs.USES: asdict(uses)})

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        disk.release(self._root)
        try:
            if error is None:
                self._finish()
                self._note("done")
            else:
                self._fail(error)
        finally:
            self._open.close()

    def _followed(self, step: Step) -> Step:
        def run(config: Any, inputs: Inputs, out: Path, report: Report) -> Metrics:
            self._begin(step.name)
            return step.run(config, inputs, out, report)

        return replace(step, run=run)

    def _begin(self, name: str) -> None:
        self._finish()
        self._note(f"{name}: begun")
        self._change(replace(self._states[name], state=State.RUNNING))

    def _finish(self) -> None:
        """Say that the step before is done, now that it is published."""
        if self._current is None:
            return
        manifest = read_manifest(self._root / self._current.name) or {}
        seconds, metrics = manifest.get("seconds", 0.0), manifest.get("metrics", {})
        state = replace(
            self._states[self._current.name],
            state=State.DONE,
            seconds=seconds,
            metrics=metrics,
        )
        self._change(state)
        self._note(f"{state.name}: done in {duration(seconds)}. {told(metrics)}")
        self._current = None

    def _fail(self, error: BaseException) -> None:
        stopped = not isinstance(error, Exception)  # KeyboardInterrupt, SystemExit
        words = "" if stopped else str(error)
        with suppress(OSError):  # the disk may be full: then this is why
            self._note(
                "stopped" if stopped else "".join(traceback.format_exception(error))
            )
            if self._current is not None:
                state = State.STOPPED if stopped else State.FAILED
                self._change(
                    replace(self._current, state=state, error=words, left=None)
                )
            elif not stopped:
                self._write(failure(words))

    def _change(self, state: StepState) -> None:
        self._current = state
        self._tell(state)
        self._keep(state)

    def _keep(self, state: StepState) -> None:
        self._written = time.monotonic()
        self._write({**_now(), **runs.as_json(state)})

    def _write(self, entry: dict[str, Any]) -> None:
        with self._writing:
            self._lines.write(json.dumps(entry) + "\n")
            self._lines.flush()

    def _note(self, text: str) -> None:
        self._log.write(f"{time.strftime(STAMP)} {text.rstrip()}\n")
        self._log.flush()


def keep_failure(root: Path, words: str) -> None:
    """Keep why a run could not begin, for whoever looks at it later.

    Where a step has said the same already, or somebody works on the run, or the disk
    refuses, nothing is added.
    """
    with suppress(OSError, TrainingError):
        state = runs.read_run(root)
        if state.running or state.error == words:
            return
        disk.release(root)
        with _appended(root / runs.JOURNAL) as lines:
            lines.write(json.dumps(failure(words)) + "\n")


def failure(words: str) -> dict[str, Any]:
    """Return the journal's line about a run that could not begin."""
    return {**_now(), runs.FAILED: words}


def _now() -> dict[str, float]:
    return {"time": round(time.time(), 3)}


@contextmanager
def _appended(path: Path) -> Iterator[TextIO]:
    """Open a file to add lines to; a line torn by a kill is ended first."""
    torn = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
    file = path.open("a", encoding="utf-8", newline="\n")
    try:
        if torn:
            file.write("\n")
        yield file
    finally:
        with suppress(OSError):  # what it still holds may not fit on the disk
            file.close()


@contextmanager
def _warnings_to(file: TextIO) -> Iterator[None]:
    """Add the warnings of all modules to a file."""
    handler = logging.StreamHandler(file)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", STAMP)
    )
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
