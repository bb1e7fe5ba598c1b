"""`facecam train look DIR…`: what folders hold, before anybody learns from them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.options import EMBEDDER, add_json, add_trained
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.training.detector.looking import Seen
    from facecam.training.embedder.looking import SeenFaces

S = TypeVar("S")

ABOUT = """\
Say what folders hold that somebody wants to learn from: as which data set each is
recognised, how many pictures and faces, what cannot be used, and what to try. It takes
seconds; `facecam train check` then looks at pictures and labels themselves.
"""


def add_parser(kinds: Any) -> None:
    """Describe the command line."""
    parser = kinds.add_parser(
        "look",
        help="what folders of pictures hold",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folders", metavar="DIR", nargs="+", type=Path, help="folders of pictures"
    )
    add_trained(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Look; return the exit code."""
    if args.trained == EMBEDDER:
        return _look_for_embedder(args)
    from facecam.training.detector import looking

    sets = _look(args, looking.look)
    suggested = looking.suggest(sets)
    if args.json:
        print_json({"sets": list(map(_plain, sets)), "suggested": asdict(suggested)})
        return 0
    _tell(sets)
    start = "" if suggested.start == "scratch" else f" --from {suggested.start}"
    print(f"\n{suggested.why}")
    print(f"Try: facecam train detector --preset {suggested.preset}{start} --data …")
    return 0


def _look(args: argparse.Namespace, look: Callable[..., list[S]]) -> list[S]:
    """Look at the folders, and tell which."""
    folders = [folder.expanduser() for folder in args.folders]
    with Progress("Looking at folders") as progress:

        def tell(folder: Path, number: int) -> None:
            progress(number, len(folders), f"Reading {folder.name}")

        return look(folders, tell)


def _look_for_embedder(args: argparse.Namespace) -> int:
    """Say what folders hold that an embedder could learn from."""
    from facecam.training.embedder import looking

    sets = _look(args, looking.look)
    suggested = looking.suggest(sets)
    if args.json:
        print_json({"sets": list(map(_plain, sets)), "suggested": asdict(suggested)})
        return 0
    head = ("folder", "layout", "pictures", "people", "side")
    rows = [
        (one.folder.name, one.layout, *map(str, (one.pictures, one.people, one.side)))
        for one in sets
        if not one.error
    ]
    if rows:
        print_table([head, *rows], right=range(2, 5))
    for one in sets:
        if one.error:
            print(f"✗ {one.error}")
    how = f"--loss {suggested.loss} --preset {suggested.preset}"
    print(f"\n{suggested.why}")
    print(f"Try: facecam train embedder {how} --data …")
    return 0


def _plain(one: Seen | SeenFaces) -> dict[str, Any]:
    """Return what `--json` says of a folder."""
    if one.error:
        return {"folder": one.folder, "error": one.error}
    return {name: value for name, value in asdict(one).items() if name != "error"}


def _tell(sets: list[Seen]) -> None:
    rows = [
        (
            one.folder.name,
            one.layout,
            str(one.pictures),
            str(one.faces),
            str(one.landmarks),
            str(one.without_faces),
            str(one.faults),
        )
        for one in sets
        if not one.error
    ]
    if rows:
        head = (
            "folder",
            "layout",
            "pictures",
            "faces",
            "with points",
            "without a face",
        )
        print_table([(*head, "unusable"), *rows], right=range(2, 7))
    for one in sets:
        for example in one.examples:
            print(f"Left out: {example}")
        if one.error:
            print(f"✗ {one.error}")
