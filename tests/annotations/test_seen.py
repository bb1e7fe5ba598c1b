import numpy as np
import pytest

from facecam.annotations import seen
from tests.annotations.sets import FRONTAL


def turned(degrees, points=FRONTAL):
    """Return points of one face, its head turned in the plane, (5, 2)."""
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return (np.array(points) @ [[cosine, sine], [-sine, cosine]]).astype(np.float32)


def test_no_faces_stay_none():
    none = np.empty((0, 5, 2), np.float32)

    assert seen.as_seen(none).shape == (0, 5, 2)
    assert seen.crossed(none).shape == (0,)


@pytest.mark.parametrize("degrees", [0, 45, 90, 180, 270])
def test_left_and_right_of_the_image_stay_however_the_head_is_turned(degrees):
    faces = np.stack([turned(degrees)] * 3)

    assert (seen.as_seen(faces) == faces).all()
    assert not seen.crossed(faces).any()


@pytest.mark.parametrize("degrees", [0, 45, 90, 180, 270])
def test_left_and_right_of_the_person_are_exchanged_in_the_whole_set(degrees):
    by_person = np.stack([turned(degrees)] * 3)[:, [1, 0, 2, 4, 3]]
    unknown = np.full((1, 5, 2), np.nan, np.float32)

    faces = seen.as_seen(np.concatenate([by_person, unknown]))

    assert (faces[:3] == turned(degrees)).all()
    assert np.isnan(faces[3]).all()


def test_a_face_exchanged_among_others_is_found_by_eyes_or_mouth():
    faces = np.stack([turned(0)] * 4)
    faces[1] = faces[1, [1, 0, 2, 3, 4]]
    faces[3] = faces[3, [0, 1, 2, 4, 3]]

    assert (seen.as_seen(faces) == faces).all()
    assert seen.crossed(faces).tolist() == [False, True, False, True]


def test_a_profile_whose_eyes_lie_one_above_the_other_is_left_alone():
    profile = turned(0, ((40, 40), (39.5, 41), (30, 50), (36, 60), (35.5, 60)))

    assert not seen.crossed(profile[None]).any()
