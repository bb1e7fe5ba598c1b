"""`facecam train detector|check|status|list`: retrain on anybody's pictures."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli import train_check
from facecam.cli.console import print_json, print_table, warn
from facecam.cli.options import add_json, add_training
from facecam.config import Config, RetrainingConfig
from facecam.errors import TrainingError

if TYPE_CHECKING:
    from facecam.training.detector.asking import Asked
    from facecam.training.running import Recipe
    from facecam.training.runs import RunState, StepState

FOLDERS = ("data", "replay", "negatives", "hard")
"""Options that take folders."""
STOPPED = 130
"""Exit code after Ctrl+C: 128 + SIGINT, as shells have it."""

DETECTOR = """\
Retrain the face detector: index, then samples, fit and check for each of its three
nets, then a comparison with the detector in use. It may be stopped at any moment, even
by a power cut: the same command, or `facecam train detector --run RUN`, goes on. A
changed number redoes only what depends on it.

DIR is a data set as downloaded (WIDER FACE, CelebA, lists of points, .pts) or labelled
by yourself (COCO, YOLO, Pascal VOC).
"""
STATUS = "Say how far a training run is, also while it goes on."
LIST = "List the training runs, the newest first."


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "train",
        help="retrain the face detector",
        description="Retrain the face detector, on anybody's pictures.",
    )
    kinds = parser.add_subparsers(dest="kind", metavar="WHAT", required=True)
    _add_detector(kinds)
    train_check.add_parser(kinds)
    status = kinds.add_parser("status", help="how far a run is", description=STATUS)
    status.add_argument("run", metavar="RUN", help="directory of a run, or its name")
    listing = kinds.add_parser("list", help="list the runs", description=LIST)
    for each in (status, listing):
        add_json(each)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what was asked; return the exit code."""
    kinds = {
        "detector": _detector,
        "check": train_check.run,
        "status": _status,
        "list": _list,
    }
    return kinds[args.kind](args, config)


def _add_detector(kinds: Any) -> None:
    parser = kinds.add_parser(
        "detector",
        help="index, sample, fit, mine, evaluate",
        description=DETECTOR,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_training(parser)
    parser.add_argument(
        "--run",
        type=Path,
        metavar="DIR",
        help="directory of the run, new or gone on with",
    )
    add_json(parser, "print progress as one JSON object a line")


def _detector(args: argparse.Namespace, config: Config) -> int:
    from facecam.cli.parts import make_ready
    from facecam.cli.train_progress import Bar, Lines
    from facecam.training import running
    from facecam.training.detector import asking

    root = _root(args, config)
    asked, retraining = _asked(args, root, config)
    make_ready(config)
    recipe = asking.recipe(asked, retraining, root, config)
    if not args.json:
        _announce(recipe, root)
    try:
        with closing(Lines() if args.json else Bar()) as tell:
            tell.end(running.carry_out(recipe, root, tell))
    except KeyboardInterrupt:
        again = f"facecam train detector --run {root}"
        warn(f"Stopped. What is done is kept. Go on with: {again}")
        return STOPPED
    return 0


def _root(args: argparse.Namespace, config: Config) -> Path:
    """Return the directory of the run: given by path or by name, or a new one."""
    if args.run is None:
        return _free(config.runs / date.today().isoformat())
    given: Path = args.run.expanduser()
    named = config.runs / given
    return (named if named.is_dir() and not given.exists() else given).resolve()


def _free(root: Path) -> Path:
    """Return a directory that does not exist yet, numbered if need be."""
    number, free = 1, root
    while free.exists():
        number += 1
        free = root.with_name(f"{root.name}-{number}")
    return free


def _asked(
    args: argparse.Namespace, root: Path, config: Config
) -> tuple[Asked, RetrainingConfig]:
    """Return data and numbers; a run gone on with remembers what is not given."""
    from facecam.training.detector import asking

    given: dict[str, Any] = {
        name: tuple(getattr(args, name)) for name in FOLDERS if getattr(args, name)
    }
    if args.start:
        given["start"] = args.start
    if args.data:
        asked, numbers = asking.Asked(**given), config.retraining
        preset = args.preset or asking.usual_preset(asked.start)
    elif args.run is not None:
        asked, numbers = asking.remembered(root)
        asked, preset = replace(asked, **given), args.preset or ""
    else:
        raise TrainingError(
            "There is no data to learn from. Give folders of labelled pictures: "
            "facecam train detector --data DIR"
        )
    return asked, asking.numbers(numbers, preset, args.settings)


def _announce(recipe: Recipe, root: Path) -> None:
    """Say where the run is, and what has changed since it was begun."""
    from facecam.training import running, runs

    if not (root / runs.RECORD).is_file():
        print(f"Run: {root}")
        return
    print(f"Going on with the run: {root}")
    changes = runs.changed_numbers(runs.read_run(root).config, recipe.config)
    for name, (old, new) in changes.items():
        print(f"Changed: {name} {old} → {new}")
    redone = running.redone(recipe, root)
    if redone:
        print(f"Done again: {', '.join(redone)}")


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


def _plain(state: RunState) -> dict[str, Any]:
    """Return a run as JSON has it."""
    from facecam.training import runs

    return {**vars(state), "state": state.state} | {
        "steps": [runs.as_json(step) for step in state.steps]
    }
