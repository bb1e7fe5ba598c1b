"""Who is the same person, without names: DBSCAN and Chinese whispers.

Both see only which faces are near each other, as a sparse table, so that 20,000 faces
take little memory. Ester et al. 1996, "A Density-Based Algorithm for Discovering
Clusters"; Biemann 2006, "Chinese Whispers", as davidsandberg/facenet
(contributed/cluster.py, contributed/clustering.py) and dlib use them for faces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.faces import Floats

Labels: TypeAlias = NDArray[np.intp]

ALONE = -1
"""Label of a face that is in no cluster."""
SHARES = {"whispers": 0.8, "dbscan": 0.71}
"""Of the distance at which a pair counts as one person's: many people come near each
other by chance, and chains of such pairs join them. F1 on 20 people of YouTube Faces,
276 and 844 of LFW-a: whispers .87 .95 .91, DBSCAN .82 .93 .93."""
DENSE = 2
"""Faces that make a dense place for DBSCAN, the one asked about included."""
ROUNDS = 30
"""Rounds of whispers at most; most faces keep their label after five."""
BLOCK = 1024
"""Rows of the table made at once: 80 MB for 20,000 faces."""


def cluster(embeddings: Floats, method: str, distance: float, least: int = 2) -> Labels:
    """Return the cluster of each face, (n, d) -> (n,): 0 is the largest, ALONE none.

    Args:
        embeddings: (n, d), unit length; with the mean face subtracted first
            (`Cohort.centred`) people are told apart better.
        method: a name in `METHODS`.
        distance: Euclidean distance below which two faces may be one person's, 0…2;
            see `usual_distance`.
        least: faces of a cluster; those of smaller ones are alone.
    """
    if not len(embeddings):
        return np.empty(0, np.intp)
    return by_size(METHODS[method](near(embeddings, distance)), least)


def usual_distance(method: str, same: float) -> float:
    """Return the distance to cluster with.

    Args:
        method: a name in `METHODS`.
        same: below which two pictures count as one person's (`gallery.same_distance`).
    """
    return round(SHARES[method] * same, 3)


def near(embeddings: Floats, distance: float) -> Any:
    """Return which faces are near each other: a SciPy CSR table of distances, (n, n).

    Args:
        embeddings: (n, d), unit length.
        distance: what is as far or farther is left out, as is each face itself.
    """
    from scipy.sparse import csr_array

    n = len(embeddings)
    rows, columns, values = [], [], []
    for begin in range(0, n, BLOCK):
        cosines = embeddings[begin : begin + BLOCK] @ embeddings.T
        apart = np.sqrt(np.maximum(2 - 2 * cosines, 0))  # of unit vectors
        near_row, near_column = np.nonzero(apart < distance)
        other = near_row + begin != near_column
        rows.append(near_row[other] + begin)
        columns.append(near_column[other])
        # What is stored as 0 would count as far: copies get the least there is.
        values.append(np.maximum(apart[near_row, near_column][other], 1e-6))
    where = np.concatenate(rows), np.concatenate(columns)
    return csr_array((np.concatenate(values), where), shape=(n, n))


def dbscan(distances: Any) -> Labels:
    """Return a label per face: chains of faces that are near each other.

    Args:
        distances: of `near`, (n, n).
    """
    from sklearn.cluster import DBSCAN

    furthest = float(distances.data.max(initial=1e-6))
    found = DBSCAN(eps=furthest, min_samples=DENSE, metric="precomputed")
    return np.asarray(found.fit_predict(distances), np.intp)


def chinese_whispers(distances: Any, seed: int = 0) -> Labels:
    """Return a label per face: each takes the one that weighs most around it.

    A neighbour weighs its cosine. Faces are asked in random order, the same each time;
    of labels that weigh the same the smallest is taken.

    Args:
        distances: of `near`, (n, n).
        seed: of the order.
    """
    n = distances.shape[0]
    labels = np.arange(n)
    rng = np.random.default_rng(seed)
    for _ in range(ROUNDS):
        before = labels.copy()
        for face in rng.permutation(n):
            around = slice(distances.indptr[face], distances.indptr[face + 1])
            if around.start == around.stop:
                continue
            weights = 1 - distances.data[around] ** 2 / 2
            heard, where = np.unique(
                labels[distances.indices[around]], return_inverse=True
            )
            labels[face] = heard[np.bincount(where, weights).argmax()]
        if np.array_equal(labels, before):
            break
    return labels


def by_size(labels: Labels, least: int = 1) -> Labels:
    """Number clusters from the largest, 0, on; the faces of small ones are ALONE.

    Of clusters of one size the one that begins first comes first.
    """
    numbered = np.full(len(labels), ALONE, np.intp)
    inside = labels != ALONE
    found, first, sizes = np.unique(
        labels[inside], return_index=True, return_counts=True
    )
    order = sorted(range(len(found)), key=lambda k: (-sizes[k], first[k]))
    large = [k for k in order if sizes[k] >= least]
    for number, k in enumerate(large):
        numbered[labels == found[k]] = number
    return numbered


METHODS: dict[str, Callable[[Any], Labels]] = {
    "whispers": chinese_whispers,
    "dbscan": dbscan,
}
