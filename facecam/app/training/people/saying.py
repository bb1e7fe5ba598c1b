"""The sentences of the page about the classifiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from facecam.app import words
from facecam.app.people.entries import moment
from facecam.gallery.refits import Fit, Refitted, Why
from facecam.report import sayings
from facecam.report.standings import Kept, Standing, Standings

ABOUT = "Each person has a small classifier, learned from their pictures."
NOTHING = "What the last fit changed is not known."
LISTED = 6
"""So many people are told one by one."""
GAP = "\u00a0"
"""Between a number and its unit: no line ends there."""
MINUTE = 60
SHORT = 10
"""Seconds below which tenths matter."""


@dataclass(frozen=True)
class Line:
    """One thing that changed: an icon that says of which kind it is, and words."""

    icon: str
    text: str


def took(seconds: float) -> str:
    """Return how long something took: "0.02 s", "3.4 s", "1 min 5 s"."""
    if seconds < 1:
        return f"{max(seconds, 0.01):.2f}{GAP}s"
    if seconds < SHORT:
        return f"{seconds:.1f}{GAP}s"
    return whole(seconds)


def whole(seconds: float) -> str:
    """Return a span of time without fractions: "7 s", "1 min 5 s"."""
    minutes, rest = divmod(max(round(seconds), 1), MINUTE)
    return f"{minutes}{GAP}min {rest}{GAP}s" if minutes else f"{rest}{GAP}s"


def left(seconds: float) -> str:
    """Return how long something still takes."""
    return f"about {whole(seconds)} left" if seconds >= 1 else "a moment left"


def at(iso: str) -> str:
    """Return when something was, "today 10:42"."""
    return moment(datetime.fromisoformat(iso).timestamp())


def learned(people: int, pictures: int) -> str:
    """Say who is learned, and from how many pictures."""
    return f"{words.people(people)}, {words.pictures(pictures)}"


def fitted(fit: Fit) -> str:
    """Say when and how quickly people were learned last."""
    return f"{ABOUT} Last fitted {at(fit.when)}, in {took(fit.seconds)}."


def taken_over(when: datetime, said: str) -> str:
    """Say that changes made elsewhere are in use already."""
    return f"Changed by another program, taken over {moment(when.timestamp())}: {said}"


def measured(standings: Standings | None, stale: bool, expected: float) -> str:
    """Say how old the numbers of the table are."""
    takes = f"Measuring takes about {whole(expected)}."
    if standings is None:
        return f"Not measured yet. {takes}"
    when = f"Measured {at(standings.when)}"
    return f"{when}, before the last change. {takes}" if stale else f"{when}."


def outcome(fit: Fit) -> str:
    """Say how quick a fit was, who was fitted anew and who was kept."""
    people, anew = words.people, len(fit.refitted)
    took_ = f"Done in {took(fit.seconds)}"
    if not anew:
        return f"{took_}: nothing was new, {people(fit.people)} kept."
    if not fit.kept:
        again = ", each as it was before" if fit.same else ""
        return f"{took_}: {people(anew)} fitted anew{again}."
    return f"{took_}: {people(anew)} fitted anew, {people(fit.kept)} kept."


def changes(fit: Fit, names: Mapping[str, str]) -> list[Line]:
    """Return what a fit changed, person by person.

    Args:
        fit: what it did.
        names: of everybody enrolled now, by id; others are not told.
    """
    if fit.first:
        return [Line("person-add", f"{_all(fit.people)} learned for the first time")]
    told = [one for one in fit.refitted if one.id in names]
    told.sort(key=lambda one: list(Why).index(one.why))
    lines = [Line(_ICONS[one.why], _told(one, names[one.id])) for one in told]
    if not fit.changed:
        return [Line("check", "Nothing: everybody was kept as before")]
    if len(lines) > LISTED + 1:
        rest = len(lines) - LISTED
        lines = [*lines[:LISTED], Line("person", f"{rest:,} more were fitted anew")]
    if fit.gone:
        verb = "is" if fit.gone == 1 else "are"
        text = f"{words.people(fit.gone)} {verb} not there any more"
        lines.append(Line("forget", text))
    return lines


def untouched(fit: Fit) -> list[Line]:
    """Say whose classifiers a fit did not touch."""
    if not fit.kept or not fit.changed:
        return []
    return [Line("check", f"{words.people(fit.kept)} kept as before")]


def moved(kept: Kept, strangers: float, names: Mapping[str, str]) -> list[Line]:
    """Return whose results are others than before, the greatest difference first."""
    lines = [
        Line(*_moved(before, now, strangers, names[now.id]))
        for before, now in kept.moved(strangers)
        if now.id in names
    ]
    if len(lines) > LISTED + 1:
        rest = len(lines) - LISTED
        lines = [*lines[:LISTED], Line("person", f"{rest:,} more have other results")]
    return lines


def threshold(strangers: float) -> str:
    """Say what the setting means."""
    return f"About 1 wrong name in {sayings.number(strangers)} strangers"


def recognised(standings: Standings | None, strangers: float) -> str:
    """Say how often own people are recognised at it; "" where that is not known."""
    if standings is None or standings.low is None or standings.high is None:
        return ""
    if standings.strangers != strangers:
        return ""
    low, high = int(100 * standings.low), -int(-100 * standings.high)
    span = f"{high}{GAP}%" if low == high else f"{low} to {high}{GAP}%"
    return f"Your people are then recognised {span} of the time."


def sureness(standing: Standing | None, strangers: float) -> str:
    """Say how surely somebody is recognised, in words and numbers."""
    if standing is None:
        return "not measured yet"
    share = standing.share(strangers)
    if share is None:
        return "not known yet"
    return f"{_often(share)}, {count(standing, strangers)}"


def count(standing: Standing, strangers: float) -> str:
    """Return "4 of 5"."""
    return f"{standing.named(strangers)} of {len(standing.evidence)}"


def sign(standing: Standing | None, strangers: float) -> str:
    """Return the icon that stands beside it."""
    share = standing.share(strangers) if standing else None
    if share is None:
        return "info"
    return "check" if share == 1 else "warning"


def _often(share: float) -> str:
    for least, word in (
        (1.0, "every time"),
        (0.75, "mostly"),
        (0.51, "often"),
        (0.5, "half the time"),
    ):
        if share >= least:
            return word
    return "seldom" if share else "not once"


def _all(people: int) -> str:
    return "1 person was" if people == 1 else f"All {words.people(people)} were"


def _told(one: Refitted, name: str) -> str:
    name = words.short(name, 28)
    if one.why is Why.NEW:
        return f"{name} is new, with {words.pictures(one.pictures)}"
    if one.why is Why.PICTURES:
        counts = ((one.added, "more"), (one.removed, "less"))
        said = [f"{words.pictures(n)} {more}" for n, more in counts if n]
        return f"{name}: {', '.join(said)}"
    return {
        Why.NOT_THEM: f"{name}: what is not them changed",
        Why.NEAR: f"{name}: somebody who resembles them changed",
        Why.ASKED: f"{name}: from nothing, because you asked",
    }[one.why]


def _moved(
    before: Standing, now: Standing, strangers: float, name: str
) -> tuple[str, str]:
    was, share = before.share(strangers) or 0.0, now.share(strangers) or 0.0
    sure = "more" if share > was else "less"
    text = f"{words.short(name, 28)} is recognised {sure} surely"
    counts = f"{count(now, strangers)} pictures, before {count(before, strangers)}"
    return "check" if share > was else "warning", f"{text}: {counts}"


_ICONS = {
    Why.NEW: "person-add",
    Why.PICTURES: "picture",
    Why.NOT_THEM: "not-person",
    Why.NEAR: "person",
    Why.ASKED: "refresh",
}
