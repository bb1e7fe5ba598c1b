"""Faces over time: which detection is which track, when to look again, and votes.

A track is one face over successive frames. Its votes are embeddings, added up by
their quality into one template, so evidence grows while a face stays in view and a
newly enrolled person is recognised at once, without looking again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from facecam.config import TrackerConfig
from facecam.faces import Detections, Floats, Image, Match
from facecam.vision import boxes

PATCH_SIZE = 16
"""Side of the thumbnail that tells whether a track still shows the same thing."""


@dataclass(eq=False, slots=True)
class Track:
    """One face over successive frames, and what has been learned of it."""

    id: int
    box: Floats  # (4,)
    seen: float
    """Time of the newest frame it was in, seconds."""
    patch: Floats  # (PATCH_SIZE, PATCH_SIZE), zero mean, unit length
    velocity: Floats = field(default_factory=lambda: np.zeros(4, np.float32))  # px/s
    looked: float = -np.inf
    """Time of the newest look, seconds."""
    looks: int = 0
    """Votes since the track began or was last found to show somebody else."""
    votes: Floats | None = None  # (d,), embeddings weighed by quality, added up
    quality: float = 0.0
    changed: bool = True
    """Its picture jumped since the last look: it may be somebody else now."""
    match: Match | None = None

    @property
    def template(self) -> Floats | None:
        """The votes as one unit vector, (d,)."""
        if self.votes is None:
            return None
        return self.votes / max(float(np.linalg.norm(self.votes)), 1e-9)


class Tracker:
    """Associates detections over frames and says which faces to look at."""

    def __init__(self, config: TrackerConfig) -> None:
        self._config = config
        self._tracks: list[Track] = []
        self._next_id = 1

    def update(self, image: Image, detections: Detections, time: float) -> list[Track]:
        """Continue or begin a track for each detection.

        Args:
            image: the frame.
            detections: its n faces.
            time: of the frame, seconds; must not go back.

        Returns:
            n tracks, in the order of the detections. Tracks without a detection are
            kept for `max_gap` seconds.
        """
        oldest = time - self._config.max_gap
        self._tracks = [t for t in self._tracks if t.seen >= oldest]
        partner = self._associate(detections, time)  # (n,), position or -1
        found = [
            self._tracks[p] if p >= 0 else self._begin(box, time)
            for p, box in zip(partner, detections.boxes, strict=True)
        ]
        for track, box in zip(found, detections.boxes, strict=True):
            self._advance(track, box, image, time)
        return found

    def due(self, tracks: list[Track], time: float) -> list[int]:
        """Return the positions of the tracks to embed now, most urgent first.

        New and changed faces at once; unsure ones a few times a second; all others
        when their newest look is old.
        """
        waits = [(self._wait(track, time), n) for n, track in enumerate(tracks)]
        ready = sorted((wait, n) for wait, n in waits if wait <= 0)
        return [n for _, n in ready[: self._config.looks_per_frame]]

    def vote(
        self, track: Track, embedding: Floats, quality: float, time: float
    ) -> None:
        """Add what one look has shown."""
        config = self._config
        template = track.template
        if template is not None and float(template @ embedding) < config.same_face:
            track.votes, track.looks, track.match = None, 0, None
            track.id = self._new_id()
        weight = max(quality, config.smallest_vote)
        kept = 0 if track.votes is None else track.votes * config.memory
        track.votes = kept + weight * embedding
        track.looks += 1
        track.looked, track.quality, track.changed = time, quality, False

    def reset(self) -> None:
        """Forget every track, as after another source was chosen."""
        self._tracks = []

    def _associate(self, detections: Detections, time: float) -> NDArray[np.intp]:
        """Pair detections with tracks, best overlap first, -> (n,), -1 for none."""
        partner = np.full(len(detections), -1, np.intp)
        if not self._tracks or not len(detections):
            return partner
        expected = np.stack([_expected(track, time) for track in self._tracks])
        overlap = boxes.iou(detections.boxes, expected)  # (n, m)
        while overlap.size and overlap.max() >= self._config.min_overlap:
            n, m = np.unravel_index(overlap.argmax(), overlap.shape)
            partner[n] = m
            overlap[n, :] = overlap[:, m] = 0
        return partner

    def _begin(self, box: Floats, time: float) -> Track:
        blank = np.zeros((PATCH_SIZE, PATCH_SIZE), np.float32)
        track = Track(self._new_id(), box, time, blank)
        self._tracks.append(track)
        return track

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _advance(self, track: Track, box: Floats, image: Image, time: float) -> None:
        patch = _patch(image, box)
        likeness = float((patch * track.patch).sum())
        track.changed = track.changed or likeness < self._config.same_patch
        elapsed = time - track.seen
        if elapsed > 0:
            track.velocity = (box - track.box) / elapsed
        track.box, track.patch, track.seen = box, patch, time

    def _wait(self, track: Track, time: float) -> float:
        """Return the seconds until a look is due; the more below 0, the more urgent."""
        config = self._config
        if track.changed or track.looks == 0:
            return -np.inf
        interval = config.look_interval if self._sure(track) else config.unsure_interval
        return track.looked + interval - time

    def _sure(self, track: Track) -> bool:
        """Say whether more looks would hardly change the answer."""
        match = track.match
        if match is None or track.looks < self._config.looks_until_sure:
            return False
        return match.identity is not None or match.strangers < self._config.doubtful


def _expected(track: Track, time: float) -> Floats:
    """Return where the track should be now if it went on moving, (4,)."""
    return track.box + track.velocity * np.float32(min(time - track.seen, 0.2))


def _patch(image: Image, box: Floats) -> Floats:
    """Return a small grey picture of the face with zero mean and unit length."""
    height, width = image.shape[:2]
    x1, y1 = np.maximum(box[:2], 0).astype(int)
    x2, y2 = np.minimum(box[2:], (width, height)).astype(int)
    if x2 - x1 < 1 or y2 - y1 < 1:
        return np.zeros((PATCH_SIZE, PATCH_SIZE), np.float32)
    size = (PATCH_SIZE, PATCH_SIZE)
    small = cv2.resize(image[y1:y2, x1:x2], size, interpolation=cv2.INTER_AREA)
    grey = small.astype(np.float32).mean(axis=2)
    grey -= grey.mean()
    return grey / max(float(np.linalg.norm(grey)), 1e-6)
