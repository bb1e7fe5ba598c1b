"""What is said and offered of the runs that train one thing, and how they differ.

Rail, history, result and what can be done are the same for all: what is not is here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from facecam.app.training.run.saying import percent


@dataclass(frozen=True)
class Entry:
    """A page of the rail beside the runs."""

    key: str
    title: str
    icon: str
    about: str


@dataclass(frozen=True)
class Measure:
    """A column of the history: a figure of a run's last step."""

    key: str
    head: str
    tip: str
    width: int
    """Logical pixels."""
    write: Callable[[float], str] = percent


@dataclass(frozen=True)
class Words:
    """What is said of putting the outcome of a run to use."""

    use: str
    about_use: str
    about_back: str
    """Of going back to the one before, which is put in."""
    refused: str
    """Before the reasons why it was not put to use."""
    copy: str
    """What becomes of the one in use when its run is deleted."""
    used: str
    """What it does, if it is in use."""
    told: str
    """What the history's column of it means."""
    done: str = ""
    """Once it has been put to use."""
    back: str = ""
    """Once the one before is in use again; its source is put in."""


@dataclass(frozen=True)
class RunKind:
    """One kind of training."""

    name: str
    """As runs keep it: "detector"."""
    new: str
    """Of the button that begins one."""
    about_new: str
    entry: Entry
    nothing: str
    """What the history says before there is a run."""
    measures: tuple[Measure, ...]
    words: Words
    option: tuple[str, ...] = ()
    """What `facecam deploy` is given beside the run."""
    purpose: int = 112
    """Width of the column that says what a run is for, logical pixels."""
    report: bool = True
    """Whether a run writes a page for the browser."""


DETECTOR = RunKind(
    "detector",
    "New run…",
    "Choose pictures, look at them, and train a detector on them",
    Entry(
        "pool",
        "Hard examples",
        "warning",
        "What the detector got wrong, as you said: boxes that are no face, and faces "
        "it missed. A fine-tune learns from them.",
    ),
    "A run teaches the detector on pictures of your choice. Each one is listed here "
    "with what it reached, so that you can see what helped.",
    (
        Measure(
            "recall_all",
            "Faces found",
            "Share of the faces found at half a false alarm per picture, on pictures "
            "nothing was learned from. Runs on other pictures cannot be compared by "
            "it.",
            100,
            lambda value: f"{100 * value:.1f} %",
        ),
        Measure(
            "recall_masked",
            "Masked",
            "The same of faces with a mask.",
            76,
            lambda value: f"{100 * value:.1f} %",
        ),
        Measure(
            "landmark_error",
            "Points off",
            "How far eyes, nose and mouth lie from where people put them, by the "
            "distance of the eyes. Less is better.",
            88,
            lambda value: f"{100 * value:.1f} %",
        ),
        Measure(
            "false_alarms",
            "False alarms",
            "How often something else is taken for a face, per picture, as the "
            "detector would be used.",
            104,
            lambda value: f"{value:.2f}",
        ),
    ),
    Words(
        "Use this detector",
        "Let it find the faces from now on. The one in use now is kept: you can go "
        "back to it at any time.",
        "Let the detector find the faces again that did before this one. It comes from "
        "{source}.",
        "The detector in use stays.",
        "The detector in use is a copy of its own, and stays in use.",
        "Its detector finds the faces now.",
        "Whether its detector finds the faces now.",
        "This detector finds the faces from now on. The live view takes it over within "
        "two seconds.",
        "The detector of {source} is in use again. The live view takes it over within "
        "two seconds.",
    ),
)
EMBEDDER = RunKind(
    "embedder",
    "Train an embedder…",
    "Choose faces, look at them, and train an embedder on them",
    Entry(
        "embedders",
        "Embedders",
        "network",
        "The embedder in use, others, and which suits your people better",
    ),
    "A run teaches a net to compare faces. Each one is listed here with what it "
    "reached, so that you can see what helped.",
    (
        Measure(
            "lfw",
            "Pairs right",
            "Share of the pairs it is right about: do they show one person or two.",
            92,
        ),
        Measure(
            "auc",
            "People apart",
            "How well it tells people apart from whom it has not learned: the area "
            "below the curve; 100 % would be always.",
            104,
        ),
        Measure(
            "cosine",
            "Like teacher",
            "How near it comes to what its teacher says of faces held out, as the mean "
            "cosine; 1 would be the same.",
            104,
            lambda value: f"{value:.3f}",
        ),
        Measure(
            "time_share",
            "Time",
            "Time of a face beside the embedder it was compared with.",
            72,
            lambda value: f"{value:.2f} ×",
        ),
    ),
    Words(
        "Put to use",
        "Put it among the embedders, embed everybody with it, then compare faces by "
        "it. The one in use goes on until that is done, and is kept: you can go back "
        "to it at any time.",
        "Compare faces by {source} again, as before this one.",
        "The embedder in use stays.",
        "The embedder in use is a copy of its own, and stays in use.",
        "Faces are compared by its embedder now.",
        "Whether faces are compared by its embedder now.",
    ),
    ("--add",),
    purpose=184,
    report=False,
)
