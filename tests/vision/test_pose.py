"""facecam.vision.pose: three angles from five points."""

import numpy as np
import pytest

from facecam.annotations.reading import read
from facecam.vision.pose import NOSE_DEPTH, NOSE_LEVEL, NOSE_LIFT, pose


def face(yaw=0.0, pitch=0.0, roll=0.0):
    """Return landmarks (5, 2) of a face held like that, 40 pixels between the eyes."""
    aside = NOSE_DEPTH * np.tan(np.radians(yaw))
    level = NOSE_LEVEL - NOSE_LIFT * np.tan(np.radians(pitch))
    shape = np.array([(-0.5, 0), (0.5, 0), (aside, level), (-0.43, 1), (0.43, 1)])
    sine, cosine = np.sin(np.radians(roll)), np.cos(np.radians(roll))
    turned = shape @ np.array([[cosine, sine], [-sine, cosine]])
    return (turned * 40 + 100).astype(np.float32)


def mirrored(landmarks, width):
    return landmarks[:, [1, 0, 2, 4, 3]] * [-1, 1] + [width, 0]


def test_no_faces_have_no_pose():
    angles = pose(np.empty((0, 5, 2), np.float32))

    assert angles.yaw.shape == angles.pitch.shape == angles.roll.shape == (0,)


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"),
    [(0, 0, 0), (30, 0, 0), (-30, 0, 0), (0, 20, 0), (0, -20, 0), (15, -10, 25)],
)
def test_angles_are_told_apart(yaw, pitch, roll):
    angles = pose(face(yaw, pitch, roll)[None])

    assert angles.yaw == pytest.approx([yaw], abs=0.1)
    assert angles.pitch == pytest.approx([pitch], abs=0.1)
    assert angles.roll == pytest.approx([roll], abs=0.1)


def test_size_and_place_do_not_matter():
    here = face(20, 10)

    angles = pose(np.stack([here, here * 3 + 50]))

    assert angles.yaw[0] == pytest.approx(angles.yaw[1], abs=0.01)
    assert angles.pitch[0] == pytest.approx(angles.pitch[1], abs=0.01)


def test_without_landmarks_there_is_no_pose_and_others_keep_theirs():
    unknown = np.full((5, 2), np.nan, np.float32)
    on_a_line = np.tile(np.arange(5, dtype=np.float32)[:, None], (1, 2))

    angles = pose(np.stack([unknown, face(20), on_a_line]))

    assert np.isnan(angles.yaw).tolist() == [True, False, True]
    assert np.isnan(angles.pitch).tolist() == [True, False, True]
    assert np.isnan(angles.roll).tolist()[0]
    assert angles.yaw[1] == pytest.approx(20, abs=0.1)


def test_a_mirrored_face_looks_the_other_way(data):
    faces = read(data / "landmark5_lfwnet80").annotations
    landmarks = np.concatenate([f.landmarks for f in faces])

    angles, other = pose(landmarks), pose(mirrored(landmarks, 80))

    assert other.yaw == pytest.approx(-angles.yaw, abs=0.1)
    assert other.pitch == pytest.approx(angles.pitch, abs=0.1)
    assert abs(np.median(angles.yaw)) < 3
    assert abs(np.median(angles.pitch)) < 5


def test_angles_follow_those_of_68_points(data):
    """An independent reference: solvePnP on eye and mouth corners, nose and chin."""
    faces = read(data / "landmark68_helen_afw").annotations
    points = [_points(face.path.with_suffix(".pts")) for face in faces]
    reference = np.array([_by_pnp(p) for p in points])

    angles = pose(np.concatenate([face.landmarks for face in faces]))

    assert np.corrcoef(angles.yaw, reference[:, 0])[0, 1] > 0.94
    assert np.corrcoef(angles.pitch, reference[:, 1])[0, 1] > 0.9
    assert np.abs(angles.yaw - reference[:, 0]).mean() < 7


MODEL = np.array(
    [
        (0, 0, 0),
        (0, 330, 65),
        (-225, -170, 135),
        (225, -170, 135),
        (-150, 150, 125),
        (150, 150, 125),
    ],
    np.float64,
)
"""Tip of the nose, chin, outer eye corners, mouth corners, in tenths of millimetres
(the usual six-point model of OpenCV tutorials)."""


def _points(path):
    lines = path.read_text().splitlines()
    return np.array([line.split() for line in lines if line[:1].isdigit()], np.float64)


def _by_pnp(points):
    import cv2

    focal = 5 * np.ptp(points, axis=0).max()
    centre = points.mean(axis=0)
    camera = np.array([[focal, 0, centre[0]], [0, focal, centre[1]], [0, 0, 1]])
    six = np.ascontiguousarray(points[[30, 8, 36, 45, 48, 54]])
    _, turn, _ = cv2.solvePnP(MODEL, six, camera, None, flags=cv2.SOLVEPNP_SQPNP)
    rotation, _ = cv2.Rodrigues(turn)
    yaw = np.arctan2(rotation[2, 0], np.hypot(rotation[0, 0], rotation[1, 0]))
    pitch = -np.arctan2(rotation[2, 1], rotation[2, 2])
    return np.degrees([yaw, pitch])
