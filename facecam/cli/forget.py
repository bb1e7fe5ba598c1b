"""`facecam forget`: delete everything about somebody, and prove it."""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, warn
from facecam.cli.options import add_json
from facecam.config import Config
from facecam.errors import FacecamError, PersonNotFound, WeightsMissing

if TYPE_CHECKING:
    from facecam.forgetting import Outcome
    from facecam.gallery import Gallery

DONE, FAILED, MISUSED, LEFT = 0, 1, 2, 3
"""Exit codes: see parser.EXIT_CODES. Something left is an answer: no."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "forget",
        help="delete everything about somebody, and prove it",
        description="Delete everything about somebody: pictures, embeddings, events, "
        "backups. Then look through every file, ask the new classifiers, and write a "
        "receipt without personal data. This cannot be undone.",
    )
    parser.add_argument("who", nargs="?", help="id, or name if only one person has it")
    parser.add_argument(
        "--finish", action="store_true", help="finish a forgetting that was interrupted"
    )
    add_options(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let the question be answered beforehand, and the answer be JSON."""
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Forget somebody, or finish what was interrupted; return the exit code."""
    if bool(args.who) == args.finish:
        warn("facecam forget: say whom, or --finish.")
        return MISUSED
    return _finish(args, config) if args.finish else forget(args, config)


def forget(args: argparse.Namespace, config: Config) -> int:
    """Forget `args.who` after asking; return the exit code."""
    from facecam import forgetting

    gallery = _opened(config)
    try:
        identity_id, name = _whom(args.who, gallery)
    except PersonNotFound:
        done = forgetting.finish(config, gallery)  # the same again, after a crash
        if not done:
            raise
        return _told(args, done)
    if not args.yes:
        if not sys.stdin.isatty():
            warn("facecam forget: this cannot be undone. Add --yes to do it.")
            return MISUSED
        if not _agreed(name):
            warn(f"{name} is kept. Nothing was deleted.")
            return FAILED
    with Progress(f"Forgetting {name}") as progress:
        outcome = forgetting.forget(
            config,
            gallery,
            identity_id,
            lambda _, share: progress(round(share * 100), 100),
        )
    return _told(args, [outcome])


def described(outcome: Outcome) -> dict[str, Any]:
    """Return what `--json` says."""
    return {
        "name": outcome.name,
        "deleted": outcome.deleted,
        "files": outcome.files,
        "bytes": outcome.size,
        "cleaned": [residue.path for residue in outcome.cleaned],
        "left": [
            {"path": residue.path, "what": sorted(residue.what)}
            for residue in outcome.left
        ],
        "unreadable": outcome.unreadable,
        "asked": outcome.asked,
        "alike": outcome.alike,
        "key_destroyed": outcome.sealed,
        "seconds": outcome.seconds,
        "receipt": outcome.receipt,
    }


def _finish(args: argparse.Namespace, config: Config) -> int:
    from facecam import forgetting

    outcomes = forgetting.finish(config, _opened(config))
    if not outcomes and not args.json:
        print("Nothing was interrupted.")
    return _told(args, outcomes)


def _told(args: argparse.Namespace, outcomes: list[Outcome]) -> int:
    from facecam import forgetting

    if args.json:
        told = [described(outcome) for outcome in outcomes]
        print_json({"forgotten": told} if args.finish else told[0])
    for outcome in [] if args.json else outcomes:
        for line in forgetting.sentences(outcome):
            print(line.text)
        print(f"Receipt: {outcome.receipt}")
    return DONE if all(outcome.clean for outcome in outcomes) else LEFT


def _opened(config: Config) -> Gallery:
    """Return the people, with as much of the nets as there is."""
    from facecam import pipeline
    from facecam.cli.parts import make_ready
    from facecam.cli.unlocking import unlocked
    from facecam.gallery import Gallery

    vault = unlocked(config)
    embedder = None
    with contextlib.suppress(WeightsMissing):
        embedder = pipeline.build_embedder(config, True)
    try:
        make_ready(config, names=False)
        return pipeline.open_gallery(config, embedder, vault)
    except FacecamError as error:
        warn(f"Without a detector: {error}")
        return Gallery(config.people, None, embedder, config.gallery, vault)


def _agreed(name: str) -> bool:
    answer = input(f"Forget {name} for good? This cannot be undone. Type yes: ")
    return answer.strip().lower() in ("y", "yes")


def _whom(who: str, gallery: Gallery) -> tuple[str, str]:
    """Return id and name of somebody, also if the record is damaged."""
    try:
        identity = gallery.find(who).identity
    except PersonNotFound:
        if who not in gallery.ids():
            raise
        return who, who
    return identity.id, identity.name
