"""How people get in: a coach in front of the camera, and pictures from files.

    advice      what the coach says: Advice, Wanted, Caution, Taken
    coach       Coach: frame in, advice out; takes the pictures
    importing   pictures, folders and trees of name/picture

Neither the coach nor a plan writes anything: saving is one call of the gallery.
"""

from facecam.enrolment.advice import (
    LABELS,
    Advice,
    Caution,
    Code,
    Concern,
    Meters,
    Taken,
    View,
    Wanted,
)
from facecam.enrolment.coach import Coach
from facecam.enrolment.watch import Sitting

__all__ = [
    "LABELS",
    "Advice",
    "Caution",
    "Coach",
    "Code",
    "Concern",
    "Meters",
    "Sitting",
    "Taken",
    "View",
    "Wanted",
]
