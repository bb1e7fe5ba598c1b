"""Who is in front of the camera: the same as before, somebody else, somebody known.

A look is one embedding. Looks are added up by their quality, so that a warning rests on
all that was seen of a face, not on one unlucky view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from facecam.config import EnrolmentConfig
from facecam.enrolment.advice import Caution, Concern, Taken
from facecam.faces import Floats, Identity
from facecam.vision.identifier import Identifier, one_in

LOOKS = 2
"""So many looks in a row must agree that it is somebody else, or the same again."""
ENOUGH = 3
"""From so many pictures on, a face that is none of theirs for certain is not taken: a
look-alike has a cosine of 0.35 to 0.5 with one of them in 6 % of looks, the person
themself in 1 %."""
SMALLEST_VOTE = 0.05
"""What the worst view weighs in the sum; the best weighs 1."""
RESEMBLES = 10.0
"""Fewer than one stranger in so many resemble a person as much as they do."""


@dataclass(frozen=True, eq=False, slots=True)
class Sitting:
    """For whom pictures are taken."""

    identifier: Identifier | None = None
    """Of everybody enrolled, for telling that a face is enrolled already."""
    enrolling: Identity | None = None
    """Somebody enrolled who is given more pictures; None is a new person."""
    glasses: bool = False
    """Whether a picture with (or without) glasses is wanted, too."""
    pictures: int | None = None
    """About how many are wanted; None as configured."""


class Watch:
    """Compares each look with the pictures taken and with everybody enrolled."""

    def __init__(self, config: EnrolmentConfig) -> None:
        self._config = config
        self._sum: Floats | None = None
        self._looks = 0
        self._strange = 0
        """Looks in a row at somebody else; below 0 at the same person again."""
        self.away = False
        """Whether somebody else has stepped in."""

    def look(self, embedding: Floats, quality: float, taken: Sequence[Taken]) -> bool:
        """Note a look; return whether the face may be taken for the same person.

        Args:
            embedding: (d,), of the face.
            quality: of the view, 0…1.
            taken: the pictures so far.
        """
        alike = self._likeness(embedding, taken)
        if alike < self._config.other_person:
            self._strange = max(self._strange, 0) + 1
        elif alike >= self._config.same_person:
            self._strange = min(self._strange, 0) - 1
        if abs(self._strange) >= LOOKS:
            self.away = self._strange > 0
        if self.away and not taken:  # nothing taken yet: it is simply this person now
            self._sum, self._looks, self._strange, self.away = None, 0, 0, False
        config = self._config
        least = config.same_person if len(taken) >= ENOUGH else config.other_person
        same = not self.away and alike >= least
        if same:
            weight = np.float32(max(quality, SMALLEST_VOTE))
            self._sum = weight * embedding + (0 if self._sum is None else self._sum)
            self._looks += 1
        return same

    def caution(self, sitting: Sitting) -> Caution | None:
        """Return what to know before saving, if anything."""
        if self.away:
            return Caution(
                Concern.SOMEBODY_ELSE,
                "Somebody else is in front of the camera: no pictures are taken.",
            )
        identifier = sitting.identifier
        if identifier is None or self._sum is None or self._looks < LOOKS:
            return None
        template = self._sum / max(float(np.linalg.norm(self._sum)), 1e-9)
        [match] = identifier.identify(template[None], [sitting.enrolling])
        if match.identity is not None and match.identity != sitting.enrolling:
            name = match.identity.name
            text = f"This face is already enrolled as {name}."
            return Caution(Concern.ENROLLED, text, match.identity)
        return _unlike(template, identifier, sitting.enrolling)

    def _likeness(self, embedding: Floats, taken: Sequence[Taken]) -> float:
        """Return the cosine with the most similar picture taken, or with the looks."""
        if taken:
            return max(float(embedding @ shot.embedding) for shot in taken)
        if self._sum is None:
            return 1.0
        length = max(float(np.linalg.norm(self._sum)), 1e-9)
        return float(embedding @ self._sum) / length


def _unlike(
    template: Floats, identifier: Identifier, enrolling: Identity | None
) -> Caution | None:
    """Warn where pictures are added to somebody who does not look like that."""
    if enrolling is None or enrolling not in identifier.identities:
        return None
    [scores] = identifier.scores(template[None])
    own = scores[identifier.identities.index(enrolling)]
    if one_in(own / identifier.config.real_spread) >= RESEMBLES:
        return None
    text = f"This does not look like {enrolling.name}. Check the name."
    return Caution(Concern.NOT_THEM, text)
