"""Whether coached pictures make better people than the first ones a camera delivers.

A camera is simulated from the few pictures there are of a person in one video: each
stands for a second of 30 frames while the hand-held picture sways, the
light flickers and the sensor is noisy; then comes the next, again and again. A *rough*
camera also has what real ones have before somebody sits still: the person comes from
afar and out of the dark, and every change of view is smeared by motion.

Of the same frames the coach, the seeds' way (the first frames with exactly one face)
and chance choose pictures; everything else is the same: the SVMs, the other videos as
probes, the strangers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np

from facecam.config import Config
from facecam.enrolment import Coach
from facecam.errors import DatasetError
from facecam.faces import Detections, Floats, Frame, Identity, Image
from facecam.media import find_images
from facecam.training import metrics
from facecam.training.metrics import Reals
from facecam.training.open_set import Fit
from facecam.vision.boxes import area
from facecam.vision.detector import Detector
from facecam.vision.embedder import Embedder

FPS = 30.0
SIZE = (240, 320)
"""Height and width of the simulated webcam, pixels."""
HOLD = 30
"""Frames each picture is shown."""
SWAY, SLOWNESS = 1.5, 0.95
"""Standard deviation of the movement of a picture, pixels; and its correlation from one
frame to the next, as nobody trembles at 30 Hz."""
NOISE = 2.0
"""Standard deviation of the sensor's noise, grey levels."""
FLICKER = 0.02
"""Standard deviation of the brightness, as a share."""
ARRIVAL, CHANGE = 30, 6
"""Frames of a rough camera: of somebody arriving, smeared at each change of view."""
SECONDS, PATIENCE = 25.0, 2.0
"""The camera is switched off after so long; the coach asks for a view for so long, as
nobody in a film does what it says."""
MANY = 10
"""So many pictures the seeds advise to take."""
FILE = re.compile(r".*_(\d)(\d+)$")
"""Name_VF.jpg is frame F of video V."""

Videos: TypeAlias = Mapping[str, Mapping[str, Sequence[Path]]]
"""Pictures by person and video."""
Chosen: TypeAlias = dict[str, Floats]
"""Embeddings of the pictures enrolled, by who chose them."""


def read_videos(directory: Path) -> Videos:
    """Read a folder of people's pictures by video: DIR/Name/Name_VF.jpg.

    Raises:
        DatasetError: there is none, or somebody has one video only.
    """
    people: dict[str, dict[str, list[Path]]] = {}
    for path in find_images(directory):
        if match := FILE.match(path.stem):
            videos = people.setdefault(path.parent.name, {})
            videos.setdefault(match[1], []).append(path)
    if not people or min(map(len, people.values())) < 2:
        raise DatasetError(
            f"{directory} must hold pictures Name/Name_VF.jpg of at least two videos "
            "of each person."
        )
    return people


def camera(pictures: Sequence[Image], rough: bool, seed: int) -> Iterator[Frame]:
    """Deliver frames as a webcam would that sees these pictures.

    Args:
        pictures: of one person, in their order.
        rough: with arrival and smeared changes.
        seed: of sway, noise and flicker.
    """
    rng = np.random.default_rng(seed)
    still = [_on_screen(picture) for picture in pictures]
    away = rng.normal(0, SWAY, 2)  # (x, y)
    for index, view in enumerate(islice(_views(still, rough), round(SECONDS * FPS))):
        pull = rng.normal(0, SWAY * np.sqrt(1 - SLOWNESS**2), 2)
        away = SLOWNESS * away + pull
        yield Frame(_shaken(view, away, rng), index, index / FPS)


@dataclass(frozen=True)
class Chooser:
    """Chooses pictures of the same frames in each way."""

    detector: Detector
    embedder: Embedder
    config: Config

    def choose(self, frames: Sequence[Frame], seed: int) -> Chosen:
        """Return the embeddings of the pictures each way takes."""
        early = np.stack(list(islice(self._with_one_face(frames), MANY)))
        coached = self.coached(frames)
        if not len(coached):  # the coach was never content: somebody presses the key
            coached = early[:1]
        taken = len(coached)
        rng = np.random.default_rng(seed)
        order = [frames[k] for k in rng.permutation(len(frames))]
        chance = self._with_one_face(order)
        some = np.stack(list(islice(chance, MANY)))
        return {
            "coached": coached,
            "first, as many": early[:taken],
            "random, as many": some[:taken],
            f"first {MANY}": early,
            f"random {MANY}": some,
        }

    def coached(self, frames: Sequence[Frame]) -> Floats:
        """Let the coach choose until it has enough, (n, d)."""
        hurried = replace(self.config.enrolment, patience=PATIENCE)
        config = replace(self.config, enrolment=hurried)
        coach = Coach(self.detector, self.embedder, config)
        for frame in frames:
            coach.process(frame)
            advice = coach.advice.peek()
            if advice is not None and advice.finished:
                break
        rows = [shot.embedding for shot in coach.shots]
        return np.stack(rows) if rows else np.empty((0, 0), np.float32)

    def _with_one_face(self, frames: Sequence[Frame]) -> Iterator[Floats]:
        """Embed the frames with exactly one face, (d,) each (cryer getphoto.py).

        Where every frame has several, the largest face of each.

        Raises:
            DatasetError: there is no face at all.
        """
        found = ((frame, self.detector.detect(frame.image)) for frame in frames)
        crowded: list[tuple[Frame, Detections]] = []
        alone = 0
        for frame, faces in found:
            if len(faces) == 1:
                alone += 1
                yield self._embedded(frame, faces)
            elif len(faces) and len(crowded) < MANY:
                crowded.append((frame, faces))
        if not alone and not crowded:
            raise DatasetError("No face was found in the pictures of a video.")
        for frame, faces in crowded if not alone else ():
            sizes = area(faces.boxes)
            yield self._embedded(frame, faces.keep(sizes.argsort()[-1:]))

    def _embedded(self, frame: Frame, face: Detections) -> Floats:
        crops = self.embedder.crop(frame.image, face)
        return np.asarray(self.embedder.embed(crops)[0], np.float32)


@dataclass(frozen=True, eq=False)
class Trial:
    """One draw: who was enrolled from what, and what is tried."""

    galleries: Mapping[str, dict[Identity, Floats]]
    """By way of choosing."""
    probes: Floats  # (n, d)
    names: Sequence[str]  # n


def draw(
    videos: Videos,
    number: int,
    pick: Callable[[list[Path], int], Chosen],
    known: Mapping[Path, Floats],
) -> Trial:
    """Enrol everybody from one of their videos; the others are probes.

    Args:
        videos: of everybody.
        number: which of each person's videos, counted round.
        pick: chooses from the pictures of a video, given a seed.
        known: the embedding of each picture, (d,).
    """
    galleries: dict[str, dict[Identity, Floats]] = {}
    probes: list[Floats] = []
    names: list[str] = []
    for seed, (name, theirs) in enumerate(sorted(videos.items())):
        chosen = sorted(theirs)[number % len(theirs)]
        for way, rows in pick(list(theirs[chosen]), 1000 * number + seed).items():
            galleries.setdefault(way, {})[Identity(name, name)] = rows
        for video, paths in theirs.items():
            if video != chosen:
                probes += [known[path] for path in paths]
                names += [name] * len(paths)
    return Trial(galleries, np.stack(probes), names)


def summarise(
    trials: Sequence[Trial], strangers: Floats, fit: Fit
) -> list[dict[str, Any]]:
    """Return rank-1 and DIR of each way of choosing, as means over the draws.

    Args:
        trials: the draws.
        strangers: embeddings of people who are not enrolled, (m, d).
        fit: makes a scorer of a gallery.
    """
    rows = []
    for way in trials[0].galleries:
        results = [_measure(trial, way, strangers, fit) for trial in trials]
        pictures = [
            len(own) for trial in trials for own in trial.galleries[way].values()
        ]
        means = {key: float(np.mean([r[key] for r in results])) for key in results[0]}
        rows.append({"way": way, "pictures": float(np.mean(pictures)), **means})
    return rows


def _measure(trial: Trial, way: str, strangers: Floats, fit: Fit) -> dict[str, float]:
    people = trial.galleries[way]
    score = fit(people)
    scores = score(trial.probes)  # (n, p)
    names = np.array([identity.name for identity in people])
    right = names[scores.argmax(axis=1)] == np.array(trial.names)
    nearest = score(strangers).max(axis=1)
    result = {"rank1": float(right.mean())}
    for key, far in (("dir_1e-2", 1e-2), ("dir_1e-3", 1e-3)):
        threshold = metrics.stranger_threshold(nearest, far)
        result[key] = float((right & (scores.max(axis=1) > threshold)).mean())
    return result


def _on_screen(picture: Image) -> Image:
    """Enlarge or reduce a face crop to the height of the camera; its edge goes on."""
    height, width = SIZE
    scale = height / picture.shape[0]
    wide = min(round(picture.shape[1] * scale), width)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(picture, (wide, height), interpolation=way)
    left = (width - wide) // 2
    sides = (0, 0, left, width - wide - left)
    return cv2.copyMakeBorder(scaled, *sides, cv2.BORDER_REPLICATE).astype(np.uint8)


def _views(still: Sequence[Image], rough: bool) -> Iterator[Image]:
    """Show the pictures in turn, for ever."""
    if rough:
        yield from _arrival(still[0])
    while True:
        for number, view in enumerate(still):
            if rough:
                yield from _smear(still[number - 1], view)
            for _ in range(HOLD):
                yield view


def _arrival(view: Image) -> Iterator[Image]:
    """Somebody comes out of the dark, from half the size, out of focus."""
    height, width = SIZE
    for step in np.linspace(0, 1, ARRIVAL):
        zoom = 0.5 + 0.5 * step
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 0, zoom)
        far = cv2.warpAffine(
            view, turn, (width, height), borderMode=cv2.BORDER_REPLICATE
        )
        soft = cv2.GaussianBlur(far, (0, 0), 4 * (1 - step) + 0.1)
        yield cv2.convertScaleAbs(soft, alpha=0.25 + 0.75 * step).astype(np.uint8)


def _smear(before: Image, after: Image) -> Iterator[Image]:
    """One view goes over into another, both smeared along the way."""
    kernel = np.full((1, 25), 1 / 25, np.float32)
    for step in np.linspace(0.1, 0.9, CHANGE):
        view = before if step < 0.5 else after
        yield cv2.filter2D(view, -1, kernel).astype(np.uint8)


def _shaken(view: Image, away: Reals, rng: np.random.Generator) -> Image:
    """Move a picture by a little, change its light, add noise."""
    height, width = SIZE
    move = np.array([[1, 0, away[0]], [0, 1, away[1]]], np.float32)
    moved = cv2.warpAffine(view, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
    lit = moved * (1 + rng.normal(0, FLICKER)) + rng.normal(0, NOISE, moved.shape)
    return np.clip(np.rint(lit), 0, 255).astype(np.uint8)
