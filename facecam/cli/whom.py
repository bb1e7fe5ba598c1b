"""For whom pictures are: somebody by id, a new person, and those of the same name."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from facecam.cli.console import warn
from facecam.errors import GalleryError

if TYPE_CHECKING:
    from facecam.gallery import Gallery, Person


def when_agreed(args: argparse.Namespace) -> str:
    """Return now, if the person has agreed, as the gallery notes it."""
    return datetime.now(UTC).isoformat(timespec="seconds") if args.consent else ""


def chosen(gallery: Gallery, args: argparse.Namespace) -> Person | None:
    """Return the person with the id given, checking that NAME is that person's.

    Raises:
        GalleryError: there is no such person, or the name is another one.
    """
    from facecam.gallery.lookup import folded

    if not args.id:
        return None
    person = gallery.find(args.id)
    if folded(person.identity.name) != folded(args.name):
        raise GalleryError(
            f"{person.identity.id} is called {person.identity.name}, not {args.name}. "
            "Correct the name or the id."
        )
    return person


def warn_of_namesakes(person: Person, others: list[str]) -> None:
    """Say that somebody else has the name, if so."""
    if others:
        warn(
            f"Somebody else is called {person.identity.name}: {', '.join(others)}. "
            "To add pictures to them instead, use --id."
        )


def namesakes(gallery: Gallery, name: str) -> list[str]:
    """Return the ids of the people with a name."""
    from facecam.gallery.lookup import folded

    people = gallery.people()
    return [p.identity.id for p in people if folded(p.identity.name) == folded(name)]
