"""`facecam rollback MODEL`: use the version of a model again that was used before."""

from __future__ import annotations

import argparse
from typing import Any

from facecam.cli.console import Progress, print_json
from facecam.cli.options import add_json
from facecam.config import Config

TEXT = """\
Use the version of a model again that was in use before the present one was deployed or
installed; of an embedder, the one chosen before, if another was chosen. Typed twice, it
brings the present one back. A window that is open takes it over.
"""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "rollback",
        help="go back to the detector, or another model, used before",
        description=TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "model", metavar="MODEL", help="detector, embedder, or the name of a model"
    )
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Go back, and say to what; return the exit code."""
    from facecam import installation

    if args.model == "embedder" and (code := _embedder(args, config)) is not None:
        return code
    manifest = installation.meant(config, args.model)
    with Progress("Going back"):
        model = installation.roll_back(config, args.model)
    if args.json:
        about = {"kind": manifest.kind, "name": manifest.name, "source": model.source}
        print_json({**about, "note": model.origin.note, "folder": model.folder})
        return 0
    print(f"The {manifest.kind} in use is that of {model.source} again.")
    if model.origin.note:
        print(f"It was {model.origin.note}")
    return 0


def _embedder(args: argparse.Namespace, config: Config) -> int | None:
    """Go back to the embedder chosen before; None if there is none."""
    from facecam import switching
    from facecam.cli.switching import switch, tell

    name = switching.previous(config)
    return None if name is None else tell(args, switch(config, name))
