"""Pictures, labels and samples made up where they are needed."""

from pathlib import Path

import cv2
import numpy as np

from facecam.annotations.annotation import Annotation
from facecam.training.detector.crops import records
from facecam.training.detector.crops.samples import Kind, Samples, join

POINTS = np.float32([(0.3, 0.4), (0.7, 0.4), (0.52, 0.6), (0.35, 0.8), (0.65, 0.8)])
"""Landmarks of every drawn face, as shares of its box; no mirror maps it to itself."""
FINE = 8
"""Pixels are averaged over so many by so many, so that edges lie between pixels."""


def labelled(*boxes, path=Path("a.png"), points=True, **more):
    """Return what is labelled in one picture: boxes, and their landmarks or none."""
    boxes = np.float32(boxes).reshape(-1, 4)
    ignored = np.zeros(len(boxes), np.bool_)
    sides = (boxes[:, 2:] - boxes[:, :2])[:, None]
    landmarks = boxes[:, None, :2] + POINTS * sides
    if not points:
        landmarks = np.full_like(landmarks, np.nan)
    fields = {"ignored": ignored, "landmarks": landmarks, **more}
    return Annotation(path, boxes, **fields)


def oval(size, box):
    """Draw the oval that fills a box, white on black, (h, w, 3)."""
    height, width = size
    fine: np.ndarray = np.zeros((height * FINE, width * FINE), np.uint8)
    y, x = np.mgrid[0 : height * FINE, 0 : width * FINE] / FINE + 0.5 / FINE
    centre, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2
    within = ((x - centre[0]) / half[0]) ** 2 + ((y - centre[1]) / half[1]) ** 2 <= 1
    fine[within] = 255
    drawn = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
    return np.repeat(drawn[..., None], 3, axis=2)


def blob(size, point, colour, sigma):
    """Draw a soft blob on black whose middle lies exactly on a point, (h, w, 3)."""
    y, x = np.mgrid[0 : size[0], 0 : size[1]] + 0.5  # centres of pixels
    distance = (x - point[0]) ** 2 + (y - point[1]) ** 2
    soft = np.exp(-distance / (2 * sigma**2))[..., None]
    return np.round(soft * np.float64(colour)).astype(np.uint8)


def some(kind, n, size=12, seed=0):
    """Return n samples of a kind, each with other pixels and targets."""
    rng = np.random.default_rng((seed, int(kind)))
    offsets = rng.normal(0, 0.2, (n, 4)).astype(np.float32)
    landmarks = rng.random((n, 5, 2)).astype(np.float32)
    return Samples(
        np.full(n, kind, np.uint8),
        rng.integers(0, 256, (n, size, size, 3)).astype(np.uint8),
        offsets * (kind in (Kind.POSITIVE, Kind.PART)),
        landmarks * (kind == Kind.LANDMARK),
    )


def faces_and_grounds(n, size=12, seed=0):
    """Return samples a net can tell apart: n of each kind; faces are bright in it."""
    groups = []
    for kind in Kind:
        group = some(kind, n, size, seed)
        group.pixels[:] //= 3
        if kind != Kind.NEGATIVE:
            group.pixels[:, size // 4 : -size // 4, size // 4 : -size // 4] += 150
        groups.append(group)
    return join(groups, size)


def folder_of(folder, samples):
    """Write samples into a folder as a samples step does."""
    folder.mkdir(parents=True, exist_ok=True)
    shards = records.write_shards(folder, "00000", samples)
    records.write_index(folder, samples.pixels.shape[1], shards)
    return folder
