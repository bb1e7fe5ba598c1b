"""The people enrolled: one folder each, pictures as the truth.

    people/<id>/person.json   the name, and where the face is in each portrait
    people/<id>/*.jpg …       the portraits; more may be dropped in by hand
    people/<id>/.cache/       embeddings, computed again whenever they do not fit
    people/.identifier/       the fitted classifiers, written by the caller

Hidden names are never people: `.new-…` is a person being built, `.gone-…` one being
deleted. What a crash leaves of them is swept up when a gallery is opened.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from facecam.config import GalleryConfig
from facecam.errors import (
    FacecamError,
    GalleryError,
    ImageError,
    PersonNotFound,
    WeightsMissing,
)
from facecam.faces import Detections, Floats, Identity, Image
from facecam.gallery import cache
from facecam.gallery.lookup import folded, lookup
from facecam.gallery.portraits import cut_portrait
from facecam.gallery.records import (
    Person,
    clean_name,
    explained,
    new_id,
    new_record,
    one_face,
    read_person,
    read_record,
    write_bytes,
    write_record,
)
from facecam.gallery.subject import subject
from facecam.media import decode_image, encode_jpeg

if TYPE_CHECKING:
    from facecam.vision.detector import Detector
    from facecam.vision.embedder import Embedder

IDENTIFIER = ".identifier"
"""Folder of the fitted classifiers, which hold something of every person."""
UNREADABLE = (OSError, ImageError, GalleryError)
"""What reading a folder raises that is damaged or goes away meanwhile."""
ABANDONED = 3600.0
"""Seconds after which a person being built is taken for the leftover of a crash."""


class Gallery:
    """Reads and changes a people folder.

    Args:
        directory: the people folder; made when somebody is enrolled.
        detector: finds the face in a picture; without it, boxes must be given.
        embedder: computes embeddings; without it, people can still be managed.
        config: sizes and thresholds.
        mirror: embed each portrait and its mirror image, and take the average.
    """

    problems: list[str]
    """What the last `people` or `embeddings` had to leave out, and why."""

    def __init__(
        self,
        directory: Path,
        detector: Detector | None = None,
        embedder: Embedder | None = None,
        config: GalleryConfig | None = None,
        mirror: bool = False,
    ) -> None:
        self._directory = directory
        self._detector = detector
        self._embedder = embedder
        self._config = config or GalleryConfig()
        self._mirror = mirror
        self.problems = []
        self._sweep()

    @property
    def fingerprint(self) -> str:
        """Which embedder's vectors `embeddings` returns; empty without one."""
        name = self._embedder.fingerprint if self._embedder else ""
        return f"{name}-mirrored" if name and self._mirror else name

    def people(self) -> list[Person]:
        """Return everybody enrolled, by name."""
        found: list[Person] = []
        problems: list[str] = []
        for folder in self._folders():
            person = None
            try:
                person = read_person(folder)
            except UNREADABLE as error:
                if folder.is_dir():  # else it was forgotten by another program just now
                    problems.append(str(error))
            if person is not None:
                found.append(person)
        self.problems = problems
        return sorted(found, key=lambda p: (folded(p.identity.name), p.identity.id))

    def ids(self) -> list[str]:
        """Return the ids of everybody, also of those whose record is damaged."""
        return [folder.name for folder in self._folders()]

    def find(self, text: str) -> Person:
        """Return the person with an id or, if nobody else shares it, a name.

        Raises:
            PersonNotFound: nobody or several people are meant; the text lists them.
        """
        return lookup(self.people(), text)

    def add(
        self,
        name: str,
        image: Image,
        box: Floats | None = None,
        landmarks: Floats | None = None,
    ) -> Person:
        """Enrol somebody new from one picture.

        Args:
            name: any Unicode; others may have the same.
            image: (h, w, 3).
            box: (4,), the face meant; without it the clearly most prominent one.
            landmarks: (5, 2) of that face, if known.

        Raises:
            NoFaceInImage, SeveralFacesInImage: the picture does not say who is meant.
            GalleryError: the name cannot be used, or the disk refuses.
        """
        record = new_record(name)
        face = self._face(image, box, landmarks)
        identity = Identity(new_id(record.name), record.name)
        building = self._directory / f".new-{identity.id}"
        final = self._directory / identity.id
        with explained(f"Cannot enrol {record.name}"):
            building.mkdir(parents=True)
            try:
                file, placed = self._keep(building, image, face)
                write_record(building, replace(record, faces={file: placed}))
                building.rename(final)
            except BaseException:
                shutil.rmtree(building, ignore_errors=True)
                raise
        return Person(identity, (final / file,))

    def add_portrait(
        self,
        identity_id: str,
        image: Image,
        box: Floats | None = None,
        landmarks: Floats | None = None,
    ) -> Person:
        """Add a picture to somebody enrolled; arguments and errors as for `add`."""
        folder = self._folder(identity_id)
        face = self._face(image, box, landmarks)
        with explained(f"Cannot add a portrait to {identity_id}"):
            record = read_record(folder)
            kept = {f: d for f, d in record.faces.items() if (folder / f).is_file()}
            file, placed = self._keep(folder, image, face)
            write_record(folder, replace(record, faces={**kept, file: placed}))
        return self.find(identity_id)

    def rename(self, identity_id: str, name: str) -> Person:
        """Give somebody another name; the id and the portraits stay."""
        folder = self._folder(identity_id)
        write_record(folder, replace(read_record(folder), name=clean_name(name)))
        return self.find(identity_id)

    def forget(self, identity_id: str) -> None:
        """Delete everything about somebody: portraits, embeddings, classifiers.

        The classifiers of everybody are deleted, since each has learned to tell its
        person from this one; the caller fits them again.
        """
        folder = self._folder(identity_id)
        with explained(f"Cannot forget {identity_id} completely"):
            if (self._directory / IDENTIFIER).exists():
                shutil.rmtree(self._directory / IDENTIFIER)
            gone = folder.with_name(f".gone-{folder.name}")
            folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
            if gone.exists():
                raise GalleryError(
                    f"{gone} could not be deleted completely. Close the programs that "
                    "use its files and delete it."
                )

    def embeddings(self) -> dict[Identity, Floats]:
        """Return the embeddings of everybody's portraits, (n, d) each.

        Raises:
            WeightsMissing: no embedder is installed.
        """
        if self._embedder is None:
            raise WeightsMissing(
                "Recognising people needs an embedder. "
                "Run: facecam models install embedder"
            )
        found: dict[Identity, Floats] = {}
        for person in self.people():
            try:
                rows = self._embed(person)
            except UNREADABLE as error:  # forgotten by another program just now
                self.problems.append(str(error))
                continue
            if len(rows):
                found[person.identity] = rows
        return found

    def thumbnail(self, person: Person) -> Path | None:
        """Return the picture to show for somebody: the oldest portrait."""
        return person.portraits[0] if person.portraits else None

    def _embed(self, person: Person) -> Floats:
        """Return the embeddings of one person's portraits, from the cache if known."""
        assert self._embedder is not None
        folder = self._folder(person.identity.id)
        faces = read_record(folder).faces
        known = cache.read(folder, self._embedder.fingerprint)
        rows: dict[str, Floats] = {}
        for path in person.portraits:
            face = faces.get(path.name)
            try:
                data = path.read_bytes()
                key = cache.digest(data, face, self._mirror)
                rows[key] = known[key] if key in known else self._compute(data, face)
            except (OSError, FacecamError) as error:
                self.problems.append(f"{path} is left out: {error}")
        if rows.keys() != known.keys():
            # A read-only folder works, slowly.
            with contextlib.suppress(OSError, GalleryError):
                cache.write(folder, self._embedder.fingerprint, rows)
        return np.array(list(rows.values()), np.float32)

    def _compute(self, data: bytes, face: Detections | None) -> Floats:
        """Embed the face of one portrait, -> (d,)."""
        assert self._embedder is not None
        image = decode_image(data)
        crops = self._embedder.crop(image, face or self._only_face(image))
        if self._mirror:
            crops = np.concatenate([crops, crops[:, :, ::-1]])
        mean = self._embedder.embed(crops).mean(axis=0)
        return np.asarray(mean / max(np.linalg.norm(mean), 1e-12), np.float32)

    def _face(
        self, image: Image, box: Floats | None, landmarks: Floats | None
    ) -> Detections:
        if box is not None:
            return one_face(box, landmarks)
        return self._only_face(image, self._config.clearly)

    def _only_face(self, image: Image, clearly: float = 1.0) -> Detections:
        if self._detector is None:
            raise WeightsMissing(
                "Finding the face in a picture needs a detector. "
                "Run: facecam models install detector"
            )
        detections = self._detector.detect(image)
        least = self._config.least_score
        chosen = subject(detections, image.shape[:2], clearly, least)
        return detections.keep(np.array([chosen]))

    def _keep(
        self, folder: Path, image: Image, face: Detections
    ) -> tuple[str, Detections]:
        """Write a portrait; the same face of the same picture gets the same name."""
        region, placed = cut_portrait(image, face, self._config)
        data = encode_jpeg(region)
        file = f"{cache.digest(data, placed, mirrored=False)[:16]}.jpg"
        write_bytes(folder / file, data)
        return file, placed

    def _folder(self, identity_id: str) -> Path:
        for folder in self._folders():
            if folder.name == identity_id:
                return folder
        raise PersonNotFound(f"Nobody has the id {identity_id}. See: people list")

    def _folders(self) -> Iterator[Path]:
        if not self._directory.is_dir():
            return
        for path in sorted(self._directory.iterdir()):
            if path.is_dir() and not path.name.startswith("."):
                yield path

    def _sweep(self) -> None:
        """Remove what a crash left of people being built or deleted.

        Where nobody is left, as after deleting folders by hand, nobody fits classifiers
        anew: those that remember somebody go here.
        """
        if not self.ids():
            shutil.rmtree(self._directory / IDENTIFIER, ignore_errors=True)
        for gone in self._directory.glob(".gone-*"):
            shutil.rmtree(gone, ignore_errors=True)
        for building in self._directory.glob(".new-*"):
            with contextlib.suppress(OSError):
                if time.time() - building.stat().st_mtime > ABANDONED:
                    shutil.rmtree(building, ignore_errors=True)
