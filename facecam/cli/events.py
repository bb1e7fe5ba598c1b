"""`facecam events`: who was seen when; watch a source without a window."""

from __future__ import annotations

import argparse
import contextlib
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import print_json, print_table, warn
from facecam.cli.options import add_detector, add_json, add_runtime, positive
from facecam.config import Config
from facecam.errors import ConfigError

if TYPE_CHECKING:
    from facecam.events import Visit, Wanted
    from facecam.gallery import Gallery

ABOUT = "Who was seen when. Nothing is kept until it is turned on."
WHO = "id, or name if only one person has it"
EPILOG = """\
A day is 2026-01-31, "today" or "yesterday". Exports hold every visit that fits: CSV,
or JSON if the file is called so.
"""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "events",
        help=ABOUT,
        description=ABOUT,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the visits kept, the newest first")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="at most")
    export = actions.add_parser("export", help="save visits as CSV or JSON")
    export.add_argument("file", type=Path, metavar="FILE")
    for action in (listing, export):
        _add_filters(action)
    on = actions.add_parser("on", help="keep visits from now on")
    on.add_argument("--days", type=positive, metavar="N", help="delete older ones")
    actions.add_parser("off", help="keep no more visits; those kept expire")
    forget = actions.add_parser("forget", help="delete the visits of somebody")
    forget.add_argument("who", help=WHO)
    actions.add_parser("clear", help="delete every visit")
    _add_watch(actions)
    for action in actions.choices.values():
        add_json(action)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument("--who", metavar="WHO", help=f"only this person: {WHO}")
    whom.add_argument("--known", action="store_true", help="only people enrolled")
    whom.add_argument("--strangers", action="store_true", help="only strangers")
    parser.add_argument("--since", metavar="DAY", help="not before this day")
    parser.add_argument("--until", metavar="DAY", help="not after this day")
    parser.add_argument("--source", default="", help="only seen there")


def _add_watch(actions: Any) -> None:
    watch = actions.add_parser(
        "watch", help="recognise without a window, and keep what is turned on"
    )
    watch.add_argument("source", metavar="SOURCE", help="camera, film, folder, stream")
    watch.add_argument("--name", help="what the source is called in the list")
    watch.add_argument(
        "--began", metavar="TIME", help="when a film began: 2026-01-31T18:30"
    )
    watch.add_argument(
        "--seconds", type=positive, metavar="N", help="stop after so many seconds"
    )
    add_detector(watch)
    add_runtime(watch)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what is asked for; return the exit code."""
    actions = {
        "list": _list,
        "export": _export,
        "on": _switch,
        "off": _switch,
        "forget": _forget,
        "clear": _clear,
        "watch": _watch,
    }
    return actions[args.action](args, config)


def _list(args: argparse.Namespace, config: Config) -> int:
    from facecam.events import rows

    visits, names = _found(args, config, args.limit)
    if args.json:
        print_json({"visits": rows(visits, names)})
        return 0
    table = [("who", "began", "ended", "where", "sure")]
    table += [_row(row) for row in rows(visits, names)]
    if visits:
        print_table(table)
    else:
        print("No visits are kept. Turn it on: facecam events on")
    return 0


def _row(row: dict[str, Any]) -> tuple[str, str, str, str, str]:
    began, ended = str(row["began"]), str(row["ended"])
    sure = f"1 in {row['strangers']:,.0f}" if row["id"] else ""
    who = row["name"] or row["id"] or "unknown"
    return who, began[:19].replace("T", " "), ended[11:19], row["source"], sure


def _export(args: argparse.Namespace, config: Config) -> int:
    from facecam.events import save

    visits, names = _found(args, config, None)
    save(args.file, visits, names)
    if args.json:
        print_json({"file": args.file, "visits": len(visits)})
    else:
        print(f"{len(visits)} visits are in {args.file}.")
    return 0


def _switch(args: argparse.Namespace, config: Config) -> int:
    from facecam.keeping.choices import load, save

    choices = load(config)
    days = getattr(args, "days", None) or choices.days
    choices = replace(choices, events=args.action == "on", days=days)
    save(config.home, choices)
    if args.json:
        print_json({"keep": choices.events, "days": choices.days})
    elif choices.events:
        print(f"Visits are kept for {choices.days:g} days from now on.")
    else:
        print("Visits are not kept any more. Delete the old ones: facecam events clear")
    return 0


def _forget(args: argparse.Namespace, config: Config) -> int:
    gallery = _gallery(config)
    person = gallery.find(args.who).identity
    count = _events(config).forget(person.id, gallery.ids())
    if args.json:
        print_json({"id": person.id, "name": person.name, "deleted": count})
    else:
        print(f"{count} visits of {person.name} are deleted.")
    return 0


def _clear(args: argparse.Namespace, config: Config) -> int:
    count = _events(config).clear()
    if args.json:
        print_json({"deleted": count})
    else:
        print(f"{count} visits are deleted.")
    return 0


def _watch(args: argparse.Namespace, config: Config) -> int:
    from facecam.cli.watching import watch

    began = _moment(args.began) if args.began else None
    watched, counts = watch(args, config, began)
    if args.json:
        print_json({"outcome": watched.outcome, "frames": watched.frames, **counts})
    else:
        warn(watched.text)
        print(
            f"{watched.frames} frames; {counts['visits']} visits and "
            f"{counts['strangers']} strangers are kept."
        )
    return 1 if watched.outcome == "lost" else 0


def _found(
    args: argparse.Namespace, config: Config, limit: int | None
) -> tuple[list[Visit], dict[str, str]]:
    """Return the visits that are wanted and the names of everybody enrolled."""
    from facecam.errors import VaultLocked

    names: dict[str, str] = {}
    gallery = None
    with contextlib.suppress(VaultLocked):
        gallery = _gallery(config)
        names = {p.identity.id: p.identity.name for p in gallery.people()}
    events = _events(config)
    events.expire()
    return events.visits(_wanted(args, gallery, list(names)), names, limit), names


def _wanted(
    args: argparse.Namespace, gallery: Gallery | None, enrolled: list[str]
) -> Wanted:
    from facecam.events import Wanted

    people: tuple[str, ...] | None = None
    if args.who:
        found = gallery.find(args.who).identity.id if gallery else args.who
        people = (found,)
    elif args.known:
        people = tuple(enrolled)
    elif args.strangers:
        people = ("",)
    since = _day(args.since).timestamp() if args.since else 0.0
    until = float("inf")
    if args.until:
        until = (_day(args.until) + timedelta(days=1)).timestamp()
    return Wanted(people, since, until, args.source)


def _day(text: str) -> datetime:
    """Return the midnight a day begins with.

    Raises:
        ConfigError: it is no day.
    """
    midnight = datetime.fromtimestamp(time.time()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    named = {"today": midnight, "yesterday": midnight - timedelta(days=1)}
    if text in named:
        return named[text]
    try:
        return datetime.strptime(text, "%Y-%m-%d")
    except ValueError as error:
        raise ConfigError(
            f'{text} is no day. Write it as 2026-01-31, "today" or "yesterday".'
        ) from error


def _moment(text: str) -> float:
    """Return a moment, seconds since 1970.

    Raises:
        ConfigError: it is none.
    """
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise ConfigError(
            f"{text} is no time. Write it as 2026-01-31T18:30."
        ) from error


def _events(config: Config) -> Any:
    from facecam.events import Events
    from facecam.keeping.choices import load

    return Events(config.home, config.events, load(config).days)


def _gallery(config: Config) -> Gallery:
    from facecam.cli.unlocking import unlocked
    from facecam.gallery import Gallery

    return Gallery(config.people, config=config.gallery, vault=unlocked(config))
