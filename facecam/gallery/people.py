"""The nouns of the gallery: who is enrolled, from what, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from facecam.faces import Detections, Floats, Identity, Image


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture somebody is enrolled from, or one that is said not to show them."""

    file: str
    """Below the person's folder: "portraits/1f0c….jpg", "mum.jpg"."""
    face: Detections | None = field(default=None, compare=False, repr=False)
    """The one face meant, in pixels of the picture; None: the most prominent one."""
    capture: str = ""
    """Which sitting it is from; pictures of one sitting say little more than one."""
    taken: str = ""
    """ISO 8601, UTC; empty where nobody knows."""
    quality: float | None = field(default=None, compare=False)
    """How good a view it is for recognition, 0…1; None until it was embedded."""
    of: str = ""
    """Negatives only: the id of the person it shows, if that is known."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody enrolled."""

    identity: Identity
    folder: Path
    portraits: tuple[Portrait, ...] = ()
    """Those taken by facecam first, the oldest first; then those dropped in by hand."""
    negatives: tuple[Portrait, ...] = ()
    """Views that were said not to show this person."""
    created: str = ""
    """ISO 8601, UTC; empty for a folder made by hand."""
    consent: str = ""
    """When the person agreed to be enrolled, ISO 8601, UTC; empty if not noted."""
    cover: str = ""
    """File of the portrait to show; empty means the first."""

    @property
    def shown(self) -> Portrait | None:
        """The portrait to show for the person: the cover, else the first one."""
        chosen = (p for p in self.portraits if p.file == self.cover)
        return next(chosen, self.portraits[0] if self.portraits else None)


@dataclass(frozen=True, eq=False, slots=True)
class Shot:
    """A whole picture, and which of its faces is meant."""

    image: Image  # (h, w, 3)
    box: Floats | None = None  # (4,); None: the clearly most prominent face
    landmarks: Floats | None = None  # (5, 2)
    taken: str = ""
    """ISO 8601, UTC; empty means now."""
    capture: str = ""
    """Which sitting it is from, where not all shots of a call are from one."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of shots."""

    person: Person
    kept: tuple[Portrait, ...]
    known: int
    """How many were there already: the same face of the same picture."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something done to the people that can be, or was, undone."""

    number: int
    text: str
    """In the past tense: "Renamed Ada to Countess"."""
    when: str
    """ISO 8601, UTC."""
    undone: bool


@dataclass(frozen=True, eq=False, slots=True)
class PersonViews:
    """A person's portraits as the identifier and the audit see them; n at least 1."""

    files: tuple[str, ...]  # (n)
    captures: tuple[str, ...]  # (n)
    embeddings: Floats  # (n, d)
    quality: Floats  # (n,)
