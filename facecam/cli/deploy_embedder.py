"""The embedders' part of `facecam deploy`: put among the others, and to use."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, warn
from facecam.config import Config
from facecam.errors import Refused

if TYPE_CHECKING:
    from facecam.artifacts import Manifest
    from facecam.installation import Report
    from facecam.switching import Switched
    from facecam.vault import Vault

ADDING = 0.5
"""Share of the work that is done once the embedder is among the others."""


def deploy(args: argparse.Namespace, run: Path, config: Config) -> int:
    """Add the embedder of a run, use it unless told otherwise; return the exit code."""
    from facecam.cli.parts import make_ready
    from facecam.cli.unlocking import unlocked
    from facecam.switching import require_choice
    from facecam.training.embedder import deploying

    vault: Vault | None = None
    there = deploying.added(config, run)
    if not args.add:
        require_choice(config, there.name if there else "")
        vault = unlocked(config)
        make_ready(config)
    try:
        with Progress("Deploying") as bar:
            manifest = deploying.add(
                config,
                run,
                args.force,
                _part(bar.share, 0.0, 1.0 if args.add else ADDING),
                compared=not args.add,
            )
            switched = None
            if not args.add:
                switched = _switch(config, manifest, vault, bar)
    except Refused as refused:
        if args.json:
            print_json({"refused": refused.reasons})
        raise
    _tell(args, manifest, there is None, switched, config)
    return 0


def _switch(
    config: Config, manifest: Manifest, vault: Vault | None, bar: Progress
) -> Switched:
    from facecam import switching

    report = _part(bar.share, ADDING, 1.0)
    return switching.switch(config, manifest.name, vault, report)


def _tell(
    args: argparse.Namespace,
    manifest: Manifest,
    added: bool,
    switched: Switched | None,
    config: Config,
) -> None:
    """Say what was done."""
    from facecam import artifacts

    installed = artifacts.installed(config.models, manifest.kind, manifest.name)
    note = installed.origin.note if installed else ""
    for problem in switched.problems if switched else ():
        warn(problem)
    if args.json:
        print_json(_plain(manifest, added, switched, note, config))
        return
    how = "is one of the embedders now" if added else "is one of the embedders already"
    print(f"{manifest.called} {how}, as {manifest.name}.")
    if note:
        print(f"Mind: {note}")
    if switched is None:
        print("Compare it on your people: facecam evaluate embedders")
        print(f"Use it: facecam models use {manifest.name}")
        return
    now = "from now on" if switched.changed else "already"
    known = f"{switched.people:,} people, {switched.pictures:,} pictures"
    print(f"Faces are compared by {manifest.called} {now}: {known}.")
    if switched.changed:
        print("Back to the one before: facecam rollback embedder")


def _plain(
    manifest: Manifest,
    added: bool,
    switched: Switched | None,
    note: str,
    config: Config,
) -> dict[str, Any]:
    """Return what `--json` says."""
    from facecam import artifacts

    used = artifacts.running(config)
    return {
        "kind": manifest.kind,
        "name": manifest.name,
        "title": manifest.called,
        "added": added,
        "in_use": switched is not None or used == manifest.name,
        "people": switched.people if switched else None,
        "pictures": switched.pictures if switched else None,
        "before": switched.before if switched else used,
        "problems": list(switched.problems) if switched else [],
        "note": note,
        "folder": manifest.folder,
    }


def _part(report: Report, start: float, end: float) -> Report:
    """Return a report whose 0…1 is a part of the whole."""
    return lambda text, done: report(text, start + (end - start) * done)
