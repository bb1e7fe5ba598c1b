"""What the page of the hard examples says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from facecam.app import moments, words
from facecam.app.empty_state import Choice, Message
from facecam.app.teaching.mark import FALSE_ALARM, MISSED_FACE

if TYPE_CHECKING:
    from facecam.app.teaching.pool import Held
    from facecam.training.detector.hard_examples import HardExample

LIVE, IMPORT, ALL, AGAIN = "live", "import", "all", "again"
TITLES = {FALSE_ALARM: "False alarm", MISSED_FACE: "Missed face"}
SIGNS = {FALSE_ALARM: "not-face", MISSED_FACE: "draw-face"}
"""Icons by kind."""
ABOUT = {
    FALSE_ALARM: "Something was taken for a face. The detector learns that it is none.",
    MISSED_FACE: "A face was not found. The detector learns to find it.",
}
NOTHING = Message(
    "Nothing to teach with yet",
    "When Live draws a box around something that is no face, click it with the right "
    "button and say “Not a face”. When it misses a face, press D and draw it. Both "
    "come here with their whole picture, and a fine-tune learns from them.",
    "draw-face",
    choices=(
        Choice(LIVE, "Go to Live", "live", primary=True),
        Choice(IMPORT, "Bring from another folder…", "import"),
    ),
)
READING = Message("Looking at the hard examples", icon="draw-face", busy=True)
NONE_OF = {
    FALSE_ALARM: "No false alarm was kept",
    MISSED_FACE: "No missed face was kept",
}
LISTED = 5
"""At most so many damaged lines are named."""


def nothing_of(kind: str) -> Message:
    """Say that there are only examples of the other kind."""
    every = Choice(ALL, "Show all", "picture")
    return Message(NONE_OF[kind], ABOUT[kind], SIGNS[kind], choices=(every,))


def unreadable(error: Exception) -> Message:
    """Say why the pool cannot be shown."""
    again = Choice(AGAIN, "Look again", "refresh", primary=True)
    title = "The hard examples cannot be read"
    return Message(title, str(error), "warning", choices=(again,))


def counted(examples: Sequence[HardExample]) -> str:
    """Return "2 false alarms and 1 missed face in 3 pictures"."""
    kinds = Counter(str(example.kind) for example in examples)
    parts = [
        number(kinds[kind], kind) for kind in (FALSE_ALARM, MISSED_FACE) if kinds[kind]
    ]
    pictures = len({example.picture for example in examples})
    return f"{' and '.join(parts)} in {words.pictures(pictures)}" if parts else ""


def number(count: int, what: str) -> str:
    """Return how many of something, "1 false alarm" or "12 examples"."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def day(example: HardExample) -> str:
    """Return when an example was added, as people say it."""
    return moments.day(example.added) if example.added else "No date"


def when(example: HardExample) -> str:
    """Return day and time an example was added."""
    if not example.added:
        return "Nobody noted when it was added"
    day = moments.day(example.added)
    day = day.lower() if day in ("Today", "Yesterday") else day
    return f"Added {day}, {moments.clock(example.added)}"


def size(example: HardExample) -> str:
    """Return how large a box is, "48 × 60 pixels"."""
    x1, y1, x2, y2 = example.box
    return f"{x2 - x1:.0f} × {y2 - y1:.0f} pixels"


def points(example: HardExample) -> str:
    """Say whether the five points are there; nothing of a false alarm."""
    if example.kind == FALSE_ALARM:
        return ""
    return "five points" if example.landmarks else "no points"


def spoken(example: HardExample) -> str:
    """Describe an example for a screen reader."""
    parts = TITLES[example.kind], day(example), size(example), points(example)
    return ", ".join(part for part in parts if part)


def damaged(numbers: Sequence[int]) -> str:
    """Say which lines of the list cannot be read, and what follows."""
    some = ", ".join(f"{n:,}" for n in numbers[:LISTED])
    more = f" and {len(numbers) - LISTED} more" if len(numbers) > LISTED else ""
    if len(numbers) == 1:
        return (
            f"Line {some} of hard.jsonl cannot be read; the others are shown. A "
            "fine-tune begins once it is corrected or taken out."
        )
    return (
        f"Lines {some}{more} of hard.jsonl cannot be read; the others are shown. A "
        "fine-tune begins once they are corrected or taken out."
    )


def lying_open(held: Held) -> str:
    """Say that pictures are not protected though the people are."""
    return (
        f"The people are protected, but {words.pictures(held.listing.pictures)} here "
        "can be read by anybody who has this disk: what learns from them has no "
        "passphrase. Nothing more is added."
    )
