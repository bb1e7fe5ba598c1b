"""What somebody says about a picture: there is no face here, or one was missed."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.faces import Face, Floats, Image

FALSE_ALARM, MISSED_FACE = "false alarm", "missed face"
"""As `training.detector.hard_examples.Kind`, which takes OpenCV to import."""


@dataclass(frozen=True, eq=False)
class Still:
    """A frame that was looked at, and the faces found in that very frame."""

    image: Image
    faces: tuple[Face, ...] = ()


@dataclass(frozen=True, eq=False)
class Mark:
    """One box of a picture that was judged wrongly."""

    image: Image
    """The whole frame, as the camera took it."""
    box: Floats  # (4,)
    kind: str
    """FALSE_ALARM or MISSED_FACE."""
    landmarks: Floats | None = None  # (5, 2)
