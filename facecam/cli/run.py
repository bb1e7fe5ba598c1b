"""`facecam run`: open the window."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from facecam.cli.options import add_detector, add_runtime, configured
from facecam.config import Config
from facecam.errors import DisplayMissing

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""Where Qt is told of a screen on Linux."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "run",
        help="open the window",
        description="Open the window: live video with names over faces.",
    )
    parser.add_argument(
        "--source",
        metavar="SOURCE",
        help="camera number or name, video file, folder of pictures, network address "
        'or "demo"; default: the last one',
    )
    parser.add_argument(
        "--start",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="start watching at once (default) or wait for Start",
    )
    add_detector(parser)
    add_runtime(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Show the window until it is closed."""
    if sys.platform == "linux" and not any(map(os.environ.get, SCREENS)):
        raise DisplayMissing(
            "There is no display to open a window on. Use a desktop session, ssh -X or "
            "xvfb-run; everything else works without: facecam label --help"
        )
    from facecam.app.main import main

    source = args.source and remembered(args.source)
    return main(configured(args, config), source, args.start)


def remembered(source: str) -> str:
    """Return a source as the window can remember it: where it is run from may change.

    A file or folder gets its whole path. A camera's number stays what it is.
    """
    path = Path(source)
    try:
        path = path.expanduser()
        known = not source.isdigit() and path.exists()
    except (OSError, RuntimeError):  # too long for a path, nobody's home
        return source
    return str(path.absolute()) if source and known else source
