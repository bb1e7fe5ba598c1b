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
from functools import cache, cached_property
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
        nothing = np.empty((0, len(cohort.mean)), np.float32)
        views = np.vstack([nothing, *(examples.own for examples in self._examples)])
        self._views = cohort.centred(views)  # (n, d)
        self._marks = _marks(views)  # (n,)
        counts = [len(examples.own) for examples in self._examples]
        ends = np.cumsum(counts, dtype=np.intp)
        self._own = [slice(e - c, e) for e, c in zip(ends, counts, strict=True)]
        self._never = [_marks(examples.never) for examples in self._examples]
        self._changed = _changed(self._marks, [row.own for row in previous.values()])
        self._kept = [
            self._as_it_was(n, previous.get(identity.id))
            for n, identity in enumerate(people)
        ]

    def rows(self, report: Callable[[float], None]) -> list[Row]:
        """Return the SVM of each person, the previous one where it still holds.

        Args:
            report: told the share done; may raise to end it.
        """
        held = self._held()
        rows = []
        for n, before in enumerate(held):
            report(n / len(held))
            rows.append(before or self._row(n))
        return rows

    def _held(self) -> list[Row | None]:
        """Return the SVMs that still hold, None for those that do not.

        Of such a person's near views none has gone, and none that joined is near.
        """
        held = list(self._kept)
        rows = [(n, row) for n, row in enumerate(held) if row]
        if not rows:
            return held
        planes = np.stack([row.alone for _, row in rows])  # (r, d + 1)
        joined = self._views[np.isin(self._marks, self._changed)]  # (m, d)
        decisions = planes[:, :-1] @ joined.T + planes[:, -1:]
        touched = np.asarray((decisions > NEAR).any(axis=1))  # (r,)
        counts = [len(row.near) for _, row in rows]
        gone = np.isin(np.concatenate([row.near for _, row in rows]), self._changed)
        touched[np.repeat(np.arange(len(rows)), counts)[gone]] = True
        for (n, _), again in zip(rows, touched, strict=True):
            held[n] = None if again else held[n]
        return held

    def _as_it_was(self, n: int, before: Row | None) -> Row | None:
        """Return a row whose own views, and those never them, are as they were."""
        if before is None or not _same(self._marks[self._own[n]], before.own):
            return None
        return before if _same(self._never[n], before.never) else None

    def _row(self, n: int) -> Row:
        """Fit one person's SVM."""
        kept = self._kept[n]
        alone = kept.alone if kept else self._separate(n, self._views[:0])
        comes = np.asarray(self._views @ alone[:-1] + alone[-1] > NEAR)  # (n,)
        comes[self._own[n]] = False
        near = np.flatnonzero(comes)
        near = near[self._marks[near].argsort()]
        plane = self._separate(n, self._views[near]) if len(near) else alone
        own = self._marks[self._own[n]]
        usual, spread = self._calibrate(plane, len(own))
        made_from = (own, self._never[n], self._marks[near])
        return Row(plane[:-1], float(plane[-1]), usual, spread, alone, *made_from)

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
        """Fit the hyperplane between one person and strangers, (d + 1,).

        In an order that the views alone decide, so that the sums come out the same
        to the last bit however the people and pictures are listed.
        """
        from sklearn.svm import LinearSVC

        own = self._views[self._own[n]][self._marks[self._own[n]].argsort()]
        nevers = self._examples[n].never
        never = self._cohort.centred(nevers[_marks(nevers).argsort()])
        vectors = np.vstack([own, never, self._strangers, near])
        labels = np.arange(len(vectors)) < len(own)
        weights = np.ones(len(vectors))
        weights[len(own) : len(own) + len(never)] = self._never_weight(len(own))
        svm = LinearSVC(
            C=self._config.penalty,
            class_weight="balanced",
            tol=TOLERANCE,
            random_state=FIT_SEED,
        )
        svm.fit(vectors, labels, weights)
        return np.append(svm.coef_[0], svm.intercept_[0]).astype(np.float32)

    def _never_weight(self, portraits: int) -> float:
        """Return what a refused view weighs: more, the better a person is known."""
        counted = min(portraits, self._config.never_portraits)
        return self._config.never_weight * counted

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
    even = np.pad(vectors, ((0, 0), (0, vectors.shape[1] % 2))).astype(np.float32)
    words = even.view(np.uint64)  # (n, d / 2)
    return words @ _odd(words.shape[1])


@cache
def _odd(count: int) -> Marks:
    """Return odd numbers, always the same ones, (count,)."""
    drawn = np.random.default_rng(0).integers(2**63, size=count, dtype=np.uint64)
    return 2 * drawn + 1


def _changed(marks: Marks, before: list[Marks]) -> Marks:
    """Return the marks that stand in the gallery more or less often than before."""
    both = np.concatenate([marks, *before])
    known, inverse = np.unique(both, return_inverse=True)
    now = np.bincount(inverse[: len(marks)], minlength=len(known))
    then = np.bincount(inverse[len(marks) :], minlength=len(known))
    return known[now != then]


def _same(one: Marks, other: Marks) -> bool:
    """Say whether two sets of views are the same, in whatever order."""
    if len(one) != len(other):
        return False
    return bool((one == other).all()) or np.array_equal(np.sort(one), np.sort(other))
