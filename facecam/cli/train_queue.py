"""`facecam train work|queue|stop|resume`: runs that wait for their turn."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import print_json, print_table, warn
from facecam.cli.options import add_json
from facecam.config import Config
from facecam.errors import TrainingError

if TYPE_CHECKING:
    from facecam.training.runs import State

WORK = """\
Carry out the runs that wait, one after the other, and end when none waits any more.
They leave a core to other programs and step back behind them. A run that fails or is
stopped is left to itself. Runs are let wait with `facecam train detector … --later`.
"""
STOP = """\
Let a run end within seconds, whichever process works on it, or wait no more. What is
done is kept. With --pause nothing else begins until `facecam train resume`.
"""
RESUME = """\
Let a run that was stopped or paused, or has failed, wait for its turn again, before all
others. `facecam train work` then goes on with it.
"""
QUEUE = "List the runs that wait for their turn, and which is at work or paused."
STOPPED = 130
"""Exit code after Ctrl+C: 128 + SIGINT, as shells have it."""


def add_parser(kinds: Any) -> None:
    """Describe the command lines."""
    parsers = {
        name: kinds.add_parser(
            name,
            help=summary,
            description=text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for name, summary, text in (
            ("work", "carry out the runs that wait", WORK),
            ("queue", "which runs wait", QUEUE),
            ("stop", "stop or pause a run", STOP),
            ("resume", "go on with a run", RESUME),
        )
    }
    for name in ("stop", "resume"):
        parsers[name].add_argument(
            "run", metavar="RUN", help="directory of a run, or its name"
        )
    parsers["stop"].add_argument(
        "--pause", action="store_true", help="let no other run begin meanwhile"
    )
    for parser in parsers.values():
        add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what was asked; return the exit code."""
    kinds = {"work": _work, "queue": _queue, "stop": _stop, "resume": _resume}
    return kinds[args.kind](args, config)


def _work(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import working

    ended: dict[str, State] = {}

    def tell(name: str, state: State) -> None:
        ended[name] = state
        if not args.json:
            print(f"{name}: {state}", flush=True)

    try:
        mine = working.work_off(config.runs, config.home, tell, config.retraining.nice)
    except KeyboardInterrupt:
        warn("Stopped. What is done is kept. Go on with: facecam train work")
        return STOPPED
    if args.json:
        print_json({"worked": mine, "runs": ended})
    elif not mine:
        print("Another process works off the queue.")
    return 0


def _queue(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import queue, runs

    found = queue.read_queue(config.runs)
    working = [one.path.name for one in runs.list_runs(config.runs) if one.running]
    if args.json:
        print_json({"running": working, "held": found.held, "waiting": found.waiting})
        return 0
    rows = [(name, "at work") for name in working]
    rows += [(found.held, "paused")] if found.held else []
    rows += [(name, "waits") for name in found.waiting if name not in working]
    print_table(rows)
    if not rows:
        print("No run waits.")
    return 0


def _stop(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import queue, runs

    root = runs.find(args.run, config.runs)
    if root.parent == config.runs.resolve():
        done = queue.stop(root, args.pause)
    else:
        done = runs.is_running(root)
        if done:
            runs.request_stop(root)
    if args.json:
        print_json({"run": root, "stopped": done})
    elif done:
        print(f"{root.name} is to stop. Go on: facecam train resume {root.name}")
    else:
        print(f"Nobody works on {root.name}.")
    return 0


def _resume(args: argparse.Namespace, config: Config) -> int:
    from facecam.training import queue, runs

    root = _queued(runs.find(args.run, config.runs), config)
    waiting = queue.enqueue(config.runs, root.name, first=True).waiting
    if args.json:
        print_json({"run": root, "name": root.name, "waiting": waiting})
    else:
        print(f"{root.name} is the next one. Begin: facecam train work")
    return 0


def _queued(root: Path, config: Config) -> Path:
    """Return the directory of a run that can wait.

    Raises:
        TrainingError: it is not in the folder of the runs.
    """
    if root.parent != config.runs.resolve():
        raise TrainingError(
            f"Only runs in {config.runs} can wait for their turn. Go on with it here: "
            f"facecam train detector --run {root}"
        )
    return root
