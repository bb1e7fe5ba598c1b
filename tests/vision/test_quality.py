"""Tests of facecam.vision.quality."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from facecam.config import QualityConfig
from facecam.faces import Detections
from facecam.media import read_image
from facecam.vision.image import align
from facecam.vision.quality import assess

CONFIG = QualityConfig()
FRONT = [(50, 60), (110, 60), (80, 90), (55, 120), (105, 120)]
PROFILE = [(50, 60), (60, 60), (40, 90), (45, 120), (52, 120)]


def detections(side: float = 100, landmarks: list[tuple[int, int]] = FRONT):
    return Detections(
        np.array([[0, 0, side, side]], np.float32),
        np.ones(1, np.float32),
        np.array([landmarks], np.float32),
    )


@pytest.fixture(scope="module")
def face():
    """The face of the astronaut, (1, 160, 160, 3)."""
    picture = read_image(Path(__file__).parents[1] / "data" / "astronaut.jpg")
    return align(picture, np.array([[181, 62, 269, 175]], np.float32))


def test_no_faces_have_no_quality():
    nothing = np.empty((0, 160, 160, 3), np.uint8)
    assert assess(nothing, Detections.none(), CONFIG).overall.shape == (0,)


def test_a_large_sharp_lit_frontal_face_is_good(face):
    assert assess(face, detections(), CONFIG).overall[0] > 0.8


@pytest.mark.parametrize(
    ("measure", "spoil"),
    [
        pytest.param(
            "sharpness", lambda c: cv2.GaussianBlur(c, (0, 0), 9), id="blurred"
        ),
        pytest.param("exposure", lambda c: c // 16, id="dark"),
        pytest.param("exposure", lambda c: 240 + c // 17, id="overexposed"),
        pytest.param("exposure", lambda c: 120 + c // 40, id="flat"),
    ],
)
def test_a_spoilt_picture_scores_low(face, measure, spoil):
    crops = spoil(face[0]).astype(np.uint8)[None]
    spoilt = getattr(assess(crops, detections(), CONFIG), measure)[0]
    good = getattr(assess(face, detections(), CONFIG), measure)[0]
    assert spoilt < 0.35 < good


def test_a_small_face_scores_low(face):
    small = assess(face, detections(side=20), CONFIG)
    assert small.size[0] < 0.1


def test_a_profile_scores_low(face):
    turned = assess(face, detections(landmarks=PROFILE), CONFIG)
    front = assess(face, detections(), CONFIG)
    assert turned.pose[0] < 0.1
    assert front.pose[0] == 1


def test_without_landmarks_the_pose_does_not_count(face):
    unknown = detections(landmarks=[(np.nan, np.nan)] * 5)
    assert assess(face, unknown, CONFIG).pose[0] == 1
