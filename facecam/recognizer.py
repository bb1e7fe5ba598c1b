"""Frame in, Recognition out: the one loop body behind window, films and benchmarks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np

from facecam.config import Config
from facecam.faces import (
    Detections,
    Face,
    Floats,
    Frame,
    Identity,
    Image,
    Match,
    Recognition,
)
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
        self.curious = False
        """Whether faces are embedded while nobody is enrolled, too: to keep strangers.
        May be changed from any thread."""
        self._config = config
        self._tracker = Tracker(config.tracker)
        self._identifier: Identifier | None = None
        self._named_by: Identifier | None = None
        self._refused: frozenset[tuple[int, str]] = frozenset()

    def detect(self, image: Image) -> Detections:
        """Return the faces of a picture by whichever detector is in use then."""
        return self.detector.detect(image)

    def look_with(self, detector: Detector) -> None:
        """Find faces with another detector from the next frame on; tracks go on.

        May be called from any thread: each frame reads the detector once.
        """
        self.detector = detector

    def use(self, identifier: Identifier | None) -> None:
        """Name faces with another gallery from the next frame on.

        May be called from any thread: the swap is one assignment, and each frame
        reads the identifier once.
        """
        known = identifier is not None and identifier.identities
        self._identifier = identifier if known else None

    @property
    def identifier(self) -> Identifier | None:
        """Who is known now; None while nobody is."""
        return self._identifier

    def refuse(self, track: int, identity_id: str, refused: bool = True) -> None:
        """Never again call a track by a name the user has refused, or allow it again.

        May be called from any thread.
        """
        pair = frozenset({(track, identity_id)})
        self._refused = self._refused | pair if refused else self._refused - pair

    def reset(self) -> None:
        """Forget every track, as after another source was chosen."""
        self._tracker.reset()
        self._refused = frozenset()

    def process(self, frame: Frame) -> Recognition:
        """Find, follow and name the faces of a frame; times must not go back."""
        identifier = self._identifier
        clock = _Clock()
        detections = self.detect(frame.image)
        clock.lap("detect")
        tracks = self._tracker.update(frame.image, detections, frame.time)
        clock.lap("track")
        looks: dict[int, Floats] = {}
        if self.embedder is not None and (identifier is not None or self.curious):
            looks = self._look(frame, detections, tracks, self.embedder)
            clock.lap("embed")
            self._name(tracks, identifier)
            clock.lap("identify")
        faces = tuple(
            self._face(detections, n, track, looks.get(n), identifier)
            for n, track in enumerate(tracks)
        )
        made_by = self.embedder.fingerprint if self.embedder is not None else ""
        return Recognition(frame, faces, clock.laps, made_by)

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

    def _name(self, tracks: list[Track], identifier: Identifier | None) -> None:
        """Let the votes of every track in view decide, each name at most once.

        With another identifier than before nobody has a right to the name they carry.
        """
        seen = [(t, t.template) for t in tracks]
        voted = [(track, template) for track, template in seen if template is not None]
        changed, self._named_by = identifier is not self._named_by, identifier
        if not voted:
            return
        held = [t.match.identity if t.match and not changed else None for t, _ in voted]
        matches = self._matches(voted, held, identifier)
        enough = self._config.tracker.looks_until_sure
        for (track, _), match in zip(voted, matches, strict=True):
            undecided = match.identity is None and track.looks < enough
            track.match = None if undecided else match

    def _matches(
        self,
        voted: list[tuple[Track, Floats]],
        held: list[Identity | None],
        identifier: Identifier | None,
    ) -> list[Match]:
        """Identify tracks; one that was refused its name leaves it to the others."""
        if identifier is None or not voted:
            return [STRANGER for _ in voted]
        templates = np.stack([template for _, template in voted])
        matches = identifier.identify(templates, held)
        refused = self._refused
        wrong = [
            n
            for n, ((track, _), match) in enumerate(zip(voted, matches, strict=True))
            if match.identity and (track.id, match.identity.id) in refused
        ]
        if not wrong:
            return matches
        rest = [n for n in range(len(voted)) if n not in wrong]
        left = [(voted[n], held[n]) for n in rest]
        again = self._matches([v for v, _ in left], [h for _, h in left], identifier)
        for n in wrong:
            matches[n] = replace(matches[n], identity=None)
        for n, match in zip(rest, again, strict=True):
            matches[n] = match
        return matches

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
