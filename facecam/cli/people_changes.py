"""The actions of `facecam people` that change somebody; all of them can be undone."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from facecam.cli.console import print_json
from facecam.cli.options import add_json
from facecam.errors import GalleryError

if TYPE_CHECKING:
    from facecam.gallery import Gallery, Person

PICTURE = "as `show` lists it, or how it begins"


def add_parsers(actions: Any, who: str) -> None:
    """Describe the actions; `who` explains how somebody is named."""
    for name, about, names in (
        ("rename", "give somebody another name", ("name",)),
        ("merge", "make one person of several: WHO keeps the name", ("other+",)),
        ("split", "make a new person of some pictures", ("name", "picture+")),
        ("move", "give pictures to somebody else", ("to", "picture+")),
        ("cover", "choose the picture to show", ("picture",)),
        ("remove", "take pictures away", ("picture+",)),
    ):
        action = actions.add_parser(name, help=about)
        action.add_argument("who", help=who)
        for argument in names:
            _add(action, argument, who)
        add_json(action)
    for name, about in (
        ("undo", "take the last change back"),
        ("redo", "change again what was undone last"),
    ):
        add_json(actions.add_parser(name, help=about))


def run(
    args: argparse.Namespace,
    gallery: Gallery,
    described: Callable[[Person], dict[str, Any]],
) -> None:
    """Change, and say what was changed."""
    if args.action in ("undo", "redo"):
        change = gallery.undo() if args.action == "undo" else gallery.redo()
        verb = "Undone" if args.action == "undo" else "Done again"
        if args.json:
            print_json({"number": change.number, "text": change.text})
        else:
            print(f"{verb}: {change.text}.")
        return
    person, said = _CHANGES[args.action](args, gallery)
    if args.json:
        print_json(described(person))
    else:
        print(said)


def files_of(person: Person, names: Sequence[str]) -> list[str]:
    """Return the files of somebody that names mean.

    A name is the file below the person's folder, its last part, or how that begins.

    Raises:
        GalleryError: no picture or several are meant.
    """
    return [_file_of(person, name) for name in dict.fromkeys(names)]


def _file_of(person: Person, name: str) -> str:
    files = [portrait.file for portrait in person.portraits]
    if name in files:
        return name
    meant = [file for file in files if PurePosixPath(file).name == name]
    meant = meant or [f for f in files if PurePosixPath(f).name.startswith(name)]
    if len(meant) == 1:
        return meant[0]
    who = person.identity.name
    problem = f"Several pictures of {who} begin with" if meant else f"{who} has no"
    raise GalleryError(
        f"{problem} {name}. See them: facecam people show {person.identity.id}"
    )


def _add(action: argparse.ArgumentParser, argument: str, who: str) -> None:
    name, several = argument.rstrip("+"), argument.endswith("+")
    helps = {"name": "the new name", "picture": PICTURE}
    metavar = name.upper() if several else None
    action.add_argument(
        *(f"{name}s" if several else name,),
        nargs="+" if several else None,
        metavar=metavar,
        help=helps.get(name, who),
    )


Done = tuple["Person", str]
"""Somebody as changed, and what is said about it."""


def _rename(args: argparse.Namespace, gallery: Gallery) -> Done:
    person = gallery.find(args.who)
    renamed = gallery.rename(person.identity.id, args.name)
    return renamed, f"{person.identity.name} is now called {renamed.identity.name}."


def _merge(args: argparse.Namespace, gallery: Gallery) -> Done:
    from facecam.events import note_merger

    into = gallery.find(args.who)
    others = [gallery.find(other) for other in args.others]
    ids = [person.identity.id for person in others]
    note_merger(gallery.directory.parent, ids, into.identity.id)
    merged = gallery.merge(ids, into.identity.id)
    names = ", ".join(person.identity.name for person in others)
    count = len(merged.portraits)
    return (
        merged,
        f"Merged {names} into {merged.identity.name}: {_pictures(count)} now.",
    )


def _split(args: argparse.Namespace, gallery: Gallery) -> Done:
    person = gallery.find(args.who)
    files = files_of(person, args.pictures)
    new = gallery.move(person.identity.id, files, args.name)
    text = f"{_pictures(len(files))} of {person.identity.name} became"
    return new, f"{text} {new.identity.name} (id {new.identity.id})."


def _move(args: argparse.Namespace, gallery: Gallery) -> Done:
    person, to = gallery.find(args.who), gallery.find(args.to)
    files = files_of(person, args.pictures)
    moved = gallery.move(person.identity.id, files, to.identity)
    names = f"{person.identity.name} to {moved.identity.name}"
    return moved, f"Moved {_pictures(len(files))} of {names}."


def _cover(args: argparse.Namespace, gallery: Gallery) -> Done:
    person = gallery.find(args.who)
    (file,) = files_of(person, [args.picture])
    shown = gallery.choose_cover(person.identity.id, file)
    return shown, f"{person.identity.name} is shown by {file}."


def _remove(args: argparse.Namespace, gallery: Gallery) -> Done:
    person = gallery.find(args.who)
    files = files_of(person, args.pictures)
    left = gallery.remove(person.identity.id, files)
    name, count = person.identity.name, len(left.portraits)
    text = f"Removed {_pictures(len(files))} of {name}"
    return left, f"{text}: {_pictures(count)} left." if count else f"{text}: none left."


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


_CHANGES: dict[str, Callable[[argparse.Namespace, Gallery], Done]] = {
    "rename": _rename,
    "merge": _merge,
    "split": _split,
    "move": _move,
    "cover": _cover,
    "remove": _remove,
}
