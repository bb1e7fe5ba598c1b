"""A person in front of a camera, acting as told; nets that see exactly that."""

from dataclasses import dataclass, replace

import numpy as np

from facecam.config import Config
from facecam.enrolment import Coach, Sitting
from facecam.faces import Detections, Frame
from facecam.vision.pose import NOSE_DEPTH, NOSE_LEVEL, NOSE_LIFT

PEOPLE = ("Ada", "Grace", "Alan")


@dataclass(frozen=True)
class Act:
    """What is in front of the camera."""

    who: str = "Ada"
    yaw: float = 0.0
    pitch: float = 0.0
    side: float = 100.0
    x: float = 160.0
    light: int = 130
    around: int = 130
    sharp: bool = True
    second: float = 0.0
    """Side of another face beside it."""
    landmarks: bool = True
    glasses: bool = False


class Stage:
    """Camera, detector and embedder in one: plays acts, 30 frames per second."""

    fingerprint = "stage"

    def __init__(self) -> None:
        self.acts: list[Act | None] = []
        self.embedded = 0

    def frame(self, act: Act | None) -> Frame:
        index = len(self.acts)
        self.acts.append(act)
        image = np.full((240, 320, 3), act.around if act else 0, np.uint8)
        image[0, 0] = index % 256, index // 256, 0
        return Frame(image, index, index / 30)

    def detect(self, image) -> Detections:
        act = self._act(image)
        if act is None:
            return Detections.none()
        found = [_face(act)] + [_face(Act(side=act.second, x=50))] * bool(act.second)
        boxes, landmarks = (np.stack(parts) for parts in zip(*found, strict=True))
        return Detections(boxes, np.full(len(found), 0.99, np.float32), landmarks)

    def crop(self, image, detections):
        act = self._act(image)
        stripes = np.arange(64) % 2 * 40 - 40 if act.sharp else np.linspace(-90, 0, 64)
        crop = np.full((64, 64, 3), act.light, np.float32) + stripes[:, None]
        crop = crop.astype(np.uint8)
        crop[0, 0] = image[0, 0]
        return np.stack([crop] * len(detections))

    def embed(self, crops):
        self.embedded += len(crops)
        return np.stack([_vector(self._act(crop)) for crop in crops])

    def _act(self, image) -> Act | None:
        return self.acts[int(image[0, 0, 0]) + 256 * int(image[0, 0, 1])]


class Play:
    """A coach and the stage it looks at; remembers every advice."""

    def __init__(self, sitting: Sitting | None = None, **changes) -> None:
        config = Config()
        enrolment = replace(config.enrolment, **changes)
        self.stage = Stage()
        config = replace(config, enrolment=enrolment)
        self.coach = Coach(self.stage, self.stage, config, sitting)
        self.heard = []

    def act(self, seconds: float = 1.0, **how):
        """Hold a posture for some seconds; `who=None` is an empty picture."""
        act = None if how.get("who", "") is None else Act(**how)
        for _ in range(round(seconds * 30)):
            self.coach.process(self.stage.frame(act))
            self.heard.append(self.coach.advice.peek())
        return self.heard[-1]

    @property
    def views(self) -> list[str]:
        return [shot.view.value for shot in self.coach.shots]

    def said(self) -> list[str]:
        """Return what was said, without repetitions."""
        texts = [advice.text for advice in self.heard]
        return [b for a, b in zip([None, *texts], texts, strict=False) if a != b]


def _face(act: Act):
    half = act.side / 2
    box = np.array((act.x - half, 120 - half, act.x + half, 120 + half), np.float32)
    points = np.full((5, 2), np.nan, np.float32)
    if act.landmarks:
        aside = NOSE_DEPTH * np.tan(np.radians(act.yaw))
        level = NOSE_LEVEL - NOSE_LIFT * np.tan(np.radians(act.pitch))
        shape = [(-0.5, 0), (0.5, 0), (aside, level), (-0.43, 1), (0.43, 1)]
        points = np.array(shape, np.float32) * act.side * 0.4
        points += np.array((act.x, 120 - 0.15 * act.side), np.float32)
    return box, points.astype(np.float32)


def _vector(act: Act):
    own = [2.0 * (act.who == name) for name in PEOPLE]
    turned = np.radians([act.yaw, act.pitch]) * 3
    near = 3 * np.log(act.side / 100)
    seen = [*own, *turned, near, float(act.glasses)]
    vector = np.array([*seen, *[0.0] * 25], np.float32)
    return vector / np.linalg.norm(vector)
