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

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.config import IdentifierConfig
from facecam.faces import Examples, Floats, Identity
from facecam.vision.cohort import Cohort

Marks: TypeAlias = NDArray[np.uint64]

FIT_SEED = 1
CALIBRATION_SEED = 2
NEAR = -0.5
"""Decision from which somebody else enrolled counts as near: the nearest 1 to 2 %."""
TOLERANCE = 1e-3
"""Of the solver; its SVM and an exact one have a cosine of 1 - 4e-10."""
ROWS = 128
"""SVMs compared with all faces at a time: 10,000 faces take 5 MB."""


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """One person's SVM."""

    weights: Floats  # (d,), for centred embeddings
    bias: float
    usual: float
    """The decision for an ordinary stranger."""
    spread: float
    """Standard deviation of the decisions for strangers."""
    alone: Floats  # (d + 1,), weights and bias of the first step
    signature: str
    """A hash of the person's own views, and of those that are never them."""
    near: str
    """A hash of the faces of others that came near; empty if none did."""


class Fitter:
    """Fits the SVMs of one set of people; what they share is made once.

    Args:
        people: what is known of each.
        cohort: the strangers, of the same embedder.
        config: of the SVMs.
        previous: SVMs fitted before with the same cohort and config, by id.
    """

    def __init__(
        self,
        people: Mapping[Identity, Examples],
        cohort: Cohort,
        config: IdentifierConfig,
        previous: Mapping[str, Row],
    ) -> None:
        self._identities = list(people)
        self._examples = list(people.values())
        self._cohort = cohort
        self._config = config
        self._previous = previous
        nothing = np.empty((0, len(cohort.mean)), np.float32)
        views = np.vstack([nothing, *(examples.own for examples in self._examples)])
        self._views = cohort.centred(views)  # (n, d)
        self._marks = _marks(views)  # (n,)
        counts = [len(examples.own) for examples in self._examples]
        self._owner = np.repeat(np.arange(len(counts)), counts)  # (n,)

    def rows(self) -> list[Row]:
        """Return the SVM of each person, the previous one where it still holds."""
        alone = [self._alone(n) for n in range(len(self._examples))]
        rows: list[Row] = []
        for start in range(0, len(alone), ROWS):
            planes = np.stack([plane for plane, _ in alone[start : start + ROWS]])
            decisions = planes[:, :-1] @ self._views.T + planes[:, -1:]  # (r, n)
            for n, near in enumerate(decisions > NEAR, start):
                near &= self._owner != n
                rows.append(self._row(n, alone[n], near))
        return rows

    def _alone(self, n: int) -> tuple[Floats, str]:
        """Return the first step for a person, (d + 1,), and what it was made from."""
        own, never = self._marks[self._owner == n], self._examples[n].never
        signature = _hash(own) + _hash(_marks(never))
        before = self._previous.get(self._identities[n].id)
        if before is not None and before.signature == signature:
            return before.alone, signature
        return self._separate(n, self._views[:0]), signature

    def _row(self, n: int, first: tuple[Floats, str], near: NDArray[np.bool_]) -> Row:
        """Return a person's SVM.

        Where strangers usually score is measured on synthetic ones; but the more
        portraits an SVM has seen, the better its own zero tells, so with several of
        them the typical distance from it takes over.
        """
        alone, signature = first
        around = _hash(self._marks[near])
        before = self._previous.get(self._identities[n].id)
        made_from = (signature, around)
        if before is not None and (before.signature, before.near) == made_from:
            return before
        plane = self._separate(n, self._views[near]) if near.any() else alone
        decisions = self._others @ plane[:-1] + plane[-1]
        spread = max(float(decisions.std()), 1e-6)
        trust = 1 / max(int((self._owner == n).sum()), 1) ** 2
        typical = self._config.typical_stranger * spread
        usual = trust * float(decisions.mean()) + (1 - trust) * typical
        weights, bias = plane[:-1], float(plane[-1])
        return Row(weights, bias, usual, spread, alone, signature, around)

    def _separate(self, n: int, near: Floats) -> Floats:
        """Fit the hyperplane between one person and strangers, (d + 1,)."""
        from sklearn.svm import LinearSVC

        own = self._views[self._owner == n]
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
    words = np.ascontiguousarray(vectors, np.float32).view(np.uint32).astype(np.uint64)
    odd = np.random.default_rng(0).integers(2**63, size=words.shape[1], dtype=np.uint64)
    return (words * (2 * odd + 1)).sum(axis=1, dtype=np.uint64)


def _hash(marks: Marks) -> str:
    """Return a short hash of a set of vectors, empty for none."""
    if not len(marks):
        return ""
    return hashlib.sha256(np.sort(marks).tobytes()).hexdigest()[:16]
