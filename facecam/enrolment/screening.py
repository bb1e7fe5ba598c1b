"""Which pictures from files are worth enrolling, and why the others are not.

A smear of 22 pixels taken for a portrait makes strangers match it, so what is too
small, too blurred or too dark is left out, and so is a picture that shows somebody else
than the other pictures of the same person.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam.config import Config, EnrolmentConfig
from facecam.errors import NoFaceInImage, SeveralFacesInImage
from facecam.faces import Detections, Floats, Image
from facecam.gallery import Shot, subject
from facecam.vision import image as images
from facecam.vision.detector import Detector
from facecam.vision.embedder import Embedder
from facecam.vision.quality import assess

LEAST_TO_COMPARE = 3
"""Of two pictures nobody can say which one shows somebody else."""


class Reason(enum.Enum):
    """Why a picture was left out; the value is stable."""

    UNREADABLE = "unreadable"
    NO_FACE = "no face"
    SEVERAL = "several faces"
    TOO_SMALL = "too small"
    TOO_BLURRED = "too blurred"
    BADLY_LIT = "badly lit"
    SOMEBODY_ELSE = "somebody else"
    NOBODY = "nobody"
    """It cannot be told whose picture it is."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A picture that was left out."""

    path: Path
    reason: Reason
    text: str
    """A sentence for people."""


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """A picture that can be enrolled."""

    path: Path
    shot: Shot
    embedding: Floats | None  # (d,); None without an embedder

    @property
    def pixels(self) -> int:
        """How many pixels it holds in memory."""
        return self.shot.image.shape[0] * self.shot.image.shape[1]


@dataclass(frozen=True, eq=False, slots=True)
class Screen:
    """Looks at one picture after another.

    `chosen` says which face is meant: None the clearly most prominent one, 0 the most
    prominent one in any case, N the N-th from the left.
    """

    detector: Detector
    embedder: Embedder | None
    config: Config
    chosen: int | None = None
    strict: bool = True
    """Whether blurred, dark and small faces and those of others are left out."""

    def look(self, path: Path, image: Image, capture: str) -> Candidate | Skipped:
        """Find the face of a picture and judge it."""
        try:
            face = self._face(image)
        except NoFaceInImage as error:
            return Skipped(path, Reason.NO_FACE, str(error))
        except SeveralFacesInImage as error:
            return Skipped(path, Reason.SEVERAL, str(error))
        flaw = self._flaw(path, image, face) if self.strict else None
        if flaw:
            return flaw
        embedding = None
        if self.embedder is not None:
            [embedding] = self.embedder.embed(self.embedder.crop(image, face))
        shot = Shot(image, face.boxes[0], face.landmarks[0], capture=capture)
        return Candidate(path, shot, embedding)

    def _face(self, image: Image) -> Detections:
        found = self.detector.detect(image)
        if self.chosen:
            return from_the_left(found, self.chosen)
        gallery = self.config.gallery
        clearly = gallery.clearly if self.chosen is None else 1.0
        best = subject(found, image.shape[:2], clearly, gallery.least_score)
        return found.keep(np.array([best]))

    def _flaw(self, path: Path, image: Image, face: Detections) -> Skipped | None:
        config = self.config.enrolment
        side = float((face.boxes[0, 2:] - face.boxes[0, :2]).max())
        if side < config.smallest_import:
            least = config.smallest_import
            text = (
                f"The face is {side:.0f} pixels large, {least:.0f} are needed. "
                "Use a larger picture."
            )
            return Skipped(path, Reason.TOO_SMALL, text)
        crops = (
            self.embedder.crop(image, face)
            if self.embedder
            else images.align(image, face.boxes)
        )
        quality = assess(crops, face, self.config.quality)
        if quality.sharpness[0] < config.import_sharpness:
            text = "The face is blurred. Use a sharper picture."
            return Skipped(path, Reason.TOO_BLURRED, text)
        if quality.exposure[0] <= 0:
            text = "The face is too dark, too bright or too pale. Use another picture."
            return Skipped(path, Reason.BADLY_LIT, text)
        return None


def from_the_left(found: Detections, position: int) -> Detections:
    """Return the face with a position counted from the left, the first being 1.

    Raises:
        NoFaceInImage: there are not so many.
    """
    if not 1 <= position <= len(found):
        raise NoFaceInImage(
            f"There is no face number {position}: {len(found)} were found."
        )
    order = (found.boxes[:, 0] + found.boxes[:, 2]).argsort(kind="stable")
    return found.keep(order[position - 1 : position])


def strangers_among(
    new: Floats, old: Floats | None, config: EnrolmentConfig
) -> NDArray[np.bool_]:
    """Say which pictures show somebody else than the rest.

    Where somebody is enrolled already, pictures must resemble them. Else the picture
    least like the mean of all others is set aside, again and again, until each of
    those left resembles the others; of fewer than three nothing is said, nor where no
    majority is left.

    Args:
        new: (k, d), of the pictures in question.
        old: (n, d), of the person's pictures so far; None for somebody new.
        config: the limits.

    Returns:
        (k,), True for a stranger.
    """
    if old is not None and len(old):
        return _unlike(new, old, config)
    left = np.arange(len(new))
    while len(left) >= LEAST_TO_COMPARE:
        likeness = _likeness(new[left])
        worst = int(likeness.argmin())
        if likeness[worst] >= config.belongs:
            break
        left = np.delete(left, worst)
    strange = np.ones(len(new), np.bool_)
    strange[left] = False
    agree = len(left) > 1 and _likeness(new[left]).min() >= config.belongs
    majority = agree and 2 * len(left) > len(new)
    return strange if majority else np.zeros_like(strange)


def _unlike(new: Floats, old: Floats, config: EnrolmentConfig) -> NDArray[np.bool_]:
    """Say which pictures are unlike those enrolled and those that are like them."""
    few = len(old) < LEAST_TO_COMPARE
    least = config.belongs_to_few if few else config.belongs
    like = new @ _unit(old.mean(axis=0)) >= least  # (k,)
    if like.any():
        like |= new @ _unit(np.concatenate([old, new[like]]).mean(axis=0)) >= least
    return ~like


def _unit(row: Floats) -> Floats:
    return row / np.float32(max(float(np.linalg.norm(row)), 1e-9))


def _likeness(rows: Floats) -> Floats:
    """Return the cosine of each row with the mean of all others, (n, d) -> (n,)."""
    others = rows.sum(axis=0) - rows  # (n, d)
    lengths = np.maximum(np.linalg.norm(others, axis=1), 1e-9)
    return (rows * others).sum(axis=1) / lengths
