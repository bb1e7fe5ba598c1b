"""The people folder and the Gallery that reads and changes it."""

from facecam.gallery.gallery import IDENTIFIER, Gallery
from facecam.gallery.records import Person
from facecam.gallery.subject import subject

__all__ = ["IDENTIFIER", "Gallery", "Person", "subject"]
