"""The people enrolled: one folder each, pictures as the truth.

Where everything lies is said in `layout`, what a change does in `changes`; how a change
is made whole or not at all in `journal`, how it is undone in `history`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from facecam.config import GalleryConfig
from facecam.errors import GalleryError
from facecam.faces import Examples, Floats, Identity, Image
from facecam.gallery import changes
from facecam.gallery.changes import NONE_SHOWN, Shown
from facecam.gallery.cutting import Cutter
from facecam.gallery.history import Limits
from facecam.gallery.listing import Listed, as_person
from facecam.gallery.lookup import folded, lookup
from facecam.gallery.opening import prepare
from facecam.gallery.people import (
    Change,
    Enrolled,
    Person,
    PersonViews,
    Portrait,
    Shot,
)
from facecam.gallery.pictures import Pictures
from facecam.gallery.store import Draft, Store
from facecam.gallery.vectors import Progress, Seen, Vectors, person_views, silent
from facecam.media import decode_image
from facecam.vault import PLAIN, Vault

if TYPE_CHECKING:
    from facecam.vision.detector import Detector
    from facecam.vision.embedder import Embedder


class Gallery:
    """Reads and changes a people folder; safe to use from several threads.

    Several programs may use the same folder at once. Whoever reads sees a change whole
    or not at all, whoever changes waits for the other.

    Args:
        directory: the people folder; made when somebody is enrolled.
        detector: finds the face in a picture; without it, boxes must be given.
        embedder: computes embeddings; without it, people can still be managed.
        config: sizes and thresholds.
        vault: seals and unseals every byte of a person; without it nothing is sealed.

    Raises:
        GalleryError: the folder was written by a newer facecam, or cannot be brought
            to the form of this one.
    """

    problems: list[str]
    """What the last reading of people or embeddings had to leave out, and why."""

    def __init__(
        self,
        directory: Path,
        detector: Detector | None = None,
        embedder: Embedder | None = None,
        config: GalleryConfig | None = None,
        vault: Vault | None = None,
    ) -> None:
        config = config or GalleryConfig()
        limits = Limits(config.undo_steps, config.undo_days)
        self._store = Store(directory, vault or PLAIN, limits)
        self._cutter = Cutter(detector, embedder, config)
        self._pictures = Pictures(self._store, self._cutter)
        self._vectors = Vectors(self._store, self._cutter, embedder, config.mirror)
        self._built: dict[str, tuple[Listed, Person]] = {}
        self.problems = []
        prepare(self._store)

    # Reading ----------------------------------------------------------------------

    @property
    def directory(self) -> Path:
        """The people folder."""
        return self._store.directory

    @property
    def vault(self) -> Vault:
        """What seals and unseals every byte of a person."""
        return self._store.vault

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Keep every other program and thread from changing the people meanwhile.

        Raises:
            GalleryError: another program keeps the lock, or the disk refuses.
        """
        return self._store.locked(writing=True)

    def look_with(self, detector: Detector) -> None:
        """Find the face in a picture with another detector from the next one on."""
        self._cutter.look_with(detector)

    @property
    def generation(self) -> int:
        """A number that grows whenever a program, not a hand, changes anybody."""
        return self._store.generation

    @property
    def fingerprint(self) -> str:
        """Which embedder's vectors `embeddings` returns; empty without one."""
        return self._vectors.fingerprint

    def people(self) -> list[Person]:
        """Return everybody enrolled, by name."""
        listed = self._store.listed()
        self.problems = [str(e) for e in listed.values() if isinstance(e, GalleryError)]
        found = [
            self._build(identity_id, there)
            for identity_id, there in listed.items()
            if isinstance(there, Listed) and not there.empty
        ]
        for gone in set(self._built) - listed.keys():
            self._built.pop(gone, None)
        return sorted(found, key=lambda p: (folded(p.identity.name), p.identity.id))

    def ids(self) -> list[str]:
        """Return the ids of everybody, also of those whose record is damaged."""
        return self._store.ids()

    def find(self, text: str) -> Person:
        """Return the person with an id or, if nobody else shares it, a name.

        Raises:
            PersonNotFound: nobody or several people are meant; the text lists them.
        """
        return lookup(self.people(), text)

    def embeddings(self) -> dict[Identity, Floats]:
        """Return the embeddings of everybody's portraits, (n, d) each, n at least 1.

        Raises:
            WeightsMissing: no embedder is installed.
        """
        return {identity: given.own for identity, given in self.examples().items()}

    def examples(self, report: Progress = silent) -> dict[Identity, Examples]:
        """Return what an identifier learns people from; `report` may raise to end it.

        Raises:
            WeightsMissing: no embedder is installed.
        """
        seen = (seen for seen in self._looked_at(report) if seen.own)
        return {one.person.identity: one.examples() for one in seen}

    def views(self, negatives: bool = False) -> dict[Identity, PersonViews]:
        """Return everybody's portraits, or negatives, as the audit sees them.

        Raises:
            WeightsMissing: no embedder is installed.
        """
        seen = {s.person.identity: (s.own, s.never) for s in self._looked_at()}
        chosen = ((who, both[negatives]) for who, both in seen.items())
        return {who: person_views(views) for who, views in chosen if views}

    def embed(self, shots: Sequence[Shot]) -> Floats:
        """Return the embeddings that shots would have if enrolled, (k, d).

        Raises:
            NoFaceInImage, SeveralFacesInImage: a picture does not say who is meant.
            WeightsMissing: no embedder is installed.
        """
        cuts = [self._cutter.cut(shot) for shot in shots]
        known = [self._vectors.compute(decode_image(c.region), c.face) for c in cuts]
        return np.array([one.embedding for one in known], np.float32)

    # Pictures -----------------------------------------------------------------------

    def image(self, person: Person, portrait: Portrait) -> Image:
        """Return a portrait or negative: the region around the face.

        Raises:
            ImageError: it cannot be read.
        """
        return self._pictures.region(person, portrait.file)

    def original(self, person: Person, portrait: Portrait) -> Image | None:
        """Return the whole picture a portrait was cut from; None if it is not kept."""
        return self._pictures.original(person, portrait)

    def aligned(self, person: Person, portrait: Portrait) -> Image:
        """Return the face as the embedder sees it, (160, 160, 3).

        Raises:
            ImageError: the picture cannot be read.
            NoFaceInImage, WeightsMissing: the face in it cannot be found.
        """
        return self._pictures.aligned(person, portrait)

    def thumbnail(self, person: Person) -> Image | None:
        """Return the face to show for somebody; None without one that can be read."""
        return self._pictures.thumbnail(person)

    # Changing ---------------------------------------------------------------------

    def enrol(
        self,
        who: str | Identity,
        shots: Sequence[Shot],
        *,
        capture: str = "",
        consent: str = "",
    ) -> Enrolled:
        """Give pictures to somebody, all or none of them.

        Args:
            who: a name makes a new person; others may have the same name.
            shots: at least one.
            capture: the sitting they are from; a new one if empty.
            consent: when the person agreed, ISO 8601, UTC; empty leaves it as it is.

        Raises:
            NoFaceInImage, SeveralFacesInImage: a picture does not say who is meant.
            GalleryError: the name cannot be used, or the disk refuses.
            PersonNotFound: there is no such person.
        """
        if not shots:
            raise GalleryError("Enrolling somebody takes at least one picture.")
        cuts = [self._cutter.cut(shot) for shot in shots]
        with self._store.locked(writing=True):
            draft, identity_id, added = changes.enrol(
                self._store, who, cuts, capture, consent
            )
            if draft.files:
                self._store.commit(draft)
            person = self._person(identity_id)
        return Enrolled(person, added, len(cuts) - len(added))

    def rename(self, identity_id: str, name: str) -> Person:
        """Give somebody another name; the id and the portraits stay."""
        return self._change(identity_id, lambda s: changes.rename(s, identity_id, name))

    def choose_cover(self, identity_id: str, file: str) -> Person:
        """Show somebody by another portrait; "" for the first one."""
        return self._change(
            identity_id,
            lambda s: changes.choose_cover(s, self._person(identity_id), file),
        )

    def remove(self, identity_id: str, files: Sequence[str]) -> Person:
        """Take portraits away from somebody, who may be left without any."""
        return self._change(
            identity_id, lambda s: changes.remove(s, self._person(identity_id), files)
        )

    def move(
        self, identity_id: str, files: Sequence[str], to: str | Identity
    ) -> Person:
        """Give portraits to somebody else, a new person for a name; -> that person."""
        with self._store.locked(writing=True):
            person = self._person(identity_id)
            draft, target = changes.move(self._store, person, files, to)
            self._store.commit(draft)
            return self._person(target)

    def merge(self, ids: Sequence[str], into: str) -> Person:
        """Make several people one, who keeps the name of `into`; -> that person."""

        def draft(store: Store) -> Draft:
            others = dict.fromkeys(i for i in ids if i != into)
            if not others:
                raise GalleryError("Merging takes two people. Choose another one.")
            people = [self._person(identity_id) for identity_id in others]
            return changes.merge(store, people, into)

        return self._change(into, draft)

    def add_negative(self, identity_id: str, shot: Shot, of: str = "") -> Person:
        """Note a view that does not show somebody, and the id of whom it does show."""
        cut = self._cutter.cut(shot)
        return self._change(
            identity_id, lambda s: changes.add_negative(s, identity_id, cut, of)
        )

    def remove_negative(self, identity_id: str, files: Sequence[str]) -> Person:
        """Take back that views do not show somebody."""
        return self._change(
            identity_id, lambda s: changes.remove_negative(s, identity_id, files)
        )

    def forget(self, identity_id: str, shown: Shown = NONE_SHOWN) -> None:
        """Delete everything about somebody, for good.

        Portraits, others' negatives of them (and those `shown`), their embeddings, what
        undo would need, the copy of an older version; all classifiers: each has learned
        to tell its person from this one. The key, if they are sealed, goes first.
        """
        with self._store.locked(writing=True):
            self._store.require(identity_id)
            draft = changes.forget(self._store, identity_id, shown)
            self._store.forget(identity_id, draft)
        self._vectors.clear()

    def undo(self) -> Change:
        """Take the last change back that was not; raises GalleryError without one."""
        return self._store.undo()

    def redo(self) -> Change:
        """Make the change again that was undone last; raises GalleryError without."""
        return self._store.redo()

    def history(self) -> list[Change]:
        """Return the changes that can be undone or done again, the oldest first."""
        with self._store.locked():
            return [entry.change for entry in self._store.history.entries()]

    # ------------------------------------------------------------------------------

    def _change(self, identity_id: str, draft: Callable[[Store], Draft]) -> Person:
        with self._store.locked(writing=True):
            self._store.commit(draft(self._store))
            return self._person(identity_id)

    def _person(self, identity_id: str) -> Person:
        """Return somebody by id; raises PersonNotFound, or that it is damaged."""
        return self._build(identity_id, self._store.one(identity_id))

    def _build(self, identity_id: str, listed: Listed) -> Person:
        """Return a person; the same object as long as nothing changes."""
        known = self._built.get(identity_id)
        if known is not None and known[0] is listed:
            return known[1]
        folder = self.directory / identity_id
        person = as_person(folder, listed, self._vectors.quality)
        views = (*person.portraits, *person.negatives)
        if all(view.quality is not None for view in views):
            self._built[identity_id] = listed, person
        return person

    def _looked_at(self, report: Progress = silent) -> list[Seen]:
        """Return what can be embedded of everybody, by name."""
        people = self.people()
        damaged = self.problems
        seen = self._vectors.of(people, report)
        self.problems = [*damaged, *(text for one in seen for text in one.left_out)]
        return seen
