"""The sentences of the report card."""

from __future__ import annotations

import math

from facecam.report.card import PersonLine, Promise, ReportCard
from facecam.report.curves import Share

NOT_ENOUGH = "Not enough pictures to promise this."
MANY = 1e6
"""From so many strangers on, only "more than a million" is said."""


def headline(card: ReportCard) -> str:
    """Say what the present setting promises."""
    return sentence(card, card.promise(card.setting))


def sentence(card: ReportCard, promise: Promise) -> str:
    """Say what one setting promises: who is recognised, and at which price."""
    if not card.people:
        return "Nobody is enrolled yet."
    wrong = f"about 1 wrong name per {number(promise.strangers)} strangers"
    if promise.problem:
        return f"{NOT_ENOUGH} The setting aims at {wrong}."
    assert promise.recognised is not None
    one = card.people == 1
    who = f"{card.lines[0].identity.name} is" if one else "Your people are"
    return f"{who} recognised {span(promise.recognised)} of the time, at {wrong}."


def wrong_span(promise: Promise) -> str:
    """Say between which limits the wrong names will lie, with 95 % certainty."""
    often, seldom = 1 / promise.wrong_high, 1 / max(promise.wrong_low, 1e-12)
    if seldom > 20 * promise.strangers:
        return f"at most 1 per {number(rounded(often))} strangers, probably far fewer"
    limits = f"1 per {number(rounded(often))} and 1 per {number(rounded(seldom))}"
    return f"between {limits} strangers"


def basis(card: ReportCard) -> str:
    """Say what the card rests on."""
    tried = card.tried
    if not tried.pictures:
        return "No picture could be tried as if it were new."
    sittings = count(tried.sittings, "sitting")
    if tried.sittings < tried.of_sittings:
        sittings = f"{tried.sittings:,} of {tried.of_sittings:,} sittings"
    text = (
        f"{count(tried.pictures, 'picture')} of {sittings} tried as if they were new, "
        f"of {tried.people:,} of {count(card.people, 'person', 'people')}; "
        f"{tried.drawn:,} drawn strangers"
    )
    return f"{text} and {tried.real:,} real ones." if tried.real else f"{text}."


def span(share: Share) -> str:
    """Return "96–99 %"; never 100 % for certain from below, nor a false range."""
    low, high = math.floor(100 * share.low), math.ceil(100 * share.high)
    return f"{low} %" if low == high else f"{low}–{high} %"


def share(value: float | None) -> str:
    """Return "98 %", or a dash where nothing was tried."""
    return "–" if value is None else f"{100 * value:.0f} %"


def recognised_of(line: PersonLine, strangers: float) -> str:
    """Return "9 of 10", or what is missing to tell."""
    if not line.evidence:
        return "not tried" if line.sittings > 1 else "one sitting only"
    good = sum(one >= strangers for one in line.evidence)
    return f"{good} of {line.tried}"


def near(strangers: float) -> str:
    """Say how near a look-alike is: "1 in 300 is as near"."""
    if strangers < 2:
        return "as any stranger"
    return f"nearer than all but 1 in {number(rounded(strangers))} strangers"


def number(value: float) -> str:
    """Return a count for people: "500", "10,000", "a million"."""
    if value > MANY:
        return "more than a million"
    return f"{value:,.0f}"


def rounded(value: float) -> float:
    """Return a number with two leading digits, since more would claim too much."""
    digits = 10 ** max(math.floor(math.log10(max(value, 1))) - 1, 0)
    return float(round(value / digits) * digits)


def count(amount: int, one: str, many: str = "") -> str:
    """Return "1 picture" or "4 pictures"."""
    return f"1 {one}" if amount == 1 else f"{amount:,} {many or one + 's'}"
