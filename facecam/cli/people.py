"""`facecam people`: who is enrolled, from which pictures; changes, and undoing them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from facecam.cli import forget, people_changes, people_fit
from facecam.cli.console import print_json, print_table, warn
from facecam.cli.options import add_json
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.gallery import Change, Gallery, Person, Portrait

NOBODY = "Nobody is enrolled yet. Enrol somebody: facecam enrol NAME PICTURE …"
ABOUT = "List, show and change people. Pictures are named as `show` lists them."
WHO = "id, or name if only one person has it"


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser("people", help=ABOUT, description=ABOUT)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add_json(actions.add_parser("list", help="who is enrolled"))
    show = actions.add_parser("show", help="the pictures of somebody")
    show.add_argument("who", help=WHO)
    add_json(show)
    people_fit.add_parser(actions)
    people_changes.add_parsers(actions, WHO)
    forgetting = actions.add_parser("forget", help="the same as: facecam forget")
    forgetting.add_argument("who", help=WHO)
    forgetting.set_defaults(finish=False)
    forget.add_options(forgetting)
    history = actions.add_parser("history", help="what can be undone, the last first")
    add_json(history)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what is asked for; return the exit code."""
    from facecam.cli.unlocking import unlocked
    from facecam.gallery import Gallery

    if args.action == "forget":
        return forget.forget(args, config)
    if args.action == "fit":
        return people_fit.run(args, config)
    if args.action == "show":
        _show(args, _measured(config))
        return 0
    gallery = Gallery(config.people, config=config.gallery, vault=unlocked(config))
    if args.action == "list":
        _list(args, gallery)
    elif args.action == "history":
        _history(args, gallery)
    else:
        people_changes.run(args, gallery, described)
    return 0


def described(person: Person) -> dict[str, Any]:
    """Return what `--json` says about somebody."""
    return {
        "id": person.identity.id,
        "name": person.identity.name,
        "portraits": [str(person.folder / p.file) for p in person.portraits],
    }


def _measured(config: Config) -> Gallery:
    """Return the gallery with the qualities of its pictures, where they are known."""
    from facecam import pipeline
    from facecam.cli.unlocking import unlocked
    from facecam.errors import WeightsMissing
    from facecam.gallery import Gallery

    vault = unlocked(config)
    try:
        embedder = pipeline.build_embedder(config, True)
    except WeightsMissing:
        return Gallery(config.people, config=config.gallery, vault=vault)
    return Gallery(config.people, None, embedder, config.gallery, vault)


def _list(args: argparse.Namespace, gallery: Gallery) -> None:
    people = gallery.people()
    if args.json:
        listed = [described(person) for person in people]
        print_json({"people": listed, "problems": gallery.problems})
        return
    rows = [("name", "portraits", "id")]
    rows += [(p.identity.name, str(len(p.portraits)), p.identity.id) for p in people]
    if people:
        print_table(rows, right=[1])
    else:
        print(NOBODY)
    for problem in gallery.problems:
        warn(problem)


def _show(args: argparse.Namespace, gallery: Gallery) -> None:
    person = gallery.find(args.who)
    shown = person.shown.file if person.shown else ""
    if args.json:
        more = {
            "created": person.created or None,
            "consent": person.consent or None,
            "cover": shown or None,
            "pictures": [_pictured(portrait) for portrait in person.portraits],
            "not_them": [_pictured(portrait) for portrait in person.negatives],
        }
        print_json({**described(person), **more})
        return
    print(f"{person.identity.name} ({person.identity.id})")
    agreed = f"agreed {person.consent[:10]}" if person.consent else "consent not noted"
    print(f"enrolled {person.created[:10] or 'by hand'}, {agreed}")
    rows = [("picture", "quality", "taken", "")]
    rows += [_row(p, "cover" if p.file == shown else "") for p in person.portraits]
    rows += [_row(p, "not them") for p in person.negatives]
    print_table(rows, right=[1])


def _pictured(portrait: Portrait) -> dict[str, Any]:
    return {
        "file": portrait.file,
        "quality": portrait.quality,
        "capture": portrait.capture or None,
        "taken": portrait.taken or None,
        "of": portrait.of or None,
    }


def _row(portrait: Portrait, note: str) -> tuple[str, str, str, str]:
    quality = "" if portrait.quality is None else f"{portrait.quality:.2f}"
    return portrait.file, quality, portrait.taken[:10], note


def _history(args: argparse.Namespace, gallery: Gallery) -> None:
    changes = gallery.history()
    if args.json:
        print_json({"changes": [_changed(change) for change in changes]})
        return
    rows = [
        (str(c.number), c.when[:16].replace("T", " "), c.text, "undone" * c.undone)
        for c in changes
    ]
    if rows:
        print_table(rows, right=[0])
    else:
        print("Nothing to undo.")


def _changed(change: Change) -> dict[str, Any]:
    return {
        "number": change.number,
        "text": change.text,
        "when": change.when,
        "undone": change.undone,
    }
