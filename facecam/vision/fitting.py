"""Fits the SVMs of an identifier: one small problem per person.

scikit-learn is imported when something is fitted, not before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from facecam.config import IdentifierConfig
from facecam.faces import Floats, Identity
from facecam.vision.cohort import Cohort

FIT_SEED = 1
CALIBRATION_SEED = 2
FAR_AWAY = -0.5
"""Decision below which somebody new does not move an SVM: all but 1 % of strangers."""
TOLERANCE = 1e-3
"""Of the solver; its SVM and an exact one have a cosine of 1 - 4e-10."""


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
    """Fits the SVMs of one set of people; what they share is made once.

    Args:
        people: embeddings of each, (n, d).
        cohort: the strangers, of the same embedder.
        config: of the SVMs.
        previous: SVMs fitted before with the same cohort and config, by id.
    """

    def __init__(
        self,
        people: Mapping[Identity, Floats],
        cohort: Cohort,
        config: IdentifierConfig,
        previous: Mapping[str, Row],
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
        self._previous = previous

    @cached_property
    def _strangers(self) -> Floats:
        return self._cohort.sample(self._config.cohort, FIT_SEED)

    @cached_property
    def _others(self) -> Floats:
        return self._cohort.sample(self._config.cohort, CALIBRATION_SEED)

    def row(self, identity: Identity) -> Row:
        """Return the SVM of one person, the previous one where it still holds.

        Where strangers usually score is measured on synthetic ones; but the more
        portraits an SVM has seen, the better its own zero tells, so with several of
        them the typical distance from it takes over.
        """
        before = self._previous.get(identity.id)
        if before is not None and self._untouched(identity, before):
            return before
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
        svm = LinearSVC(C=self._config.penalty, class_weight="balanced", tol=TOLERANCE)
        svm.fit(vectors, labels)
        return svm.coef_[0].astype(np.float32), float(svm.intercept_[0])

    def _untouched(self, identity: Identity, before: Row) -> bool:
        """Say whether fitting again would give the SVM that was there before.

        A negative outside the margin (a decision below -1) has no say in a hinge loss,
        and one just inside it hardly more than another of the cohort; so an SVM stays
        while every vector that joined the gallery lies beyond `FAR_AWAY`, a confessed
        approximation. When vectors left the gallery, everything is fitted again.
        """
        if self._some_left or before.signature != self._signatures[identity]:
            return False
        decisions = self._joined @ before.weights + before.bias
        return bool((decisions < FAR_AWAY).all())

    @cached_property
    def _known(self) -> frozenset[str]:
        """The marks of all vectors of the gallery before."""
        rows = self._previous.values()
        return frozenset(mark for row in rows for mark in row.signature.split())

    @cached_property
    def _some_left(self) -> bool:
        """Whether any vector of the gallery before is gone."""
        return not self._known <= {m for marks in self._marks.values() for m in marks}

    @cached_property
    def _joined(self) -> Floats:
        """The centred vectors that the gallery before did not have, (m, d)."""
        joined = [
            vector
            for identity, vectors in self._people.items()
            for vector, mark in zip(vectors, self._marks[identity], strict=True)
            if mark not in self._known
        ]
        return np.array(joined, np.float32).reshape(-1, len(self._cohort.mean))


def _mark(embedding: Floats) -> str:
    """Return a short hash of one embedding."""
    return hashlib.sha256(embedding.tobytes()).hexdigest()[:12]
