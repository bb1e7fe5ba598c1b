"""How a run says things: what it is, how it stands, what its steps do and have brought.

Knows nothing of Qt. Steps that are not known here, of other kinds of training, are said
by their names.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from facecam.app import words
from facecam.app.training.results.standing import Standing, moment
from facecam.training import progress
from facecam.training.queue import Queue
from facecam.training.runs import RunState, StepState

MINUTE = 60
NETS = {"pnet": "P-Net", "rnet": "R-Net", "onet": "O-Net"}
GROUPS = {
    "pnet": ("P-Net", "looks everywhere, proposes many"),
    "rnet": ("R-Net", "looks closer, drops most"),
    "onet": ("O-Net", "decides, and marks the five points"),
}
FIRST, LAST = ("The pictures", ""), ("The result", "")
NET = ("The net", "learns to compare faces")
PARTS = {
    "check": (
        "Look at the data",
        "Pictures and labels are looked at, and what the run will cost is measured",
    ),
    "index": (
        "List the faces",
        "Faces to learn from, and others that are kept to measure on",
    ),
    "samples": (
        "Cut out samples",
        "Faces, parts of faces and backgrounds are cut out of the pictures",
    ),
    "fit": ("Learn", "The net learns from the samples, batch after batch"),
    "net-check": (
        "Try it on whole pictures",
        "The nets so far look for faces in pictures they have not learned from",
    ),
    "evaluate": (
        "Compare",
        "The new net and the one in use are measured on the same pictures",
    ),
    "crops": ("Cut out faces", "A little larger than what the net will see of them"),
    "teacher": (
        "Ask the teacher",
        "Each picture is altered anew, again and again, and kept with what the teacher "
        "says of it",
    ),
    "pairs": ("Cut out pairs", "The faces of the pairs that the net is verified on"),
}
STANDS = {
    Standing.WAITING: "Waits",
    Standing.RUNNING: "Running",
    Standing.PAUSED: "Paused",
    Standing.STOPPED: "Stopped",
    Standing.FAILED: "Failed",
    Standing.DONE: "Done",
    Standing.DAMAGED: "Damaged",
}


@dataclass(frozen=True)
class StepWords:
    """What is said of a step."""

    group: tuple[str, str]
    """Heading, and what the net is for; "" for none."""
    text: str
    about: str
    net: str = ""
    """"pnet", "rnet", "onet", or ""."""
    part: str = ""


def step_words(name: str) -> StepWords:
    """Return what is said of a step, by its name such as "03-pnet-fit"."""
    _, _, plain = name.partition("-")
    net, _, part = plain.partition("-")
    if net in GROUPS:
        key = "net-check" if part == "check" else part
        text, about = PARTS.get(key, (part or plain, ""))
        return StepWords(GROUPS[net], text, about, net, part)
    if plain in PARTS:
        group = {"evaluate": LAST, "fit": NET}.get(plain, FIRST)
        return StepWords(group, *PARTS[plain], part=plain)
    return StepWords(("", ""), plain.replace("-", " ").capitalize() or name, "")


def about(run: RunState, now: float | None = None) -> str:
    """Return which run it is: its name, when it was begun, on what, from what."""
    parts = [f"{run.path.name}", moment(run.started, now)]
    data = run.request.get("data") or ()
    if data:
        names = [Path(str(folder)).name for folder in data]
        shown = ", ".join(words.short(name, 28) for name in names[:2])
        more = f" and {len(names) - 2} more" if len(names) > 2 else ""
        parts.append(f"learns from {shown}{more}")
    start = str(run.request.get("start") or "")
    if start:
        named = {"scratch": "from scratch", "deployed": "from the detector in use"}
        parts.append(named.get(start, f"from {_origin(start)}"))
    return " · ".join(parts)


def _origin(start: str) -> str:
    """Return the run, or the embedder, that a path of weights belongs to."""
    path = Path(start)
    return path.parent.parent.name if path.suffix else path.name


def waits(name: str, queue: Queue, busy: bool) -> str:
    """Return how many come before a run that waits.

    Args:
        name: of its directory.
        queue: in which it waits.
        busy: whether a run is worked on.
    """
    before = queue.waiting.index(name) + busy
    if not before:
        return "Starts next"
    return f"Waits for {before} other{'' if before == 1 else 's'}"


def wrong(error: str) -> str:
    """Return what went wrong and what to do, for somebody who types no commands."""
    return error.replace("run the same command again", "press Try again")


def span(seconds: float) -> str:
    """Return a span of time: "40 s", "7 min", "1 h 20 min"."""
    if seconds < MINUTE:
        return f"{max(round(seconds), 0)} s"
    minutes = round(seconds / MINUTE)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def left(seconds: float) -> str:
    """Return what is still needed: "about 7 min left"."""
    return f"about {span(seconds)} left" if seconds >= 5 else "a moment left"


def brought(step: StepState) -> str:
    """Return what a finished step has brought, in words."""
    said = step_words(step.name)
    key = f"{'net-' if said.net else ''}{said.part}"
    for say in _BROUGHT.get(key, ()):
        with contextlib.suppress(KeyError):  # of another kind, or another version
            return say(step.metrics)
    return progress.told(step.metrics)


def _looked(m: Mapping[str, float]) -> str:
    warnings = f", {_count(m['warnings'], 'warning')}" if m["warnings"] else ""
    return f"{_count(m['faces'], 'face')} to learn from{warnings}"


def _listed(m: Mapping[str, float]) -> str:
    held = _count(m["held_out_faces"], "face")
    return f"{_count(m['pictures'], 'picture')}; {held} kept to measure on"


def _cut(m: Mapping[str, float]) -> str:
    faces, grounds = m.get("positive", 0), m.get("negative", 0)
    return f"{_count(faces, 'face')}, {_count(grounds, 'background')}"


def _learned(m: Mapping[str, float]) -> str:
    best, steps = m["best_steps"], m["steps"]
    where = "the last" if best == steps else f"number {best:,.0f}"
    return f"{_count(steps, 'step')}; {where} was best"


def _tried(m: Mapping[str, float]) -> str:
    found = f"finds {percent(m['recall'])} of the faces" if "recall" in m else ""
    if "landmark_error" in m:
        points = f"points {percent(m['landmark_error'])} of the eyes' distance off"
        return f"{found}; {points}" if found else points
    if "proposals" in m and found:
        return f"{found} with {boxes(m['proposals'])} a picture"
    return found or "no face to try it on"


def _compared(m: Mapping[str, float]) -> str:
    found = f"finds {percent(m['recall_all'])} of the faces"
    if "better" not in m:
        return found
    return f"{found}; better in {m['better']:.0f} figures, worse in {m['worse']:.0f}"


def _looked_at_faces(m: Mapping[str, float]) -> str:
    return f"{_count(m['pictures'], 'picture')} to learn from"


def _listed_faces(m: Mapping[str, float]) -> str:
    people = f" of {m['people']:,.0f} people" if m["people"] else ""
    held = _count(m["held_out"], "picture")
    return f"{_count(m['pictures'], 'picture')}{people}; {held} kept to measure on"


def _cropped(m: Mapping[str, float]) -> str:
    return f"{_count(m['crops'], 'face')}; {m['held_out']:,.0f} kept to measure on"


def _paired(m: Mapping[str, float]) -> str:
    missing = m["without_face"]
    seen = f"; no face found in {_count(missing, 'picture')}" if missing else ""
    return f"{_count(m['pairs'], 'pair')}{seen}"


def _verified(m: Mapping[str, float]) -> str:
    if "lfw" in m:
        other = f", the other {percent(m['other_lfw'])}" if "other_lfw" in m else ""
        return f"right about {percent(m['lfw'])} of the pairs{other}"
    if "cosine" in m:
        return f"like its teacher to {m['cosine']:.3f}, where 1 is the same"
    return f"people told apart to {percent(m['auc'])}"


_Say: TypeAlias = Callable[[Mapping[str, float]], str]
_BROUGHT: Mapping[str, tuple[_Say, ...]] = {
    "check": (_looked, _looked_at_faces),
    "index": (_listed, _listed_faces),
    "crops": (_cropped,),
    "teacher": (_cropped,),
    "pairs": (_paired,),
    "fit": (_learned,),
    "net-samples": (_cut,),
    "net-fit": (_learned,),
    "net-check": (_tried,),
    "evaluate": (_compared, _verified),
}
"""For each step what to say, by what it has measured."""


def percent(share: float) -> str:
    """Return a share with the digits that matter: "97.9 %", "100 %"."""
    return f"{100 * share:.1f} %".replace("100.0 %", "100 %")


def boxes(number: float) -> str:
    """Return how many boxes there are in a picture: "262 boxes", "0.5 boxes"."""
    return f"{number:,.0f} boxes" if number >= 10 else f"{number:.2g} boxes"


def _count(number: float, noun: str) -> str:
    return f"{number:,.0f} {noun}{'' if number == 1 else 's'}"
