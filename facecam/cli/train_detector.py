"""`facecam train detector`: carry out a run, go on with it, or let it wait."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, warn
from facecam.cli.options import add_json, add_training
from facecam.config import Config, RetrainingConfig
from facecam.errors import TrainingError

if TYPE_CHECKING:
    from facecam.training.detector.asking import Asked
    from facecam.training.running import Recipe

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


def add_parser(kinds: Any) -> None:
    """Describe the command line."""
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
    parser.add_argument(
        "--later",
        action="store_true",
        help="put it into the queue instead; `facecam train work` works that off",
    )
    add_json(parser, "print progress as one JSON object a line")


def run(args: argparse.Namespace, config: Config) -> int:
    """Train, or let it wait; return the exit code."""
    from facecam.training.journal import keep_failure

    root = _root(args, config)
    try:
        return _later(args, root, config) if args.later else _now(args, root, config)
    except Exception as error:
        keep_failure(root, str(error) or repr(error))
        raise


def _now(args: argparse.Namespace, root: Path, config: Config) -> int:
    from facecam.cli.parts import make_ready
    from facecam.cli.train_progress import Bar, Lines
    from facecam.training import running
    from facecam.training.detector import asking

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


def _later(args: argparse.Namespace, root: Path, config: Config) -> int:
    """Make a run ready and put it into the queue."""
    from facecam.cli.parts import make_ready
    from facecam.training import queue, running
    from facecam.training.detector import asking

    if root.parent != config.runs.resolve():
        raise TrainingError(
            f"Only runs in {config.runs} can wait for their turn. Give a name: "
            f"--run {root.name}"
        )
    make_ready(config)
    with Progress("Making the run ready"):
        recipe = asking.recipe(*_asked(args, root, config), root, config)
        running.prepare(recipe, root)
        queue.enqueue(config.runs, root.name)
    if args.json:
        print_json({"run": root, "name": root.name})
    else:
        print(f"{root.name} waits for its turn. Begin: facecam train work")
    return 0


def _root(args: argparse.Namespace, config: Config) -> Path:
    """Return the directory of the run: given by path or by name, or a new one.

    What is to wait has to be among the runs: a mere name means a run there.
    """
    if args.run is None:
        return _free(config.runs.resolve() / date.today().isoformat())
    given: Path = args.run.expanduser()
    named = config.runs / given
    known = named.is_dir() and not given.exists()
    if known or (args.later and len(given.parts) == 1):
        return named.resolve()
    return given.resolve()


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
    from facecam.training import running
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
        others = [
            folder
            for name in FOLDERS
            if name not in given
            for folder in getattr(asked, name)
        ]
        if words := running.gone(others):
            raise TrainingError(words)
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
