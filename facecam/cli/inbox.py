"""`facecam inbox`: strangers who were seen; name, ignore or delete them."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import print_json, print_table
from facecam.cli.options import add_json, positive
from facecam.config import Config
from facecam.errors import GalleryError

if TYPE_CHECKING:
    from facecam.gallery import Gallery
    from facecam.inbox import Group, Inbox

ABOUT = "Strangers who were seen, grouped by person. Off until it is turned on."
GROUP = "as `list` shows it, or how it begins"


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser("inbox", help=ABOUT, description=ABOUT)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="the strangers kept, who was seen last first")
    name = actions.add_parser("name", help="enrol a stranger, or several as one person")
    name.add_argument("group", nargs="+", help=GROUP)
    name.add_argument("name", help="a name; with --id the name of that person")
    name.add_argument("--id", help="add to this person instead of a new one")
    for action, about in (
        ("ignore", "delete the views, and keep no more until the time is over"),
        ("delete", "delete the views"),
        ("merge", "take several groups for one person"),
    ):
        deed = actions.add_parser(action, help=about)
        deed.add_argument("group", nargs="+", help=GROUP)
    save = actions.add_parser("save", help="copy the views of a group into a folder")
    save.add_argument("group", help=GROUP)
    save.add_argument("folder", type=Path)
    on = actions.add_parser("on", help="keep strangers from now on")
    on.add_argument("--hours", type=positive, metavar="N", help="delete older views")
    actions.add_parser("off", help="keep no more strangers; those kept expire")
    actions.add_parser("clear", help="delete everything in it")
    for action in actions.choices.values():
        add_json(action)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what is asked for; return the exit code."""
    if args.action in ("on", "off"):
        answer, said = _switch(args, config)
    else:
        from facecam.cli.unlocking import unlocked
        from facecam.inbox import Inbox
        from facecam.keeping.choices import load

        vault, hours = unlocked(config), load(config).hours
        inbox = Inbox(config.home, config.inbox, vault, hours)
        inbox.expire()
        if args.action == "list":
            _list(args, inbox)
            return 0
        answer, said = _DEEDS[args.action](args, config, inbox)
    if args.json:
        print_json(answer)
    else:
        print(said)
    return 0


def _list(args: argparse.Namespace, inbox: Inbox) -> None:
    groups, ignored = inbox.groups(), inbox.ignored()
    if args.json:
        listed = [_described(group) for group in groups]
        print_json({"groups": listed, "ignored": [_described(g) for g in ignored]})
        return
    rows = [("group", "views", "first seen", "last seen", "deleted in")]
    rows += [_row(group) for group in groups]
    if groups:
        print_table(rows, right=[1])
    else:
        print("No strangers are kept. Turn it on: facecam inbox on")
    if ignored:
        print(f"{len(ignored)} ignored.")


def _described(group: Group) -> dict[str, Any]:
    from facecam.events import iso

    return {
        "group": group.id,
        "views": len(group.views),
        "first": iso(group.first),
        "last": iso(group.last),
        "expires": iso(group.expires),
    }


def _row(group: Group) -> tuple[str, str, str, str, str]:
    hours = max(group.expires - time.time(), 0) / 3600
    first, last = (
        f"{datetime.fromtimestamp(moment):%Y-%m-%d %H:%M}"
        for moment in (group.first, group.last)
    )
    return group.id, str(len(group.views)), first, last, f"{hours:.0f} h"


def _switch(args: argparse.Namespace, config: Config) -> tuple[dict[str, Any], str]:
    from facecam.keeping.choices import load, save

    choices = load(config)
    hours = getattr(args, "hours", None) or choices.hours
    choices = replace(choices, inbox=args.action == "on", hours=hours)
    save(config.home, choices)
    said = "Strangers are not kept any more. Delete those kept: facecam inbox clear"
    if choices.inbox:
        said = f"Strangers are kept for {hours:g} hours from now on."
    return {"keep": choices.inbox, "hours": hours}, said


def _name(
    args: argparse.Namespace, config: Config, inbox: Inbox
) -> tuple[dict[str, Any], str]:
    from facecam import pipeline
    from facecam.cli import whom
    from facecam.cli.people import described
    from facecam.cli.unlocking import unlocked
    from facecam.gallery import Shot

    groups = [_find(inbox, text) for text in args.group]
    views = [view for group in groups for view in inbox.take(group.id)]
    shots = [Shot(v.image, v.box, v.landmarks, _utc(v.taken)) for v in views]
    embedder = pipeline.build_embedder(config, True)
    gallery: Gallery = pipeline.open_gallery(config, embedder, unlocked(config))
    person = whom.chosen(gallery, args)
    enrolled = gallery.enrol(person.identity if person else args.name, shots)
    for group in groups:
        inbox.delete(group.id)
    name, count = enrolled.person.identity.name, len(enrolled.kept)
    said = f"{name} has {count} more picture{'s' * (count != 1)}."
    return {**described(enrolled.person), "added": count}, said


def _each(
    args: argparse.Namespace, config: Config, inbox: Inbox
) -> tuple[dict[str, Any], str]:
    groups = [_find(inbox, text) for text in args.group]
    for group in groups:
        if args.action == "ignore":
            inbox.ignore(group.id)
        else:
            inbox.delete(group.id)
    done = "ignored" if args.action == "ignore" else "deleted"
    ids = [group.id for group in groups]
    return {done: ids}, f"{', '.join(ids)}: {done}."


def _merge(
    args: argparse.Namespace, config: Config, inbox: Inbox
) -> tuple[dict[str, Any], str]:
    first, *others = [_find(inbox, text) for text in args.group]
    inbox.merge(first.id, [group.id for group in others])
    merged = _described(_find(inbox, first.id))
    return merged, f"{first.id} has {merged['views']} views now."


def _save(
    args: argparse.Namespace, config: Config, inbox: Inbox
) -> tuple[dict[str, Any], str]:
    from facecam.media import write_image

    group = _find(inbox, args.group)
    files = []
    for number, view in enumerate(inbox.take(group.id), start=1):
        path = args.folder / f"{group.id}-{number}.jpg"
        write_image(path, view.image)
        files.append(path)
    return {"files": files}, f"{len(files)} views are in {args.folder}."


def _clear(
    args: argparse.Namespace, config: Config, inbox: Inbox
) -> tuple[dict[str, Any], str]:
    count = inbox.clear()
    return {"deleted": count}, f"{count} group{'s' * (count != 1)} deleted."


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _find(inbox: Inbox, text: str) -> Group:
    """Return the group with an id, or the only one whose id begins so.

    Raises:
        GalleryError: there is none, or there are several.
    """
    groups = [*inbox.groups(), *inbox.ignored()]
    alike = [g for g in groups if g.id == text] or [
        g for g in groups if g.id.startswith(text) or g.id.endswith(text)
    ]
    if len(alike) != 1:
        number = "no group" if not alike else f"{len(alike)} groups"
        raise GalleryError(f"There is {number} {text}. See: facecam inbox list")
    return alike[0]


_DEEDS = {
    "name": _name,
    "ignore": _each,
    "delete": _each,
    "merge": _merge,
    "save": _save,
    "clear": _clear,
}
