"""The sentences of the coach."""

from __future__ import annotations

from facecam.enrolment.advice import Code
from facecam.enrolment.reading import Reading
from facecam.enrolment.speaker import Saying
from facecam.faces import Image

EVENT_SECONDS = 0.8
"""How long a picture taken, or refused, is told about."""

TAKEN = "Got it."
HOLD = "Hold still."
MORE = "Move your head a little, smile, look around."
FINISHED = "That is enough."

COMPLAINTS = {
    Code.NO_FACE: "Look into the camera.",
    Code.SEVERAL: "Two faces: only one person, please.",
    Code.SOMEBODY_ELSE: "This is somebody else. Back to the first person, please.",
    Code.AT_THE_EDGE: "Move into the middle of the picture.",
    Code.TOO_SMALL: "Come closer.",
    Code.TOO_LARGE: "Move back a little.",
    Code.TOO_DARK: "It is too dark: face a window or a lamp.",
    Code.BACKLIT: "The light comes from behind you: turn round, or face a lamp.",
    Code.TOO_BRIGHT: "It is too bright: turn away from the light.",
    Code.TOO_FLAT: "The picture is pale: wipe the lens, or change the light.",
    Code.BLURRED: "The picture is blurred: hold still, or wipe the lens.",
}

REFUSALS = {
    Code.NO_FACE: "No picture was taken: there is no face to be seen.",
    Code.SEVERAL: "No picture was taken: there are several faces.",
    Code.SOMEBODY_ELSE: "No picture was taken: this is somebody else.",
}


def refusal(code: Code) -> str:
    """Return why a picture asked for by hand was not taken."""
    return REFUSALS.get(code, "No picture was taken: the face cannot be seen well.")


def complaint(code: Code, reading: Reading, image: Image) -> Saying:
    """Return what is wrong, and where to move."""
    return Saying(code, COMPLAINTS[code], _cure(code, reading, image))


def _cure(code: Code, reading: Reading, image: Image) -> str:
    if code is Code.TOO_SMALL:
        return "nearer"
    if code is Code.TOO_LARGE:
        return "back"
    if code is not Code.AT_THE_EDGE:
        return ""
    height, width = image.shape[:2]
    x1, y1, x2, y2 = reading.box.tolist()
    out = {"left": -x1, "right": x2 - width, "down": -y1, "up": y2 - height}
    return max(out, key=lambda way: out[way])
