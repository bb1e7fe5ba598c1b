"""The curves of the report card, as numbers: who is recognised, how often wrongly.

Evidence is told as "one stranger in so many resembles this much"; the axis is its
logarithm to base 10, so that the threshold of a setting stands where its number does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facecam.config.report import ReportConfig
from facecam.faces import Floats
from facecam.report.held_out import HeldOut
from facecam.report.promise import Reals
from facecam.training import metrics
from facecam.vision.identifier import Identifier, one_in

STRANGER_SEED = 11
"""Other strangers than the classifiers were fitted to and measured with."""
BIN = 0.25
"""Width of a bar, factors of ten."""
MOST = 8.0
"""The rarest evidence told apart: one in 10 to the power of this."""
POINTS = 61
"""Of a curve, from 1 to a million strangers."""
CHUNK = 2000
"""Strangers scored at once: 8 MB for a thousand people."""


@dataclass(frozen=True)
class Histogram:
    """Shares of pictures by evidence; the last bar holds everything beyond it."""

    edges: tuple[float, ...]  # (b + 1,), log10 of strangers
    own: tuple[float, ...]  # (b,), left-out pictures of own people, for their name
    strangers: tuple[float, ...]  # (b,), drawn strangers, for whom they resemble most
    real: tuple[float, ...]  # (b,), real strangers; empty if there are none


@dataclass(frozen=True)
class Curve:
    """ROC and DET: shares at each setting from lax to strict."""

    strangers: tuple[float, ...]  # (k,), the setting: about one wrong name per so many
    wrong: tuple[float, ...]  # (k,), share of drawn strangers given a name
    real: tuple[float, ...]  # (k,), the same of real strangers; empty without
    recognised: tuple[float, ...]  # (k,), share of own people; empty if none were tried
    low: tuple[float, ...]  # (k,)
    high: tuple[float, ...]  # (k,), the 95 % interval of `recognised`


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def recognised(held: HeldOut, strangers: float) -> Share | None:
    """Return the share of own people's new pictures that would get the right name.

    The interval is the wider of two: a bootstrap over people, whose pictures succeed or
    fail together, and Wilson's over the sittings, since where nobody fails the
    bootstrap claims to be certain.

    Returns:
        None if nothing was tried.
    """
    if not len(held):
        return None
    right = held.named_right(strangers)
    _, who = np.unique(held.person, return_inverse=True)
    attempts = np.bincount(who).astype(np.float64)
    hits = np.bincount(who, weights=right).astype(np.float64)
    value = float(hits.sum() / attempts.sum())
    low, high = metrics.wilson(value * held.sittings, held.sittings)
    if len(hits) > 1:
        bounds = metrics.share_interval(hits, attempts)
        low, high = min(low, bounds[0]), max(high, bounds[1])
    return Share(value, low, high)


def drawn_strangers(identifier: Identifier, config: ReportConfig) -> Reals:
    """Return the evidence drawn strangers yield for whom they resemble most, (n,).

    Their decisions are put where the product expects those of real strangers: at 0 with
    a deviation of `real_spread` for every person, as they hang together.
    """
    if not identifier.identities:
        return np.ones(config.strangers)
    drawn = identifier.cohort.sample(config.strangers, STRANGER_SEED)
    weights = identifier.weights.T  # (d, p)
    usual, spread = _moments(drawn, weights)
    best: list[Floats] = []
    for start in range(0, len(drawn), CHUNK):
        decisions = drawn[start : start + CHUNK] @ weights
        best.append(((decisions - usual) / spread).max(axis=1))
    rarity = one_in(np.concatenate(best)) / len(identifier.identities)
    return np.maximum(rarity, 1.0)


def histogram(held: HeldOut, drawn: Reals, real: Reals) -> Histogram:
    """Count evidence; `real` may be empty."""
    edges = np.arange(0, MOST + BIN / 2, BIN)
    return Histogram(
        edges=tuple(edges.tolist()),
        own=_bars(held.own, edges),
        strangers=_bars(drawn, edges),
        real=_bars(real, edges) if len(real) else (),
    )


def curve(held: HeldOut, drawn: Reals, real: Reals) -> Curve:
    """Return what every setting yields; monotone from lax to strict."""
    settings = np.logspace(0, 6, POINTS)
    shares = [recognised(held, setting) for setting in settings]
    known = [share for share in shares if share is not None]
    return Curve(
        strangers=tuple(settings.tolist()),
        wrong=_beyond(drawn, settings),
        real=_beyond(real, settings) if len(real) else (),
        recognised=tuple(share.value for share in known),
        low=tuple(share.low for share in known),
        high=tuple(share.high for share in known),
    )


def _moments(drawn: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return mean and deviation of the strangers' decisions for each person, (p,)."""
    decisions = drawn[:CHUNK] @ weights
    return decisions.mean(axis=0), np.maximum(decisions.std(axis=0), 1e-6)


def _bars(values: Reals, edges: NDArray[np.float64]) -> tuple[float, ...]:
    logarithms = np.clip(np.log10(np.maximum(values, 1.0)), edges[0], edges[-1] - 1e-9)
    counts, _ = np.histogram(logarithms, edges)
    return tuple((counts / max(len(values), 1)).tolist())


def _beyond(values: Reals, settings: Reals) -> tuple[float, ...]:
    ordered = np.sort(values)
    passed = len(values) - np.searchsorted(ordered, settings, side="left")
    return tuple((passed / max(len(values), 1)).tolist())
