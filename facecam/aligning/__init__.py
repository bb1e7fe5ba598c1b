"""Folders of pictures to folders of faces, as training and evaluation read them.

The align step of davidsandberg/facenet (src/align/align_dataset_mtcnn.py): the tree is
mirrored, one face of each picture is cut, what has no face is listed. Several processes
may work on one folder; one that was ended goes on where it was.
"""

from facecam.aligning.alignment import NOTE, Alignment, recognised, supposed
from facecam.aligning.choosing import central
from facecam.aligning.folder import (
    FACES,
    FAILURES,
    Outcome,
    align_folder,
    forgive,
    silent,
)
from facecam.aligning.placed import Placed

__all__ = [
    "FACES",
    "FAILURES",
    "NOTE",
    "Alignment",
    "Outcome",
    "Placed",
    "align_folder",
    "central",
    "forgive",
    "recognised",
    "silent",
    "supposed",
]
