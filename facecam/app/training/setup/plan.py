"""What a run is to be: folders and what each is for, a preset, numbers, a name.

Nothing here knows about Qt. A plan becomes the words of the commands that look at the
data and that put the run into the queue: what the window does, a person could type.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

FINE_TUNE, TRIAL, FULL = "fine-tune", "trial", "full"
PRESETS = (TRIAL, FINE_TUNE, FULL)
"""The smallest first."""
FROM = "from"
"""The option that says what to start from."""
HARD_LAYOUT = "hard examples"
UNLABELLED = "pictures without labels"
WITHOUT = "pictures without faces"
EMPTY_NAMES = ("negative", "background", "nofac", "no_fac", "no-fac", "without")
"""Beginnings of words in names of folders whose pictures show no faces."""
NO_LABELS = (
    "Choose labelled pictures, too: on a part of them the new detector is measured."
)


class Role(StrEnum):
    """What the pictures of a folder are for; the option of the command line."""

    LEARN = "data"
    WITHOUT_FACES = "negatives"
    REMEMBER = "replay"
    HARD = "hard"


@dataclass(frozen=True)
class Found:
    """What `train look` says of a folder."""

    layout: str = ""
    pictures: int = 0
    faces: int = 0
    landmarks: int = 0
    """Faces with five points."""
    without_faces: int = 0
    """Pictures known to show no face."""
    splits: Mapping[str, int] = field(default_factory=dict)
    """Pictures by split, where the set divides itself."""
    faults: int = 0
    """Pictures and faces that are labelled but cannot be used."""
    examples: tuple[str, ...] = ()
    error: str = ""
    """What happened and what to do, if it cannot be read."""
    suggested: str = ""
    """The preset that suits it."""
    why: str = ""
    """Why it does."""
    people: int = 0
    """Folders that are a person each; of faces for an embedder."""
    way: str = ""
    """How an embedder had best learn from it."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Numbers that belong to these pictures, by name."""

    @property
    def labelled(self) -> bool:
        """Whether somebody has said where its faces are."""
        return self.faces > 0


@dataclass(frozen=True)
class Folder:
    """A folder that was chosen."""

    path: Path
    role: Role
    found: Found | None = None
    """None while it is looked at."""
    by_hand: bool = False
    """Whether its role was chosen by somebody."""


@dataclass(frozen=True)
class Plan:
    """A run before it is begun."""

    folders: tuple[Folder, ...] = ()
    preset: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Numbers other than the preset's, by name: "pnet.fit.steps"."""
    name: str = ""
    origin: str = ""
    """The run it goes on from, by name; "" for the detector in use."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """What else was chosen, by the option of the command line."""
    asks: Asks = field(default_factory=lambda: DETECTOR)
    """What is trained."""

    @property
    def problem(self) -> str:
        """Why nothing can be done with it yet; "" if something can."""
        found = [folder.found for folder in self.folders]
        if not found:
            return "Choose pictures first."
        if any(one is None for one in found):
            return "Looking at the folders…"
        if any(one is not None and one.error for one in found):
            return "A folder cannot be read. Cure it, or take it away."
        if problem := self.asks.problem(self):
            return problem
        return "" if self.preset else "Choose what to train."

    @property
    def start(self) -> str:
        """What the net is at first: one in use, a run's, or nothing."""
        return self.asks.start(self)

    def paths(self, role: Role) -> tuple[Path, ...]:
        """Return the folders of a role."""
        return tuple(each.path for each in self.folders if each.role is role)

    def used(self, folder: Folder) -> bool:
        """Tell whether a folder counts: from scratch, there is nothing to remember."""
        return folder.role is not Role.REMEMBER or self.preset != FULL

    def check_words(self, out: Path) -> tuple[str, ...]:
        """Return the command that looks at the data before it is learned from."""
        return self.asks.check(self, out)

    def start_words(self, runs: Path) -> tuple[str, ...]:
        """Return the command that puts the run into the queue.

        Args:
            runs: where runs live; a run without a name is called by the date.
        """
        named = ("--run", str(runs / self.name)) if self.name else ()
        return ("train", self.asks.kind, *self.asks.words(self), *named, "--later")


@dataclass(frozen=True)
class Asks:
    """What a kind of training asks for, and how that becomes words."""

    kind: str
    """What is trained: "detector"."""
    problem: Callable[[Plan], str]
    """Why its folders, which can be read, are not enough; "" if they are."""
    words: Callable[[Plan], tuple[str, ...]]
    """The options of the command that trains."""
    start: Callable[[Plan], str]
    """What the nets are at first."""
    check: Callable[[Plan, Path], tuple[str, ...]]
    """The command that looks at the data; its report goes to the folder."""
    roles: Callable[[Found], tuple[Role, ...]]
    """What a folder may be for; none where there is nothing to choose."""
    usual_role: Callable[[Path, Found], Role]
    suggested: Callable[[Iterable[Folder]], tuple[str, str]]
    """The preset that suits the data, and why; "" while nothing is known."""
    read_found: Callable[[Any], Found]
    """Reads the answer of `look`."""
    look: tuple[str, ...] = ("train", "look")
    numbers: tuple[str, ...] = ()
    """What `train numbers` is given beside the preset."""
    going_on: str = ""
    """The preset of a run that goes on from another; "" leaves it as it is."""


def settings_words(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the option that changes single numbers; nothing without any."""
    if not settings:
        return ()
    return ("--set", *map(setting, settings, settings.values()))


def setting(name: str, value: object) -> str:
    """Return a number as the command line takes it: "pnet.fit.steps=2000"."""
    return f"{name}={json.dumps(value)}"


def read_found(answer: Any) -> Found:
    """Return what the answer of `train look` says of its first folder.

    Raises:
        ValueError: the answer is none.
    """
    return first_found(answer, _of_detector)


def first_found(answer: Any, read: Callable[[Any, Any], Found]) -> Found:
    """Return what an answer of `train look` says of its first folder.

    Args:
        answer: what the command answered.
        read: reads a folder that could be looked at, and what is suggested.

    Raises:
        ValueError: the answer is none.
    """
    try:
        (one, *_) = answer["sets"]
        if one.get("error"):
            return Found(error=str(one["error"]))
        return read(one, answer["suggested"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(repr(error)) from error


def _of_detector(one: Any, suggested: Any) -> Found:
    return Found(
        str(one["layout"]),
        int(one["pictures"]),
        int(one["faces"]),
        int(one["landmarks"]),
        int(one["without_faces"]),
        {str(name): int(count) for name, count in one["splits"].items() if name},
        int(one["faults"]),
        tuple(map(str, one["examples"])),
        suggested=str(suggested["preset"]),
        why=str(suggested["why"]),
    )


def roles(found: Found) -> tuple[Role, ...]:
    """Return what a folder may be for, the usual first without its name known."""
    if found.layout == HARD_LAYOUT:
        return (Role.HARD,)
    if found.labelled:
        return (Role.LEARN, Role.REMEMBER)
    return (Role.REMEMBER, Role.WITHOUT_FACES)


def usual_role(path: Path, found: Found) -> Role:
    """Return what a folder is for unless somebody says otherwise.

    Faces taught as background ruin a detector, so pictures that nobody has labelled
    count as showing none only where the folder is called so.
    """
    name, usual = path.name.lower(), roles(found)[0]
    called_so = any(word in name for word in EMPTY_NAMES)
    if found.layout == WITHOUT or (usual is Role.REMEMBER and called_so):
        return Role.WITHOUT_FACES
    return usual


def suggested(folders: Iterable[Folder]) -> tuple[str, str]:
    """Return the preset that suits the data, and why; "" while nothing is known."""
    known = [each.found for each in folders if each.found and not each.found.error]
    if any(found.layout == HARD_LAYOUT for found in known):
        return FINE_TUNE, "Hard examples lead the detector in use away from mistakes."
    said = {found.suggested: found.why for found in known}
    best = next((name for name in reversed(PRESETS) if name in said), "")
    return best, said.get(best, "")


def _problem(plan: Plan) -> str:
    return "" if plan.paths(Role.LEARN) else NO_LABELS


def _words(plan: Plan) -> tuple[str, ...]:
    words: list[str] = []
    for role in Role:
        used = [one for one in plan.folders if one.role is role and plan.used(one)]
        if used:
            words += [f"--{role}", *(str(each.path) for each in used)]
    words += ["--preset", plan.preset, "--from", plan.start]
    return (*words, *settings_words(plan.settings))


def _start(plan: Plan) -> str:
    return "scratch" if plan.preset == FULL else plan.origin or "deployed"


def _check(plan: Plan, out: Path) -> tuple[str, ...]:
    return ("train", "check", *_words(plan), "--out", str(out))


DETECTOR: Asks = Asks(
    "detector",
    _problem,
    _words,
    _start,
    _check,
    roles,
    usual_role,
    suggested,
    read_found,
    going_on=FINE_TUNE,
)
"""What training a detector asks for."""
