"""`facecam train numbers`: every number of a run, and what it means."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from facecam.cli.console import print_json, print_table
from facecam.cli.options import EMBEDDER, add_json, add_trained
from facecam.config import Config

ABOUT = """\
List every number of a training run with its value under a preset and what it means.
`facecam train detector --set NAME=VALUE` changes it, as does `facecam train embedder`.
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
    add_trained(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """List them; return the exit code."""
    from facecam.config.described import described

    numbers = described(_numbers(args, config))
    if args.json:
        print_json({"preset": args.preset, "numbers": numbers})
    else:
        print_table(list(_rows(numbers)))
    return 0


def _numbers(args: argparse.Namespace, config: Config) -> Any:
    """Return the numbers of a run of either kind."""
    if args.trained == EMBEDDER:
        from facecam.training.embedder import asking

        return asking.numbers(config.embedding_training, preset=args.preset)
    from facecam.training.detector import asking as detector

    return detector.numbers(config.retraining, args.preset, ())


def _rows(numbers: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for one in numbers.values():
        if "numbers" in one:
            yield from _rows(one["numbers"])
        else:
            yield one["name"], str(one["value"]), one["about"]
