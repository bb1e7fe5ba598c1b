"""The losses that teach an embedder, in keras.ops: the same on every Keras backend.

Embeddings are unit vectors; features are what they are before they are given unit
length. Each loss is one number for a batch.
"""

from __future__ import annotations

from typing import Any

from keras import ops

FARTHEST = 4.0
"""Squared distance of two opposite unit vectors: no distance is larger."""


def cross_entropy(logits: Any, labels: Any) -> Any:
    """Softmax cross entropy, the mean over the batch.

    Args:
        logits: (n, c).
        labels: (n,) whole numbers, 0…c-1.
    """
    right = ops.one_hot(labels, ops.shape(logits)[1], dtype="float32")  # (n, c)
    own = ops.sum(logits * right, axis=1)  # (n,)
    return ops.mean(ops.logsumexp(logits, axis=1) - own)


def center(features: Any, labels: Any, centres: Any) -> Any:
    """Half the squared distance of each feature to its class's centre, the mean.

    Wen et al. 2016, "A Discriminative Feature Learning Approach for Deep Face
    Recognition", equation 2, divided by n. No gradient reaches the centres: they move
    by `moved_centres`.

    Args:
        features: (n, d).
        labels: (n,) whole numbers, 0…c-1.
        centres: (c, d).
    """
    own = ops.stop_gradient(ops.take(centres, labels, axis=0))  # (n, d)
    return ops.mean(ops.sum(ops.square(features - own), axis=1)) / 2


def moved_centres(centres: Any, features: Any, labels: Any, alpha: float) -> Any:
    """Return the centres after a batch, (c, d); Wen et al. 2016, equation 4.

    A class that is not in the batch stays; one with k samples moves by
    k / (1 + k) of the way to their mean, times alpha.

    Args:
        centres: (c, d).
        features: (n, d).
        labels: (n,).
        alpha: rate of the centres, 0…1; 0.5 in the paper.
    """
    member = ops.cast(ops.one_hot(labels, ops.shape(centres)[0]), features.dtype)
    count = ops.sum(member, axis=0)[:, None]  # (c, 1)
    total = ops.matmul(ops.transpose(member), features)  # (c, d)
    return centres - alpha * (count * centres - total) / (1 + count)


def triplet(embeddings: Any, labels: Any, margin: float) -> Any:
    """Triplet loss over all pairs of one person, with semi-hard negatives.

    Schroff et al. 2015, "FaceNet", equation 3 and section 3.2: of the negatives that
    are farther from the anchor than the positive, the nearest; where there is none, the
    farthest of all. Chosen within the batch. The mean over the pairs.

    Args:
        embeddings: (n, d), unit length.
        labels: (n,).
        margin: squared distance by which a negative should be farther.
    """
    distances = squared_distances(embeddings)  # (n, n)
    same = ops.equal(labels[:, None], labels[None, :])  # (n, n)
    others = ops.logical_not(same)
    positive = ops.logical_and(same, ops.logical_not(_diagonal(same)))
    # Of anchor a, positive p and negative m: (n, n, n).
    candidates = ops.broadcast_to(distances[:, None, :], _cubed(distances))
    beyond = ops.logical_and(
        others[:, None, :], distances[:, None, :] > distances[:, :, None]
    )
    nearest = ops.min(
        ops.where(beyond, candidates, 2 * FARTHEST * ops.ones_like(candidates)), axis=2
    )
    farthest = ops.max(ops.where(others, distances, -ops.ones_like(distances)), axis=1)
    negative = ops.where(ops.any(beyond, axis=2), nearest, farthest[:, None])
    counted = ops.logical_and(positive, ops.any(others, axis=1)[:, None])
    weights = ops.cast(counted, distances.dtype)
    losses = ops.relu(distances - negative + margin)
    return ops.sum(losses * weights) / ops.maximum(ops.sum(weights), 1.0)


def likeness(embeddings: Any, wanted: Any) -> Any:
    """One less the cosine of each embedding to what it should be, the mean.

    Args:
        embeddings: (n, d), unit length.
        wanted: (n, d), the teacher's, unit length.
    """
    return 1 - ops.mean(ops.sum(embeddings * wanted, axis=1))


def relations(embeddings: Any, wanted: Any) -> Any:
    """How much the cosines between the faces of a batch differ from the teacher's.

    Park et al. 2019, "Relational Knowledge Distillation", with cosines for relations:
    the mean of the squared differences over all ordered pairs of two samples.

    Args:
        embeddings: (n, d), unit length.
        wanted: (n, d), the teacher's, unit length.
    """
    away = _cosines(embeddings) - _cosines(wanted)  # (n, n), nothing on the diagonal
    n = ops.cast(ops.shape(away)[0], away.dtype)
    return ops.sum(ops.square(away)) / ops.maximum(n * (n - 1), 1.0)


def squared_distances(embeddings: Any) -> Any:
    """Return the squared distance of every two unit vectors, (n, d) -> (n, n)."""
    return ops.clip(2 - 2 * _cosines(embeddings), 0.0, FARTHEST)


def _cosines(embeddings: Any) -> Any:
    return ops.matmul(embeddings, ops.transpose(embeddings))


def _diagonal(square: Any) -> Any:
    """Return (n, n), true on the diagonal."""
    places = ops.arange(ops.shape(square)[0])
    return ops.equal(places[:, None], places[None, :])


def _cubed(square: Any) -> tuple[Any, Any, Any]:
    n = ops.shape(square)[0]
    return n, n, n
