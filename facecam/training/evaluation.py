"""Accuracy of the parts as they ship: pairs of LFW.

The detector, the crop and the embedder are those of the live view. Open-set
identification is in open_set.py, detection in detector/trial.py, the formulas in
metrics.py, the files in datasets.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.errors import DatasetError
from facecam.faces import Detections, Floats, Image
from facecam.gallery import subject
from facecam.media import read_image
from facecam.training import metrics
from facecam.training.datasets import Pair
from facecam.vision.detector import Detector
from facecam.vision.embedder import Embedder

Report: TypeAlias = Callable[[int, int], None]
"""Told how many pictures are done, and of how many."""

BATCH = 16
"""Faces embedded in one call."""
CENTRE_SHARE = 0.42
"""Side of the face in the middle of an LFW picture, of the side of the picture: what
stands in when the detector finds none."""
FAR = 1e-3
"""False accept rate at which LFW's validation rate is given (facenet's choice)."""
ROC_POINTS = 161
"""Of the curve, on a logarithmic axis, before those that coincide are left out."""
FARTHEST = 2.0
"""Distance of two opposite unit vectors."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """The faces of some pictures as vectors."""

    embeddings: Floats  # (n, d)
    missed: tuple[Path, ...]
    """Pictures in which no face was found; their centre was taken."""


def embed_pictures(
    paths: Sequence[Path],
    detector: Detector,
    embedder: Embedder,
    report: Report,
    mirror: bool = False,
) -> Embedded:
    """Embed the most prominent face of each picture.

    Args:
        paths: n pictures.
        detector: finds the face.
        embedder: crops and embeds it.
        report: called after each batch.
        mirror: embed the mirror image as well, and take the average.
    """
    missed: list[Path] = []

    def crops() -> Iterable[Image]:
        for path in paths:
            image = read_image(path)
            face = _central_face(image, detector)
            if face is None:
                missed.append(path)
                face = _box(_centre(image, CENTRE_SHARE))
            yield embedder.crop(image, face)[0]

    rows = embed_crops(crops(), len(paths), embedder, report, mirror)
    return Embedded(rows, tuple(missed))


def embed_face_crops(
    paths: Sequence[Path], grown: float, embedder: Embedder, report: Report
) -> Floats:
    """Embed pictures that are crops of faces already, (n, d).

    Args:
        paths: n pictures.
        grown: side of the pictures as a multiple of the detector's box.
        embedder: crops and embeds.
        report: called after each batch.
    """
    images = (read_image(path) for path in paths)
    crops = (embedder.crop(im, _box(_centre(im, 1 / grown)))[0] for im in images)
    return embed_crops(crops, len(paths), embedder, report)


def embed_crops(
    crops: Iterable[Image],
    total: int,
    embedder: Embedder,
    report: Report,
    mirror: bool = False,
) -> Floats:
    """Embed crops in batches, (n, d)."""
    rows: list[Floats] = []
    source = iter(crops)
    while batch := list(islice(source, BATCH)):
        stack = np.stack(batch)  # (b, s, s, 3)
        embeddings = embedder.embed(stack)
        if mirror:
            both = embeddings + embedder.embed(np.ascontiguousarray(stack[:, :, ::-1]))
            embeddings = both / np.linalg.norm(both, axis=1, keepdims=True)
        rows.extend(embeddings)
        report(len(rows), total)
    return np.array(rows, np.float32)


def require_folds(pairs: Sequence[Pair]) -> None:
    """Refuse pairs that cannot be verified.

    Raises:
        DatasetError: there are fewer than two folds, or one has pairs of one kind only.
    """
    if len({pair.fold for pair in pairs}) < 2:
        raise DatasetError("Pairs in at least two folds are needed, as in pairs.txt.")
    kinds = {(pair.fold, pair.same) for pair in pairs}
    if len(kinds) < 2 * len({pair.fold for pair in pairs}):
        raise DatasetError(
            "Every fold needs pairs of one person and pairs of two, as in pairs.txt."
        )


def evaluate_pairs(
    pairs: Sequence[Pair], embeddings: dict[Path, Floats]
) -> dict[str, Any]:
    """Verify pairs, each fold with the threshold the other folds give.

    Args:
        pairs: in two folds or more.
        embeddings: (d,) of every picture, unit length.

    Raises:
        DatasetError: there are fewer than two folds, or one has pairs of one kind only.
    """
    require_folds(pairs)
    folds = np.array([pair.fold for pair in pairs])
    first = np.stack([embeddings[pair.first] for pair in pairs])  # (n, d)
    second = np.stack([embeddings[pair.second] for pair in pairs])
    same = np.array([pair.same for pair in pairs])
    distances = np.linalg.norm(first - second, axis=1)  # (n,)
    outcomes = [_fold(distances, same, folds == fold) for fold in np.unique(folds)]
    return {
        **_summary(outcomes),
        "auc": metrics.auc(distances, same),
        "eer": metrics.eer(distances, same),
        "pairs": len(pairs),
        "folds": len(outcomes),
        "roc": roc_points(distances, same),
    }


def roc_points(distances: Floats, same: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Return the ROC curve of pairs, thinned: far, tar and threshold of each point.

    Of the points with one false accept rate the highest stays, and of those the ones
    nearest to rates evenly spaced on a logarithmic axis and on a linear one.
    """
    far, tar, thresholds = metrics.roc(distances, same)
    last = np.append(np.diff(far) > 0, True)
    far, tar, thresholds = far[last], tar[last], thresholds[last]
    rates = np.concatenate([np.logspace(-4, 0, ROC_POINTS), np.linspace(0, 1, 21)])
    kept = np.unique(np.searchsorted(far, rates, side="right") - 1)
    return [
        {"far": float(f), "tar": float(t), "threshold": min(float(at), FARTHEST)}
        for f, t, at in zip(far[kept], tar[kept], thresholds[kept], strict=True)
    ]


def _central_face(image: Image, detector: Detector) -> Detections | None:
    detections = detector.detect(image)
    if not len(detections):
        return None
    return detections.keep(np.array([subject(detections, image.shape[:2])]))


def _centre(image: Image, share: float) -> Floats:
    """Return the box in the middle of a picture with that share of its sides, (4,)."""
    height, width = image.shape[:2]
    low, high = (1 - share) / 2, (1 + share) / 2
    corners = (low * width, low * height, high * width, high * height)
    return np.array(corners, np.float32)


def _box(box: Floats) -> Detections:
    points = np.full((1, 5, 2), np.nan, np.float32)
    return Detections(box[None], np.ones(1, np.float32), points)


def _fold(
    distances: Floats, same: NDArray[np.bool_], test: NDArray[np.bool_]
) -> tuple[float, float, float, float]:
    """Return accuracy, threshold, validation rate and false accept rate of a fold."""
    threshold = metrics.best_threshold(distances[~test], same[~test])
    strict = metrics.threshold_at_far(distances[~test], same[~test], FAR)
    accepted = distances[test] < strict
    return (
        metrics.accuracy(distances[test], same[test], threshold),
        threshold,
        float(accepted[same[test]].mean()),
        float(accepted[~same[test]].mean()),
    )


def _summary(outcomes: Sequence[tuple[float, float, float, float]]) -> dict[str, Any]:
    accuracy, threshold, val, far = np.array(outcomes).T
    return {
        "accuracy": float(accuracy.mean()),
        "std": float(accuracy.std()),
        "threshold": float(threshold.mean()),
        "val_at_far_1e-3": float(val.mean()),
        "far_measured": float(far.mean()),
    }
