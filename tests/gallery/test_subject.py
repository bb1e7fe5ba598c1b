import numpy as np
import pytest

from facecam.errors import NoFaceInImage, SeveralFacesInImage
from facecam.faces import Detections
from facecam.gallery.subject import prominence, subject

SIZE = (100, 200)


def faces(*boxes):
    n = len(boxes)
    return Detections(
        np.array(boxes, np.float32).reshape(n, 4),
        np.ones(n, np.float32),
        np.zeros((n, 5, 2), np.float32),
    )


def test_prominence_of_no_face():
    assert prominence(faces().boxes, SIZE).shape == (0,)
    with pytest.raises(NoFaceInImage):
        subject(faces(), SIZE)


def test_prominence_is_the_area_in_the_centre_and_nothing_in_a_corner():
    boxes = faces((90, 40, 110, 60), (-10, -10, 10, 10)).boxes

    assert prominence(boxes, SIZE) == pytest.approx([400, 0.04])


def test_the_largest_face_is_the_subject():
    assert subject(faces((10, 10, 20, 20), (60, 10, 120, 70)), SIZE, 2) == 1


def test_of_two_alike_the_central_one_is_the_subject():
    assert subject(faces((0, 40, 20, 60), (90, 40, 110, 60)), SIZE, 2) == 1


def test_two_side_by_side_are_several_unless_any_will_do():
    pair = faces((50, 40, 70, 60), (131, 40, 151, 60))

    with pytest.raises(SeveralFacesInImage):
        subject(pair, SIZE, clearly=2)
    assert subject(pair, SIZE) == 0


def test_what_the_detector_hardly_believes_in_is_no_subject():
    boxes = faces((10, 10, 90, 90), (100, 40, 120, 60))
    unsure = Detections(boxes.boxes, np.array([0.8, 0.99], np.float32), boxes.landmarks)

    assert subject(unsure, SIZE, 2, least_score=0.95) == 1
    with pytest.raises(NoFaceInImage):
        subject(unsure.keep(np.array([0])), SIZE, 2, least_score=0.95)
