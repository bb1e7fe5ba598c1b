"""The report card: what this gallery can promise, and to whom.

Own people are tried with sittings left out (held_out.py), strangers are drawn from the
cohort or given (curves.py), and what a setting is worth is simulated (promise.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from facecam.config.report import ReportConfig
from facecam.faces import Examples, Identity
from facecam.report import curves
from facecam.report.curves import Curve, Histogram, Share, recognised
from facecam.report.held_out import HeldOut, Report, by_person, joined, try_held_out
from facecam.report.promise import STEPS, Belief, Reals
from facecam.report.resemblance import Resemblance, compare, strangers_as_near
from facecam.vision.identifier import Identifier

if TYPE_CHECKING:
    from facecam.gallery import PersonViews


@dataclass(frozen=True)
class Promise:
    """What one setting is worth."""

    strangers: float
    """A name is given where about one stranger in so many would get one, too."""
    wrong_low: float
    """Share of strangers who will get a name: the lower end of 95 %."""
    wrong_high: float
    """The upper end."""
    recognised: Share | None
    """Share of own people's new pictures that get the right name; None if untried."""
    problem: str = ""
    """Why this is not promised; empty if it is."""


@dataclass(frozen=True)
class PersonLine:
    """How well one person is recognised."""

    identity: Identity
    pictures: int
    sittings: int
    tried: int
    """Pictures of left-out sittings that were named."""
    evidence: tuple[float, ...]
    """For the right name, of each picture tried: one stranger in so many; 0 where
    somebody else was nearer."""
    weakest: str
    """File of the picture least like the others; "" if none was tried."""
    look_alike: Identity | None
    """Whom of the enrolled this person resembles most."""
    near: float
    """One stranger in so many is as near as that look-alike."""

    def recognised(self, strangers: float) -> float | None:
        """Return the share of the pictures tried that are named at a setting."""
        if not self.evidence:
            return None
        return sum(one >= strangers for one in self.evidence) / len(self.evidence)


@dataclass(frozen=True)
class LookAlike:
    """Two people who resemble each other."""

    first: Identity
    second: Identity
    near: float
    """One stranger in so many is as near."""
    confused: int
    """Pictures of one that were nearer to the other when they were left out."""


@dataclass(frozen=True)
class Missing:
    """What keeps the card from promising more."""

    one_sitting: tuple[Identity, ...]
    """People whose pictures are all of one sitting: nothing to try them with."""
    text: str
    """What to do, in a sentence; empty if nothing is missing."""


@dataclass(frozen=True)
class Tried:
    """How much the card rests on."""

    people: int
    pictures: int
    sittings: int
    of_sittings: int
    """Sittings that could have been tried; more than `sittings` in large galleries."""
    drawn: int
    """Drawn strangers."""
    real: int
    """Real strangers."""


@dataclass(frozen=True)
class ReportCard:
    """What a gallery can promise."""

    made: str
    """ISO 8601, UTC."""
    people: int
    pictures: int
    setting: float
    """The present one: about one wrong name per so many strangers."""
    promises: tuple[Promise, ...]
    """By rising strictness; the present setting is among them."""
    lines: tuple[PersonLine, ...]
    look_alikes: tuple[LookAlike, ...]
    histogram: Histogram
    curve: Curve
    tried: Tried
    missing: Missing

    def promise(self, strangers: float) -> Promise:
        """Return the promise of the setting nearest to the one asked for."""
        return min(
            self.promises, key=lambda p: abs(np.log(p.strangers) - np.log(strangers))
        )

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain dicts, lists and numbers."""
        plain = asdict(self)
        for line, one in zip(plain["lines"], self.lines, strict=True):
            line["recognised"] = one.recognised(self.setting)
        plain["now"] = asdict(self.promise(self.setting))
        return plain


@dataclass(frozen=True, eq=False)
class Enrolled:
    """What a card is made from."""

    people: Mapping[Identity, Examples]
    """What everybody is learned from."""
    views: Mapping[Identity, PersonViews]
    """The same people's pictures with their sittings."""
    identifier: Identifier
    """Fitted to them, with the setting in force."""
    real: Reals = field(default_factory=lambda: np.empty(0))  # (n,)
    """Evidence of real strangers, one each; see `promise.evidence`."""


def make_card(enrolled: Enrolled, config: ReportConfig, report: Report) -> ReportCard:
    """Try a gallery and say what it can promise.

    Args:
        enrolled: the gallery.
        config: how much to try.
        report: told the progress; may raise to cancel.
    """
    people, moment = enrolled.people, config.same_moment
    views = {who: joined(view, moment) for who, view in enrolled.views.items()}
    identifier, real = enrolled.identifier, enrolled.real
    held = try_held_out(people, views, identifier, config, report)
    report("Asking strangers", 0.9)
    drawn = curves.drawn_strangers(identifier, config)
    belief = Belief.of(len(people), config, real)
    report("Looking for look-alikes", 0.95)
    listed = [views[identity] for identity in people]
    alike = _resemblance(listed, identifier, config)
    setting = identifier.config.strangers_per_wrong_name
    missing = _missing(list(people), listed)
    return ReportCard(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        people=len(people),
        pictures=sum(len(view.files) for view in listed),
        setting=setting,
        promises=_promises(held, belief, setting, config, len(real)),
        lines=_lines(list(people), listed, held, alike),
        look_alikes=_look_alikes(list(people), held, alike, config),
        histogram=curves.histogram(held, drawn, real),
        curve=curves.curve(held, drawn, real),
        tried=Tried(
            people=len(set(held.person.tolist())),
            pictures=len(held),
            sittings=held.sittings,
            of_sittings=held.of,
            drawn=len(drawn),
            real=len(real),
        ),
        missing=missing,
    )


def _promises(
    held: HeldOut, belief: Belief, setting: float, config: ReportConfig, real: int
) -> tuple[Promise, ...]:
    promises = []
    for strangers in sorted({*map(float, STEPS), float(setting)}):
        low, high = belief.interval(strangers)
        share = recognised(held, strangers)
        problem = _problem(share, held, config)
        rarity = strangers * max(belief.people, 1)
        if not problem and rarity > config.checked and real < 3 * strangers:
            problem = (
                f"Nobody has checked scores this rare: with {belief.people:,} people, "
                f"name at most one stranger in {config.checked / belief.people:,.0f}."
            )
        promises.append(Promise(strangers, low, high, share, problem))
    for lax, strict in pairwise(promises):
        assert strict.wrong_high <= lax.wrong_high, "a stricter setting is stricter"
    return tuple(promises)


def _problem(share: Share | None, held: HeldOut, config: ReportConfig) -> str:
    """Say why a share of own people cannot be promised; "" if it can."""
    if share is None:
        return "Nobody has pictures of two sittings to try."
    if share.high - share.low > config.widest:
        sittings = "1 sitting" if held.sittings == 1 else f"{held.sittings} sittings"
        return f"Only {sittings} could be tried, which tells too little."
    return ""


def _missing(people: Sequence[Identity], views: Sequence[PersonViews]) -> Missing:
    once = tuple(
        identity
        for identity, view in zip(people, views, strict=True)
        if len(set(view.captures)) < 2
    )
    if not once:
        return Missing(once, "")
    if len(once) == 1:
        said = f"{once[0].name} has pictures of one sitting only"
    elif len(once) == len(people):
        said = "Everybody has pictures of one sitting only"
    else:
        said = f"{len(once):,} people have pictures of one sitting only"
    return Missing(once, f"{said}. Add some taken on another day.")


def _resemblance(
    views: Sequence[PersonViews], identifier: Identifier, config: ReportConfig
) -> Resemblance | None:
    if len(views) < 2:
        return None
    strangers = min(config.strangers, 2000)
    spread = identifier.config.real_spread
    vectors = [view.embeddings for view in views]
    return compare(vectors, identifier.cohort, strangers, spread)


def _lines(
    people: Sequence[Identity],
    views: Sequence[PersonViews],
    held: HeldOut,
    alike: Resemblance | None,
) -> tuple[PersonLine, ...]:
    rows = dict(by_person(held))
    lines = []
    for n, (identity, view) in enumerate(zip(people, views, strict=True)):
        mine = rows.get(n, np.empty(0, np.intp))
        evidence = np.where(held.right[mine], held.own[mine], 0.0)
        weakest = int(held.picture[mine[held.own[mine].argmin()]]) if len(mine) else -1
        whom, near = _nearest(n, alike)
        lines.append(
            PersonLine(
                identity=identity,
                pictures=len(view.files),
                sittings=len(set(view.captures)),
                tried=len(mine),
                evidence=tuple(evidence.tolist()),
                weakest=view.files[weakest] if weakest >= 0 else "",
                look_alike=people[whom] if whom >= 0 else None,
                near=near,
            )
        )
    return tuple(lines)


def _nearest(person: int, alike: Resemblance | None) -> tuple[int, float]:
    """Return whom somebody resembles most and one stranger in how many is as near."""
    if alike is None:
        return -1, 1.0
    row = alike.surprise[person].copy()
    row[person] = -np.inf
    return int(row.argmax()), float(strangers_as_near(row.max(keepdims=True))[0])


def _look_alikes(
    people: Sequence[Identity],
    held: HeldOut,
    alike: Resemblance | None,
    config: ReportConfig,
) -> tuple[LookAlike, ...]:
    """Return the pairs most alike, and those mixed up when pictures were left out."""
    if alike is None:
        return ()
    mixed: dict[tuple[int, int], int] = {}
    for a, b in zip(held.person[~held.right], held.whom[~held.right], strict=True):
        pair = (min(int(a), int(b)), max(int(a), int(b)))
        mixed[pair] = mixed.get(pair, 0) + 1
    both = np.triu(np.maximum(alike.surprise, alike.surprise.T), 1)
    best = np.argsort(both, axis=None)[::-1][: config.look_alikes]
    order = [divmod(int(cell), len(people)) for cell in best]
    found = [
        LookAlike(
            people[a],
            people[b],
            float(strangers_as_near(both[a : a + 1, b])[0]),
            mixed.get((a, b), 0),
        )
        for a, b in [*mixed, *(pair for pair in order if pair not in mixed)]
        if (a, b) in mixed or a != b
    ]
    listed = [one for one in found if one.confused or one.near >= config.alike]
    listed.sort(key=lambda one: (-one.confused, -one.near))
    return tuple(listed[: config.look_alikes])
