"""Installed models: what they were made from, and that their files are unharmed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import facecam
from facecam import files
from facecam.artifacts import exchange, shipped
from facecam.artifacts.exchange import FINAL, PREVIOUS
from facecam.artifacts.shipped import MANIFEST, sha256
from facecam.errors import WeightsCorrupt, WeightsMissing

WEIGHTS = "weights.npz"


@dataclass(frozen=True)
class Origin:
    """What is written into an installed folder about its weights."""

    source: str
    """What they were read from, for people: "mtcnn 1.0.0"."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """See Manifest."""
    note: str = ""
    """What else should be known of it, for people."""


@dataclass(frozen=True)
class Installed:
    """A model that is ready to run."""

    folder: Path
    origin: Origin
    arrays: str
    """sha256 of the arrays themselves, the same from whichever layout they came."""
    files: Mapping[str, str]
    """sha256 by file name."""
    when: str = ""
    """Day of the installation, ISO 8601; empty of those made by version 1."""

    @property
    def source(self) -> str:
        """What the weights were read from, for people."""
        return self.origin.source

    def file(self, name: str) -> Path:
        """Return the path of a file whose content is what was installed.

        Raises:
            WeightsMissing: this installation has no such file.
            WeightsCorrupt: the file was changed or damaged.
        """
        path = self.folder / name
        if name not in self.files or not path.is_file():
            raise WeightsMissing(f"{path} is missing. Run: facecam models install")
        if sha256(path) != self.files[name]:
            raise WeightsCorrupt(
                f"{path} is damaged: its checksum is wrong. Run: facecam models install"
            )
        return path

    def fingerprint(self, precision: str) -> str:
        """Return 16 hex digits that stand for the weights and how they are run."""
        text = f"{self.arrays} {precision}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def installed(models: Path, kind: str, name: str) -> Installed | None:
    """Return what is installed of a model, or None.

    Raises:
        ModelError: publishing was interrupted and cannot be finished.
        WeightsCorrupt: there is an installation, but its manifest is damaged.
    """
    final = models / kind / name / FINAL
    exchange.finish(final)
    return read_installed(final)


def before(models: Path, kind: str, name: str) -> Installed | None:
    """Return the installation that a roll-back would bring back, or None.

    Raises:
        WeightsCorrupt: there is one, but its manifest is damaged.
    """
    return read_installed(models / kind / name / PREVIOUS)


def stamp(models: Path, kind: str, name: str) -> bytes:
    """Return what tells one installation of a model from another; b"" without one."""
    try:
        return (models / kind / name / FINAL / MANIFEST).read_bytes()
    except OSError:
        return b""


def verify(model: Installed) -> None:
    """Check every file of an installation against its checksum.

    Raises:
        WeightsMissing, WeightsCorrupt: as `Installed.file`.
    """
    for name in model.files:
        model.file(name)


def write_installed(folder: Path, origin: Origin, arrays: str) -> None:
    """Write the manifest of a folder that is about to be published."""
    sums = {p.name: sha256(p) for p in sorted(folder.iterdir()) if p.name != MANIFEST}
    values = {
        "source": origin.source,
        "settings": dict(origin.settings),
        "note": origin.note,
        "converter": f"facecam {facecam.__version__}",
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "arrays": arrays,
        "files": sums,
    }
    files.write(folder / MANIFEST, f"{json.dumps(values, indent=2)}\n".encode())


def read_installed(folder: Path) -> Installed | None:
    """Return the model in an installed folder or in a copy of one, None if none is.

    Raises:
        WeightsCorrupt: its manifest is damaged.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        values = json.loads(path.read_text("utf-8"))
        source, arrays, sums = (values[key] for key in ("source", "arrays", "files"))
        kind, name = folder.parts[-3:-1]
        settings = values.get("settings", shipped.settings(kind, name))  # version 1
        origin = Origin(source, dict(settings), values.get("note", ""))
        return Installed(folder, origin, arrays, dict(sums), values.get("when", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsCorrupt(
            f"{path} is damaged ({error}). Run: facecam models install "
            f"{folder.parent.name}"
        ) from error
