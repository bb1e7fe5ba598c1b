"""Finding a person by what somebody typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from facecam.errors import PersonNotFound
from facecam.gallery.people import Person

LISTED = 12
"""At most so many people are listed in the text of an error."""


def lookup(people: Sequence[Person], text: str) -> Person:
    """Return the person with an id or, if nobody else shares it, a name.

    Raises:
        PersonNotFound: nobody or several people are meant; the text lists them.
    """
    for person in people:
        if person.identity.id == text:
            return person
    named = [p for p in people if folded(p.identity.name) == folded(text)]
    if len(named) == 1:
        return named[0]
    if named:
        raise PersonNotFound(
            f"{len(named)} people are called {text}: {_listed(named)}. Use an id."
        )
    known = f"Enrolled: {_listed(people)}" if people else "Nobody is enrolled yet"
    raise PersonNotFound(f"There is no {text} among the people. {known}.")


def folded(name: str) -> str:
    """Return a name as it is compared: composed, without case or outer blanks."""
    return unicodedata.normalize("NFC", name.strip().casefold())


def _listed(people: Sequence[Person]) -> str:
    some = [f"{p.identity.name} ({p.identity.id})" for p in people[:LISTED]]
    more = len(people) - len(some)
    return ", ".join(some) + (f" and {more} more" if more > 0 else "")
