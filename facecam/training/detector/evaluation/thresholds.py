"""Thresholds of P- and R-Net that let the most faces through for the same work.

What a score means is for each net to say: after training, 0.7 may be strict where it
was lenient. So the thresholds are chosen anew, on held-out pictures: among those with
which the next nets have hardly more to do than the deployed detector's, the pair that
keeps the most faces. O-Net's is a matter of false alarms; see evaluating.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.faces import Detections, Floats
from facecam.media import read_image
from facecam.training.detector.evaluation import trial
from facecam.training.detector.evaluation.contenders import Contender
from facecam.vision.boxes import iou

ONET_WORK = 8.4
"""Work of O-Net for one box, R-Net's being 1: 12.5 and 1.5 million multiplications."""
SLACK = 1.5
"""Work allowed, the deployed detector's being 1. R- and O-Net take a third of the time
on a picture full of faces, a tenth on others."""
PNET_SCORES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""P-Net's thresholds that are tried."""
LOWEST = 0.02
"""R-Net's threshold is not chosen below this."""
MOST_PICTURES = 150
"""Pictures that are looked at, at most."""


@dataclass(frozen=True, eq=False, slots=True)
class _Passed:
    """What a stage lets through in all pictures."""

    scores: Floats  # (n,), of the boxes
    faces: Floats  # (m,), of the best box on each face, -1 where there is none


def choose(
    candidate: Contender,
    deployed: Contender,
    truths: Sequence[Annotation],
    config: TrialConfig,
) -> Contender:
    """Return the candidate with thresholds of P- and R-Net chosen.

    Args:
        candidate: the new cascade.
        deployed: whose work is the measure.
        truths: held-out pictures; those that are not fully labelled are passed over.
        config: what a face to be found is.
    """
    whole = [one for one in truths if one.complete]
    whole = whole[:: max(1, math.ceil(len(whole) / MOST_PICTURES))]
    budget = SLACK * _work(deployed, whole, config)
    first = _passed(candidate, 1, (PNET_SCORES[0], LOWEST), whole, config)
    best, most = candidate.thresholds, -1.0
    for score in PNET_SCORES:
        left = budget - float((first.scores >= score).sum())
        if left <= 0:
            continue
        second = _passed(candidate, 2, (score, LOWEST), whole, config)
        strict = _score_of(second.scores, int(left / ONET_WORK))
        kept = float((second.faces >= strict).mean()) if len(second.faces) else 0.0
        if kept >= most:
            best, most = (score, strict, candidate.thresholds[2]), kept
    return replace(candidate, config=replace(candidate.config, thresholds=best))


def _work(
    deployed: Contender, truths: Sequence[Annotation], config: TrialConfig
) -> float:
    """Return the work of R- and O-Net in some pictures, in boxes of R-Net."""
    first, second, _ = deployed.thresholds
    counts = [
        len(_passed(deployed, nets, (first, second), truths, config).scores)
        for nets in (1, 2)
    ]
    return counts[0] + ONET_WORK * counts[1]


def _score_of(scores: Floats, count: int) -> float:
    """Return the score that so many boxes reach, rounded up, at least `LOWEST`."""
    if len(scores) <= count:
        return LOWEST
    descending = np.sort(scores)[::-1]
    return max(LOWEST, math.ceil(float(descending[count]) * 100) / 100)


def _passed(
    contender: Contender,
    nets: int,
    scores: tuple[float, float],
    truths: Sequence[Annotation],
    config: TrialConfig,
) -> _Passed:
    """Return what the first nets let through from some scores on.

    Suppression takes the best box first, so what is kept above a score does not depend
    on what lies below it: one pass tells for all higher thresholds.
    """
    detector = contender.beginning(nets, (*scores, 0.0), config.min_face)
    boxes, faces = [], []
    for truth in truths:
        found = detector.detect(read_image(truth.path))
        boxes.append(found.scores)
        asked = ~trial.not_asked(truth, config)
        faces.append(_best_on(truth.boxes[asked], found, config.iou))
    empty = np.zeros(0, np.float32)
    return _Passed(np.concatenate([empty, *boxes]), np.concatenate([empty, *faces]))


def _best_on(faces: Floats, found: Detections, least: float) -> Floats:
    """Return the best score of a box on each of m faces, -1 for none, (m,)."""
    hit = iou(faces, found.boxes) >= least  # (m, n)
    return np.where(hit, found.scores, -1).max(axis=1, initial=-1)
