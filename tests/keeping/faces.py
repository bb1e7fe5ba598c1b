"""Recognitions to follow, second by second."""

import numpy as np

from facecam.faces import Face, Frame, Identity, Match, Recognition

ADA, ZOE = Identity("ada-1", "Ada"), Identity("zoe-1", "Zoë")
START = 1_790_000_000.0


def vector(who: int) -> np.ndarray:
    drawn = np.random.default_rng(who).standard_normal(64)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


def face(track: int, who: Identity | int | None, quality: float = 0.8) -> Face:
    """A face: somebody named, a stranger by number, or None while it is looked at."""
    match, embedding = None, None
    if isinstance(who, Identity):
        match, embedding = Match(who, 5000.0, who), vector(99)
    elif who is not None:
        match, embedding = Match(None, 3.0), vector(who)
    box = np.array((20 * track, 10, 20 * track + 16, 30), np.float32)
    return Face(
        box, np.full((5, 2), 15, np.float32), 0.99, track, match, quality, embedding
    )


def seen(*faces: Face) -> Recognition:
    image = np.full((60, 200, 3), 128, np.uint8)
    return Recognition(Frame(image, 0, 0.0), tuple(faces))
