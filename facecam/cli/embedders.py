"""The embedders' part of `facecam evaluate`: which suits the people enrolled better."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.options import add_json, add_runtime
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.report.embedders import Comparison, Measured, Tried

TEXT = """\
Embed everybody enrolled with several embedders, try own pictures as if they were new,
and say which embedder recognises more at the same price in wrong names. Nothing is
switched; what was embedded is kept, so that `facecam models use` is quick afterwards.
"""


def add_parser(kinds: Any) -> None:
    """Describe the command line of `evaluate embedders`."""
    parser = kinds.add_parser(
        "embedders",
        help="compare embedders on the people enrolled",
        description=TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--with",
        dest="others",
        nargs="+",
        default=[],
        metavar="NAME",
        help="with which the one in use is compared (default: every installed one)",
    )
    add_runtime(parser)
    add_json(parser)


def run_embedders(args: argparse.Namespace, config: Config) -> None:
    """Compare, and say the result."""
    from facecam import artifacts
    from facecam.cli.parts import make_ready
    from facecam.cli.unlocking import unlocked
    from facecam.report.embedders import compare_embedders

    vault = unlocked(config)
    make_ready(config)
    there = [
        manifest.name
        for manifest in artifacts.embedders(config)
        if artifacts.stamp(config.models, "embedder", manifest.name)
    ]
    names = [artifacts.running(config), *(args.others or there)]
    with Progress("Comparing embedders") as progress:
        comparison = compare_embedders(config, names, vault, progress.share)
    if args.json:
        print_json(comparison.as_json())
    else:
        _tell(comparison)


def _tell(comparison: Comparison) -> None:
    from facecam.report.embedders import verdict

    if comparison.people:
        head = ("", *(_title(one) for one in comparison.embedders))
        print_table([head, *_rows(comparison)])
        print()
    print(verdict(comparison))


def _title(one: Measured) -> str:
    return f"{one.title} (in use)" if one.used else one.title


def _rows(comparison: Comparison) -> list[tuple[str, ...]]:
    from facecam.report import sayings

    per = sayings.number(comparison.setting)
    cells: dict[str, Callable[[Measured], str]] = {
        "recognised on another day": lambda one: _share(one.sittings),
        "recognised, one picture left out": lambda one: _share(one.single),
        f"at 1 wrong name per {per} drawn strangers": _at_rate,
        "drawn strangers who get a name": lambda one: f"{one.strangers_named:.2%}",
        "nearest two people": _nearest,
        "time for a face": lambda one: f"{1000 * one.seconds:.1f} ms",
    }
    return [
        (name, *(cell(one) for one in comparison.embedders))
        for name, cell in cells.items()
    ]


def _share(tried: Tried) -> str:
    if tried.share is None:
        return "too few sittings"
    low, high = tried.share.low, tried.share.high
    return f"{tried.right} of {tried.pictures} ({low:.0%} to {high:.0%})"


def _at_rate(one: Measured) -> str:
    from facecam.report.embedders import tried

    chosen = tried(one)
    return f"{chosen.right_at_rate} of {chosen.pictures}"


def _nearest(one: Measured) -> str:
    from facecam.report import sayings

    if one.alike is None:
        return "–"
    near = sayings.number(sayings.rounded(one.nearest))
    return f"{one.alike[0]} and {one.alike[1]}, 1 stranger in {near}"
