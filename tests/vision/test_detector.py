"""One suite for all detectors, and what is particular to MTCNN.

Where the nets are not installed, a plain rule on colours stands in for them, so the
cascade itself is tested everywhere.
"""

import cv2
import numpy as np
import pytest

from facecam import media
from facecam.config import DetectorConfig
from facecam.faces import Detections, Image
from facecam.vision import boxes as geometry
from facecam.vision.detector import MTCNNDetector
from facecam.vision.haar import HaarDetector
from tests.fakes import DATA, disc_onet, disc_pnet, disc_rnet, discs


def mtcnn(**changes) -> MTCNNDetector:
    config = DetectorConfig(**{"lean": 0, **changes})
    return MTCNNDetector(disc_pnet, disc_rnet, disc_onet, config)


def haar(**changes) -> HaarDetector:
    return HaarDetector(DetectorConfig(**changes))


def astronauts(*corners: tuple[int, int], size: tuple[int, int]) -> Image:
    """Return a grey picture (h, w) with the same face at several places."""
    picture = np.full((*size, 3), 120, np.uint8)
    face = media.read_image(DATA / "astronaut.jpg")[10:250, 130:350]
    for x, y in corners:
        picture[y : y + 240, x : x + 220] = face
    return picture


def scene(kind: str, corners: list[tuple[int, int]], size: tuple[int, int]) -> Image:
    if kind == "haar":
        return astronauts(*corners, size=size)
    return discs(*[(x + 110, y + 110, 40) for x, y in corners], size=size)


@pytest.fixture(params=["mtcnn", "haar"])
def kind(request) -> str:
    return request.param


@pytest.fixture
def build(kind):
    return {"mtcnn": mtcnn, "haar": haar}[kind]


def check(found: Detections, image: Image) -> None:
    """Assert what holds of every answer of every detector."""
    height, width = image.shape[:2]
    for array in (found.boxes, found.scores, found.landmarks):
        assert array.dtype == np.float32
    assert np.isfinite(found.boxes).all()
    assert (found.boxes[:, :2] >= 0).all()
    assert (found.boxes[:, 2:] <= (width, height)).all()
    assert (geometry.area(found.boxes) > 0).all()
    assert (np.diff(found.scores) <= 0).all()
    assert ((found.scores >= 0) & (found.scores <= 1)).all()


@pytest.mark.parametrize(
    "shape",
    [(12, 12, 3), (1, 1, 3), (12, 300, 3), (480, 640, 3), (480, 640), (99, 77, 4)],
)
def test_a_picture_without_faces_gives_no_detections(build, shape):
    found = build().detect(np.full(shape, 128, np.uint8))

    assert len(found) == 0
    check(found, np.zeros(shape))


def test_one_face_is_found_where_it_is(build, kind):
    picture = scene(kind, [(200, 100)], (480, 640))

    found = build().detect(picture)

    check(found, picture)
    assert len(found) == 1
    centre = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2
    assert centre == pytest.approx((310, 210), abs=25)


def test_several_faces_are_found_best_first_and_at_most_so_many(build, kind):
    picture = scene(kind, [(10, 10), (300, 20), (150, 290)], (560, 640))

    found = build().detect(picture)
    two = build(max_faces=2).detect(picture)

    check(found, picture)
    assert len(found) == 3
    assert np.array_equal(two.boxes, found.boxes[:2])


def test_the_same_picture_gives_the_same_answer(build, kind):
    detector = build()
    picture = scene(kind, [(10, 10), (300, 20)], (480, 640))
    first = detector.detect(picture)
    detector.detect(scene(kind, [(100, 200)], (480, 640)))
    detector.detect(np.zeros((50, 70, 3), np.uint8))

    again = detector.detect(picture)

    assert np.array_equal(again.boxes, first.boxes)
    assert np.array_equal(again.scores, first.scores)
    assert np.array_equal(again.landmarks, first.landmarks, equal_nan=True)


def test_the_picture_is_not_changed(build, kind):
    picture = scene(kind, [(200, 100)], (480, 640))
    before = picture.copy()

    build().detect(picture)

    assert np.array_equal(picture, before)


def test_grey_pictures_and_pictures_with_alpha_work(build):
    picture = scene("haar", [(200, 100)], (480, 640))
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)

    of_grey = build().detect(grey)
    of_planes = build().detect(np.dstack([grey] * 4))

    assert np.array_equal(of_grey.boxes, of_planes.boxes)


def test_a_4k_picture_works(build, kind):
    picture = scene(kind, [(3500, 1800), (1900, 900)], (2160, 3840))

    found = build().detect(picture)

    check(found, picture)
    centres = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
    for face in ((3610, 1910), (2010, 1010)):
        assert np.abs(centres - face).max(axis=1).min() < 30


def test_a_face_smaller_than_asked_for_is_not_found(kind, build):
    picture = scene(kind, [(200, 100)], (480, 640))

    assert len(build(min_face=320).detect(picture)) == 0


def test_haar_gives_no_landmarks():
    found = haar().detect(astronauts((200, 100), size=(480, 640)))

    assert np.isnan(found.landmarks).all()


def test_mtcnn_puts_landmarks_where_onet_says():
    found = mtcnn().detect(discs((300, 200, 40), size=(480, 640)))

    box = found.boxes[0]
    assert found.landmarks[0, 2] == pytest.approx((box[:2] + box[2:]) / 2, abs=1)


def test_mtcnn_stops_after_the_last_net_it_has():
    picture = discs((300, 200, 40), size=(480, 640))
    config = DetectorConfig()

    proposed = MTCNNDetector(disc_pnet, None, None, config).detect(picture)
    refined = MTCNNDetector(disc_pnet, disc_rnet, None, config).detect(picture)

    for found in (proposed, refined):
        check(found, picture)
        assert np.isnan(found.landmarks).all()
    assert len(proposed) >= len(refined) >= 1


def test_mtcnn_looks_closer_at_the_best_candidates_only():
    sizes = []

    def counting_rnet(crops):
        sizes.append(len(crops))
        return disc_rnet(crops)

    picture = discs(*[(60 + 100 * i, 100, 30) for i in range(5)], size=(200, 640))
    config = DetectorConfig(max_candidates=3)
    MTCNNDetector(disc_pnet, counting_rnet, None, config).detect(picture)

    assert sizes == [3]


def test_a_face_at_the_border_of_the_picture_keeps_its_box_inside():
    picture = discs((20, 100, 40), (635, 470, 40), size=(480, 640))

    found = mtcnn(thresholds=(0.3, 0.3, 0.3)).detect(picture)

    check(found, picture)
    assert (found.boxes[:, 0] == 0).any()
    assert (found.boxes[:, 2] == 640).any()
