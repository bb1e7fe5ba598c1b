"""Pictures of people for lists and pages: read in the background, newest wish first.

Only what is looked at is asked for; a list that is scrolled on leaves its wishes
behind, so that what is on the screen comes first. Pictures stay in memory, up to a
number of them, and are never written anywhere: people may be sealed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from facecam.app.engine import Engine
from facecam.app.video_view import to_qimage
from facecam.errors import FacecamError
from facecam.faces import Image

if TYPE_CHECKING:
    from facecam.gallery import Gallery, Person, Portrait

KEPT = 900
"""So many small pictures stay in memory: 160×160, 77 kB each."""
BATCH = 12
"""So many are read before other work gets its turn."""
WAITING = 96
"""Older wishes than so many are forgotten: they were scrolled past."""


class Size(StrEnum):
    """How much of a picture is wanted."""

    FACE = "face"
    """The face as the embedder sees it, 160 × 160."""
    REGION = "region"
    """The face with room around it."""


@dataclass(frozen=True)
class Wish:
    """A picture to be read."""

    person: Person
    portrait: Portrait
    size: Size = Size.FACE

    @property
    def key(self) -> tuple[str, str, str]:
        """Which picture it is."""
        return self.person.identity.id, self.portrait.file, self.size.value


class Pictures(QObject):
    """Answers at once, with None at first; `ready` says when to ask again."""

    ready = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._known: OrderedDict[tuple[str, str, str], QImage] = OrderedDict()
        self._wishes: OrderedDict[tuple[str, str, str], Wish] = OrderedDict()
        self._reading = False
        engine.people_changed.connect(self._people_changed)

    def cover(self, person: Person) -> QImage | None:
        """Return the picture to show for somebody; None while it is read."""
        shown = person.shown
        return None if shown is None else self.of(person, shown)

    def of(
        self, person: Person, portrait: Portrait, size: Size = Size.FACE
    ) -> QImage | None:
        """Return a picture; None while it is read, a null one if it cannot be."""
        wish = Wish(person, portrait, size)
        image = self._known.get(wish.key)
        if image is not None:
            self._known.move_to_end(wish.key)
            return image
        self._wishes[wish.key] = wish
        self._wishes.move_to_end(wish.key)
        while len(self._wishes) > WAITING:
            self._wishes.popitem(last=False)
        self._read()
        return None

    def _people_changed(self, people: tuple[Person, ...]) -> None:
        """Forget the pictures of people and files that have gone; try others again."""
        here = {
            (person.identity.id, portrait.file)
            for person in people
            for portrait in (*person.portraits, *person.negatives)
        }
        for key in list(self._known):
            if key[:2] not in here or self._known[key].isNull():
                del self._known[key]
        self._wishes.clear()
        self.ready.emit()

    def _read(self) -> None:
        if self._reading or not self._wishes:
            return
        self._reading = True
        newest = [
            self._wishes.popitem()[1] for _ in range(min(BATCH, len(self._wishes)))
        ]
        self._engine.ask(
            lambda gallery, report: [
                (wish.key, read(gallery, wish)) for wish in newest
            ],
            self._got,
            self._failed,
        )

    def _got(self, images: list[tuple[tuple[str, str, str], QImage]]) -> None:
        self._reading = False
        for key, image in images:
            self._known[key] = image
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.ready.emit()
        self._read()

    def _failed(self, error: Exception) -> None:
        """Wait for the people to be loaded, or unlocked; anything else is a bug."""
        self._reading = False
        self._wishes.clear()
        if not isinstance(error, FacecamError):
            raise error


def read(gallery: Gallery, wish: Wish) -> QImage:
    """Read one picture; a null one if it has gone or is damaged."""
    from facecam.vision.image import natural

    def face(person: Person, portrait: Portrait) -> Image:
        return natural(gallery.aligned(person, portrait), portrait.face)

    readers: dict[Size, Callable[[Person, Portrait], Image]] = {
        Size.FACE: face,
        Size.REGION: gallery.image,
    }
    try:
        return to_qimage(readers[wish.size](wish.person, wish.portrait)).copy()
    except (FacecamError, OSError):
        return QImage()
