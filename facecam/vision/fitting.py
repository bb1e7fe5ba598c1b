"""Fits the SVMs of an identifier: one small problem per person.

scikit-learn is imported when something is fitted, not before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from facecam.config import IdentifierConfig
from facecam.faces import Floats, Identity
from facecam.vision.cohort import Cohort

if TYPE_CHECKING:
    from facecam.vision.identifier import Identifier

FIT_SEED = 1
CALIBRATION_SEED = 2


@dataclass(frozen=True, eq=False)
class Row:
    """One person's SVM."""

    weights: Floats  # (d,), for centred embeddings
    bias: float
    usual: float
    """The decision for an ordinary stranger."""
    spread: float
    """Standard deviation of the decisions for strangers."""
    signature: str
    """The embeddings it was fitted to: a short hash of each."""


class Fitter:
    """Fits the SVMs of one set of people; what they share is made once."""

    def __init__(
        self,
        people: Mapping[Identity, Floats],
        cohort: Cohort,
        config: IdentifierConfig,
    ) -> None:
        self._people = {
            identity: cohort.centred(embeddings)
            for identity, embeddings in people.items()
        }
        self._marks = {
            identity: [_mark(embedding) for embedding in embeddings]
            for identity, embeddings in people.items()
        }
        self._signatures = {
            identity: " ".join(sorted(marks)) for identity, marks in self._marks.items()
        }
        self._cohort = cohort
        self._config = config

    @cached_property
    def _strangers(self) -> Floats:
        return self._cohort.sample(self._config.cohort, FIT_SEED)

    @cached_property
    def _others(self) -> Floats:
        return self._cohort.sample(self._config.cohort, CALIBRATION_SEED)

    def row(self, identity: Identity, previous: Identifier | None) -> Row:
        """Return the SVM of one person, the previous one where it still holds.

        Where strangers usually score is measured on synthetic ones; but the more
        portraits an SVM has seen, the better its own zero tells, so with several of
        them the typical distance from it takes over.
        """
        if previous is not None and self._untouched(identity, previous):
            return previous.row(identity)
        weights, bias = self._separate(identity)
        decisions = self._others @ weights + bias
        spread = max(float(decisions.std()), 1e-6)
        trust = 1 / max(len(self._people[identity]), 1) ** 2
        typical = self._config.typical_stranger * spread
        usual = trust * float(decisions.mean()) + (1 - trust) * typical
        return Row(weights, bias, usual, spread, self._signatures[identity])

    def _separate(self, identity: Identity) -> tuple[Floats, float]:
        """Fit the hyperplane between one person and everybody else."""
        from sklearn.svm import LinearSVC

        own = self._people[identity]
        rest = [self._strangers]
        rest += [
            vectors for other, vectors in self._people.items() if other != identity
        ]
        vectors = np.vstack([own, *rest])
        labels = np.arange(len(vectors)) < len(own)
        svm = LinearSVC(C=self._config.penalty, class_weight="balanced")
        svm.fit(vectors, labels)
        return svm.coef_[0].astype(np.float32), float(svm.intercept_[0])

    def _untouched(self, identity: Identity, previous: Identifier) -> bool:
        """Say whether fitting again would give the previous SVM.

        A negative outside the margin has no say in a hinge loss, so an SVM stays as it
        was when every vector that joined the gallery lies beyond it. (The balancing of
        the classes shifts by the few vectors added: a confessed approximation.) When
        vectors left the gallery, everything is fitted again.
        """
        if identity.id not in previous.ids or previous.config != self._config:
            return False
        if previous.row(identity).signature != self._signatures[identity]:
            return False
        if self._left(previous):
            return False
        joined = self._joined(previous)
        row = previous.row(identity)
        decisions = joined @ row.weights + row.bias
        return bool((decisions < -1).all())

    def _left(self, previous: Identifier) -> bool:
        """Say whether any vector of the previous gallery is gone."""
        now = set(" ".join(self._signatures.values()).split())
        return not now.issuperset(" ".join(previous.signatures).split())

    def _joined(self, previous: Identifier) -> Floats:
        """Return the centred vectors that the previous gallery did not have, (m, d)."""
        known = set(" ".join(previous.signatures).split())
        joined = [
            vector
            for identity, vectors in self._people.items()
            for vector, mark in zip(vectors, self._marks[identity], strict=True)
            if mark not in known
        ]
        return np.array(joined, np.float32).reshape(-1, len(self._cohort.mean))


def _mark(embedding: Floats) -> str:
    """Return a short hash of one embedding."""
    return hashlib.sha256(embedding.tobytes()).hexdigest()[:12]
