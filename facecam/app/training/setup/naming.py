"""What a run may be called: its name is that of a directory, on every system."""

from __future__ import annotations

import re
from collections.abc import Iterable

from facecam.app.training.setup.asking import OUT

LONGEST = 60
FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""


def problem_of(name: str, taken: Iterable[str]) -> str:
    """Say why a run cannot be called so, and what to do; "" if it can.

    Args:
        name: "" lets the run be called by the date.
        taken: names of the runs there are.
    """
    if name.lower() in (OUT, *(each.lower() for each in taken)):
        return "There is one of this name already. Choose another."
    if FORBIDDEN.search(name) or name.startswith((".", "-")) or name.endswith("."):
        return "Letters, digits, spaces, - and _ make a name; it begins with a letter."
    if RESERVED.fullmatch(name):
        return "This name is kept for a device. Choose another."
    if len(name) > LONGEST:
        return f"A name has {LONGEST} letters at most."
    return ""
