"""Fits the SVMs of an identifier: one small problem per person, in two steps.

1. alone: one person's views against the cohort of strangers (and what was said never
   to be them);
2. if anybody else enrolled comes near that hyperplane, once more, with these faces
   among the strangers.

What an SVM depends on is thereby known exactly: the person's own views and the near
ones. Whoever is far away has never been seen by it. So an SVM kept from an earlier fit
is the one a fit from scratch would give, adding or removing somebody touches few, and
who is forgotten is gone from all of them.

scikit-learn is imported when something is fitted, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.config import IdentifierConfig
from facecam.faces import Examples, Floats, Identity
from facecam.vision.cohort import Cohort

Marks: TypeAlias = NDArray[np.uint64]
"""A number for each of n views that no other view has, (n,)."""

FIT_SEED = 1
CALIBRATION_SEED = 2
NEAR = -0.5
"""Decision from which somebody else enrolled counts as near: the nearest 1 to 2 %."""
TOLERANCE = 1e-3
"""Of the solver; its SVM and an exact one have a cosine of 1 - 4e-10."""


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """One person's SVM, and which views it was made from."""

    weights: Floats  # (d,), for centred embeddings
    bias: float
    usual: float
    """The decision for an ordinary stranger."""
    spread: float
    """Standard deviation of the decisions for strangers."""
    alone: Floats  # (d + 1,), weights and bias of the first step
    own: Marks  # of the person's views
    never: Marks  # of the views that are not them
    near: Marks  # of the views of others that came near


class Fitter:
    """Fits the SVMs of one set of people; what they share is made once.

    Args:
        people: what is known of each.
        cohort: the strangers, of the same embedder.
        config: of the SVMs.
        previous: SVMs fitted before, together, with the same cohort and config, by id.
    """

    def __init__(
        self,
        people: Mapping[Identity, Examples],
        cohort: Cohort,
        config: IdentifierConfig,
        previous: Mapping[str, Row],
    ) -> None:
        self._examples = list(people.values())
        self._cohort = cohort
        self._config = config
        self._previous = [previous.get(identity.id) for identity in people]
        nothing = np.empty((0, len(cohort.mean)), np.float32)
        views = np.vstack([nothing, *(examples.own for examples in self._examples)])
        self._views = cohort.centred(views)  # (n, d)
        self._marks = _marks(views)  # (n,)
        counts = [len(examples.own) for examples in self._examples]
        ends = np.cumsum(counts, dtype=np.intp)
        self._own = [slice(e - c, e) for e, c in zip(ends, counts, strict=True)]
        known = [nothing[:0, 0].astype(np.uint64), *(r.own for r in previous.values())]
        self._joined = np.flatnonzero(~np.isin(self._marks, np.concatenate(known)))

    def rows(self, report: Callable[[float], None]) -> list[Row]:
        """Return the SVM of each person, the previous one where it still holds.

        Args:
            report: told the share done; may raise to end it.
        """
        rows = []
        for n in range(len(self._examples)):
            report(n / len(self._examples))
            rows.append(self._row(n))
        return rows

    def _row(self, n: int) -> Row:
        """Return one person's SVM."""
        own, never = self._marks[self._own[n]], _marks(self._examples[n].never)
        before = self._previous[n]
        if before and not (_same(own, before.own) and _same(never, before.never)):
            before = None
        alone = before.alone if before else self._separate(n, self._views[:0])
        near = self._near(n, alone, before)
        if before and _same(self._marks[near], before.near):
            return before
        plane = self._separate(n, self._views[near]) if len(near) else alone
        usual, spread = self._calibrate(plane, len(own))
        made_from = (own, never, self._marks[near])
        return Row(plane[:-1], float(plane[-1]), usual, spread, alone, *made_from)

    def _near(self, n: int, alone: Floats, before: Row | None) -> NDArray[np.intp]:
        """Return the positions of the others' views that come near.

        Where the first step is as it was, of the views that were there before the same
        ones are near.
        """
        asked = self._joined if before else np.arange(len(self._views))
        asked = asked[(asked < self._own[n].start) | (asked >= self._own[n].stop)]
        near = asked[self._views[asked] @ alone[:-1] + alone[-1] > NEAR]
        if before is None or not len(before.near):
            return near
        stayed = np.flatnonzero(np.isin(self._marks, before.near))
        return np.union1d(near, stayed)

    def _calibrate(self, plane: Floats, views: int) -> tuple[float, float]:
        """Return where strangers usually score, and how far they scatter.

        The former is measured on synthetic ones; but the more portraits an SVM has
        seen, the better its own zero tells, so with several of them the typical
        distance from it takes over.
        """
        decisions = self._others @ plane[:-1] + plane[-1]
        spread = max(float(decisions.std()), 1e-6)
        trust = 1 / max(views, 1) ** 2
        typical = self._config.typical_stranger * spread
        return trust * float(decisions.mean()) + (1 - trust) * typical, spread

    def _separate(self, n: int, near: Floats) -> Floats:
        """Fit the hyperplane between one person and strangers, (d + 1,)."""
        from sklearn.svm import LinearSVC

        own = self._views[self._own[n]]
        never = self._cohort.centred(self._examples[n].never)
        vectors = np.vstack([own, never, self._strangers, near])
        labels = np.arange(len(vectors)) < len(own)
        weights = np.ones(len(vectors))
        weights[len(own) : len(own) + len(never)] = self._config.never_weight
        svm = LinearSVC(C=self._config.penalty, class_weight="balanced", tol=TOLERANCE)
        svm.fit(vectors, labels, weights)
        return np.append(svm.coef_[0], svm.intercept_[0]).astype(np.float32)

    @cached_property
    def _strangers(self) -> Floats:
        return self._cohort.sample(self._config.cohort, FIT_SEED)

    @cached_property
    def _others(self) -> Floats:
        return self._cohort.sample(self._config.cohort, CALIBRATION_SEED)


def _marks(vectors: Floats) -> Marks:
    """Return a number for each vector that no other has, (n, d) -> (n,)."""
    if not len(vectors):
        return np.empty(0, np.uint64)
    words = np.ascontiguousarray(vectors, np.float32).view(np.uint32).astype(np.uint64)
    odd = np.random.default_rng(0).integers(2**63, size=words.shape[1], dtype=np.uint64)
    return (words * (2 * odd + 1)).sum(axis=1, dtype=np.uint64)


def _same(one: Marks, other: Marks) -> bool:
    """Say whether two sets of views are the same, in whatever order."""
    return len(one) == len(other) and np.array_equal(np.sort(one), np.sort(other))
