"""`facecam train status|list|note|differ|delete`: runs looked at, noted on, deleted."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.options import add_json
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.training.runs import RunState, StepState

STATUS = "Say how far a training run is, also while it goes on."
LIST = "List the training runs, the newest first."
NOTE = 'Write something about a run, or read what was written; "" takes it back.'
DIFFER = "Say in which numbers, and in what they were asked for, two runs differ."
DELETE = "Delete a run with everything it has made. What it has deployed stays in use."
RUN = "directory of a run, or its name"


def add_parser(kinds: Any) -> None:
    """Describe the command lines."""
    parsers = {
        name: kinds.add_parser(name, help=summary, description=text)
        for name, summary, text in (
            ("status", "how far a run is", STATUS),
            ("list", "list the runs", LIST),
            ("note", "write something about a run", NOTE),
            ("differ", "what two runs differ in", DIFFER),
            ("delete", "delete a run", DELETE),
        )
    }
    for name, parser in parsers.items():
        if name != "list":
            parser.add_argument("run", metavar="RUN", help=RUN)
        add_json(parser)
    parsers["note"].add_argument(
        "text", metavar="TEXT", nargs="?", help="what to write"
    )
    parsers["differ"].add_argument("other", metavar="RUN", help=RUN)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what was asked; return the exit code."""
    kinds = {
        "status": _status,
        "list": _list,
        "note": _note,
        "differ": _differ,
        "delete": _delete,
    }
    return kinds[args.kind](args, config)


def _status(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import runs

    state = runs.read_run(runs.find(args.run, config.runs))
    if args.json:
        print_json(_plain(state))
        return 0
    print(f"{state.path}: {state.state}, begun {_day(state.started)}")
    print_table([_row(step) for step in state.steps], right=[0])
    for step in state.steps:
        if step.error:
            print(f"{step.name}: {step.error}")
    if state.error and not any(step.error for step in state.steps):
        print(state.error)
    if state.cut:
        print(runs.CUT)
    if state.note:
        print(f"Note: {state.note}")
    return 0


def _row(step: StepState) -> Sequence[str]:
    from facecam.training.progress import duration, told

    took = duration(step.seconds) if step.seconds is not None else ""
    if step.total and not took:
        took = f"{step.done}/{step.total}"
    left = f"{duration(step.left)} left" if step.left is not None else ""
    stale = "to be done again" if step.stale else ""
    words = filter(None, (step.text, left, stale, told(step.metrics)))
    return str(step.number), step.name, step.state, took, ", ".join(words)


def _list(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import runs

    found = runs.list_runs(config.runs)
    if args.json:
        print_json([_plain(state) for state in found])
    elif not found:
        print(f"There is no training run in {config.runs}.")
    else:
        head = ("run", "of a", "begun", "state", "steps done")
        print_table([head, *(_summary(state) for state in found)])
    return 0


def _summary(state: RunState) -> Sequence[str]:
    done = sum(step.seconds is not None for step in state.steps)
    steps = f"{done} of {len(state.steps)}"
    return state.path.name, state.kind, _day(state.started), state.state, steps


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")


def _note(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import runs

    root = runs.find(args.run, config.runs)
    if args.text is not None:
        runs.write_note(root, args.text)
    note = runs.read_run(root).note
    if args.json:
        print_json({"run": root, "note": note})
    else:
        print(note or f"Nothing is written about {root.name}.")
    return 0


def _differ(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import runs

    one, other = (
        runs.read_run(runs.find(name, config.runs)) for name in (args.run, args.other)
    )
    numbers = runs.changed_numbers(one.config, other.config)
    asked = runs.changed_numbers(one.request, other.request)
    if args.json:
        print_json({"numbers": numbers, "asked": asked})
    elif not numbers and not asked:
        print("They were asked for the same, with the same numbers.")
    else:
        head = ("", one.path.name, other.path.name)
        rows = {**asked, **numbers}.items()
        print_table([head, *((name, str(a), str(b)) for name, (a, b) in rows)])
    return 0


def _delete(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import queue, runs

    root = runs.find(args.run, config.runs)
    with Progress(f"Deleting {root.name}"):
        runs.delete(root)
        if root.parent == config.runs.resolve():
            queue.dequeue(config.runs, root.name)
    if args.json:
        print_json({"deleted": root})
    else:
        print(f"Deleted: {root}")
    return 0


def _plain(state: RunState) -> dict[str, Any]:
    """Return a run as JSON has it."""
    from facecam.training import runs

    return {**vars(state), "state": state.state} | {
        "steps": [runs.as_json(step) for step in state.steps],
        "uses": asdict(state.uses) if state.uses else None,
    }
