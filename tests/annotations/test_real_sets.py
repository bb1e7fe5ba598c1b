"""The readers on the sets of the test data."""

import numpy as np
import pytest

from facecam.annotations import meshes, reading
from facecam.annotations.forms import Form, require_form
from facecam.errors import DatasetError
from facecam.media import read_header
from tests.annotations.sets import written


def test_the_set_in_wider_layout_is_read_whole(data):
    found = reading.read(data / "detection_wider_layout")

    assert not found.faults
    for split, pictures, faces in (("train", 280, 1271), ("val", 65, 255)):
        part = reading.part(found, split)
        assert len(part) == pictures
        assert sum(len(one.boxes) for one in part) == faces
    occluded = np.concatenate(
        [one.attributes["occlusion"] for one in found.annotations]
    )
    assert set(occluded.tolist()) == {0, 1}


def test_the_lists_of_points_are_read_whole(data):
    for name, count in (("landmark5_lfwnet80", 4500), ("landmark68_helen_afw", 150)):
        found = reading.read(data / name)

        assert (len(found.annotations), found.faults) == (count, ())
        landmarks = np.concatenate([one.landmarks for one in found.annotations])
        assert landmarks.shape == (count, 5, 2)
        assert np.isfinite(landmarks).all()


def test_68_points_give_the_same_faces_as_the_list_made_from_them(data):
    root = data / "landmark68_helen_afw"
    listed = {one.path: one for one in reading.read(root).annotations}

    found = meshes.read(root, meshes.find(root))

    assert {one.path for one in found.annotations} == set(listed)
    for one in found.annotations:
        assert np.abs(one.landmarks - listed[one.path].landmarks).max() < 0.01
        assert np.abs(one.boxes - listed[one.path].boxes).max() < 0.1


def test_the_scenes_without_faces_are_read(data):
    assert len(reading.without_faces(data / "negative_scenes").annotations) == 40


@pytest.mark.parametrize("name", ["detection_wider_layout", "landmark5_lfwnet80"])
@pytest.mark.parametrize("form", [Form.SIZES, Form.CORNERS, Form.EDGES])
def test_real_boxes_pass_in_their_form_and_in_no_other(data, name, form):
    annotations = reading.read(data / name).annotations
    boxes = np.concatenate([one.boxes for one in annotations])
    points = np.concatenate([one.landmarks for one in annotations])
    headers = [read_header(one.path) for one in annotations for _ in one.boxes]
    sizes = np.array([(one.width, one.height) for one in headers], np.float32)
    where = [f"line {n}" for n in range(len(boxes))]

    require_form(form, written(boxes, form), sizes, points, where)
    for other in {Form.SIZES, Form.CORNERS, Form.EDGES} - {form}:
        with pytest.raises(DatasetError, match=f"look like {other.value}:"):
            require_form(form, written(boxes, other), sizes, points, where)
