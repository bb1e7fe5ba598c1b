"""`facecam train hard list|add|remove`: what the detector got wrong, to learn from."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import print_json, print_table, warn
from facecam.cli.options import add_json, whole
from facecam.config import Config
from facecam.errors import DatasetError

if TYPE_CHECKING:
    from facecam.training.detector.hard_examples import HardExample

ABOUT = """\
Hard examples: places of pictures which the detector took for a face, and faces it has
missed. The window collects them; `facecam train detector --hard DIR` learns from them.
"""
KINDS = ("false-alarm", "missed-face")


def add_parser(kinds: Any) -> None:
    """Describe the command lines."""
    parser = kinds.add_parser(
        "hard", help="hard examples to learn from", description=ABOUT
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what a pool holds")
    adding = actions.add_parser("add", help="add a place of a picture")
    adding.add_argument(
        "picture", type=Path, metavar="PICTURE", help="the whole picture"
    )
    adding.add_argument(
        "--box",
        nargs=4,
        type=float,
        required=True,
        metavar=("X1", "Y1", "X2", "Y2"),
        help="the place, in pixels",
    )
    adding.add_argument(
        "--is",
        dest="wrong",
        choices=KINDS,
        required=True,
        help="no face, though the detector found one; or a face it missed",
    )
    adding.add_argument(
        "--landmarks",
        nargs=10,
        type=float,
        metavar=("X", "Y") * 5,
        help="eyes, nose and mouth corners of a missed face as seen, in pixels",
    )
    removing = actions.add_parser("remove", help="take examples out")
    removing.add_argument(
        "numbers", nargs="+", type=whole(1), metavar="N", help="as `hard list` has them"
    )
    for action in (listing, adding, removing):
        action.add_argument(
            "--pool", type=Path, metavar="DIR", help="usual: the one the window fills"
        )
        add_json(action)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what was asked; return the exit code."""
    actions = {"list": _list, "add": _add, "remove": _remove}
    pool = args.pool.expanduser() if args.pool else config.hard
    actions[args.action](args, pool)
    return 0


def _list(args: argparse.Namespace, pool: Path) -> None:
    from facecam.training.detector import hard_pool

    found = hard_pool.listed(pool)
    if args.json:
        examples = [_plain(n, one) for n, one in enumerate(found.examples, start=1)]
        print_json({"pool": pool, "examples": examples, "faults": found.faults})
        return
    for fault in found.faults:
        warn(fault)
    if not found.examples:
        print(f"There is no hard example in {pool}.")
    print_table(
        [_row(n, one) for n, one in enumerate(found.examples, start=1)], right=[0]
    )


def _add(args: argparse.Namespace, pool: Path) -> None:
    import numpy as np

    from facecam.media import read_image
    from facecam.training.detector import hard_examples
    from facecam.training.detector.hard_examples import Kind

    points = None
    if args.landmarks is not None:
        points = np.asarray(args.landmarks, np.float32).reshape(5, 2)
    box = np.asarray(args.box, np.float32)
    image = read_image(args.picture)
    height, width = image.shape[:2]
    x1, y1, x2, y2 = args.box
    if not (x1 < x2 and y1 < y2 and x1 < width and y1 < height and x2 > 0 and y2 > 0):
        raise DatasetError(
            f"The box {args.box} is no place in {args.picture}, which is {width} × "
            f"{height} pixels. Give its left, top, right and bottom."
        )
    kind = Kind(args.wrong.replace("-", " "))
    example = hard_examples.add(pool, image, box, kind, points)
    if args.json:
        print_json({"pool": pool, "picture": example.picture})
    else:
        print(f"Added to {pool}: {example.picture.name}")


def _remove(args: argparse.Namespace, pool: Path) -> None:
    from facecam.training.detector import hard_pool

    found = hard_pool.listed(pool).examples
    if max(args.numbers) > len(found):
        raise DatasetError(
            f"{pool} holds {len(found)} examples; there is no number "
            f"{max(args.numbers)}. See them: facecam train hard list"
        )
    removed = hard_pool.remove(pool, [found[n - 1] for n in sorted(set(args.numbers))])
    if args.json:
        print_json({"pool": pool, "removed": len(removed.lines)})
    else:
        print(f"Taken out of {pool}: {len(removed.lines)}")


def _plain(number: int, one: HardExample) -> dict[str, Any]:
    return {
        "number": number,
        "picture": one.picture,
        "box": one.box,
        "is": str(one.kind),
        "landmarks": one.landmarks,
        "added": one.added,
    }


def _row(number: int, one: HardExample) -> tuple[str, ...]:
    box = ", ".join(f"{value:.0f}" for value in one.box)
    day = datetime.fromtimestamp(one.added).strftime("%Y-%m-%d %H:%M")
    return str(number), str(one.kind), one.picture.name, box, day if one.added else ""
