"""Times of the day and spans, as people say them."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
WEEK = 7


def clock(seconds: float) -> str:
    """Return the time of day of a moment (seconds since 1970), "10:42"."""
    return f"{datetime.fromtimestamp(seconds):%H:%M}"


def day(seconds: float, now: float | None = None) -> str:
    """Return the day of a moment: "Today", "Yesterday", "Friday", or its date."""
    today = datetime.fromtimestamp(time.time() if now is None else now).date()
    then = datetime.fromtimestamp(seconds).date()
    if then == today:
        return "Today"
    if abs(then - today) == timedelta(days=1):
        return "Yesterday" if then < today else "Tomorrow"
    if timedelta(0) < today - then < timedelta(days=WEEK):
        return f"{then:%A}"
    return f"{then.day} {then:%B}" + (
        f" {then.year}" if then.year != today.year else ""
    )


def between(first: float, last: float, now: float | None = None) -> str:
    """Return two moments, "Today 10:40–10:52" or "Friday 9:00 – today 10:52"."""
    if datetime.fromtimestamp(first).date() == datetime.fromtimestamp(last).date():
        began, ended = clock(first), clock(last)
        when = began if began == ended else f"{began}–{ended}"
        return f"{day(first, now)} {when}"
    end = day(last, now)
    end = end.lower() if end in ("Today", "Yesterday") else end
    return f"{day(first, now)} {clock(first)} – {end} {clock(last)}"


def left(seconds: float) -> str:
    """Return how long is left, "2 days", "47 hours", "3 minutes"."""
    for size, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {name}"
    return "a minute"


def lasting(seconds: float) -> str:
    """Return how long something lasted, "42 s", "3 min", "1 h 20 min"."""
    if seconds < MINUTE:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / MINUTE)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
