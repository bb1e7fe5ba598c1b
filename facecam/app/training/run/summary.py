"""From how a run stands to what the header says and offers."""

from __future__ import annotations

from dataclasses import replace

from facecam.app.training.results.standing import Standing, purpose, standing, took
from facecam.app.training.run import remaining, saying
from facecam.app.training.run.header import (
    AGAIN,
    GOING_ON,
    NOW,
    PAUSE,
    RESUME,
    START,
    STOP,
    WITHDRAW,
    Headline,
)
from facecam.app.training.run.reading import Seen
from facecam.training.queue import Queue
from facecam.training.runs import RunState, State, StepState

OFFERED = {
    Standing.RUNNING: (PAUSE, STOP),
    Standing.WAITING: (NOW, WITHDRAW),
    Standing.PAUSED: (RESUME, STOP),
    Standing.STOPPED: (RESUME,),
    Standing.FAILED: (AGAIN,),
}
ASKED = {
    PAUSE: "Pausing…",
    STOP: "Stopping…",
    WITHDRAW: "Taking it out of the queue…",
    **dict.fromkeys(GOING_ON, "Starting…"),
}


def headline(
    run: RunState, queue: Queue, seen: Seen, others: bool, idle: bool = False
) -> Headline:
    """Return what the header says.

    Args:
        run: as it stands.
        queue: of all runs.
        seen: what was read beside.
        others: whether another run is worked on.
        idle: whether nobody works the queue off.
    """
    how = standing(run, queue)
    buttons = OFFERED.get(how, ())
    if how is Standing.WAITING and others:
        buttons = (WITHDRAW,)
    if how is Standing.STOPPED and run.state is State.WAITING:
        buttons = (START,)
    share = remaining.share_done(run, seen.expected)
    begun = any(step.state is not State.WAITING for step in run.steps)
    return Headline(
        purpose(run),
        _about(run, how),
        how,
        _stands(run, how, queue, others, idle),
        _progress(run, how, seen),
        share if how is not Standing.DONE and (begun or run.running) else None,
        buttons,
        busy=False,
    )


def waiting_for(said: Headline, asked: str) -> Headline:
    """Return the headline while what was asked for is being done."""
    return replace(said, stands=ASKED[asked], busy=True)


def _about(run: RunState, how: Standing) -> str:
    text = saying.about(run)
    if how is not Standing.DONE:
        return text
    return f"{text} · took {saying.span(took(run))}"


def _stands(
    run: RunState, how: Standing, queue: Queue, others: bool, idle: bool
) -> str:
    name = run.path.name
    if how is Standing.WAITING:
        if queue.held and queue.held != name:
            return "Waits: another run is paused"
        if idle:
            return "Waits to be started"
        return saying.waits(name, queue, others)
    if run.state is State.WAITING and how is Standing.STOPPED:
        return "Not started"
    return saying.STANDS[how]


def _progress(run: RunState, how: Standing, seen: Seen) -> str:
    """Return which step it is at, and how long everything still takes."""
    current = _current(run)
    if current is None:
        return ""
    said = saying.step_words(current.name)
    group = f"{said.group[0]}: " if said.net else ""
    where = f"Step {current.number} of {current.count} · {group}{said.text.lower()}"
    if how is not Standing.RUNNING:
        return where
    seconds = remaining.seconds_left(run, seen.expected)
    return where if seconds is None else f"{where} · {saying.left(seconds)}"


def _current(run: RunState) -> StepState | None:
    """Return the step that runs, or the one that is next."""
    begun = any(step.state is not State.WAITING for step in run.steps)
    if not begun and not run.running:
        return None
    left = [step for step in run.steps if step.state is not State.DONE]
    running = [step for step in left if step.state is State.RUNNING]
    return next(iter(running or left), None)
