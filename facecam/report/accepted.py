"""What somebody looked at and said is right: findings the audit leaves out.

Kept as a list of digests in <home>/audit.json. Neither a name nor an id can be read
from it, so it is no trace of anybody.
"""

from __future__ import annotations

import json
from pathlib import Path

from facecam import files

FILE = "audit.json"


def load(home: Path) -> frozenset[str]:
    """Return the keys of the findings accepted; none if the file is damaged."""
    try:
        stored = json.loads((home / FILE).read_text("utf-8"))
        return frozenset(str(key) for key in stored["accepted"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def accept(home: Path, key: str) -> None:
    """Leave a finding out from now on."""
    _save(home, load(home) | {key})


def doubt(home: Path, key: str) -> None:
    """Tell a finding again."""
    _save(home, load(home) - {key})


def _save(home: Path, keys: frozenset[str]) -> None:
    text = json.dumps({"accepted": sorted(keys)}, indent=1)
    files.write(home / FILE, f"{text}\n".encode())
