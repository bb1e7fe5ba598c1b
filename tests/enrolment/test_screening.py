"""facecam.enrolment.screening: which pictures are worth enrolling."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from facecam.config import Config, EnrolmentConfig
from facecam.enrolment.screening import (
    Candidate,
    Reason,
    Screen,
    from_the_left,
    strangers_among,
)
from facecam.errors import NoFaceInImage
from tests.fakes import BlobDetector, ColourEmbedder, picture

CONFIG = EnrolmentConfig()
SMOOTH = np.zeros((240, 320, 3), np.uint8)
SMOOTH[60:180, 100:220] = np.linspace(100, 250, 120).astype(np.uint8)[:, None]
"""A face without any detail."""


def look(image, **options):
    screen = Screen(BlobDetector(), ColourEmbedder(), Config(), **options)
    return screen.look(Path("x.jpg"), image, "c")


def unit(*rows):
    rows = np.array(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_good_picture_becomes_a_candidate():
    found = look(picture((100, 80, 60)))

    assert isinstance(found, Candidate)
    assert found.shot.capture == "c"
    assert found.shot.box == pytest.approx([100, 80, 160, 140])
    assert found.embedding.shape == (51,)
    assert found.pixels == 240 * 320


@pytest.mark.parametrize(
    ("image", "reason", "text"),
    [
        (picture(), Reason.NO_FACE, "No face"),
        (picture((40, 90, 60), (220, 90, 60)), Reason.SEVERAL, "2 faces"),
        (picture((150, 110, 22)), Reason.TOO_SMALL, "22 pixels large, 32 are needed"),
        (SMOOTH, Reason.TOO_BLURRED, "sharper"),
    ],
)
def test_what_does_not_do_is_skipped_with_the_reason(image, reason, text):
    found = look(image)

    assert found.reason is reason
    assert text in found.text
    assert found.path == Path("x.jpg")


def test_smears_of_22_pixels_never_poison_a_gallery():
    smear = cv2.GaussianBlur(picture((150, 110, 28)), (0, 0), 2)

    assert look(smear).reason is Reason.TOO_SMALL


def test_on_demand_everything_with_a_face_is_taken():
    assert isinstance(look(picture((150, 110, 22)), strict=False), Candidate)


def test_which_of_several_faces_can_be_said():
    crowd = picture((40, 90, 60), (220, 90, 62))

    assert look(crowd, chosen=0).shot.box[0] == 220
    assert look(crowd, chosen=1).shot.box[0] == 40
    assert look(crowd, chosen=2).shot.box[0] == 220
    assert look(crowd, chosen=3).reason is Reason.NO_FACE


def test_there_is_no_third_of_two_faces():
    found = BlobDetector().detect(picture((40, 90, 60), (220, 90, 60)))

    with pytest.raises(NoFaceInImage, match="number 3: 2 were"):
        from_the_left(found, 3)


def test_without_an_embedder_pictures_are_judged_all_the_same():
    screen = Screen(BlobDetector(), None, Config())

    good = screen.look(Path("x.jpg"), picture((100, 80, 60)), "c")
    small = screen.look(Path("x.jpg"), picture((150, 110, 22)), "c")

    assert good.embedding is None
    assert small.reason is Reason.TOO_SMALL


def test_one_stranger_among_many_is_found():
    rows = unit((1, 0.1, 0), (1, 0, 0.1), (0, 0.1, 1), (1, 0.2, 0))

    assert strangers_among(rows, None, CONFIG).tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    "rows",
    [
        unit((1, 0, 0)),
        unit((1, 0, 0), (0, 1, 0)),
        unit((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        unit((1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 0)),
    ],
)
def test_without_a_majority_nothing_is_said(rows):
    assert not strangers_among(rows, None, CONFIG).any()


def test_pictures_must_resemble_those_enrolled():
    old = unit((1, 0.1, 0), (1, 0, 0.1), (1, 0.1, 0.1))
    new = unit((0, 1, 0), (0.1, 1, 0), (1, 0.2, 0), (0, 1, 0.1))

    assert strangers_among(new, old, CONFIG).tolist() == [1, 1, 0, 1]
    assert strangers_among(new, old[:1], CONFIG).tolist() == [1, 1, 0, 1]


def test_strangers_are_told_from_people_on_real_faces(data, facenet_config):
    """Five pictures of somebody, one of them of somebody else."""
    from facecam import pipeline
    from facecam.enrolment.planning import plan
    from facecam.media import read_image

    detector = pipeline.build_detector(facenet_config)
    embedder = pipeline.build_embedder(facenet_config)
    screen = Screen(detector, embedder, facenet_config)
    friends = sorted((data / "videos" / "friends").iterdir())[:2]
    mine, theirs = (plan([folder], folder.name).people[0].files for folder in friends)

    seen = [
        screen.look(path, read_image(path), path.name) for path in (*mine, theirs[0])
    ]
    rows = np.stack([candidate.embedding for candidate in seen])

    expected = [False] * len(mine) + [True]
    assert strangers_among(rows, None, facenet_config.enrolment).tolist() == expected
