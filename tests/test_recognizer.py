"""Tests of facecam.recognizer."""

from dataclasses import replace

import numpy as np
import pytest

from facecam.config import Config, IdentifierConfig, TrackerConfig
from facecam.faces import Frame, Identity
from facecam.recognizer import Recognizer
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier
from facecam.vision.image import align
from tests.fakes import BlobDetector, picture

ADA = Identity("ada", "Ada")
EVERY_FRAME = TrackerConfig(unsure_interval=0, look_interval=0, looks_per_frame=9)


def coloured(x: int, colour: tuple[int, int, int], side: int = 80) -> np.ndarray:
    """A picture with one blob, tinted."""
    image = picture((x, 60, side))
    tint = np.array(colour, np.float32) / 255
    return (image * (0.4 + 0.6 * tint)).astype(np.uint8)


RED, BLUE = (255, 0, 0), (0, 60, 255)


class HueEmbedder:
    """Embeds a crop as the fixed vector of its strongest colour; counts the crops."""

    fingerprint = "hue"

    def __init__(self) -> None:
        self.embedded = 0

    def crop(self, image, detections):
        return align(image, detections.boxes, size=32)

    def embed(self, crops):
        self.embedded += len(crops)
        hues = crops.mean(axis=(1, 2)).argmax(axis=1)
        return np.array([vectors(1, hue)[0] for hue in hues], np.float32)


def vectors(n: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((n, 64))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def identifier():
    """Knows one person: red."""
    cohort = Cohort.of(vectors(2000, seed=9))
    return Identifier.fit({ADA: vectors(1, 0)}, cohort, IdentifierConfig(cohort=300))


def recognizer(tracker: TrackerConfig = EVERY_FRAME) -> Recognizer:
    config = Config(tracker=tracker)
    return Recognizer(BlobDetector(), HueEmbedder(), config, "CPU")


def frame(image: np.ndarray, n: int = 0) -> Frame:
    return Frame(image, n, n / 30)


def test_an_empty_frame_has_no_faces(identifier):
    subject = recognizer()
    subject.use(identifier)
    seen = subject.process(frame(np.zeros((100, 100, 3), np.uint8)))
    assert seen.faces == ()
    assert set(seen.timings) == {"detect", "track", "embed", "identify"}


def test_somebody_enrolled_gets_the_name_and_a_stranger_none(identifier):
    subject = recognizer()
    subject.use(identifier)
    for n in range(4):
        (known,) = subject.process(frame(coloured(100, RED), n)).faces
    assert known.match.identity == ADA
    subject.reset()
    for n in range(4):
        (stranger,) = subject.process(frame(coloured(100, BLUE), n)).faces
    assert stranger.match.identity is None


def test_each_face_gets_its_own_embedding(identifier):
    subject = recognizer()
    subject.use(identifier)
    both = np.concatenate([coloured(100, RED), coloured(100, BLUE)], axis=1)
    faces = subject.process(frame(both)).faces
    first, second = sorted(faces, key=lambda face: face.box[0])
    assert first.embedding == pytest.approx(vectors(1, 0)[0])
    assert second.embedding == pytest.approx(vectors(1, 2)[0])


def test_a_stranger_is_not_called_unknown_before_enough_looks(identifier):
    subject = recognizer()
    subject.use(identifier)
    answers = [
        subject.process(frame(coloured(100, BLUE), n)).faces[0].match for n in range(4)
    ]
    assert answers[0] is None
    assert answers[-1] is not None


def test_a_new_identifier_names_a_face_already_in_view(identifier):
    subject = recognizer(TrackerConfig())
    nobody = Identifier.fit({}, identifier.cohort, identifier.config)
    subject.use(nobody)
    (before,) = subject.process(frame(coloured(100, RED))).faces
    subject.use(identifier)
    (after,) = subject.process(frame(coloured(100, RED), 1)).faces
    assert before.match.identity is None
    assert after.match.identity == ADA


def test_where_nobody_is_enrolled_nothing_is_embedded_and_all_are_strangers():
    subject = recognizer()
    (face,) = subject.process(frame(coloured(100, RED))).faces
    assert face.match.identity is None
    assert subject.embedder.embedded == 0


def test_without_an_embedder_faces_are_found_and_followed():
    subject = Recognizer(BlobDetector(), None, Config(), "CPU")
    (first,) = subject.process(frame(coloured(100, RED))).faces
    (second,) = subject.process(frame(coloured(104, RED), 1)).faces
    assert first.match is None
    assert first.track == second.track


def test_a_face_that_stays_is_embedded_seldom(identifier):
    subject = recognizer(TrackerConfig())
    subject.use(identifier)
    for n in range(60):
        subject.process(frame(coloured(100, RED), n))
    assert subject.embedder.embedded <= 8


def test_a_name_that_was_refused_is_not_given_to_that_track_again(identifier):
    worker = recognizer()
    worker.use(identifier)
    for n in range(4):
        named = worker.process(Frame(coloured(60, RED), n, n / 30))
    face = named.faces[0]
    assert face.match.identity == ADA

    worker.refuse(face.track, ADA.id)
    refused = worker.process(Frame(coloured(60, RED), 5, 5 / 30)).faces[0]
    worker.refuse(face.track, ADA.id, refused=False)
    again = worker.process(Frame(coloured(60, RED), 6, 6 / 30)).faces[0]

    assert (refused.match.identity, refused.match.candidate) == (None, ADA)
    assert again.match.identity == ADA


def test_a_refused_name_is_free_for_another_face(identifier):
    worker = recognizer()
    worker.use(identifier)
    image = np.maximum(coloured(20, RED), coloured(200, RED, side=70))
    for n in range(4):
        faces = worker.process(Frame(image, n, n / 30)).faces
    (wrong,) = [face for face in faces if face.match.identity]

    worker.refuse(wrong.track, ADA.id)
    faces = worker.process(Frame(image, 5, 5 / 30)).faces

    (right,) = [face for face in faces if face.match.identity]
    assert right.track != wrong.track


def test_a_name_has_no_prior_claim_after_the_people_changed(identifier):
    worker = recognizer()
    lenient = replace(identifier.config, strangers_per_wrong_name=100, hysteresis=1e9)
    worker.use(replace(identifier, config=lenient))
    for n in range(4):
        named = worker.process(Frame(coloured(60, RED), n, n / 30)).faces[0]
    assert named.match.identity == ADA

    strict = replace(lenient, strangers_per_wrong_name=1e30)
    worker.use(replace(identifier, config=strict))
    face = worker.process(Frame(coloured(60, RED), 5, 5 / 30)).faces[0]

    assert face.match.identity is None


def test_with_nobody_enrolled_faces_are_embedded_only_on_request():
    worker = recognizer()
    idle = worker.process(Frame(coloured(60, RED), 0, 0.0)).faces[0]
    worker.curious = True
    looked = [
        worker.process(Frame(coloured(60, RED), n, n / 30)).faces[0]
        for n in range(1, 5)
    ]

    assert idle.embedding is None
    assert looked[-1].embedding is not None
    assert looked[-1].match.identity is None
