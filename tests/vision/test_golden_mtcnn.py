"""The fast cascade against the plain one, on the same nets."""

from dataclasses import replace

import numpy as np
import pytest

from facecam import media
from facecam.config import DetectorConfig
from facecam.faces import Detections
from facecam.runtime import litert
from facecam.vision import boxes as geometry
from facecam.vision.detector import MTCNNDetector
from tests.fakes import DATA, disc_onet, disc_pnet, disc_rnet, discs
from tests.vision import reference_mtcnn

PUBLISHED = DetectorConfig(thresholds=(0.6, 0.7, 0.7), lean=0.02)
"""What belongs to the published weights."""


@pytest.fixture(scope="module")
def nets(installed_home):
    folder = installed_home / "models" / "detector" / "mtcnn" / "installed"
    return (
        litert.load(folder / "pnet.tflite", threads=2),
        litert.load(folder / "rnet.tflite", threads=2, buckets=(1, 16, 64)),
        litert.load(folder / "onet.tflite", threads=2, buckets=(1, 4, 16)),
    )


def both(image, nets, config=None) -> tuple[Detections, Detections]:
    """Return the answers of the fast and of the plain cascade, both clipped."""
    config = config or PUBLISHED
    plain = reference_mtcnn.detect(image, *nets, config)
    height, width = image.shape[:2]
    inside = geometry.clip(plain.boxes, width, height)
    return (
        MTCNNDetector(*nets, config).detect(image),
        Detections(inside, plain.scores, plain.landmarks),
    )


def compared(fast: Detections, plain: Detections) -> tuple[np.ndarray, np.ndarray]:
    """Return IoU and landmark distance (of the box side) of the pairs found by both."""
    overlaps = geometry.iou(plain.boxes, fast.boxes)
    best = overlaps.argmax(axis=1)
    paired = overlaps.max(axis=1) > 0.5
    distance = np.linalg.norm(fast.landmarks[best] - plain.landmarks, axis=2).mean(1)
    side = np.sqrt(geometry.area(plain.boxes))
    return overlaps.max(axis=1)[paired], (distance / side)[paired]


def test_discs_are_found_where_the_plain_cascade_finds_them():
    nets = (disc_pnet, disc_rnet, disc_onet)
    picture = discs((150, 160, 40), (420, 200, 70), (300, 400, 25), size=(480, 640))

    fast, plain = both(picture, nets, replace(PUBLISHED, min_face=60, lean=0.0))

    overlaps, distances = compared(fast, plain)
    assert len(fast) == len(plain) == len(overlaps) == 3
    assert overlaps.min() > 0.9
    assert distances.max() < 0.02


def test_the_astronaut_is_found_where_the_plain_cascade_finds_her(nets):
    picture = media.read_image(DATA / "astronaut.jpg")

    fast, plain = both(picture, nets)

    overlaps, distances = compared(fast, plain)
    assert len(fast) == len(plain) == len(overlaps) == 1
    assert overlaps.min() > 0.93
    assert distances.max() < 0.02
    assert fast.scores == pytest.approx(plain.scores, abs=0.01)


def test_landmarks_are_where_the_eyes_nose_and_mouth_of_the_astronaut_are(nets):
    picture = media.read_image(DATA / "astronaut.jpg")

    landmarks = MTCNNDetector(*nets, PUBLISHED).detect(picture).landmarks[0]

    by_hand = [(203, 100), (246, 103), (223, 127), (204, 140), (246, 139)]
    assert landmarks == pytest.approx(np.array(by_hand), abs=4)


@pytest.mark.parametrize("min_face", [20, 40])
def test_real_pictures_agree_with_the_plain_cascade(nets, data, min_face):
    names = ["samples/multiface.jpg"]
    scenes = sorted((data / "detection_wider_layout/WIDER_val/images").rglob("*.jpg"))
    pictures = [media.read_image(path) for path in [data / names[0], *scenes[:10]]]
    config = replace(PUBLISHED, min_face=min_face)

    answers = [both(picture, nets, config) for picture in pictures]

    sure = [(f, p.keep(p.scores > 0.9)) for f, p in answers if len(p) and len(f)]
    pairs = [compared(fast, plain) for fast, plain in sure]
    overlaps = np.concatenate([overlap for overlap, _ in pairs])
    distances = np.concatenate([distance for _, distance in pairs])
    expected = sum((p.scores > 0.9).sum() for _, p in answers)
    assert len(overlaps) >= 0.95 * expected
    assert np.median(overlaps) > 0.9
    assert np.median(distances) < 0.03
