"""The embedder's losses in NumPy, and in Keras on whatever backend it has.

`python -m tests.nets.embedder_backends` prints values and gradients as JSON.
"""

import json

import keras
import numpy as np

from facecam.nets import embedder_losses as losses

MARGIN = 0.2
LOSSES = {
    "cross_entropy": losses.cross_entropy,
    "center": losses.center,
    "triplet": lambda x, labels: losses.triplet(x, labels, MARGIN),
    "likeness": losses.likeness,
    "relations": losses.relations,
}


def units(n, d, seed):
    """n unit vectors, none far from another, as the faces of a young net."""
    x = np.random.default_rng(seed).normal(size=(n, d)) + 1.5
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def inputs(name, seed):
    """What a loss is tried on: what it is derived by, and the rest."""
    rng = np.random.default_rng(seed)
    labels = np.int32([0, 0, 0, 1, 1, 2, 2, 2, 3])
    if name == "cross_entropy":
        return rng.normal(0, 2, (9, 5)).astype(np.float32), (labels,)
    if name == "center":
        x, centres = rng.normal(size=(9, 6)), rng.normal(size=(4, 6))
        return x.astype(np.float32), (labels, centres.astype(np.float32))
    if name == "triplet":
        return units(9, 6, seed), (labels,)
    return units(9, 6, seed), (units(9, 6, seed + 100),)


def cross_entropy(x, labels):
    """-log of the softmax of the right class."""
    beliefs = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    return -np.log(beliefs[np.arange(len(x)), labels]).mean()


def center(x, labels, centres):
    """Wen et al. 2016, equation 2, over n."""
    away = [f - centres[y] for f, y in zip(x, labels, strict=True)]
    return np.square(away).sum() / 2 / len(x)


def triplet(x, labels):
    """Every anchor and positive with its semi-hard negative, one after the other."""
    told = []
    distance = 2 - 2 * x @ x.T
    for a, label in enumerate(labels):
        negatives = distance[a][labels != label]
        for p in np.flatnonzero(labels == label):
            if p != a:
                beyond = negatives[negatives > distance[a, p]]
                negative = beyond.min() if len(beyond) else negatives.max()
                told.append(max(distance[a, p] - negative + MARGIN, 0))
    return np.mean(told)


def likeness(x, wanted):
    """One less the cosine of unit vectors."""
    return np.mean([1 - a @ b for a, b in zip(x, wanted, strict=True)])


def relations(x, wanted):
    """Squared differences of the cosines of all pairs of different samples."""
    n = len(x)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    away = [x[i] @ x[j] - np.float64(wanted[i]) @ wanted[j] for i, j in pairs]
    # The diagonal counts where x is no unit vector, as in a numeric gradient.
    own = [x[i] @ x[i] - np.float64(wanted[i]) @ wanted[i] for i in range(n)]
    return np.square(away + own).sum() / len(pairs)


FORMULAS = {
    "cross_entropy": cross_entropy,
    "center": center,
    "triplet": triplet,
    "likeness": likeness,
    "relations": relations,
}


def value_and_gradient(name, seed):
    """Return a loss and its gradient by its first argument, by Keras's backend."""
    first, rest = inputs(name, seed)
    loss = LOSSES[name]
    if keras.backend.backend() == "jax":
        import jax

        value, gradient = jax.value_and_grad(loss)(first, *rest)
        return float(value), np.asarray(gradient)
    if keras.backend.backend() == "torch":
        import torch

        x = torch.tensor(first, requires_grad=True)
        value = loss(x, *map(torch.tensor, rest))
        value.backward()
        return float(value), x.grad.numpy()
    import tensorflow as tf

    x = tf.Variable(first)
    with tf.GradientTape() as tape:
        value = loss(x, *map(tf.constant, rest))
    return float(value), np.asarray(tape.gradient(value, x))


def everything():
    """Return values and gradients of all losses, as lists."""
    told = {name: value_and_gradient(name, 0) for name in LOSSES}
    return {name: (value, g.tolist()) for name, (value, g) in told.items()}


if __name__ == "__main__":
    print(json.dumps({"backend": keras.backend.backend(), **everything()}))  # noqa: T201
