"""How well clusters agree with names, by pairs of faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from facecam.clustering.grouping import ALONE, Labels


@dataclass(frozen=True)
class Agreement:
    """Clusters against names; a pair is two faces."""

    precision: float
    """Share of the pairs put together that are one person's."""
    recall: float
    """Share of the pairs of one person that are together."""
    f1: float
    people: int
    clusters: int
    alone: int
    """Faces in no cluster."""


def agreement(labels: Labels, names: Sequence[str]) -> Agreement:
    """Compare clusters with names; faces that are alone are together with nobody.

    Args:
        labels: (n,), of `cluster`.
        names: n, whose face it is.
    """
    people, who = np.unique(np.array(names, str), return_inverse=True)
    inside = labels != ALONE
    sizes = np.unique(labels[inside], return_counts=True)[1]
    # Not as a table: of thousands of clusters and people it would be nearly empty.
    cells = labels[inside] * len(people) + who[inside]
    right = _pairs(np.unique(cells, return_counts=True)[1])
    together, same = _pairs(sizes), _pairs(np.bincount(who))
    precision = right / together if together else 1.0
    recall = right / same if same else 1.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    alone = int((~inside).sum())
    return Agreement(precision, recall, f1, len(people), len(sizes), alone)


def _pairs(counts: np.ndarray) -> int:
    """Return how many pairs there are within groups of so many."""
    return int((counts * (counts - 1) // 2).sum())
