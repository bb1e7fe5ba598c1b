"""`facecam audit`: what is probably wrong with the people enrolled."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json
from facecam.cli.options import add_json
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.report.findings import Audit, Finding

ABOUT = (
    "Find pictures of the wrong person, people enrolled twice, look-alikes, poor and "
    "too few pictures. Nothing is changed; each line says what to do."
)
KEY = 8
"""So many characters of a finding's key are printed, enough to name it."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser("audit", help=ABOUT, description=ABOUT)
    parser.add_argument(
        "--right",
        metavar="KEY",
        help="say that a finding is right as it is: not told again",
    )
    parser.add_argument("--tell", metavar="KEY", help="tell such a finding again")
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Look for mistakes and list them; return the exit code."""
    from facecam.report import accepted

    if args.tell:
        accepted.doubt(config.home, _full(args.tell, accepted.load(config.home)))
    found = _audit(config)
    if args.right:
        keys = {finding.key for finding in found.findings}
        accepted.accept(config.home, _full(args.right, keys))
        found = _without(found, args.right)
    if args.json:
        print_json(_described(found))
    else:
        _print(found)
    return 0


def _audit(config: Config) -> Audit:
    from facecam import pipeline
    from facecam.cli.parts import make_ready
    from facecam.cli.unlocking import unlocked
    from facecam.report import accepted
    from facecam.report.audit import audit

    vault = unlocked(config)
    make_ready(config)
    embedder = pipeline.build_embedder(config, True)
    gallery = pipeline.open_gallery(config, embedder, vault)
    with Progress("Comparing pictures") as progress:
        identifier = pipeline.fit_identifier(config, gallery)
        return audit(
            gallery.views(),
            identifier,
            config.audit,
            accepted.load(config.home),
            lambda text, share: progress(round(100 * share), 100),
        )


def _full(beginning: str, keys: set[str] | frozenset[str]) -> str:
    """Return the one key that begins so.

    Raises:
        GalleryError: there is none, or several.
    """
    from facecam.errors import GalleryError

    meant = [key for key in keys if key.startswith(beginning)]
    if len(meant) != 1:
        problem = "Several findings begin with" if meant else "There is no finding"
        raise GalleryError(f"{problem} {beginning}. List them: facecam audit")
    return meant[0]


def _without(found: Audit, beginning: str) -> Audit:
    from dataclasses import replace

    left = tuple(f for f in found.findings if not f.key.startswith(beginning))
    return replace(found, findings=left, accepted=found.accepted + 1)


def _print(found: Audit) -> None:
    from facecam.report.sayings import count

    if not found.people:
        print("Nobody is enrolled yet. Enrol somebody: facecam enrol NAME PICTURE …")
        return
    looks = len(found.findings)
    things = f"{looks:,} to look at" if looks else "Nothing looks wrong"
    people = count(found.people, "person", "people")
    print(f"{people}, {count(found.pictures, 'picture')}. {things}.")
    for finding in found.findings:
        print(f"\n{finding.key[:KEY]}  {finding.text}")
        for file in finding.files:
            print(f"          {finding.people[0].id}/{file}")
        print(f"          {finding.advice}")
    if found.accepted:
        print(f"\n{found.accepted} more are right as they are, as somebody said.")


def _described(found: Audit) -> dict[str, Any]:
    return {
        "people": found.people,
        "pictures": found.pictures,
        "accepted": found.accepted,
        "findings": [_finding(finding) for finding in found.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "kind": finding.kind.value,
        "people": [{"id": who.id, "name": who.name} for who in finding.people],
        "files": list(finding.files),
        "number": finding.number,
        "text": finding.text,
        "advice": finding.advice,
        "remedy": finding.remedy.value,
    }
