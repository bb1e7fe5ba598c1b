"""What the embedder page says: facts, measures and errors in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from facecam.app.training.embedder.models import Embedder
from facecam.report import sayings

if TYPE_CHECKING:
    from facecam.report.embedders import Comparison, Measured, Tried

MINUTE = 60
MEGA = 2**20
GOES_ON = "Faces go on being compared by {now} until everybody is done."
NO_OTHER = (
    "This version of facecam comes with no other embedder. Whatever comes with a later "
    "one is offered here."
)
PAIRS_ABOUT = (
    "Labeled Faces in the Wild, or pairs in its layout: a folder with pairs.txt and a "
    "folder of pictures for each person. Nobody of yours is looked at."
)
COMPARE_ABOUT = (
    "Your own pictures are tried as if they were new, with each embedder, at the same "
    "price in wrong names. Nothing is switched by it."
)
FACTS = (
    "How many numbers describe a face, how large it is cut for that, how exactly the "
    "network calculates, what it takes on the disk, and how long a face takes on this "
    "computer."
)
ALONE = "There is nothing to compare with until another embedder is installed."
NOBODY = "Nobody is enrolled yet: there is nothing to compare with."


def facts(one: Embedder, seconds: float | None) -> str:
    """Return the facts of an embedder in one line.

    Args:
        one: the embedder.
        seconds: what a face takes; None if that is not known.
    """
    parts = [f"{one.dimensions} numbers a face"] if one.dimensions else []
    parts.append(f"faces of {one.side} × {one.side} pixels")
    if one.installed:
        parts += [one.precision, size(one.bytes)]
    else:
        parts.append(f"{size(one.size)}, {'a download' if one.download else 'here'}")
    if seconds is not None:
        parts.append(f"{milliseconds(seconds)} a face")
    return "  ·  ".join(parts)


def size(count: int) -> str:
    """Return a number of bytes."""
    megabytes = count / MEGA
    return f"{megabytes:.1f} MB" if megabytes < 10 else f"{int(megabytes)} MB"


def milliseconds(seconds: float) -> str:
    """Return a duration of about one face."""
    if seconds < 0.0001:
        return "under 0.1 ms"
    return f"{1000 * seconds:.1f} ms" if seconds < 0.1 else f"{1000 * seconds:.0f} ms"


def licence(one: Embedder) -> str:
    """Return the line about where it comes from."""
    return f"Licence {one.licence}, learned from {one.training_set}."


def standing_in(used: str, wanted: Embedder) -> str:
    """Say that another embedder runs than the one that was chosen."""
    much = f" ({size(wanted.size)})" if wanted.download else ""
    return (
        f"{wanted.title} is chosen but not installed{much}; {used} stands in until it "
        "is."
    )


def left(seconds: float) -> str:
    """Return how long something still takes."""
    if seconds < 1:
        return "a moment left"
    if seconds < MINUTE:
        return f"{seconds:.0f} s left"
    return f"{seconds / MINUTE:.0f} min left"


def percent(share: float, digits: int = 1) -> str:
    """Return a share as per cent."""
    return f"{100 * share:.{digits}f} %"


def pairs_measures(result: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return name, value and explanation of each measure of pairs."""
    accuracy = f"{percent(result['accuracy'])} ± {100 * result['std']:.1f}"
    return [
        (
            "Accuracy",
            accuracy,
            "Share of the pairs decided rightly, each part with the distance that "
            "suits the other parts best.",
        ),
        (
            "Recognised at 1 in 1,000",
            percent(result["val_at_far_1e-3"]),
            "Share of the pairs of one person that are recognised where one in a "
            "thousand pairs of two people is taken for one (VAL at FAR 0.1 %).",
        ),
        (
            "Equal error",
            percent(result["eer"]),
            "Where as many pairs of two people pass as pairs of one person fail (EER). "
            "Less is better.",
        ),
        (
            "Area under the curve",
            f"{result['auc']:.4f}",
            "How often a pair of one person is nearer than a pair of two (AUC). 1 is "
            "always.",
        ),
    ]


def pairs_basis(result: Mapping[str, Any]) -> str:
    """Say what the measures rest on."""
    said = (
        f"{result['pairs']:,} pairs in {result['folds']} parts, "
        f"{result['pictures']:,} pictures"
    )
    missed = result["without_face"]
    return (
        f"{said}; no face found in {missed:,}, whose middle was taken."
        if (missed)
        else f"{said}; a face in each."
    )


def comparison_rows(
    comparison: Comparison,
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return name, explanation and the value for each embedder, row by row."""
    per = sayings.number(comparison.setting)
    listed = comparison.embedders
    return [
        (
            "Recognised on another day",
            "A whole sitting is left out when people are learned, then its pictures "
            "are named.",
            tuple(_share(one.sittings) for one in listed),
        ),
        (
            "Recognised, one picture left out",
            "One picture is left out at a time: easier, and possible with everybody.",
            tuple(_share(one.single) for one in listed),
        ),
        (
            f"At 1 wrong name per {per} strangers",
            "The same, where exactly so many of the strangers that were drawn get a "
            "name.",
            tuple(_at_rate(one) for one in listed),
        ),
        (
            "Drawn strangers given a name",
            f"With the setting in use: about 1 in {per} is promised.",
            tuple(percent(one.strangers_named, 2) for one in listed),
        ),
        (
            "Nearest two people",
            "One stranger in so many is as near: the more, the more alike they look "
            "to this embedder.",
            tuple(_nearest(one) for one in listed),
        ),
        (
            "Time for a face",
            "On this computer.",
            tuple(milliseconds(one.seconds) for one in listed),
        ),
    ]


def _share(tried: Tried) -> str:
    if tried.share is None:
        return "too few sittings"
    low, high = round(100 * tried.share.low), round(100 * tried.share.high)
    return f"{tried.right} of {tried.pictures}  ({low}–{high} %)"


def _at_rate(one: Measured) -> str:
    from facecam.report.embedders import tried

    chosen = tried(one)
    return f"{chosen.right_at_rate} of {chosen.pictures}" if chosen.pictures else "–"


def _nearest(one: Measured) -> str:
    if one.alike is None:
        return "–"
    near = sayings.number(sayings.rounded(one.nearest))
    first, second = one.alike
    return f"1 in {near}: \u2068{first}\u2069, \u2068{second}\u2069"
