"""What the coach says: the nouns between it and whoever shows it.

Left and right are always the person's own. In a mirrored view the person's left is on
the left of the screen; in a view that is not mirrored an arrow must be turned round.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

import numpy as np

from facecam.faces import Floats, Identity, Image


class View(enum.Enum):
    """A view of a face that the coach can want; the value is stable."""

    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    NEARER = "nearer"
    GLASSES = "glasses"
    OTHER = "other"
    """Taken by hand, or because it showed something new."""


LABELS = {
    View.FRONT: "Front",
    View.LEFT: "Left",
    View.RIGHT: "Right",
    View.UP: "Up",
    View.DOWN: "Down",
    View.NEARER: "Nearer",
    View.GLASSES: "With or without glasses",
    View.OTHER: "Something new",
}


class Code(enum.Enum):
    """What an advice is about, for icons, sounds and tests; the value is stable."""

    NO_FACE = "no face"
    SEVERAL = "several faces"
    SOMEBODY_ELSE = "somebody else"
    AT_THE_EDGE = "at the edge"
    TOO_SMALL = "too small"
    TOO_LARGE = "too large"
    TOO_DARK = "too dark"
    BACKLIT = "light from behind"
    TOO_BRIGHT = "too bright"
    TOO_FLAT = "too flat"
    BLURRED = "blurred"
    TURN = "turn"
    """The pose is not the one wanted; `direction` says where to go."""
    GLASSES = "glasses"
    HOLD = "hold"
    """All is right: the shutter is about to fall."""
    TAKEN = "taken"
    REFUSED = "refused"
    """A picture asked for by hand was not taken; the text says why."""
    MORE = "more"
    """Nothing particular is wanted; anything new is taken."""
    FINISHED = "finished"

    @property
    def wrong(self) -> bool:
        """Whether it names something that keeps the shutter from falling."""
        return self in _WRONG


_WRONG = {
    Code.NO_FACE,
    Code.SEVERAL,
    Code.SOMEBODY_ELSE,
    Code.AT_THE_EDGE,
    Code.TOO_SMALL,
    Code.TOO_LARGE,
    Code.TOO_DARK,
    Code.BACKLIT,
    Code.TOO_BRIGHT,
    Code.TOO_FLAT,
    Code.BLURRED,
    Code.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One entry of the checklist."""

    view: View
    label: str
    done: bool
    passed: bool = False
    """It was asked for long enough: the coach went on. It is still taken if shown."""


class Concern(enum.Enum):
    """What a warning is about."""

    ENROLLED = "enrolled"
    """The face is already enrolled, as somebody else than is being enrolled now."""
    SOMEBODY_ELSE = "somebody else"
    """Another face than in the pictures taken: no picture is taken until it goes."""
    NOT_THEM = "not them"
    """Pictures are being added to somebody whom this face does not resemble."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know before saving."""

    concern: Concern
    text: str
    identity: Identity | None = None
    """Of ENROLLED: under whom."""


@dataclass(frozen=True, slots=True)
class Meters:
    """How good the view is just now, each 0 (useless) to 1 (nothing to wish for)."""

    size: float = 0.0
    light: float = 0.0
    sharpness: float = 0.0
    still: float = 0.0
    """How much of the time to hold still is over; 1: the shutter falls."""
    yaw: float = float("nan")
    """Degrees to the person's left, from the front view; NaN without a face."""
    pitch: float = float("nan")
    """Degrees upwards, from the front view."""


@dataclass(frozen=True, eq=False, slots=True)
class Advice:
    """What to show about one frame."""

    text: str
    """A sentence, as it is."""
    code: Code
    wanted: tuple[Wanted, ...]
    """The checklist, in the order in which it is asked for."""
    taken: int
    about: int
    """About so many pictures will be taken in all."""
    now: View | None = None
    """The view that is asked for."""
    direction: str = ""
    """Where to move: "left", "right" (the person's own), "up", "down", "nearer",
    "back", or nothing."""
    box: Floats | None = None  # (4,), of the face meant
    warning: Caution | None = None
    finished: bool = False
    """Nothing more is wanted: pictures can be saved. Pictures by hand still work."""
    meters: Meters = field(default_factory=Meters)


@dataclass(frozen=True, eq=False, slots=True)
class Taken:
    """A picture that was taken, kept in memory only."""

    image: Image  # (h, w, 3), the whole frame
    box: Floats  # (4,), of the face
    landmarks: Floats  # (5, 2)
    crop: Image  # (s, s, 3), as the embedder sees it: a thumbnail
    view: View
    quality: float
    """0…1, see vision.quality."""
    embedding: Floats  # (d,)
    time: float
    """Of the frame, seconds."""

    @property
    def side(self) -> float:
        """The longer side of the face, pixels."""
        return float(np.max(self.box[2:] - self.box[:2]))
