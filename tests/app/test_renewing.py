"""Tests of facecam.app.renewing: a window beside `facecam deploy` and `rollback`."""

import time

import numpy as np
import pytest

from facecam import artifacts, pipeline
from facecam.app import renewing
from facecam.artifacts import Origin
from facecam.errors import WeightsCorrupt
from facecam.faces import Detections
from facecam.gallery import Shot
from tests.fakes import BlobDetector, picture

GROWN = 12
"""Pixels by which the boxes of the run's detector are larger, on each side."""


class GrowingDetector(BlobDetector):
    """Finds the same faces in larger boxes."""

    def detect(self, image):
        found = super().detect(image)
        larger = found.boxes + np.array([-GROWN, -GROWN, GROWN, GROWN])
        return Detections(larger.astype("f4"), found.scores, found.landmarks)


@pytest.fixture
def deploy(nets, monkeypatch):
    """Install a detector as another program does; the window looks for one at once.

    The one of a "run" grows, one that is "broken" cannot be built.
    """
    monkeypatch.setattr(renewing, "EVERY", 20)
    folder = nets.models / "detector" / nets.detector.model
    built = []

    def install(source):
        partial = folder / "partial"
        partial.mkdir(parents=True)
        artifacts.write_installed(partial, Origin(source), source)
        artifacts.publish(partial, folder / "installed")
        return built

    def build(config):
        model = artifacts.installed(config.models, "detector", config.detector.model)
        if model.source == "broken":
            raise WeightsCorrupt("rnet.tflite is damaged.")
        time.sleep(0.3)
        built.append(model.source)
        return GrowingDetector() if model.source == "a run" else BlobDetector()

    monkeypatch.setattr(pipeline, "build_detector", build)
    install("mtcnn")
    return install


@pytest.fixture
def watching(deploy, window, camera, qtbot):
    """The window, which watches one face."""
    window.live.start("usb-1")
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=10_000)
    return window


SIDE = 80
"""Of the face in front of the camera, pixels."""


def width(window):
    """Of the face that is shown, to the pixel: what is drawn moves smoothly."""
    faces = window.live.stage.view.faces
    if len(faces) != 1:  # one of another size may begin before the other has ended
        return 0
    (face,) = faces
    return round(float(face.box[2] - face.box[0]))


def is_grown(window):
    return width(window) == SIDE + 2 * GROWN


def toast(window):
    return window.live.stage.toasts.text("detector")


def test_a_detector_deployed_elsewhere_finds_the_faces_at_once(watching, deploy, qtbot):
    session = watching.live.watching.session
    (before,) = watching.live.stage.view.faces

    deploy("a run")

    qtbot.waitUntil(lambda: is_grown(watching), timeout=10_000)
    qtbot.waitUntil(lambda: bool(toast(watching)))
    assert toast(watching) == "Another detector finds the faces now: a run."
    (after,) = watching.live.stage.view.faces
    assert after.track == before.track
    assert watching.live.watching.session is session


def test_one_rolled_back_elsewhere_is_taken_over_too(watching, deploy, nets, qtbot):
    deploy("a run")
    qtbot.waitUntil(lambda: is_grown(watching), timeout=10_000)

    artifacts.roll_back(nets.models / "detector" / nets.detector.model / "installed")

    qtbot.waitUntil(lambda: width(watching) == SIDE, timeout=10_000)
    qtbot.waitUntil(lambda: toast(watching).endswith(": mtcnn."))


def test_pictures_are_looked_at_while_nets_are_loaded(watching, deploy, qtbot):
    session, seen = watching.live.watching.session, set()
    built = deploy("a run")

    def look():
        if len(built) < 2:  # one for the camera's pictures, one for people's
            seen.add(session.results.peek().frame.index)
        return len(built) == 2

    qtbot.waitUntil(look, timeout=10_000)

    assert len(seen) > 5  # of about thirty


def test_people_are_enrolled_with_the_new_detector(watching, deploy, qtbot):
    deploy("a run")
    qtbot.waitUntil(lambda: bool(toast(watching)), timeout=10_000)
    told = []

    watching.engine.change(
        lambda gallery: gallery.enrol("Ada", [Shot(picture((60, 60, SIDE)))]),
        told.append,
        told.append,
    )

    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    (portrait,) = told[0].person.portraits
    ((x1, _, x2, _),) = portrait.face.boxes
    assert x2 - x1 == pytest.approx(SIDE + 2 * GROWN, abs=2)


def test_a_coach_at_work_or_paused_goes_on_with_the_new_detector(
    watching, deploy, qtbot
):
    at_work, paused = (watching.engine.new_coach(None, False) for _ in range(2))
    watching.engine.coach = at_work
    deploy("a run")
    qtbot.waitUntil(lambda: is_grown(watching), timeout=10_000)

    frame = watching.live.watching.session.frames.peek()
    watching.engine.coach = None

    (face,) = paused.process(frame).faces
    assert face.box[2] - face.box[0] == pytest.approx(SIDE + 2 * GROWN)


def test_one_that_cannot_be_used_is_told_once_and_the_one_before_goes_on(
    watching, deploy, qtbot
):
    deploy("broken")
    qtbot.waitUntil(lambda: bool(toast(watching)), timeout=10_000)
    assert "the one before goes on. rnet.tflite is damaged." in toast(watching)

    watching.live.stage.toasts.hide_notice("detector")
    qtbot.wait(200)

    assert not toast(watching)
    assert width(watching) == SIDE


def test_nothing_is_loaded_again_while_nothing_changes(watching, deploy, qtbot):
    built = deploy("a run")
    qtbot.waitUntil(lambda: bool(toast(watching)), timeout=10_000)
    loaded = list(built)

    qtbot.wait(300)

    assert built == loaded
