"""What the look at the data has brought, read from the answer of `train check`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facecam.training.progress import NETS

SIZES = {"12": "P-Net", "24": "R-Net", "48": "O-Net"}
"""Sides of the samples of each net, pixels."""
SHOWN = {"blur": "Sharpness", "occlusion": "Covered"}
"""What is known of faces and shown as bars, and its heading."""


PARTS = {
    "teacher": "Ask the teacher",
    "crops": "Cut faces",
    "pairs": "Cut pairs",
    "fit": "Learn",
    "evaluate": "Compare",
}
"""What an embedder's parts are called."""
FACES = "crops"
"""The sheet of an embedder's look."""


@dataclass(frozen=True)
class Finding:
    """One thing found, and what to do."""

    severity: str
    """"error", "warning" or "note"."""
    text: str
    cure: str = ""


@dataclass(frozen=True)
class Cost:
    """What a part of the run costs."""

    part: str
    """"P-Net samples"."""
    seconds: float
    disk: float
    """Bytes that stay."""


@dataclass(frozen=True)
class Costs:
    """What the run costs, and what there is."""

    parts: tuple[Cost, ...]
    seconds: float
    disk: float
    memory: float
    free_disk: float
    free_memory: float


@dataclass(frozen=True)
class Sheet:
    """A picture to look at."""

    path: Path
    title: str


@dataclass(frozen=True)
class Counted:
    """The faces, or the pictures, of one kind."""

    pictures: int
    faces: int = 0
    learned: int = 0
    points: int = 0
    people: int | None = None
    """How many people have a name; None where pictures show any number of faces."""


@dataclass(frozen=True)
class Checked:
    """What was seen before a run."""

    findings: tuple[Finding, ...]
    """The gravest first."""
    training: Counted
    held_out: Counted
    faces: Mapping[str, Mapping[str, int]]
    """Faces to learn from: heading -> class -> how many."""
    costs: Costs | None
    """None where nothing was measured."""
    sheets: tuple[Sheet, ...]

    @property
    def errors(self) -> int:
        """How many findings keep a run from working."""
        return sum(one.severity == "error" for one in self.findings)


def read_checked(answer: Any) -> Checked:
    """Return what `train check` answered.

    Raises:
        ValueError: it is no such answer.
    """
    try:
        training, costs = answer["training"], answer["estimates"]
        folder = Path(answer["folder"])
        return Checked(
            tuple(Finding(**one) for one in answer["findings"]),
            _counted(training),
            _counted(answer["held_out"]),
            _by_class(training),
            _costs(costs) if costs else None,
            tuple(Sheet(folder / name, title(name)) for name in answer["sheets"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(repr(error)) from error


def title(name: str) -> str:
    """Return what a sheet shows, from the name of its file."""
    stem = Path(name).stem
    if stem == FACES:
        return "Faces as the net will see them"
    if match := re.fullmatch(r"samples-(\d+)", stem):
        size = match[1]
        return f"Samples for {SIZES.get(size, 'a net')}, {size} pixels"
    if match := re.fullmatch(r"\d+-(.+)-(pictures|faces)", stem):
        what = "Pictures" if match[2] == "pictures" else "Faces close up"
        return f"{what}: {match[1]}"
    return stem


def _counted(values: Mapping[str, Any]) -> Counted:
    if "people" in values:
        return Counted(int(values["pictures"]), people=int(values["people"]))
    return Counted(
        int(values["pictures"]),
        int(values["faces"]),
        int(values["learned"]),
        int(values["learned_points"]),
    )


def _by_class(values: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    if "people" in values:
        return {}
    known = {"Size": dict(values["by_size"])}
    known |= {heading: dict(values.get(name, {})) for name, heading in SHOWN.items()}
    return {
        heading: counts for heading, counts in known.items() if any(counts.values())
    }


def _costs(values: Mapping[str, Any]) -> Costs:
    return Costs(
        tuple(_cost(**part) for part in values["parts"]),
        float(values["seconds"]),
        float(values["disk"]),
        float(values["memory"]),
        float(values["free_disk"]),
        float(values["free_memory"]),
    )


def _cost(part: str, seconds: float, disk: float) -> Cost:
    net, _, what = part.partition(" ")
    name = f"{NETS[net]} {what}" if net in NETS else PARTS.get(part, part.capitalize())
    return Cost(name, float(seconds), float(disk))
