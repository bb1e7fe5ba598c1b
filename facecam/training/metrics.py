"""What accuracy means: verification, open-set identification, detection.

Pure functions on arrays. Verification: a pair counts as the same person when its
distance lies below a threshold. Open-set identification: a face gets a name when its
best score lies above one. Detection: boxes are matched to true ones by overlap.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.faces import Floats
from facecam.vision.boxes import iou, share_inside

Reals: TypeAlias = NDArray[np.floating[Any]]
Mask: TypeAlias = NDArray[np.bool_]

TRUE, FALSE, IGNORED = 1, 0, -1
"""What a detected box is; ignored ones count neither way."""
RESAMPLES = 1000
"""Draws of the bootstrap."""


def best_threshold(distances: Reals, same: Mask) -> float:
    """Return the distance that tells same pairs from different ones best.

    Args:
        distances: (n,).
        same: (n,), whether a pair shows one person.

    Returns:
        The middle of the widest gap among the best places to cut.
    """
    order = np.argsort(distances, kind="stable")
    ordered = distances[order].astype(np.float64)
    correct = np.concatenate([[0], np.cumsum(np.where(same[order], 1, -1))])
    edges = np.concatenate([[ordered[0]], ordered, [ordered[-1]]])
    gaps = np.where(correct == correct.max(), np.diff(edges), -1.0)
    cut = int(gaps.argmax())
    return float((edges[cut] + edges[cut + 1]) / 2)


def accuracy(distances: Reals, same: Mask, threshold: float) -> float:
    """Return the share of pairs a threshold decides rightly."""
    return float(((distances < threshold) == same).mean())


def threshold_at_far(distances: Reals, same: Mask, far: float) -> float:
    """Return the largest distance below which at most a share of different pairs lie.

    With fewer than 1 / far different pairs, that is the nearest of them.
    """
    different = np.sort(distances[~same])
    return float(different[math.floor(far * len(different))])


def auc(distances: Reals, same: Mask) -> float:
    """Return the area under the ROC curve: how often a same pair is the nearer one."""
    order = np.sort(distances[~same])
    below = np.searchsorted(order, distances[same], side="left")
    upto = np.searchsorted(order, distances[same], side="right")
    return float(1 - ((below + upto) / 2).mean() / len(order))


def eer(distances: Reals, same: Mask) -> float:
    """Return the rate at which as many different pairs pass as same pairs fail."""
    thresholds = np.unique(np.append(distances, np.inf))
    accepted = np.searchsorted(np.sort(distances[~same]), thresholds) / (~same).sum()
    passed = np.searchsorted(np.sort(distances[same]), thresholds) / same.sum()
    rejected = 1 - passed
    nearest = np.abs(accepted - rejected).argmin()
    return float((accepted[nearest] + rejected[nearest]) / 2)


def roc(distances: Reals, same: Mask) -> tuple[Reals, Reals, Reals]:
    """Return the ROC curve: every point at which a threshold decides otherwise.

    Returns:
        False accept rates, true accept rates and thresholds, (k,) each, all rising; a
        pair nearer than the threshold counts as the same person.
    """
    thresholds = np.append(np.unique(distances), np.inf)
    different, alike = np.sort(distances[~same]), np.sort(distances[same])
    accepted = np.searchsorted(different, thresholds, side="left") / len(different)
    passed = np.searchsorted(alike, thresholds, side="left") / len(alike)
    return accepted, passed, thresholds


def stranger_threshold(best_scores: Reals, far: float) -> float:
    """Return the score that at most a share of strangers exceed.

    Args:
        best_scores: (n,), each stranger's score for whom they resemble most.
        far: false accept rate, 0…1.
    """
    descending = np.sort(best_scores)[::-1]
    return float(descending[math.floor(far * len(descending))])


def share_interval(hits: Reals, trials: Reals, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share, people being drawn again.

    The photos of one person succeed or fail together, so the bootstrap draws people
    (Efron and Tibshirani 1993, chapter 8), not photos.

    Args:
        hits: (p,), successes of each person.
        trials: (p,), attempts of each person.
        seed: of the random draws.
    """
    if len(hits) == 1:
        return wilson(float(hits[0]), float(trials[0]))
    drawn = np.random.default_rng(seed).integers(len(hits), size=(RESAMPLES, len(hits)))
    shares = hits[drawn].sum(axis=1) / trials[drawn].sum(axis=1)
    low, high = np.quantile(shares, (0.025, 0.975))
    return float(low), float(high)


def wilson(hits: float, trials: float) -> tuple[float, float]:
    """Return the 95 % interval of a share of independent trials (Wilson 1927)."""
    z = 1.959964
    share = hits / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials)
    half *= math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def match_boxes(
    found: Floats, true: Floats, ignored: Mask, min_iou: float = 0.5
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Match detected boxes to true ones, greedily, the best score first.

    Args:
        found: (n, 4), best score first.
        true: (m, 4).
        ignored: (m,), true boxes that need not be found; they also swallow boxes lying
            half inside them.
        min_iou: overlap from which a box counts as found.

    Returns:
        (n,) TRUE, FALSE or IGNORED, and (n,) positions of the true boxes matched, -1
        for none.
    """
    kinds = np.full(len(found), FALSE, np.intp)
    partners = np.full(len(found), -1, np.intp)
    overlaps = np.where(ignored, 0, iou(found, true))  # (n, m)
    swallowed = share_inside(found, true[ignored]).max(axis=1, initial=0) >= min_iou
    for n in range(len(found)):
        best = int(overlaps[n].argmax()) if overlaps.shape[1] else -1
        if best >= 0 and overlaps[n, best] >= min_iou:
            kinds[n], partners[n] = TRUE, best
            overlaps[:, best] = 0
        elif swallowed[n]:
            kinds[n] = IGNORED
    return kinds, partners


def recall_curve(
    scores: Reals, kinds: NDArray[np.intp], faces: int
) -> tuple[Reals, Reals]:
    """Return recall and the number of false boxes at each falling score threshold.

    Args:
        scores: (n,), of all boxes of all pictures.
        kinds: (n,), TRUE, FALSE or IGNORED.
        faces: how many there were to find.

    Returns:
        (k,), (k,); equal scores share one point.
    """
    order = np.argsort(-scores, kind="stable")
    ordered, kinds = scores[order], kinds[order]
    last = np.append(ordered[1:] != ordered[:-1], True)[: len(ordered)]
    recall = np.cumsum(kinds == TRUE)[last] / max(faces, 1)
    return recall, np.cumsum(kinds == FALSE)[last].astype(np.float64)


def recall_at(recall: Reals, false: Reals, most: float) -> float:
    """Return the recall where at most so many boxes are false."""
    return float(recall[false <= most].max(initial=0.0))


def average_precision(recall: Reals, false: Reals, faces: int) -> float:
    """Return the area under the precision-recall curve (every point, VOC 2010)."""
    found = recall * faces
    precision = found / np.maximum(found + false, 1e-9)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(recall, prepend=0.0) * best).sum())


def landmark_error(found: Floats, true: Floats) -> Reals:
    """Return the mean distance of five points over that of the eyes, -> (n,).

    Args:
        found: (n, 5, 2).
        true: (n, 5, 2), the first two points are the eyes.
    """
    eyes = np.linalg.norm(true[:, 0] - true[:, 1], axis=1)
    return np.linalg.norm(found - true, axis=2).mean(axis=1) / np.maximum(eyes, 1e-6)
