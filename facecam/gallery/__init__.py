"""The people folder and the Gallery that reads and changes it."""

from facecam.gallery.gallery import Gallery
from facecam.gallery.layout import IDENTIFIER
from facecam.gallery.people import (
    Change,
    Enrolled,
    Person,
    PersonViews,
    Portrait,
    Shot,
)
from facecam.gallery.subject import subject

__all__ = [
    "IDENTIFIER",
    "Change",
    "Enrolled",
    "Gallery",
    "Person",
    "PersonViews",
    "Portrait",
    "Shot",
    "subject",
]
