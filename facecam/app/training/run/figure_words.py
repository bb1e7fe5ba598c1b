"""Which curves a run has, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt

from facecam.app.training.run.legend import Line
from facecam.training.runs import RunState

PEN = Qt.PenStyle
LOG, SHARE, AMOUNT = "log", "share", "amount"
"""How values are laid out from below to above."""


@dataclass(frozen=True)
class FigureWords:
    """One figure."""

    title: str
    about: str
    """What is measured, in a sentence or two."""
    lines: tuple[Line, ...]
    """The most important first."""
    scale: str
    batches: bool = False
    """Whether the losses of single batches are drawn, too."""


def first(key: str, text: str) -> Line:
    """Return the most important line of a figure."""
    return Line(key, text, "accent", PEN.SolidLine, "o")


def second(key: str, text: str) -> Line:
    """Return the line that comes after it."""
    return Line(key, text, "good", PEN.DashLine, "s")


def third(key: str, text: str) -> Line:
    """Return one more."""
    return Line(key, text, "warning", PEN.DotLine, "t1")


DETECTOR = (
    FigureWords(
        "Losses",
        "How wrong the net is on the samples it learns from, for each of its three "
        "tasks; lower is better. The faint line is the sum over single batches. The "
        "scale is logarithmic: a step down is always the same factor.",
        (
            first("classification", "face or not"),
            second("box", "box"),
            third("landmarks", "points"),
        ),
        LOG,
        batches=True,
    ),
    FigureWords(
        "Faces found among samples",
        "Of the faces kept to measure on, the share scored above nearly all "
        "backgrounds: where 0.3, 1 and 3 % of the backgrounds would pass, averaged. "
        "Higher is better.",
        (first("recall", "of the faces"),),
        SHARE,
    ),
    FigureWords(
        "How far off",
        "How far edges of boxes, and the five points, are from where they should be on "
        "samples kept to measure on, as a share of the sample's side. Lower is better.",
        (second("box_error", "box"), third("landmark_error", "points")),
        AMOUNT,
    ),
)
LOSSES = FigureWords(
    "Losses",
    "How wrong the net is on the pictures it learns from; lower is better. The faint "
    "line is the loss of single batches. The scale is logarithmic: a step down is "
    "always the same factor.",
    (first("loss", "loss"),),
    LOG,
    batches=True,
)
PARTS = {
    "distil": (first("likeness", "likeness"), second("relations", "relations")),
    "softmax+center": (first("softmax", "names"), second("center", "centres")),
    "triplet": (first("triplet", "triplets"),),
}
"""What the losses consist of, by what teaches the net."""
PAIRS = FigureWords(
    "On the pairs",
    "Of the pairs it is verified on, the share it is right about; and of those of one "
    "person, the share it takes for such where 1 in 1,000 of the others would pass. "
    "Higher is better.",
    (first("lfw", "right"), second("lfw_val", "at 1 in 1,000")),
    SHARE,
)
TAUGHT = FigureWords(
    "Like its teacher",
    "On faces kept to measure on: the mean cosine between what it says and what its "
    "teacher says, and how well the two agree which faces resemble each other. 100 % "
    "would be the same.",
    (first("cosine", "cosine"), second("agreement", "agreement")),
    SHARE,
)
TOLD_APART = FigureWords(
    "People it has not learned",
    "How well it tells people apart who were kept to measure on, over every pair of "
    "their pictures: the area below the curve. 50 % is chance, 100 % is always.",
    (first("auc", "told apart"),),
    SHARE,
)
PACE = FigureWords(
    "Pace",
    "How far each step goes: the learning rate. It rises at first, then falls.",
    (first("rate", "rate"),),
    LOG,
)


def of(run: RunState) -> tuple[FigureWords, ...]:
    """Return the figures of a run, by its kind and what teaches it."""
    if run.kind != "embedder":
        return DETECTOR
    loss = str(run.request.get("loss"))
    losses = replace(LOSSES, lines=PARTS.get(loss, LOSSES.lines))
    measured = TAUGHT if loss == "distil" else TOLD_APART
    paired = (PAIRS,) if run.request.get("pairs") else ()
    return (losses, measured, *paired, PACE)
