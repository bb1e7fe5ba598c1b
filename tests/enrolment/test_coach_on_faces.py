"""The coach with the real nets on real pictures."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from facecam import pipeline
from facecam.config import Config
from facecam.enrolment import Coach, Code, Concern, Sitting
from facecam.faces import Frame, Identity
from facecam.media import read_image
from facecam.vision.identifier import Identifier


@pytest.fixture(scope="module")
def nets(facenet_home):
    config = Config(home=facenet_home)
    return pipeline.build_detector(config), pipeline.build_embedder(config), config


@pytest.fixture
def watch(nets):
    """Show pictures to a coach, 36 frames each; -> it and the last advice."""

    def show(*images, sitting=None, seconds=1.2, **changes):
        detector, embedder, config = nets
        enrolment = replace(config.enrolment, **changes)
        config = replace(config, enrolment=enrolment)
        coach = Coach(detector, embedder, config, sitting)
        index = 0
        for image in images:
            for _ in range(round(30 * seconds)):
                coach.process(Frame(image, index, index / 30))
                index += 1
        return coach, coach.advice.peek()

    return show


@pytest.fixture
def portraits(data):
    """One portrait each of several people."""
    folders = sorted((data / "samples" / "test_images").iterdir())
    images = [read_image(next(folder.iterdir())) for folder in folders]
    return [
        cv2.resize(image, (360, 480), interpolation=cv2.INTER_AREA) for image in images
    ]


@pytest.fixture
def ada(portraits):
    return portraits[0]


@pytest.fixture
def bob(portraits):
    return portraits[2]


def test_a_good_portrait_is_taken(watch, ada):
    coach, advice = watch(ada)

    assert advice.taken == len(coach.shots) == 1
    assert advice.warning is None
    assert coach.shots[0].quality > 0.8
    assert np.linalg.norm(coach.shots[0].embedding) == pytest.approx(1, abs=1e-3)


def test_its_mirror_image_is_held_the_other_way(watch, bob):
    _, advice = watch(bob)
    _, mirrored = watch(np.ascontiguousarray(bob[:, ::-1]))

    assert mirrored.meters.yaw == pytest.approx(-advice.meters.yaw, abs=5)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda image: (image * 0.15).astype(np.uint8), Code.TOO_DARK),
        (lambda image: cv2.GaussianBlur(image, (0, 0), len(image) / 45), Code.BLURRED),
        (lambda image: np.hstack([image, image]), Code.SEVERAL),
        (lambda image: np.zeros_like(image), Code.NO_FACE),
    ],
)
def test_a_spoilt_portrait_is_not_taken_and_the_reason_said(watch, ada, spoil, code):
    coach, advice = watch(spoil(ada))

    assert coach.shots == ()
    assert advice.code is code


def test_six_people_are_too_many(watch, data):
    coach, advice = watch(read_image(data / "samples" / "multiface.jpg"))

    assert coach.shots == ()
    assert advice.code in (Code.SEVERAL, Code.TOO_SMALL)


def test_somebody_else_who_steps_in_is_refused(watch, ada, bob):
    coach, advice = watch(ada, bob, seconds=2)

    assert len(coach.shots) == 1
    assert advice.warning.concern is Concern.SOMEBODY_ELSE


def test_whoever_is_enrolled_already_is_recognised(watch, nets, ada, bob):
    detector, embedder, config = nets
    known = {}
    for name, image in (("Ada", ada), ("Bob", bob)):
        found = detector.detect(image)
        rows = embedder.embed(embedder.crop(image, found.keep(np.array([0]))))
        known[Identity(name, name)] = rows
    identifier = Identifier.fit(known, pipeline.load_cohort(config))

    _, advice = watch(ada, sitting=Sitting(identifier))

    assert advice.warning.concern is Concern.ENROLLED
    assert advice.warning.identity.name == "Ada"
