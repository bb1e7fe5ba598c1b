"""The numbers of what is kept of those who are seen; nothing is unless it is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.errors import ConfigError


@dataclass(frozen=True)
class EventsConfig:
    """Who was seen when."""

    keep: bool = False
    """Whether visits are kept before the user has chosen in the window."""
    days: float = 30.0
    """Visits older than this are deleted, days."""
    gap: float = 30.0
    """Somebody away for longer comes for another visit, seconds."""
    shortest: float = 1.0
    """Shorter visits are not kept, seconds: a face looked at twice at least."""
    every: float = 5.0
    """How often a visit under way is written, seconds: what a crash may lose."""
    listed: int = 1000
    """At most so many visits are listed at once; an export has all of them."""

    def __post_init__(self) -> None:
        if not 0 < self.days <= 3650:
            raise ConfigError("events.days must lie between 0 and 3650.")
        if not 1 <= self.gap <= 3600:
            raise ConfigError("events.gap must lie between 1 and 3600 seconds.")
        if not 0 <= self.shortest <= self.gap:
            raise ConfigError("events.shortest must lie between 0 and events.gap.")
        if not 0.1 <= self.every <= 60:
            raise ConfigError("events.every must lie between 0.1 and 60 seconds.")
        if self.listed < 1:
            raise ConfigError("events.listed must be at least 1.")


@dataclass(frozen=True)
class InboxConfig:
    """Good views of strangers, grouped by person, until they expire."""

    keep: bool = False
    """Whether views are kept before the user has chosen in the window."""
    hours: float = 72.0
    """A view is deleted when it is older than this, hours."""
    least_quality: float = 0.35
    """Worse views are not kept, 0…1."""
    settle: float = 2.0
    """Seconds a face must stay unknown before it counts as a stranger's."""
    spacing: float = 2.0
    """Shortest time between two views kept of one person, seconds."""
    views: int = 8
    """At most so many views of one person, the best ones."""
    groups: int = 100
    """At most so many people; the one seen longest ago makes room."""
    same: float = 0.6
    """Cosine of a view with a group's mean from which it is the same person."""
    merge: float = 0.7
    """Cosine of the means of two groups from which they are one person."""
    akin: float = 0.4
    """Cosine of a view with somebody's pictures from which it goes when that person is
    forgotten."""

    def __post_init__(self) -> None:
        if not 0 < self.hours <= 8760:
            raise ConfigError("inbox.hours must lie between 0 and 8760.")
        if not 0 <= self.least_quality <= 1:
            raise ConfigError("inbox.least_quality must lie between 0 and 1.")
        if not (0 <= self.settle <= 60 and 0 <= self.spacing <= 60):
            raise ConfigError("inbox.settle and .spacing must lie between 0 and 60 s.")
        if not (1 <= self.views <= 100 and 1 <= self.groups <= 1000):
            raise ConfigError(
                "inbox.views must lie between 1 and 100, inbox.groups between 1 and "
                "1000."
            )
        if not -1 <= self.akin <= self.same <= self.merge <= 1:
            raise ConfigError(
                "inbox.akin, .same and .merge must rise, between -1 and 1."
            )
