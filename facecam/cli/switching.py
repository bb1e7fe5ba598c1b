"""Switching to another embedder, for `facecam models use` and `facecam rollback`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from facecam.cli.console import Progress, print_json, warn
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.switching import Switched


def switch(config: Config, name: str) -> Switched:
    """Embed everybody with an embedder and put it to use, with progress."""
    from facecam import switching
    from facecam.cli.parts import make_ready
    from facecam.cli.unlocking import unlocked

    vault = unlocked(config)
    make_ready(config)
    with Progress("Embedding everybody") as progress:
        return switching.switch(config, name, vault, progress.share)


def tell(args: argparse.Namespace, switched: Switched) -> int:
    """Say what was done; return the exit code."""
    for problem in switched.problems:
        warn(problem)
    manifest = switched.manifest
    if args.json:
        print_json(
            {
                "kind": manifest.kind,
                "name": manifest.name,
                "title": manifest.called,
                "before": switched.before,
                "changed": switched.changed,
                "people": switched.people,
                "pictures": switched.pictures,
                "problems": list(switched.problems),
            }
        )
        return 0
    known = f"{switched.people:,} people, {switched.pictures:,} pictures"
    now = "from now on" if switched.changed else "already"
    print(f"Faces are compared by {manifest.called} {now}: {known}.")
    if switched.changed:
        print("Back to the one before: facecam rollback embedder")
    return 0
