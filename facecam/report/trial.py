"""Does the report card keep its promises, on strangers it has not seen?

Some people are enrolled with k photos each, everybody else is a stranger. The card's
interval of the rate of wrong names comes before any of these strangers is looked at;
then each of them is shown, a stranger with several photos counting once. A rate counts
as inside if the number of strangers wrongly named lies where the card's belief puts
95 % of such numbers: the interval of the rate and the chance of a count together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from facecam.config.report import ReportConfig
from facecam.errors import DatasetError
from facecam.faces import Examples, Floats, Identity
from facecam.report.promise import Belief, Reals, evidence
from facecam.vision.identifier import Identifier

Fit = Callable[[Mapping[Identity, Examples]], Identifier]


@dataclass(frozen=True)
class Galleries:
    """Which galleries to draw."""

    people: tuple[int, ...] = (1, 5, 24)
    photos: tuple[int, ...] = (2, 5, 10)
    draws: int = 20
    settings: tuple[float, ...] = (100.0, 1000.0, 10_000.0)
    """Strangers per wrong name."""
    seed: int = 0


@dataclass(frozen=True)
class Outcome:
    """A promise and what became of it, over several draws of galleries."""

    people: int
    photos: int
    promised: float
    """Share of strangers: one in so many."""
    reached: float
    """Share of strangers wrongly named, mean over the draws."""
    low: float
    high: float
    """The promise's own 95 % interval, in the middle of the draws."""
    inside: int
    """Draws whose number of wrongly named strangers the promise allows."""
    draws: int
    strangers: int
    """Different strangers shown to each gallery."""
    within: bool
    """Whether `reached` itself lies between `low` and `high`."""


def try_promises(
    people: Mapping[str, Floats],
    strangers: Mapping[str, Floats],
    fit: Fit,
    galleries: Galleries,
    report: Callable[[int, int], None],
) -> list[Outcome]:
    """Draw galleries, promise, and show them strangers.

    Args:
        people: embeddings of those who may be enrolled, (n, d) each.
        strangers: embeddings of people never enrolled, (n, d) each. Whoever of `people`
            is not enrolled in a draw is a stranger there, too.
        fit: makes an identifier of a gallery.
        galleries: which ones.
        report: told after each gallery.

    Raises:
        DatasetError: too few people have enough photos.
    """
    sizes = [(p, k) for p in galleries.people for k in galleries.photos]
    total = len(sizes) * galleries.draws
    outcomes: list[Outcome] = []
    for number, (size, photos) in enumerate(sizes):
        able = [name for name, rows in people.items() if len(rows) >= photos]
        if len(able) < size:
            raise DatasetError(
                f"Only {len(able)} people have {photos} photos: too few to enrol "
                f"{size}. Try fewer people (--people) or photos (--photos)."
            )
        rng = np.random.default_rng(galleries.seed)
        trials = []
        for draw in range(galleries.draws):
            names = rng.permutation(able)[:size].tolist()
            enrolled = {name: _some(people[name], photos, rng) for name in names}
            rest = {n: rows for n, rows in people.items() if n not in enrolled}
            trials.append(_trial(enrolled, {**strangers, **rest}, fit, galleries))
            report(number * galleries.draws + draw + 1, total)
        outcomes += _outcomes(trials, size, photos, galleries.settings)
    return outcomes


@dataclass(frozen=True, eq=False)
class _Trial:
    """One gallery; each column is a setting."""

    interval: Reals  # (s, 2)
    counts: Reals  # (s, 2), of wrongly named strangers that the promise allows
    wrong: Reals  # (s,), strangers wrongly named
    strangers: int


def _trial(
    enrolled: Mapping[str, Floats],
    strangers: Mapping[str, Floats],
    fit: Fit,
    galleries: Galleries,
) -> _Trial:
    people = {
        Identity(name, name): Examples(rows, rows[:0])
        for name, rows in enrolled.items()
    }
    identifier = fit(people)
    belief = Belief.of(len(people), ReportConfig())
    settings = galleries.settings
    rows = np.concatenate(list(strangers.values()))
    owner = np.repeat(np.arange(len(strangers)), [len(v) for v in strangers.values()])
    best = evidence(identifier, rows).max(axis=1)
    shares = [_by_owner(best >= setting, owner) for setting in settings]
    return _Trial(
        interval=np.array([belief.interval(s) for s in settings]),
        counts=np.array([belief.count_interval(s, len(strangers)) for s in settings]),
        wrong=np.array(shares),
        strangers=len(strangers),
    )


def _outcomes(
    trials: Sequence[_Trial], people: int, photos: int, settings: Sequence[float]
) -> list[Outcome]:
    outcomes = []
    for n, setting in enumerate(settings):
        reached = float(np.mean([t.wrong[n] / t.strangers for t in trials]))
        low = median(float(t.interval[n, 0]) for t in trials)
        high = median(float(t.interval[n, 1]) for t in trials)
        inside = sum(
            bool(t.counts[n, 0] <= round(t.wrong[n]) <= t.counts[n, 1]) for t in trials
        )
        outcomes.append(
            Outcome(
                people=people,
                photos=photos,
                promised=1 / setting,
                reached=reached,
                low=low,
                high=high,
                inside=inside,
                draws=len(trials),
                strangers=trials[0].strangers,
                within=low <= reached <= high,
            )
        )
    return outcomes


def _by_owner(wrong: NDArray[np.bool_], owner: NDArray[np.intp]) -> float:
    """Return how many people the wrong names come to, each counting once."""
    return float((np.bincount(owner, weights=wrong) / np.bincount(owner)).sum())


def _some(rows: Floats, count: int, rng: np.random.Generator) -> Floats:
    return rows[rng.permutation(len(rows))[:count]]
