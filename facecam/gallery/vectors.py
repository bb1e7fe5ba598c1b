"""Embeddings and quality of everybody's portraits, each computed once.

A picture is known by its content, so what was computed once fits for ever, whoever it
is given to: in memory, then in the index, else it is computed from the picture.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from facecam.config import QualityConfig
from facecam.errors import FacecamError, VaultLocked, WeightsMissing
from facecam.faces import Detections, Image
from facecam.gallery.cutting import Cutter, digest
from facecam.gallery.index import Dropped, Key, Known
from facecam.gallery.layout import managed
from facecam.gallery.people import Person, Portrait
from facecam.gallery.store import Store
from facecam.vision.quality import assess

if TYPE_CHECKING:
    from facecam.vision.embedder import Embedder

KEPT_AT_ONCE = 50
"""So many embeddings are computed, seconds of work, before they are written down."""


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """A portrait or a negative, and what the embedder says of it."""

    portrait: Portrait
    known: Known


class Vectors:
    """Computes embeddings, and remembers them; safe to use from several threads.

    Args:
        store: where the pictures are.
        cutter: finds faces and cuts crops.
        embedder: computes embeddings.
        mirror: embed each portrait and its mirror image, and take the average.
    """

    def __init__(
        self, store: Store, cutter: Cutter, embedder: Embedder | None, mirror: bool
    ) -> None:
        self._store = store
        self._cutter = cutter
        self._embedder = embedder
        self._mirror = mirror
        self._mutex = threading.RLock()
        self.clear()

    def clear(self) -> None:
        """Remember nothing, as after somebody was forgotten."""
        with self._mutex:
            self._loaded = False
            self._known: dict[str, Known] = {}
            self._indexed: set[Key] = set()
            self._dropped: dict[Key, Dropped] = {}
            self._failed: dict[str, str] = {}

    @property
    def fingerprint(self) -> str:
        """Which embedder's vectors these are; empty without one."""
        name = self._embedder.fingerprint if self._embedder else ""
        return f"{name}-mirrored" if name and self._mirror else name

    def qualities(self) -> dict[Key, float]:
        """Return how good views are, by owner and file."""
        return {}

    def of(self, people: Sequence[Person]) -> tuple[dict[str, list[View]], list[str]]:
        """Return every portrait and negative that can be embedded, by person.

        Args:
            people: everybody; what belongs to nobody of them is no longer remembered.

        Returns:
            The views by id, those of negatives among them, and what was left out.

        Raises:
            WeightsMissing: there is no embedder.
        """
        self._needed()
        with self._mutex:
            self._load()
            problems: list[str] = []
            new: dict[Key, Known] = {}
            live: set[Key] = set()
            found: dict[str, list[View]] = {}
            for person in people:
                found[person.identity.id] = views = []
                for portrait in (*person.portraits, *person.negatives):
                    key = self._look(person, portrait, problems)
                    if key is None:
                        continue
                    live.add(key)
                    views.append(View(portrait, self._known[key[1]]))
                    if key not in self._indexed:
                        new[key] = self._known[key[1]]
                if len(new) >= KEPT_AT_ONCE:
                    self._write(new, set())
                    new = {}
            self._write(new, self._indexed - live)
            return found, problems

    def compute(self, image: Image, face: Detections) -> Known:
        """Embed one face of a picture.

        Raises:
            WeightsMissing: there is no embedder.
        """
        embedder = self._needed()
        crops = self._cutter.crop(image, face)
        quality = float(assess(crops, face, QualityConfig()).overall[0])
        if self._mirror:
            crops = np.concatenate([crops, crops[:, :, ::-1]])
        mean = embedder.embed(crops).mean(axis=0)
        unit = np.asarray(mean / max(np.linalg.norm(mean), 1e-12), np.float32)
        return Known(unit, quality)

    def _needed(self) -> Embedder:
        if self._embedder is None:
            raise WeightsMissing(
                "Recognising people needs an embedder. "
                "Run: facecam models install embedder"
            )
        return self._embedder

    def _load(self) -> None:
        if self._loaded:
            return
        index = self._store.index
        stored = index.load(self.fingerprint)
        self._indexed = set(stored)
        self._known = {key[1]: known for key, known in stored.items()}
        self._dropped = index.dropped()
        self._loaded = True

    def _look(
        self, person: Person, portrait: Portrait, problems: list[str]
    ) -> Key | None:
        """Make sure that a picture is known; -> its key, None if it is no good."""
        path = person.folder / portrait.file
        owner = person.identity.id
        try:
            name = self._digest(path, owner, portrait)
            if name not in self._known and name not in self._failed:
                data = self._store.read(owner, portrait.file)
                image, face = self._cutter.placed(data, portrait.face)
                self._known[name] = self.compute(image, face)
        except VaultLocked:
            raise
        except FacecamError as error:
            self._failed[name] = str(error)
        except OSError as error:
            problems.append(f"{path} is left out: {error.strerror or error}")
            return None
        if name in self._failed:
            problems.append(f"{path} is left out: {self._failed[name]}")
            return None
        return owner, name

    def _digest(self, path: Path, owner: str, portrait: Portrait) -> str:
        """Return what determines the embedding; raises OSError if it is not there."""
        if managed(portrait.file) and portrait.face is not None:
            return path.stem
        status = path.stat()
        known = self._dropped.get((owner, portrait.file))
        looks = (status.st_size, status.st_mtime_ns)
        if known is None or (known.size, known.modified) != looks:
            name = digest(self._store.read(owner, portrait.file), portrait.face)
            known = Dropped(owner, portrait.file, *looks, name)
            self._dropped[owner, portrait.file] = known
        return known.digest

    def _write(self, new: dict[Key, Known], gone: set[Key]) -> None:
        """Bring the index up to date, of people who are still there."""
        if not new and not gone:
            return
        with self._store.locked(), contextlib.suppress(FacecamError):
            ids = set(self._store.ids())
            here = {key: known for key, known in new.items() if key[0] in ids}
            files = [d for d in self._dropped.values() if (d.owner, d.digest) in here]
            self._store.index.update(self.fingerprint, here, files, gone)
            self._indexed = (self._indexed | here.keys()) - gone
