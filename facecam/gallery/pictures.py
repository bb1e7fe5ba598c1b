"""The pictures of people, read and unsealed one at a time; this takes no lock."""

from __future__ import annotations

import contextlib

from facecam.errors import GalleryError, ImageError
from facecam.faces import Image
from facecam.gallery.cutting import Cutter
from facecam.gallery.layout import ALIGNED, ORIGINALS, beside, managed
from facecam.gallery.people import Person, Portrait
from facecam.gallery.store import Store
from facecam.media import decode_image
from facecam.vision.image import natural


class Pictures:
    """Reads what is kept of portraits and negatives."""

    def __init__(self, store: Store, cutter: Cutter) -> None:
        self._store = store
        self._cutter = cutter

    def region(self, person: Person, file: str) -> Image:
        """Return a picture as it is stored; raises ImageError."""
        return decode_image(self._bytes(person, file), str(person.folder / file))

    def original(self, person: Person, portrait: Portrait) -> Image | None:
        """Return the whole picture a portrait was cut from; None if it is not kept."""
        file = beside(portrait.file, ORIGINALS)
        if not managed(portrait.file) or not (person.folder / file).is_file():
            return None
        return self.region(person, file)

    def aligned(self, person: Person, portrait: Portrait) -> Image:
        """Return the face as the embedder sees it, from the portrait if need be.

        Raises:
            ImageError: the picture cannot be read.
            NoFaceInImage, WeightsMissing: the face in it cannot be found.
        """
        file = beside(portrait.file, ALIGNED)
        if managed(portrait.file) and (person.folder / file).is_file():
            return self.region(person, file)
        data = self._bytes(person, portrait.file)
        return self._cutter.crop(*self._cutter.placed(data, portrait.face))[0]

    def thumbnail(self, person: Person) -> Image | None:
        """Return the face to show for somebody; None without one that can be read."""
        if person.shown is None:
            return None
        with contextlib.suppress(ImageError, GalleryError):
            return natural(self.aligned(person, person.shown), person.shown.face)
        with contextlib.suppress(ImageError, GalleryError):
            return self.region(person, person.shown.file)
        return None

    def _bytes(self, person: Person, file: str) -> bytes:
        try:
            return self._store.read(person.identity.id, file)
        except OSError as error:
            raise ImageError(
                f"Cannot read {person.folder / file}: {error.strerror or error}. "
                "It may have been removed meanwhile."
            ) from error
