"""A slow, plain MTCNN to measure the fast one against.

After kpzhang93/MTCNN_face_detection_alignment, detect_face.m, one step after another:
every level of the pyramid is resized from the whole picture and given to P-Net alone,
every crop is cut from a padded picture and resized by area, suppression compares one
pair at a time. It shares the nets, the thresholds and the conventions on pixels with
facecam.vision.detector, and no code.
"""

import cv2
import numpy as np

from facecam.config import DetectorConfig
from facecam.faces import Detections, Image, Net


def detect(
    image: Image, pnet: Net, rnet: Net, onet: Net, config: DetectorConfig
) -> Detections:
    """Return the faces of an RGB image, best first, not clipped to the picture."""
    rows = propose(image, pnet, config)
    rows = refine(image, rows, rnet, config)
    return finish(image, rows, onet, config)


def propose(image, pnet, config):
    """Return (x1, y1, x2, y2, score) of what P-Net finds on any level."""
    height, width = image.shape[:2]
    scale = 12 / config.min_face
    found = []
    while min(height, width) * scale >= 12:
        w = max(2 * round(width * scale / 2), 12)
        h = max(2 * round(height * scale / 2), 12)
        level = cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA)
        scores, offsets = (output[0] for output in pnet(level[None]))
        rows = []
        for y, x in np.argwhere(scores >= config.thresholds[0]):
            box = np.array([2 * x, 2 * y, 2 * x + 12, 2 * y + 12], float)
            box *= (width / w, height / h, width / w, height / h)
            rows.append((box, float(scores[y, x]), offsets[y, x]))
        found += suppress(rows, 0.5)
        scale *= config.pyramid_factor
    kept = suppress(found, 0.7)
    return [(moved(box, offset), score) for box, score, offset in kept]


def refine(image, rows, rnet, config):
    """Return (box, score) of what R-Net keeps."""
    found = []
    for box, _ in rows:
        box = squared(box)
        scores, offsets = rnet(crop(image, box, 24)[None])
        if scores[0] >= config.thresholds[1]:
            found.append((box, float(scores[0]), offsets[0] + config.lean))
    return [(moved(box, offset), score) for box, score, offset in suppress(found, 0.6)]


def finish(image, rows, onet, config):
    """Return what O-Net keeps."""
    found = []
    for box, _ in rows:
        box = squared(box)
        scores, offsets, points = onet(crop(image, box, 48)[None])
        if scores[0] >= config.thresholds[2]:
            points = box[:2] + points[0] * (box[2:] - box[:2])
            shifted = moved(box, offsets[0] + config.lean)
            found.append((shifted, float(scores[0]), points))
    kept = suppress(found, 0.7, of_smaller=True)
    return Detections(
        np.array([row[0] for row in kept], np.float32).reshape(-1, 4),
        np.array([row[1] for row in kept], np.float32),
        np.array([row[2] for row in kept], np.float32).reshape(-1, 5, 2),
    )


def suppress(rows, limit, of_smaller=False):
    """Keep the best of rows (box, score, …) that overlap by more than the limit."""
    kept = []
    for row in sorted(rows, key=lambda row: -row[1]):
        if all(overlap(row[0], other[0], of_smaller) <= limit for other in kept):
            kept.append(row)
    return kept


def overlap(a, b, of_smaller):
    common = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    common *= max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    return common / (min(area_a, area_b) if of_smaller else area_a + area_b - common)


def moved(box, offset):
    width, height = box[2] - box[0], box[3] - box[1]
    return box + offset * (width, height, width, height)


def squared(box):
    centre, half = (box[:2] + box[2:]) / 2, max(box[2:] - box[:2]) / 2
    return np.concatenate([centre - half, centre + half])


def crop(image, box, size):
    """Cut a square, to the nearest sixteenth of its output pixel, and average it."""
    grid = 16 * size
    step = (box[2] - box[0]) / grid
    x = (box[0] + (np.arange(grid) + 0.5) * step - 0.5).astype(np.float32)
    y = (box[1] + (np.arange(grid) + 0.5) * step - 0.5).astype(np.float32)
    fine = cv2.remap(image, *np.meshgrid(x, y), cv2.INTER_LINEAR)
    return cv2.resize(fine, (size, size), interpolation=cv2.INTER_AREA)
