"""What the table says of everybody. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facecam.app import words
from facecam.app.training.people import saying
from facecam.app.training.people.table import PersonRow
from facecam.config import Config
from facecam.report import sayings
from facecam.report.helping import help_for
from facecam.report.standings import Standing, Standings

if TYPE_CHECKING:
    from facecam.gallery import Person

UNKNOWN = -1.0
"""Sorts who could not be tried before who was never recognised."""


def person_rows(
    people: Sequence[Person], standings: Standings | None, config: Config
) -> tuple[PersonRow, ...]:
    """Return a row for everybody, in the order given."""
    known = standings.by_id if standings else {}
    names = {person.identity.id: person.identity.name for person in people}
    return tuple(
        _row(person, known.get(person.identity.id), names, config) for person in people
    )


def _row(
    person: Person, standing: Standing | None, names: dict[str, str], config: Config
) -> PersonRow:
    strangers = config.identifier.strangers_per_wrong_name
    pictures = len(person.portraits)
    sittings = len({p.capture or p.file for p in person.portraits})
    alike = names.get(standing.look_alike, "") if standing else ""
    near = standing.near if standing and alike else 0.0
    share = standing.share(strangers) if standing else None
    if standing is not None and standing.pictures == pictures:
        sittings = standing.sittings  # without what shows the same moment
    advice = help_for(person, standing, words.short(alike, 20), config)
    return PersonRow(
        id=person.identity.id,
        cells=(
            person.identity.name,
            f"{pictures:,}",
            f"{sittings:,}",
            saying.sureness(standing, strangers),
            _alike(alike, near),
            advice or "–",
        ),
        keys=(
            words.plain(person.identity.name),
            pictures,
            sittings,
            UNKNOWN if share is None else share,
            near,
            advice,
        ),
        sign=saying.sign(standing, strangers),
    )


def _alike(name: str, near: float) -> str:
    if not name:
        return "–"
    rare = sayings.number(sayings.rounded(near))
    return f"\u2068{name}\u2069 · 1 in {rare}"  # isolates names written to the left
