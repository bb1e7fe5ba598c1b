"""`facecam report`: what the people enrolled can promise."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table, warn
from facecam.cli.options import add_json
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.gallery import Gallery
    from facecam.report.card import PersonLine, ReportCard
    from facecam.vision.embedder import Embedder

ABOUT = """\
Say how well the people enrolled are recognised, at which price in wrong names, and how
sure that is. Each person's pictures of one sitting are tried as if they were new;
strangers are drawn, or taken from a folder.
"""
STEPS = (100.0, 500.0, 1000.0, 10_000.0)
"""Settings the text shows beside the present one."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "report",
        help="say what the people enrolled can promise",
        description=ABOUT,
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write report.json and plots there"
    )
    parser.add_argument(
        "--png", action="store_true", help="with --out: plots only, no report.json"
    )
    parser.add_argument(
        "--strangers",
        type=Path,
        metavar="DIR",
        help="pictures of people who are not enrolled, a folder per person",
    )
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Make the report card and say it; return the exit code."""
    card = _card(args, config)
    if args.json:
        print_json(card.as_json())
    else:
        _tell(card)
    if args.out is not None:
        _write(card, args, not args.json)
    elif args.png:
        _write(card, argparse.Namespace(out=Path(), png=True), not args.json)
    return 0


def _card(args: argparse.Namespace, config: Config) -> ReportCard:
    from facecam import pipeline
    from facecam.cli.parts import make_ready
    from facecam.cli.unlocking import unlocked
    from facecam.report.card import Enrolled, make_card
    from facecam.report.strangers import best_evidence

    vault = unlocked(config)
    make_ready(config)
    embedder = pipeline.build_embedder(config, True)
    gallery = pipeline.open_gallery(config, embedder, vault)
    with Progress("Fitting") as progress:
        identifier = pipeline.fit_identifier(config, gallery)
    enrolled = Enrolled(gallery.examples(), gallery.views(), identifier)
    if args.strangers is not None:
        found = _strangers(args.strangers, config, embedder)
        enrolled = replace(enrolled, real=best_evidence(identifier, found))
    with Progress("Trying people and strangers") as progress:
        card = make_card(
            enrolled,
            config.report,
            lambda text, share: progress(round(100 * share), 100),
        )
    _warn(gallery)
    return card


def _strangers(folder: Path, config: Config, embedder: Embedder) -> dict[str, Any]:
    from facecam import pipeline
    from facecam.report.strangers import embed_strangers

    with Progress("Looking at strangers") as progress:
        detector = pipeline.build_detector(config)
        return embed_strangers(folder, detector, embedder, progress)


def _warn(gallery: Gallery) -> None:
    for problem in gallery.problems:
        warn(problem)


def _tell(card: ReportCard) -> None:
    from facecam.report import sayings

    print(sayings.headline(card))
    if not card.people:
        print("Enrol somebody: facecam enrol NAME PICTURE …")
        return
    now = card.promise(card.setting)
    print(f"Wrong names, with 95 % certainty: {sayings.wrong_span(now)}.")
    if now.problem:
        print(now.problem)
    if card.missing.text:
        print(card.missing.text)
    print(sayings.basis(card))
    print()
    _tell_settings(card)
    print()
    _tell_people(card)
    for pair in card.look_alikes:
        print()
        print(
            f"{pair.first.name} and {pair.second.name} look alike: "
            f"{sayings.near(pair.near)}; {pair.confused} pictures confused."
        )


def _tell_settings(card: ReportCard) -> None:
    from facecam.report import sayings

    rows = [("1 wrong name per", "own people recognised", "wrong names, 95 %")]
    for promise in card.promises:
        if promise.strangers not in (*STEPS, card.setting):
            continue
        share = promise.recognised
        said = "not enough pictures to promise this"
        if share is not None and not promise.problem:
            said = f"{sayings.share(share.value)} ({sayings.span(share)})"
        mark = "  ← now" if promise.strangers == card.setting else ""
        strangers = f"{sayings.number(promise.strangers)} strangers"
        rows.append((strangers, said, sayings.wrong_span(promise) + mark))
    print_table(rows)


def _tell_people(card: ReportCard) -> None:
    head = (
        "name",
        "pictures",
        "sittings",
        "recognised",
        "weakest picture",
        "resembles",
    )
    rows = [head, *(_line(line, card.setting) for line in card.lines)]
    print_table(rows, right=[1, 2])


def _line(line: PersonLine, setting: float) -> tuple[str, ...]:
    from facecam.report import sayings

    alike = "–"
    if line.look_alike is not None:
        alike = f"{line.look_alike.name} (1 stranger in {sayings.number(line.near)})"
    return (
        line.identity.name,
        str(line.pictures),
        str(line.sittings),
        sayings.recognised_of(line, setting),
        line.weakest or "–",
        alike,
    )


def _write(card: ReportCard, args: argparse.Namespace, aloud: bool) -> None:
    """Write report.json first: it needs no screen."""
    from facecam import files

    args.out.mkdir(parents=True, exist_ok=True)
    written = []
    if not args.png:
        text = json.dumps(card.as_json(), ensure_ascii=False, indent=1)
        files.write(args.out / "report.json", text.encode())
        written.append(args.out / "report.json")
    if card.people:
        from facecam.app.report.rendering import render

        written += render(card, args.out)
    if aloud and written:
        print("\nWritten: " + ", ".join(str(path) for path in written))
