"""Embeddings and quality of everybody's portraits, each computed once.

A picture is known by its content, so what was computed once fits for ever, whoever it
is given to: in memory, then in the index, else it is computed from the picture.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from facecam.config import QualityConfig
from facecam.errors import FacecamError, ImageError, VaultLocked, WeightsMissing
from facecam.faces import Detections, Examples, Image
from facecam.gallery.cutting import Cutter, digest
from facecam.gallery.index import Dropped, Key, Known
from facecam.gallery.layout import NEGATIVES, managed
from facecam.gallery.people import Person, PersonViews, Portrait
from facecam.gallery.store import Store
from facecam.vision.quality import assess

if TYPE_CHECKING:
    from facecam.vision.embedder import Embedder

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many pictures were looked at, and of how many; may raise to end it."""

KEPT_AT_ONCE = 50
"""So many embeddings are computed, seconds of work, before they are written down."""


def silent(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """A portrait or a negative, and what the embedder says of it."""

    portrait: Portrait
    known: Known


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A person as looked at, with everything that could be embedded."""

    person: Person
    views: tuple[View, ...]
    keys: Mapping[Key, Known]
    left_out: tuple[str, ...]
    final: bool
    """Whether it holds as long as the record does; not with pictures put by hand."""

    @property
    def own(self) -> list[View]:
        """The portraits."""
        return [v for v in self.views if not v.portrait.file.startswith(NEGATIVES)]

    @property
    def never(self) -> list[View]:
        """The negatives."""
        return [v for v in self.views if v.portrait.file.startswith(NEGATIVES)]

    def examples(self) -> Examples:
        """Return what an identifier learns from; only with portraits."""
        own = np.stack([view.known.embedding for view in self.own])
        never = [view.known.embedding for view in self.never]
        none = np.empty((0, own.shape[1]), np.float32)
        return Examples(own, np.stack(never) if never else none)


def person_views(views: Sequence[View]) -> PersonViews:
    """Return portraits, or negatives, for the audit and the report; at least one."""
    return PersonViews(
        tuple(view.portrait.file for view in views),
        tuple(view.portrait.capture or view.portrait.file for view in views),
        np.stack([view.known.embedding for view in views]),
        np.array([view.known.quality for view in views], np.float32),
    )


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
        self._mutex = threading.Lock()
        """Guards what is remembered; never held while the store's lock is taken."""
        self._net = threading.Lock()
        self._ratings: dict[str, float] | None = None
        self._stale = False
        self._begin()

    def clear(self) -> None:
        """Remember nothing from now on, as after somebody was forgotten."""
        self._stale, self._ratings = True, None

    def _begin(self) -> None:
        self._loaded = False
        self._known: dict[str, Known] = {}
        self._failed: dict[str, str] = {}
        self._indexed: dict[str, set[Key]] = {}
        self._seen: dict[str, Seen] = {}
        self._dropped: dict[Key, Dropped] = {}

    @property
    def fingerprint(self) -> str:
        """Which embedder's vectors these are; empty without one."""
        name = self._embedder.fingerprint if self._embedder else ""
        return f"{name}-mirrored" if name and self._mirror else name

    def quality(self, owner: str, portrait: Portrait) -> float | None:
        """Return how good a view is; None if that is not known yet."""
        ratings = self._ratings
        if ratings is None:
            ratings = self._ratings = self._store.index.qualities()
        return ratings.get(_rated_as(owner, portrait))

    def of(self, people: Sequence[Person], report: Progress = silent) -> list[Seen]:
        """Return what can be embedded of people, in their order.

        What was computed is written down in any case, so that the next time goes on
        where this one was ended.

        Args:
            people: everybody; what belongs to nobody of them is no longer remembered.
            report: told the progress after each person; may raise to end it.

        Raises:
            WeightsMissing: there is no embedder.
        """
        self._needed()
        with self._mutex:
            self._load()
        new: dict[Key, Known] = {}
        seen: dict[str, Seen] = {}
        total, done = sum(_pictures(person) for person in people), 0
        for person in people:
            with self._mutex:
                one = seen[person.identity.id] = self._look_at(person)
                indexed = self._indexed.get(person.identity.id, set())
                new |= {key: one.keys[key] for key in one.keys.keys() - indexed}
            if len(new) >= KEPT_AT_ONCE:
                self._write(new, set())
                new = {}
            done += _pictures(person)
            try:
                report(done, total)
            except BaseException:
                self._write(new, set())
                raise
        with self._mutex:
            gone = self._gone(seen)
            self._seen = seen
        self._write(new, gone)
        return list(seen.values())

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
        with self._net:
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
        if self._stale:
            self._stale = False
            self._begin()
        if self._loaded:
            return
        for key, known in self._store.index.load(self.fingerprint).items():
            self._indexed.setdefault(key[0], set()).add(key)
            self._known[key[1]] = known
        self._dropped = self._store.index.dropped()
        self._loaded = True

    def _look_at(self, person: Person) -> Seen:
        before = self._seen.get(person.identity.id)
        if before is not None and before.final and before.person is person:
            return before
        views: list[View] = []
        keys: dict[Key, Known] = {}
        left_out: list[str] = []
        for portrait in (*person.portraits, *person.negatives):
            try:
                name = self._name(person, portrait)
                known = self._looked(person, portrait, name)
                views.append(View(portrait, known))
                keys[person.identity.id, name] = known
            except VaultLocked:
                raise
            except (OSError, FacecamError) as error:
                left_out.append(f"{person.folder / portrait.file} is left out: {error}")
        final = all(portrait.face is not None for portrait in person.portraits)
        return Seen(person, tuple(views), keys, tuple(left_out), final)

    def _looked(self, person: Person, portrait: Portrait, name: str) -> Known:
        """Return what is known of a picture; raises what is wrong with it."""
        known = self._known.get(name)
        if known is not None and known.quality is not None:
            return known
        if name in self._failed:
            raise ImageError(self._failed[name])
        data = self._store.read(person.identity.id, portrait.file)
        try:
            image, face = self._cutter.placed(data, portrait.face)
            known = self._rate(known, image, face) or self.compute(image, face)
        except FacecamError as error:
            self._failed[name] = str(error)
            raise
        self._known[name] = known
        assert known.quality is not None
        if self._ratings is not None:
            self._ratings[_rated_as(person.identity.id, portrait)] = known.quality
        self._indexed.get(person.identity.id, set()).discard((person.identity.id, name))
        return known

    def _rate(
        self, known: Known | None, image: Image, face: Detections
    ) -> Known | None:
        """Add the quality to what an older version knew without it."""
        if known is None:
            return None
        crops = self._cutter.crop(image, face)
        quality = float(assess(crops, face, QualityConfig()).overall[0])
        return Known(known.embedding, quality)

    def _name(self, person: Person, portrait: Portrait) -> str:
        """Return what determines the embedding; raises OSError if it is not there."""
        if _named(portrait):
            return _stem(portrait.file)
        owner = person.identity.id
        status = (person.folder / portrait.file).stat()
        looks = (status.st_size, status.st_mtime_ns)
        known = self._dropped.get((owner, portrait.file))
        if known is None or (known.size, known.modified) != looks:
            name = digest(self._store.read(owner, portrait.file), portrait.face)
            known = Dropped(owner, portrait.file, *looks, name)
            self._dropped[owner, portrait.file] = known
        return known.digest

    def _gone(self, seen: dict[str, Seen]) -> set[Key]:
        """Return what the index holds and nobody has any more."""
        gone: set[Key] = set()
        for owner, keys in self._indexed.items():
            now, before = seen.get(owner), self._seen.get(owner)
            if now is None or now is not before:
                gone |= keys - now.keys.keys() if now is not None else keys
        return gone

    def _write(self, new: dict[Key, Known], gone: set[Key]) -> None:
        """Bring the index up to date, of people who are still there."""
        if not new and not gone:
            return
        dropped = list(self._dropped.values())
        here: dict[Key, Known] = {}
        with contextlib.suppress(FacecamError), self._store.locked():
            ids = set(self._store.ids())
            here = {key: known for key, known in new.items() if key[0] in ids}
            files = [d for d in dropped if (d.owner, d.digest) in here]
            self._store.index.update(self.fingerprint, here, files, gone)
        with self._mutex:
            for key in here:
                self._indexed.setdefault(key[0], set()).add(key)
            for key in gone:
                self._indexed.get(key[0], set()).discard(key)


def _pictures(person: Person) -> int:
    return len(person.portraits) + len(person.negatives)


def _rated_as(owner: str, portrait: Portrait) -> str:
    """Return how the quality of a picture is found: by content where that is known."""
    return _stem(portrait.file) if _named(portrait) else f"{owner}/{portrait.file}"


def _named(portrait: Portrait) -> bool:
    """Tell whether a picture's file name says what its embedding depends on."""
    return portrait.face is not None and managed(portrait.file)


def _stem(file: str) -> str:
    return file[file.rfind("/") + 1 :].partition(".")[0]
