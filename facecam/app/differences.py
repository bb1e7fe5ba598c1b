"""What other programs, or hands, have changed about the people, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from facecam.app import words

if TYPE_CHECKING:
    from facecam.gallery import Person

LISTED = 3
"""So many changes are told one by one."""


@dataclass(frozen=True)
class Difference:
    """One person who came, went or changed."""

    id: str
    """Empty of somebody who is gone: nothing of them is remembered."""
    text: str
    """Such as "Grace is new, with 3 pictures"."""


@dataclass(frozen=True)
class TakenOver:
    """Changes made elsewhere that the window took over by itself."""

    when: datetime
    differences: tuple[Difference, ...]


def between(
    before: Sequence[Person], after: Sequence[Person]
) -> tuple[Difference, ...]:
    """Return who came, went or changed, those who are there by their order."""
    if before == after:
        return ()
    known = {person.identity.id: person for person in before}
    told = [
        Difference(person.identity.id, text)
        for person in after
        for text in _told(known.get(person.identity.id), person)
    ]
    gone = len(known.keys() - {person.identity.id for person in after})
    if gone:
        verb = "is" if gone == 1 else "are"
        told.append(Difference("", f"{words.people(gone)} {verb} not there any more"))
    return tuple(told)


def said(differences: Sequence[Difference], here: Sequence[Person]) -> str:
    """Return the changes as one sentence, of people who are still there.

    Args:
        differences: the changes.
        here: who is enrolled now, or will be.
    """
    ids = {"", *(person.identity.id for person in here)}
    texts = [one.text for one in differences if one.id in ids]
    rest = len(texts) - LISTED
    if rest > 1:
        texts = [*texts[:LISTED], f"{rest:,} more changes"]
    return "; ".join(texts)


def _told(before: Person | None, after: Person) -> Iterator[str]:
    name = words.short(after.identity.name)
    if before is None:
        yield f"{name} is new, with {words.pictures(len(after.portraits))}"
        return
    if before.identity.name != after.identity.name:
        yield f"{words.short(before.identity.name)} is now called {name}"
    then = {portrait.file for portrait in before.portraits}
    now = {portrait.file for portrait in after.portraits}
    for count, more in ((len(now - then), "more"), (len(then - now), "less")):
        if count:
            yield f"{name} has {words.pictures(count)} {more}"
    if {n.file for n in before.negatives} != {n.file for n in after.negatives}:
        yield f"what is not {name} changed"
