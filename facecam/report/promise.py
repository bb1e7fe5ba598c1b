"""What "about one wrong name per N strangers" is worth.

A name is given where one stranger in N times p would score as high with one of p
people: thresholds follow from the drawn strangers of the cohort, widened as real ones
were. That assumption is wrong by a little for each person and by a little for all of
them at once, so the rate reached is not exactly 1 / N. Strangers of person j exceed the
deviation z with probability Q(z - m_j - c); m_j, each person's own shift, and c, the
shared one, are unknown. Far out there are fewer than Q says, by an unknown power u,
since scores of unit vectors have an end. Drawing m, c and u many times (`ReportConfig`
says how wide, and from which data) gives the distribution of the rate

    R(N) = sum over j of Q(z - m_j - c) * max(1, M / M0)^-u,   M = N p,  Q(z) = 1 / M

whose middle 95 % is the interval. Real strangers, where there are some, weigh the draws
by how well they explain them (importance sampling), which narrows and shifts it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from facecam.config.report import ReportConfig
from facecam.vision.identifier import Identifier, one_in

STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
"""Strangers per wrong name that can be chosen: about evenly spaced in evidence."""
SEED = 5
"""Of the simulations."""
MOST_SHIFTS = 50
"""People whose own shift is drawn; the mean over more hardly varies."""
MIDDLE = (0.025, 0.975)
"""A 95 % interval."""
EDGES = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0, 30_000.0, 100_000.0)
"""Where real strangers are counted to judge the draws."""

Reals = NDArray[np.float64]


def evidence(identifier: Identifier, embeddings: NDArray[np.float32]) -> Reals:
    """Return about one stranger in how many looks so much like somebody, (k, p).

    What `Match.strangers` of a face alone in its picture says, for everybody at once.
    """
    scores = identifier.scores(embeddings) / identifier.config.real_spread
    return np.maximum(one_in(scores) / max(len(identifier.identities), 1), 1.0)


def deviations(strangers: float) -> float:
    """Return how many deviations above strangers only one in so many gets."""
    return -NormalDist().inv_cdf(1 / max(strangers, 1 + 1e-9))


@dataclass(frozen=True, eq=False)
class Belief:
    """What is known of the shifts of real strangers: weighted draws."""

    shifts: Reals  # (draws, q), q people or a sample of them
    thinning: Reals  # (draws,), powers
    weights: Reals  # (draws,), sum 1
    people: int
    config: ReportConfig

    @staticmethod
    def of(
        people: int, config: ReportConfig, real: Sequence[float] | Reals = ()
    ) -> Belief:
        """Draw the shifts; weigh the draws by real strangers if there are any.

        Args:
            people: how many are enrolled, p.
            config: how uncertain the shifts are.
            real: evidence of the best candidate of real strangers, one per person.
        """
        rng = np.random.default_rng(SEED)
        size = (config.draws, min(people, MOST_SHIFTS))
        shifts = rng.normal(0, config.person_shift, size)
        shared = (config.draws, 1)
        shifts += rng.normal(config.usual_shift, config.shared_shift, shared)
        thinning = np.maximum(rng.uniform(-1, config.thinning, config.draws), 0)
        even = np.full(config.draws, 1 / config.draws)
        belief = Belief(shifts, thinning, even, people, config)
        if len(real) == 0:
            return belief
        return replace(belief, weights=belief._judged(np.asarray(real, np.float64)))

    def rates(self, strangers: float) -> Reals:
        """Return the share of strangers wrongly named, in each draw, (draws,).

        The union bound: as if nobody resembled two people at once. It is a little too
        high for the easiest settings, where several SVMs see the same strangers.
        """
        if self.people == 0:
            return np.zeros(len(self.weights))
        rarity = strangers * self.people
        z = deviations(rarity)
        rate: Reals = _beyond(z - self.shifts).mean(axis=1) * self.people
        rarer = max(rarity / self.config.thin_from, 1.0)
        return np.minimum(rate * rarer**-self.thinning, 1.0)

    def interval(self, strangers: float) -> tuple[float, float]:
        """Return the 95 % interval of the share of strangers wrongly named."""
        low, high = self._quantiles(self.rates(strangers))
        return low, high

    def count_interval(self, strangers: float, tried: int) -> tuple[int, int]:
        """Return how many of `tried` new strangers will be wrongly named, 95 %."""
        rng = np.random.default_rng(SEED)
        low, high = self._quantiles(rng.binomial(tried, self.rates(strangers)))
        return math.floor(low), math.ceil(high)

    @cached_property
    def real_worth(self) -> float:
        """How many draws the weighted ones are worth: 1 means nothing fits."""
        return float(1 / (self.weights**2).sum())

    def _quantiles(self, values: Reals | NDArray[np.int64]) -> tuple[float, float]:
        order = np.argsort(values, kind="stable")
        upto = np.cumsum(self.weights[order])
        low, high = (values[order][np.searchsorted(upto, q)] for q in MIDDLE)
        return float(low), float(high)

    def _judged(self, real: Reals) -> Reals:
        """Return the weights under the numbers of real strangers between `EDGES`."""
        beyond = np.array([self.rates(edge) for edge in EDGES])  # (e, draws)
        ones, none = np.ones_like(beyond[:1]), np.zeros_like(beyond[:1])
        share = -np.diff(np.concatenate([ones, beyond, none]), axis=0)
        edges = np.concatenate([[-np.inf], EDGES, [np.inf]])
        counts, _ = np.histogram(real, edges)
        likelihood = counts @ np.log(np.maximum(share, 1e-12))  # (draws,)
        weights: Reals = np.exp(likelihood - likelihood.max())
        return weights / weights.sum()


def _beyond(z: Reals) -> Reals:
    """Return the share of a normal distribution above z, elementwise."""
    grid, logarithms = _table()
    return np.exp(np.interp(z, grid, logarithms))


@cache
def _table() -> tuple[Reals, Reals]:
    """Return deviations and the logarithm of what lies beyond them."""
    grid = np.linspace(-6, 12, 1801)
    beyond = [math.log(math.erfc(z / math.sqrt(2)) / 2) for z in grid]
    return grid, np.array(beyond)
