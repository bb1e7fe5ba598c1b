"""What the commands that train share: where a run is, carrying it out, its turn."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, warn
from facecam.cli.options import add_json
from facecam.config import Config
from facecam.errors import TrainingError

if TYPE_CHECKING:
    from facecam.training.running import Recipe

STOPPED = 130
"""Exit code after Ctrl+C: 128 + SIGINT, as shells have it."""


def add_run(parser: argparse.ArgumentParser) -> None:
    """Let the directory of the run, its turn, and the form of what is told be given."""
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


def train(
    args: argparse.Namespace, config: Config, make: Callable[[Path], Recipe]
) -> int:
    """Carry a run out, or let it wait; return the exit code.

    Args:
        args: with the options of `add_run`.
        config: says where runs live.
        make: given the directory of the run, what is to be run.
    """
    from facecam.training.journal import keep_failure

    root = _root(args, config)
    do = _later if args.later else _now
    try:
        return do(args, root, config, make)
    except Exception as error:
        keep_failure(root, str(error) or repr(error))
        raise


def _now(
    args: argparse.Namespace,
    root: Path,
    config: Config,
    make: Callable[[Path], Recipe],
) -> int:
    from facecam.cli.train_progress import Bar, Lines
    from facecam.training import running

    recipe = make(root)
    if not args.json:
        _announce(recipe, root)
    try:
        with closing(Lines() if args.json else Bar()) as tell:
            tell.end(running.carry_out(recipe, root, tell))
    except KeyboardInterrupt:
        again = f"facecam train {recipe.kind} --run {root}"
        warn(f"Stopped. What is done is kept. Go on with: {again}")
        return STOPPED
    return 0


def _later(
    args: argparse.Namespace,
    root: Path,
    config: Config,
    make: Callable[[Path], Recipe],
) -> int:
    """Make a run ready and put it into the queue."""
    from facecam.training import queue, running

    if root.parent != config.runs.resolve():
        raise TrainingError(
            f"Only runs in {config.runs} can wait for their turn. Give a name: "
            f"--run {root.name}"
        )
    with Progress("Making the run ready"):
        running.prepare(make(root), root)
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


def given(args: argparse.Namespace, *options: str) -> dict[str, Any]:
    """Return the options that were given, by name."""
    values = {name: getattr(args, name) for name in options}
    return {name: value for name, value in values.items() if value}
