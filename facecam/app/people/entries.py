"""Everybody enrolled as lines of a list: found, sorted and said in words. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from facecam.app import words

if TYPE_CHECKING:
    from facecam.gallery import Person

QUALITIES = ((0.8, "excellent"), (0.55, "good"), (0.3, "fair"))
"""Words for a quality, by the least of it; what is lower is poor."""
NEVER = "—"
"""Where nothing is known, as when no events are kept."""


class Order(StrEnum):
    """What a list of people is sorted by."""

    NAME = "name"
    SEEN = "seen"
    PICTURES = "pictures"
    QUALITY = "quality"


ORDERS = {
    Order.NAME: "Name",
    Order.SEEN: "Last seen",
    Order.PICTURES: "Most pictures",
    Order.QUALITY: "Lowest quality",
}
"""How each order is offered."""


@dataclass(frozen=True)
class Entry:
    """One person as the list shows them."""

    person: Person
    plain: str
    """The name without case and accents."""
    quality: float | None
    """Mean of the pictures' qualities, 0…1; None before any was measured."""
    seen: float = 0.0
    """When last seen, seconds since 1970; 0 when not known."""

    @property
    def key(self) -> str:
        """What stays the same while everything else changes."""
        return self.person.identity.id

    @property
    def name(self) -> str:
        """What the person is called."""
        return self.person.identity.name


def entries(people: Sequence[Person], seen: Mapping[str, float]) -> list[Entry]:
    """Return a line for everybody, in the order given."""
    return [
        Entry(
            person,
            words.plain(person.identity.name),
            mean_quality(person),
            seen.get(person.identity.id, 0.0),
        )
        for person in people
    ]


def mean_quality(person: Person) -> float | None:
    """Return the mean quality of somebody's pictures, None if none was measured."""
    known = [p.quality for p in person.portraits if p.quality is not None]
    return sum(known) / len(known) if known else None


def found(lines: Sequence[Entry], text: str, order: Order) -> list[Entry]:
    """Return those whose name has every word of a text, sorted.

    Words compare without case and accents; each may be anywhere in the name.
    """
    wanted = words.plain(text).split()
    kept = [line for line in lines if all(word in line.plain for word in wanted)]
    if order is Order.SEEN:
        kept.sort(key=lambda line: line.plain)
        return sorted(kept, key=lambda line: line.seen, reverse=True)
    keys = {
        Order.NAME: lambda line: (line.plain, line.key),
        Order.PICTURES: lambda line: (-len(line.person.portraits), line.plain),
        Order.QUALITY: lambda line: (
            2.0 if line.quality is None else line.quality,
            line.plain,
        ),
    }
    return sorted(kept, key=keys[order])


def quality_word(quality: float | None) -> str:
    """Say how good pictures are."""
    if quality is None:
        return "not measured yet"
    return next((word for least, word in QUALITIES if quality >= least), "poor")


def moment(when: float, now: datetime | None = None) -> str:
    """Say when something was, as near as it matters: "today 10:42", "3 days ago".

    Args:
        when: seconds since 1970; 0 means not known.
        now: the present; the clock's if None.
    """
    if not when:
        return NEVER
    then, now = datetime.fromtimestamp(when), now or datetime.now()
    days = (now.date() - then.date()).days
    if timedelta(0) <= now - then < timedelta(minutes=2):
        return "just now"
    if days <= 0:
        return f"today {then:%H:%M}"
    if days == 1:
        return f"yesterday {then:%H:%M}"
    return f"{days} days ago" if days < 7 else f"{then.day} {then:%b %Y}"


def day(iso: str) -> str:
    """Return the date of an ISO time, "12 Mar 2026"; a dash for what is none."""
    try:
        when = datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return NEVER
    return f"{when.day} {when:%b %Y}"
