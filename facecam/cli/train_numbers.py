"""`facecam train numbers`: every number of a run, and what it means."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from facecam.cli.console import print_json, print_table
from facecam.cli.options import add_json
from facecam.config import Config

ABOUT = """\
List every number of a training run with its value under a preset and what it means.
`facecam train detector --set NAME=VALUE` changes it.
"""


def add_parser(kinds: Any) -> None:
    """Describe the command line."""
    from facecam.config.presets import PRESETS

    parser = kinds.add_parser(
        "numbers", help="every number of a run, explained", description=ABOUT
    )
    purposes = "; ".join(
        f"{name}: {preset.purpose}" for name, preset in PRESETS.items()
    )
    parser.add_argument("--preset", choices=PRESETS, default="full", help=purposes)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """List them; return the exit code."""
    from facecam.config.described import described
    from facecam.training.detector import asking

    numbers = described(asking.numbers(config.retraining, args.preset, ()))
    if args.json:
        print_json({"preset": args.preset, "numbers": numbers})
    else:
        print_table(list(_rows(numbers)))
    return 0


def _rows(numbers: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for one in numbers.values():
        if "numbers" in one:
            yield from _rows(one["numbers"])
        else:
            yield one["name"], str(one["value"]), one["about"]
