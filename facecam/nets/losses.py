"""The losses of MTCNN's three tasks, in keras.ops: the same on every Keras backend.

Zhang et al. 2016, equations 1 to 3 and section II.C. A batch holds samples of several
kinds; each loss is the mean over those samples that teach its task, and nothing where
there are none.
"""

from __future__ import annotations

from typing import Any

from keras import ops

NEGATIVE, POSITIVE, PART, LANDMARK = range(4)
"""Kinds of samples, as in training.detector.crops.samples.Kind."""
LEAST_EYES = 0.2
"""Shortest eye distance that landmarks are measured in, as a share of the crop: in a
profile the eyes nearly coincide."""
ROUNDING = 1e-3
"""Of a number of samples: a backend may make 0.3 of 100 a little more than 30."""


def classification(logits: Any, kinds: Any, hardest: float) -> Any:
    """Cross entropy of faces and negatives, over the hardest of them.

    Online hard example mining: only the largest `hardest` share of the losses counts
    and passes a gradient.

    Args:
        logits: (n,).
        kinds: (n,) whole numbers.
        hardest: 0…1.
    """
    taught = ops.logical_or(kinds == POSITIVE, kinds == NEGATIVE)
    target = ops.cast(kinds == POSITIVE, logits.dtype)
    losses = ops.softplus(logits) - target * logits  # cross entropy of a sigmoid
    masked = ops.where(taught, losses, -ops.ones_like(losses))
    ordered = ops.flip(ops.sort(masked))  # the hardest first, what is not taught last
    count = ops.sum(ops.cast(taught, logits.dtype))
    kept = ops.ceil(count * hardest - ROUNDING)
    ranks = ops.cast(ops.arange(ops.shape(logits)[0]), logits.dtype)
    chosen = ops.cast(ranks < kept, logits.dtype)
    return ops.sum(ordered * chosen) / ops.maximum(kept, 1.0)


def boxes(offsets: Any, targets: Any, kinds: Any) -> Any:
    """Squared distance of the boxes of faces and parts.

    Args:
        offsets: (n, 4), as the net says.
        targets: (n, 4).
        kinds: (n,).
    """
    taught = ops.logical_or(kinds == POSITIVE, kinds == PART)
    return _mean(ops.sum(ops.square(offsets - targets), axis=1), taught)


def landmarks(points: Any, targets: Any, kinds: Any, in_eyes: bool = False) -> Any:
    """Squared distance of the landmarks of landmark samples.

    Args:
        points: (n, 5, 2), as the net says.
        targets: (n, 5, 2); the eyes come first.
        kinds: (n,).
        in_eyes: measure in distances of the eyes, as errors are reported, instead of in
            sides of the crop, as Zhang et al. do.
    """
    distances = ops.sum(ops.square(points - targets), axis=(1, 2))
    if in_eyes:
        eyes = ops.sum(ops.square(targets[:, 0] - targets[:, 1]), axis=1)
        distances = distances / ops.maximum(eyes, LEAST_EYES**2)
    return _mean(distances, kinds == LANDMARK)


def apart(outputs: Any, known: Any) -> Any:
    """How far a net's answers lie from those of the net it started from.

    Learning without forgetting (Li and Hoiem 2016): cross entropy to the old score, the
    squared distance of boxes and landmarks, over all samples.

    Args:
        outputs: logits (n,), offsets (n, 4), landmarks (n, 5, 2).
        known: the same of the old net.
    """
    logits, offsets, points = outputs
    old_logits, old_offsets, old_points = known
    belief = ops.sigmoid(old_logits)
    score = ops.mean(ops.softplus(logits) - belief * logits)
    box = ops.mean(ops.sum(ops.square(offsets - old_offsets), axis=1) * belief)
    shape = ops.mean(ops.sum(ops.square(points - old_points), axis=(1, 2)) * belief)
    return score + box + shape


def _mean(values: Any, taught: Any) -> Any:
    """Return the mean of the values that count, 0 if none does."""
    weights = ops.cast(taught, values.dtype)
    return ops.sum(values * weights) / ops.maximum(ops.sum(weights), 1.0)
