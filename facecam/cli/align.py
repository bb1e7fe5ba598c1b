"""`facecam align IN OUT`: a tree of pictures to the same tree of faces."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.options import (
    add_detector,
    add_json,
    add_runtime,
    configured,
    positive,
    whole,
)
from facecam.cli.parts import ready_detector
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.aligning import Alignment, Outcome

NOTHING = 3
"""Exit code when no picture shows a face."""
TEXT = """\
Cut the faces out of all pictures below IN, into the same tree of PNG files below OUT,
as training and evaluation read them. Of several faces the largest, most central one.
faces.csv lists where they were, failures.csv which pictures have none, and why.
Start it several times at once, and they share the work: each picture is done once.
Ended early, the same command goes on.
"""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "align",
        help="cut the faces out of folders of pictures",
        description=TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", metavar="IN", type=Path, help="folder of pictures")
    parser.add_argument("target", metavar="OUT", type=Path, help="folder of faces")
    parser.add_argument(
        "--size",
        type=whole(16),
        default=160,
        metavar="N",
        help="side of the faces, pixels (default: 160; 182 leaves training room to "
        "take 160 of it at random)",
    )
    around = parser.add_mutually_exclusive_group()
    around.add_argument(
        "--margin",
        type=positive,
        metavar="X",
        help="side of what is cut, as a multiple of the detector's box (default: as "
        "the embedder in use sees faces, and as much more as the size exceeds 160)",
    )
    around.add_argument(
        "--margin-pixels",
        type=whole(0),
        metavar="N",
        help="instead, as davidsandberg/facenet: N pixels more than the box, half of "
        "them on each side, before scaling (there 32 for 160, 44 for 182)",
    )
    parser.add_argument(
        "--detect-multiple",
        action="store_true",
        help="cut every face of a picture, numbered: name_0.png, name_1.png",
    )
    parser.add_argument(
        "--again", action="store_true", help="try what has failed before once more"
    )
    add_detector(parser)
    add_runtime(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Align; return the exit code."""
    from facecam.aligning import FAILURES, Alignment, align_folder, forgive

    config = configured(args, config)
    alignment = Alignment.of(
        config.embedder,
        args.size,
        args.margin,
        args.margin_pixels,
        args.detect_multiple,
    )
    detector = ready_detector(config)
    with Progress("Cutting faces") as progress:
        if args.again:
            forgive(args.target)
        outcome = align_folder(args.source, args.target, detector, alignment, progress)
    failures = args.target / FAILURES
    if args.json:
        print_json({**asdict(outcome), **asdict(alignment), "failures": failures})
    else:
        _tell(outcome, alignment, failures)
    return 0 if outcome.failed < outcome.pictures else NOTHING


def _tell(outcome: Outcome, alignment: Alignment, failures: Path) -> None:
    rows = [
        ("pictures", f"{outcome.pictures:,}"),
        ("faces cut from", f"{outcome.aligned:,} ({alignment})"),
        ("there already", f"{outcome.already:,}"),
        ("without a face", f"{outcome.failed:,}"),
    ]
    if outcome.left:
        rows.append(("another process is at", f"{outcome.left:,}"))
    print_table(rows)
    if outcome.failed:
        print(f"What has no face, and why: {failures}")
