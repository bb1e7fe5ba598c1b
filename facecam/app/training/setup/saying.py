"""How the guided start says things: layouts, roles, presets, times."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.app import words
from facecam.app.training.setup.plan import (
    FINE_TUNE,
    FULL,
    HARD_LAYOUT,
    TRIAL,
    UNLABELLED,
    WITHOUT,
    Found,
    Role,
)

LAYOUTS = {
    "WIDER FACE": "WIDER FACE: boxes, with how clear each face is",
    "CelebA": "CelebA: boxes and five points",
    "CNN_FacePoint": "A list of faces with five points",
    "COCO": "COCO: boxes",
    "YOLO": "YOLO: boxes",
    "Pascal VOC": "Pascal VOC: boxes",
    "68 points": "Faces with 68 points, of which five are used",
    HARD_LAYOUT: "Hard examples: what the detector got wrong",
    UNLABELLED: "Pictures nobody has labelled",
    WITHOUT: "Pictures without faces",
    "folders of people": "A folder for each person",
    "faces without names": "Faces of anybody, without names",
}
"""The layouts of data sets in words, as the readers name them."""
KNOWN = (
    "WIDER FACE, CelebA, COCO, YOLO, Pascal VOC, lists of points; pictures of your own "
    "without labels, too"
)
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class RoleWords:
    """What is said of a role."""

    text: str
    about: str


ROLES = {
    Role.LEARN: RoleWords("To learn from", "Their labels are what is taught."),
    Role.WITHOUT_FACES: RoleWords(
        "Without faces",
        "They show no face at all: whatever is found in them would be a false alarm.",
    ),
    Role.REMEMBER: RoleWords(
        "To remember",
        "What the detector in use finds in them is taught again, so that it is not "
        "forgotten. Labels are not needed.",
    ),
    Role.HARD: RoleWords(
        "Hard examples", "False alarms and missed faces that somebody has marked."
    ),
}
NOT_USED = "Not used: from scratch there is nothing to remember."


@dataclass(frozen=True)
class PresetWords:
    """What is said of a preset."""

    name: str
    text: str
    about: str
    rough: str
    """Time and disk before anything was measured: of 5,000 faces, on two cores."""


PRESET_WORDS = (
    PresetWords(
        TRIAL,
        "Quick trial",
        "Goes through every step with few samples, to see that everything works. It is "
        "not meant to find more faces.",
        "A few minutes, under 1 GB",
    ),
    PresetWords(
        FINE_TUNE,
        "Fine-tune on my pictures",
        "Goes on from the detector in use, and leads it to your pictures by small "
        "steps.",
        "Half an hour, about 5 GB",
    ),
    PresetWords(
        FULL,
        "Full training",
        "Learns everything from scratch. Needs thousands of labelled faces, and faces "
        "with five points.",
        "An hour to a night, over 10 GB",
    ),
)


def layout(found: Found) -> str:
    """Return the layout of a folder in words."""
    return LAYOUTS.get(found.layout, found.layout)


def counts(found: Found) -> str:
    """Return what a folder holds: "345 pictures, 1,526 faces, 20 with points"."""
    parts = [words.pictures(found.pictures)]
    if found.people:
        parts.append(f"{found.people:,} people with two or more")
    if found.layout == HARD_LAYOUT:
        parts.append(f"{_several(found.faces, 'missed face')} among them")
    elif found.labelled:
        parts.append(_several(found.faces, "face"))
        parts.append(
            f"{found.landmarks:,} with points" if found.landmarks else "no points"
        )
    if found.without_faces and found.labelled:
        parts.append(f"{words.pictures(found.without_faces)} without faces")
    if len(found.splits) > 1:
        parts.append(", ".join(f"{n:,} {name}" for name, n in found.splits.items()))
    return " · ".join(parts)


def faults(found: Found) -> str:
    """Return how many labels cannot be used; "" if all can."""
    if not found.faults:
        return ""
    if found.faults == 1:
        return "1 picture or face is labelled but cannot be used; it is left out."
    return (
        f"{found.faults:,} pictures or faces are labelled but cannot be used; they are "
        "left out."
    )


def span(seconds: float) -> str:
    """Return a span of time as somebody would say it: "14 minutes"."""
    if seconds < MINUTE:
        return "less than a minute"
    minutes = round(seconds / MINUTE)
    if minutes < 60:
        return _several(minutes, "minute")
    hours, rest = divmod(minutes, 60)
    rest = round(rest, -1) if hours < 10 else 0
    if rest == 60:
        hours, rest = hours + 1, 0
    return _several(hours, "hour") + (f" {rest} minutes" if rest else "")


def roughly(seconds: float) -> str:
    """Return a span that was foreseen: "about 14 minutes"."""
    return f"about {span(seconds)}" if seconds >= MINUTE else span(seconds)


def _several(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
