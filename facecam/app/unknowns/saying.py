"""What the page of unknown people says and offers."""

from __future__ import annotations

from dataclasses import replace

from facecam.app import moments
from facecam.app.empty_state import Choice, Message
from facecam.keeping.choices import Choices

SPANS = (
    ("for an hour", 1.0),
    ("for 8 hours", 8.0),
    ("for a day", 24.0),
    ("for 3 days", 72.0),
    ("for a week", 168.0),
    ("for 30 days", 720.0),
)
"""For how long views of strangers can be kept, hours."""
ON = "on"


def with_strangers(choices: Choices, kept: bool, hours: float) -> Choices:
    """Return choices with others about strangers."""
    return replace(choices, inbox=kept, hours=hours)


def nobody(choices: Choices, out: int) -> Message:
    """Say why there is nobody: not kept, or nobody came."""
    spans = {hours: text for text, hours in SPANS}
    span = spans.get(choices.hours, f"for {choices.hours:g} hours")
    if choices.inbox:
        more = f" {ignored(out)}" if out else ""
        return Message(
            "Nobody unknown so far",
            "Strangers appear here once they have been in view for a few seconds, "
            f"grouped by person. Their views are kept {span}.{more}",
            "inbox",
        )
    return Message(
        "Strangers are not kept",
        "Turn this on to keep good views of people who are not enrolled, grouped by "
        f"person, so that you can name them later. They stay on this computer and are "
        f"deleted after {span.removeprefix('for ')}.",
        "inbox",
        choices=(Choice(ON, "Keep strangers", "inbox", primary=True),),
    )


def ignored(count: int) -> str:
    """Say how many strangers nothing is kept of."""
    return "One person is ignored." if count == 1 else f"{count} people are ignored."


def gone(expires: float, now: float) -> str:
    """Say when views are deleted."""
    return f"deleted in {moments.left(expires - now)}"
