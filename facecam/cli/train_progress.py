"""How a training run tells about itself while it goes on: lines for programs, a bar.

Nobody reading any more is no reason to end a run of hours: it goes on in silence.
"""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

from facecam.cli.console import json_line

if TYPE_CHECKING:
    from facecam.training.runs import RunState, StepState

JSON_EVERY = 1.0
"""Seconds between two JSON lines about one step."""
REPORT = "report.html"
"""What the last step leaves for people."""
DETECTOR, FIT = "detector", "03-fit"
"""What can be deployed from its run; the step that holds other weights."""
DRAW_EVERY = 0.1
"""Seconds between two drawings of the bar."""


class Lines:
    """One JSON object a line: each change of a step, and its progress once a second."""

    def __init__(self) -> None:
        self._talk = _Talk()
        self._last: tuple[str, str] = ("", "")
        self._when = 0.0

    def __call__(self, step: StepState) -> None:
        """Tell how a step stands."""
        from facecam.training.runs import as_json

        now = time.monotonic()
        same = (step.name, step.state) == self._last
        if same and now - self._when < JSON_EVERY:
            return
        self._last, self._when = (step.name, step.state), now
        self._talk.say(json_line(as_json(step)))

    def end(self, run: RunState) -> None:
        """Tell how the whole run ended."""
        metrics = run.steps[-1].metrics
        about = {"run": run.path, "state": run.state, "metrics": metrics}
        self._talk.say(json_line(about))

    def close(self) -> None:
        """Leave nothing behind."""


class Bar:
    """A line per step that is done, and on a terminal a bar of the one that runs."""

    def __init__(self) -> None:
        self._talk = _Talk()
        self._drawn = 0.0
        self._visible = sys.stderr.isatty()

    def __call__(self, step: StepState) -> None:
        """Show how a step stands."""
        from facecam.training.progress import duration, told

        place = f"{step.number:2}/{step.count}  {step.name}"
        if step.seconds is not None:
            self._wipe()
            done = f"done in {duration(step.seconds)}"
            self._talk.say(f"{place}  {done}  {told(step.metrics)}".rstrip())
        elif self._visible and time.monotonic() - self._drawn >= DRAW_EVERY:
            self._draw(place, step)

    def end(self, run: RunState) -> None:
        """Say where the report is, and how to use what was trained."""
        if run.kind != DETECTOR:
            self._talk.say(f"The weights and compiled nets: {run.path / FIT}")
            return
        report = run.path / run.steps[-1].name / REPORT
        if report.is_file():
            self._talk.say(f"Report: {report}")
        self._talk.say(f"Use the new detector: facecam deploy {run.path}")

    def close(self) -> None:
        """Take the bar away."""
        self._wipe()

    def _draw(self, place: str, step: StepState) -> None:
        from facecam.training.progress import line
        from facecam.training.step import Progress

        self._drawn = time.monotonic()
        width = shutil.get_terminal_size().columns - 1
        shown = Progress(
            place, step.done, step.total, step.metrics, step.text, step.left
        )
        self._talk.say(f"\r{line(shown, width):<{width}}", sys.stderr, end="")

    def _wipe(self) -> None:
        if self._drawn:
            width = shutil.get_terminal_size().columns - 1
            self._talk.say(f"\r{'':<{width}}\r", sys.stderr, end="")
            self._drawn = 0.0


class _Talk:
    """Prints until nobody reads any more."""

    def __init__(self) -> None:
        self._heard = True

    def say(self, text: str, stream: Any = None, end: str = "\n") -> None:
        if not self._heard:
            return
        try:
            print(text, end=end, file=stream or sys.stdout, flush=True)
        except OSError:  # the pipe is closed, the terminal has gone
            self._heard = False
