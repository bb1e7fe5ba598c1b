"""What the user wants kept; the window and the command line share the answer.

    <home>/keeping.json   {"events": {"keep": true, "days": 30}, "inbox": {…}}

Without the file the configuration decides, which keeps nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from facecam import files
from facecam.config import Config
from facecam.errors import ConfigError

FILE = "keeping.json"
LONGEST_DAYS = 3650.0
LONGEST_HOURS = 8760.0


@dataclass(frozen=True, slots=True)
class Choices:
    """What is kept, and for how long."""

    events: bool
    """Whether visits are kept."""
    days: float
    """For so long."""
    inbox: bool
    """Whether good views of strangers are kept."""
    hours: float
    """For so long."""

    def __post_init__(self) -> None:
        if not (0 < self.days <= LONGEST_DAYS and 0 < self.hours <= LONGEST_HOURS):
            raise ConfigError(
                f"Visits are kept for up to {LONGEST_DAYS:.0f} days, strangers for up "
                f"to {LONGEST_HOURS:.0f} hours; more than 0 each."
            )

    @property
    def any(self) -> bool:
        """Whether anything is kept."""
        return self.events or self.inbox


def load(config: Config) -> Choices:
    """Read what was chosen; a damaged file counts as never written: nothing is kept."""
    events, inbox = config.events, config.inbox
    path = config.home / FILE
    if not path.exists():
        return Choices(events.keep, events.days, inbox.keep, inbox.hours)
    try:
        stored = json.loads(path.read_text("utf-8"))
        return Choices(
            stored["events"]["keep"] is True,
            float(stored["events"]["days"]),
            stored["inbox"]["keep"] is True,
            float(stored["inbox"]["hours"]),
        )
    except (OSError, ValueError, KeyError, TypeError, ConfigError):
        return Choices(False, events.days, False, inbox.hours)


def save(home: Path, choices: Choices) -> None:
    """Write what was chosen.

    Raises:
        ConfigError: the disk refuses.
    """
    stored = {
        "events": {"keep": choices.events, "days": choices.days},
        "inbox": {"keep": choices.inbox, "hours": choices.hours},
    }
    try:
        files.write(home / FILE, f"{json.dumps(stored, indent=1)}\n".encode())
    except OSError as error:
        raise ConfigError(
            f"Cannot write {home / FILE}: {error.strerror or error}. "
            "Check the folder and its space."
        ) from error
