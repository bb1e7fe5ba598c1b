"""The Enrol place in a window, with a coach that takes a picture of every frame."""

import numpy as np
import pytest

from facecam.camera.latest import Latest
from facecam.enrolment.advice import LABELS, Advice, Code, Taken, View, Wanted
from facecam.enrolment.watch import Sitting
from facecam.faces import Recognition
from tests.fakes import BlobDetector

VIEWS = (View.FRONT, View.LEFT, View.RIGHT)


class FrameCoach:
    """Takes each frame as the next view until it has all; `caution` is what it adds."""

    def __init__(self, enrolling=None, automatic=True):
        self.advice, self.shots = Latest(), ()
        self.sitting, self.automatic = Sitting(None, enrolling), automatic
        self.caution, self.wishes = None, []

    def process(self, frame):
        found = BlobDetector().detect(frame.image)
        wish = self.wishes.pop(0) if self.wishes else ""
        if wish == "undo":
            self.shots = self.shots[:-1]
        elif len(self.shots) < len(VIEWS) and (self.automatic or wish):
            face = found.boxes[0], found.landmarks[0]
            crop = np.full((32, 32, 3), 128, np.uint8)
            view = VIEWS[len(self.shots)]
            shot = (*face, crop, view, 0.8, np.ones(4, "f4"), frame.time)
            image = frame.image.copy()
            image[:20, 20:90] = frame.index % 85  # no two pictures are the same
            self.shots = (*self.shots, Taken(image, *shot))
        self.advice.put(self.say(found.boxes[0]))
        return Recognition(frame, ())

    def say(self, box):
        done = len(self.shots)
        wanted = tuple(Wanted(v, LABELS[v], n < done) for n, v in enumerate(VIEWS))
        over = done == len(VIEWS)
        text, now = ("Enough.", None) if over else ("Turn left.", VIEWS[done])
        code = Code.FINISHED if over else Code.TURN
        way = {} if over else {"direction": "left"}
        return Advice(
            text, code, wanted, done, 3, now, box=box, warning=self.caution,
            finished=over, **way,
        )  # fmt: skip

    def shoot(self):
        self.wishes.append("shoot")

    def undo(self):
        self.wishes.append("undo")


@pytest.fixture
def coaches(window, monkeypatch):
    """The coaches made so far, the last one last; `automatic` may be switched off."""
    made = Coaches()

    def new_coach(enrolling, glasses):
        made.append(FrameCoach(enrolling, made.automatic))
        return made[-1]

    monkeypatch.setattr(window.engine, "new_coach", new_coach)
    return made


class Coaches(list):
    """A list with a switch."""

    automatic = True


@pytest.fixture
def place(window, camera, coaches, qtbot):
    """The Enrol place, a camera running."""
    window.live.start("usb-1")
    place = window.places.show_place("enrol")
    qtbot.waitUntil(place.stage.view.isVisible, timeout=10_000)
    return place
