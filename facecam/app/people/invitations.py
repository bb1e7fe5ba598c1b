"""What the people's pages say and offer while there is nothing to show."""

from __future__ import annotations

from facecam.app.empty_state import Choice, Message
from facecam.app.engine import EngineState

NOBODY = Message(
    "Nobody is enrolled yet",
    "Enrol somebody and facecam says their name when it sees them. Everything stays "
    "on this computer, and every person can be forgotten without a trace.",
    "person",
    choices=(
        Choice("enrol", "Enrol with the camera", "person-add", primary=True),
        Choice("pictures", "From pictures…", "picture"),
        Choice("folder", "From a folder…", "folder"),
    ),
)
LOADING = Message("Loading the people", icon="person", busy=True)


def everyone(state: EngineState, people: int, search: str) -> Message | None:
    """Say why the grid of people is empty; None where it need not be."""
    if people and search.strip():
        return Message(
            f"Nobody is called “{search.strip()}”",
            "Every word you type may be anywhere in the name; accents and capitals "
            "do not matter.",
            "search",
            choices=(Choice("clear", "Show everybody", "person"),),
        )
    if people:
        return None
    if state.problem:
        return Message("The people cannot be shown", state.problem, "warning")
    return NOBODY if state.loaded else LOADING


NO_NEGATIVES = Message(
    "Nobody was mistaken for this person",
    "When facecam calls somebody else by this name, say “Not this person”: the view "
    "appears here and is not called so again.",
    "check",
)
NO_PICTURES = Message(
    "No pictures", "Add some, or this person is never recognised.", "picture"
)


def nothing_wrong(people: int, pictures: int) -> Message:
    """Say that the audit found nothing."""
    return Message(
        "Nothing looks wrong",
        f"{people:,} people with {pictures:,} pictures were compared with each other "
        "and with strangers. Every picture fits its person, and nobody is enrolled "
        "twice.",
        "check",
    )


AUDITING = Message("Looking for mistakes", icon="search", busy=True)
NOBODY_TO_AUDIT = Message(
    "Nothing to look at yet",
    "The audit finds pictures of the wrong person, people enrolled twice and "
    "look-alikes. Enrol somebody first.",
    "search",
    choices=(Choice("enrol", "Enrol with the camera", "person-add", primary=True),),
)


def cannot_audit(problem: str) -> Message:
    """Say why nothing could be compared."""
    return Message("The pictures cannot be compared", problem, "warning")
