"""The people folder and the Gallery that reads and changes it."""

from facecam.gallery.gallery import Gallery
from facecam.gallery.records import Person
from facecam.gallery.subject import subject

__all__ = ["Gallery", "Person", "subject"]
