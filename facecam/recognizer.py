"""Frame in, Recognition out: the one loop body behind window, films and benchmarks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from facecam.config import Config
from facecam.faces import Detections, Face, Floats, Frame, Match, Recognition
from facecam.vision.detector import Detector
from facecam.vision.embedder import Embedder
from facecam.vision.identifier import Identifier
from facecam.vision.quality import assess
from facecam.vision.tracker import Track, Tracker

STRANGER = Match(identity=None, strangers=1.0)
"""The answer where nobody is enrolled."""


class Recognizer:
    """Says everything about one frame after another. Belongs to one thread."""

    def __init__(
        self,
        detector: Detector,
        embedder: Embedder | None,
        config: Config,
        runtime: str,
    ) -> None:
        self.detector = detector
        self.embedder = embedder
        self.runtime = runtime
        """What runs the nets, for people: "CPU · LiteRT int8"."""
        self._config = config
        self._tracker = Tracker(config.tracker)
        self._identifier: Identifier | None = None

    def use(self, identifier: Identifier | None) -> None:
        """Name faces with another gallery from the next frame on.

        May be called from any thread: the swap is one assignment, and each frame
        reads the identifier once.
        """
        known = identifier is not None and identifier.identities
        self._identifier = identifier if known else None

    def reset(self) -> None:
        """Forget every track, as after another source was chosen."""
        self._tracker.reset()

    def process(self, frame: Frame) -> Recognition:
        """Find, follow and name the faces of a frame; times must not go back."""
        identifier = self._identifier
        clock = _Clock()
        detections = self.detector.detect(frame.image)
        clock.lap("detect")
        tracks = self._tracker.update(frame.image, detections, frame.time)
        clock.lap("track")
        looks: dict[int, Floats] = {}
        if self.embedder is not None and identifier is not None:
            looks = self._look(frame, detections, tracks, self.embedder)
            clock.lap("embed")
            self._name(tracks, identifier)
            clock.lap("identify")
        faces = tuple(
            self._face(detections, n, track, looks.get(n), identifier)
            for n, track in enumerate(tracks)
        )
        return Recognition(frame, faces, clock.laps)

    def _look(
        self,
        frame: Frame,
        detections: Detections,
        tracks: list[Track],
        embedder: Embedder,
    ) -> dict[int, Floats]:
        """Embed the faces that are due, -> embeddings by position."""
        due = self._tracker.due(tracks, frame.time)
        if not due:
            return {}
        chosen = detections.keep(np.array(due, np.intp))
        crops = embedder.crop(frame.image, chosen)
        quality = assess(crops, chosen, self._config.quality).overall  # (k,)
        embeddings = embedder.embed(crops)  # (k, d)
        for n, embedding, weight in zip(due, embeddings, quality, strict=True):
            self._tracker.vote(tracks[n], embedding, float(weight), frame.time)
        return dict(zip(due, embeddings, strict=True))

    def _name(self, tracks: list[Track], identifier: Identifier) -> None:
        """Let the votes of every track in view decide, each name at most once."""
        seen = [(t, t.template) for t in tracks]
        voted = [(track, template) for track, template in seen if template is not None]
        if not voted:
            return
        held = [track.match.identity if track.match else None for track, _ in voted]
        templates = np.stack([template for _, template in voted])
        matches = identifier.identify(templates, held)
        enough = self._config.tracker.looks_until_sure
        for (track, _), match in zip(voted, matches, strict=True):
            undecided = match.identity is None and track.looks < enough
            track.match = None if undecided else match

    def _face(
        self,
        detections: Detections,
        n: int,
        track: Track,
        embedding: Floats | None,
        identifier: Identifier | None,
    ) -> Face:
        nobody = self.embedder is not None and identifier is None
        return Face(
            box=detections.boxes[n],
            landmarks=detections.landmarks[n],
            score=float(detections.scores[n]),
            track=track.id,
            match=STRANGER if nobody else track.match,
            quality=track.quality,
            embedding=embedding,
        )


@dataclass
class _Clock:
    """Times the stages of one frame, in seconds."""

    laps: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = now - self._last
        self._last = now
