"""`facecam train check --data DIR…`: look at data before learning from it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.options import add_json, add_training
from facecam.config import Config
from facecam.errors import TrainingError

if TYPE_CHECKING:
    from facecam.annotations.annotation import AnnotatedSet
    from facecam.training.detector.checking.census import Census
    from facecam.training.detector.checking.estimates import Estimates
    from facecam.training.detector.checking.preflight import Preflight
    from facecam.training.step import Progress as Told

ABOUT = """\
Look at labelled pictures before a detector is trained on them: can all be read, are
there enough faces, points and background, do boxes and points look right, can each net
learn one batch, what will the run cost. Contact sheets of boxes, points and samples are
drawn; look at them. The exit code is 1 if training on this data cannot work.
"""
OUT = "check"
"""Folder below the runs that the report goes to unless told."""
PARTS = {
    "pictures": (0.05, 0.45, "Looking at pictures"),
    "samples": (0.45, 0.55, "Cutting samples"),
}
"""Parts of the check as it names them: their share of the time, from and to, in words;
whatever else it does is learning."""
SIGNS = {"error": "✗", "warning": "!", "note": "–"}


def add_parser(kinds: Any) -> None:
    """Describe the command line."""
    parser = kinds.add_parser(
        "check",
        help="look at data before learning from it",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_training(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write the report there; usual: check, among the runs",
    )
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Look; return 1 if training on this data cannot work."""
    from facecam.training.detector import asking
    from facecam.training.detector.checking import preflight

    out = args.out or config.runs / OUT
    start = args.start or asking.SCRATCH
    preset = args.preset or asking.usual_preset(start)
    numbers = asking.numbers(config.retraining, preset, args.settings)
    with Progress("Looking at the data") as progress:

        def tell(told: Told) -> None:
            learning = (0.55, 1.0, f"Learning {told.text}")
            begin, end, text = PARTS.get(told.text, learning)
            done = told.done / told.total if told.total else 1.0
            progress.share(text, begin + (end - begin) * done)

        seen = preflight.check(_read(args), numbers, out, tell, start != asking.SCRATCH)
    if args.json:
        print_json({**preflight.as_json(seen), "folder": out})
    else:
        _tell(seen)
    return 1 if seen.errors else 0


def _read(args: argparse.Namespace) -> list[AnnotatedSet]:
    from facecam.config.retraining import IndexConfig
    from facecam.training.detector.index import IndexRequest, read_sets

    if not args.data:
        raise TrainingError(
            "There is no data to look at. Give folders of labelled pictures: "
            "facecam train check --data DIR"
        )
    folders = tuple(args.data), tuple(args.negatives), tuple(args.hard)
    return read_sets(IndexRequest(*folders, content="", numbers=IndexConfig()))


def _tell(seen: Preflight) -> None:
    _tell_sets(seen.census)
    _tell_faces(seen.census)
    if seen.estimates is not None:
        _tell_costs(seen.estimates)
    _tell_findings(tuple((f.severity.value, f.text, f.cure) for f in seen.findings))
    print(f"Look at the {len(seen.sheets)} contact sheets in {seen.folder / 'sheets'}.")


def tell_findings(seen: Mapping[str, Any]) -> None:
    """Print what a look has found, given as JSON has it."""
    found = [(f["severity"], f["text"], f["cure"]) for f in seen["findings"]]
    _tell_findings(found)
    costs = seen["estimates"]
    if costs:
        from facecam.training.disk import in_words
        from facecam.training.progress import duration

        room = in_words(costs["disk"])
        print(f"It will take about {duration(costs['seconds'])} and {room} of disk.")


def _tell_findings(found: Sequence[tuple[str, str, str]]) -> None:
    print()
    for severity, text, cure in found:
        print(f"{SIGNS[severity]} {text}")
        if cure:
            print(f"    {cure}")
    failed = any(severity == "error" for severity, *_ in found)
    print(f"\nTraining on this data {'cannot work' if failed else 'can start'}.")


def _tell_sets(census: Census) -> None:
    rows = [
        (
            one.name,
            one.layout,
            str(one.training.pictures),
            str(one.training.faces),
            str(one.training.learned),
            str(one.training.learned_points),
            str(one.held_out.pictures),
            str(one.held_out.faces),
        )
        for one in census.sets
    ]
    heading = ("set", "layout", "pictures", "faces", "learned", "with points")
    print_table([(*heading, "held out", "faces"), *rows], right=range(2, 8))


def _tell_faces(census: Census) -> None:
    learned, held_out = census.training, census.held_out
    print("\nfaces")
    rows = [
        (size, str(number), str(held_out.by_size()[size]))
        for size, number in learned.by_size().items()
    ]
    for name, levels in learned.by_level().items():
        measured = held_out.by_level().get(name, {})
        rows += [
            (f"{name}: {level}", str(number), str(measured.get(level, 0)))
            for level, number in levels.items()
            if number or measured.get(level)
        ]
    print_table([("", "training", "held out"), *rows], right=[1, 2])


def _tell_costs(costs: Estimates) -> None:
    from facecam.training.disk import in_words
    from facecam.training.progress import duration

    print("\nwhat the run will cost, about")
    rows = [
        (_part(one.part), duration(one.seconds), in_words(one.disk))
        for one in costs.parts
    ]
    total = ("all", duration(costs.seconds), in_words(costs.disk))
    print_table([("", "time", "disk"), *rows, total], right=[1, 2])
    memory, free = in_words(costs.memory), in_words(costs.free_memory)
    print(f"memory: {memory} at the peak; {free} are free")


def _part(part: str) -> str:
    """Return a part of a run, such as "pnet fit", as people read it."""
    from facecam.training.progress import NETS

    net, _, what = part.partition(" ")
    return f"{NETS[net]} {what}" if net in NETS else part
