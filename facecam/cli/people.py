"""`facecam people`: who is enrolled; another name; leave no trace."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from facecam.cli import forget
from facecam.cli.console import print_json, print_table, warn
from facecam.cli.options import add_json
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.gallery import Gallery, Person

NOBODY = "Nobody is enrolled yet. Enrol somebody: facecam enrol NAME PICTURE …"


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "people",
        help="list, rename or forget people",
        description="List, rename or forget people.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="who is enrolled")
    rename = actions.add_parser("rename", help="give somebody another name")
    rename.add_argument("who", help="id, or name if only one person has it")
    rename.add_argument("name", help="the new name")
    forgetting = actions.add_parser("forget", help="the same as: facecam forget")
    forgetting.add_argument("who", help="id, or name if only one person has it")
    forgetting.set_defaults(finish=False)
    forget.add_options(forgetting)
    for action in (listing, rename):
        add_json(action)


def run(args: argparse.Namespace, config: Config) -> int:
    """List, rename or forget; return the exit code."""
    from facecam.cli.unlocking import unlocked
    from facecam.gallery import Gallery

    if args.action == "forget":
        return forget.forget(args, config)
    gallery = Gallery(config.people, vault=unlocked(config))
    actions = {"list": _list, "rename": _rename}
    actions[args.action](args, gallery)
    return 0


def described(person: Person) -> dict[str, Any]:
    """Return what `--json` says about somebody."""
    return {
        "id": person.identity.id,
        "name": person.identity.name,
        "portraits": [str(person.folder / p.file) for p in person.portraits],
    }


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


def _rename(args: argparse.Namespace, gallery: Gallery) -> None:
    person = gallery.find(args.who)
    renamed = gallery.rename(person.identity.id, args.name)
    if args.json:
        print_json(described(renamed))
    else:
        print(f"{person.identity.name} is now called {renamed.identity.name}.")
