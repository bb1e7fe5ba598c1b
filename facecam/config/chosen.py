"""Settings chosen in the window or by a command: chosen.json in the home.

The user's own file, facecam.toml, is never rewritten by the program; what is written
there wins.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE = "chosen.json"
BEFORE = "before"
"""Where the file keeps what a choice has replaced."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")

log = logging.getLogger(__name__)


def _is_rate(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and value > 1  # type: ignore[operator]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


CHOICES: dict[tuple[str, str], Callable[[object], bool]] = {
    ("identifier", "strangers_per_wrong_name"): _is_rate,
    ("embedder", "model"): _is_name,
}
"""What can be chosen, by section and name; and what tells a value that makes sense."""


def read(home: Path) -> dict[str, dict[str, Any]]:
    """Return what was chosen, as facecam.toml would say it.

    A damaged file means that nothing was chosen: it is the program's, not the user's.
    """
    return _sensible(_stored(home))


def before(home: Path, part: str, name: str) -> Any:
    """Return what a choice has replaced, None if it is not known."""
    return _sensible(_stored(home).get(BEFORE)).get(part, {}).get(name)


def choose(
    home: Path, part: str, name: str, value: float | str, instead: str | None = None
) -> None:
    """Remember a choice; whole or not at all.

    Args:
        home: of the settings.
        part: section of the configuration.
        name: of the setting.
        value: what was chosen.
        instead: what `before` answers from now on; None leaves that as it is.

    Raises:
        OSError: the disk refuses; the choice before still holds.
    """
    assert CHOICES[part, name](value), (part, name, value)
    stored = _stored(home)
    values: dict[str, Any] = _sensible(stored)
    values.setdefault(part, {})[name] = value
    earlier = _sensible(stored.get(BEFORE))
    if instead is not None:
        earlier.setdefault(part, {})[name] = instead
    if earlier:
        values[BEFORE] = earlier
    beside = home / f".{FILE}.{os.getpid()}.partial"
    try:
        beside.write_text(json.dumps(values, indent=1) + "\n", "utf-8")
        beside.replace(home / FILE)
    finally:
        beside.unlink(missing_ok=True)


def _stored(home: Path) -> dict[str, Any]:
    try:
        stored = json.loads((home / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning("%s is ignored: %s", home / FILE, error)
        return {}
    return stored if isinstance(stored, dict) else {}


def _sensible(stored: object) -> dict[str, dict[str, Any]]:
    """Return those of the values that can be chosen and make sense."""
    values: dict[str, dict[str, Any]] = {}
    for (part, name), makes_sense in CHOICES.items():
        section = stored.get(part) if isinstance(stored, dict) else None
        value = section.get(name) if isinstance(section, dict) else None
        if makes_sense(value):
            values.setdefault(part, {})[name] = value
    return values
