"""Settings chosen in the window: chosen.json in the home, below facecam.toml.

The user's own file is never rewritten by the program; what is written there wins.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

FILE = "chosen.json"
CHOICES = {("identifier", "strangers_per_wrong_name")}
"""What can be chosen: section and name, all of them numbers more than 1."""

log = logging.getLogger(__name__)


def read(home: Path) -> dict[str, dict[str, Any]]:
    """Return what was chosen, as facecam.toml would say it.

    A damaged file means that nothing was chosen: it is the program's, not the user's.
    """
    try:
        stored = json.loads((home / FILE).read_text("utf-8"))
        found = {(part, name): stored.get(part, {}).get(name) for part, name in CHOICES}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        log.warning("%s is ignored: %s", home / FILE, error)
        return {}
    values: dict[str, dict[str, Any]] = {}
    for (part, name), value in found.items():
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 1:
            values.setdefault(part, {})[name] = value
    return values


def choose(home: Path, part: str, name: str, value: float) -> None:
    """Remember a choice; whole or not at all.

    Raises:
        OSError: the disk refuses; the choice before still holds.
    """
    assert (part, name) in CHOICES, (part, name)
    values = read(home)
    values.setdefault(part, {})[name] = value
    beside = home / f".{FILE}.{os.getpid()}.partial"
    try:
        beside.write_text(json.dumps(values, indent=1) + "\n", "utf-8")
        beside.replace(home / FILE)
    finally:
        beside.unlink(missing_ok=True)
