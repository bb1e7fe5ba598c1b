"""Models as files: what there is, what is installed, and that it is what it should be.

    models/<kind>/<name>/manifest.json  CARD.md   the catalogue, shipped with facecam
    <home>/models/<kind>/<name>/installed/        the same model, ready to run

A model of our own has its `weights.npz` in the catalogue, beside its manifest. An
installed folder holds `weights.npz` (the canonical arrays), compiled nets and its own
manifest.json with the sha256 of each file, and the settings that belong to the weights.

    installed           what is used
    installed.previous  what was used before, for roll-back
    installed.next      complete, about to be `installed`; there only for a moment
    installed.last      what was `installed`, about to be `installed.previous`

A folder is written beside and renamed to `installed.next`: from then on it counts as
published, and whoever finds one left by a crash finishes the exchange.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

import facecam
from facecam import files
from facecam.errors import ModelError, WeightsCorrupt, WeightsMissing

KINDS = ("detector", "embedder")
FINAL = "installed"
PREVIOUS = "installed.previous"
NEXT = "installed.next"
LAST = "installed.last"
FOLDERS = (FINAL, PREVIOUS, NEXT, LAST)
LOCK = "installed.lock"
PATIENCE = 30.0
"""Seconds to wait for another program that exchanges the same model."""
MANIFEST = "manifest.json"
WEIGHTS = "weights.npz"


@dataclass(frozen=True)
class Manifest:
    """What a model is and where its weights come from."""

    kind: str
    name: str
    purpose: str
    url: str
    """Where the weights are published; empty if a Python package carries them, or the
    catalogue itself."""
    sha256: str
    """Of the file behind `url`, or of the catalogue's weights.npz."""
    size: int
    """Bytes of the weights, rounded; the checksum decides."""
    licence: str
    training_set: str
    input: Mapping[str, Any]
    """Colour order, size and standardisation."""
    output: Mapping[str, Any]
    files: tuple[str, ...]
    """The compiled nets an installed folder holds."""
    published: Mapping[str, str] = field(default_factory=dict)
    """Every published file with these weights, by name, with its sha256."""
    package: str = ""
    """The Python package that carries the files, if one does."""
    version: str = ""
    """Of that package."""
    subfolder: str = ""
    """Of the files in that package."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Numbers of the configuration that belong to these weights, such as thresholds."""
    command: str = ""
    """What was typed to train these weights, if that was done with facecam."""
    folder: Path = Path()
    """Where the manifest lies; a card, a cohort or weights lie beside it."""


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


def catalogue() -> list[Manifest]:
    """Return every model facecam knows, detectors first."""
    found = [sorted(_shipped().glob(f"{kind}/*/{MANIFEST}")) for kind in KINDS]
    return [_read_manifest(path) for path in chain.from_iterable(found)]


def find(name: str, kind: str | None = None) -> Manifest:
    """Return the model of that name, of whichever kind if none is given.

    Raises:
        ModelError: there is none.
    """
    known = [m for m in catalogue() if kind in (None, m.kind)]
    for manifest in known:
        if name == manifest.name:
            return manifest
    raise ModelError(
        f"There is no model {name}. Known: {', '.join(m.name for m in known)}."
    )


def installed(models: Path, kind: str, name: str) -> Installed | None:
    """Return what is installed of a model, or None.

    Raises:
        ModelError: publishing was interrupted and cannot be finished.
        WeightsCorrupt: there is an installation, but its manifest is damaged.
    """
    final = models / kind / name / FINAL
    if final.with_name(NEXT).exists():
        with _exchanging(final):
            _exchange(final)
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


def publish(partial: Path, final: Path) -> None:
    """Put a finished folder in the place of `final`; keep the one before beside it.

    Raises:
        ModelError: the disk refuses, or another program is at it; nothing has changed.
    """
    with _exchanging(final):
        _exchange(final)
        _settle(partial)
        _replace(partial, final)


def roll_back(final: Path) -> None:
    """Exchange an installed folder with the one before it.

    Raises:
        ModelError: there is none before it, the disk refuses, or another program is at
            it; nothing has changed.
    """
    with _exchanging(final):
        _exchange(final)
        previous = final.with_name(PREVIOUS)
        if not previous.is_dir():
            raise ModelError(f"There is no earlier version of {final} to go back to.")
        _replace(previous, final)


def sha256(path: Path) -> str:
    """Return the sha256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _exchanging(final: Path) -> Iterator[None]:
    """Let one program at a time exchange a model; tell what the disk refuses."""
    try:
        with FileLock(final.with_name(LOCK), timeout=PATIENCE):
            yield
    except Timeout as error:
        raise ModelError(
            f"Another program is changing {final}. Try again when it is done."
        ) from error
    except OSError as error:
        raise ModelError(
            f"{final} cannot be written: {error}. Close other copies of facecam."
        ) from error


def _settle(folder: Path) -> None:
    """Make sure that the files of a folder are on the disk before their names are."""
    for path in folder.iterdir():
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    files.settle(folder)


def _replace(folder: Path, final: Path) -> None:
    """Exchange `final` for another folder; where the disk refuses, take it back."""
    coming = final.with_name(NEXT)
    folder.rename(coming)
    try:
        _exchange(final)
    except OSError:
        for left in (final.with_name(LAST), final.with_name(PREVIOUS)):
            if left.exists() and not final.exists():
                left.rename(final)
        coming.rename(folder)
        raise


def _exchange(final: Path) -> None:
    """Let the folder that is to be `final` take its place, from wherever that stopped.

    What is used leaves first: where another program keeps a file open that fails, and
    has changed nothing.
    """
    coming, leaving = final.with_name(NEXT), final.with_name(LAST)
    if not coming.exists():
        return
    if final.exists():
        final.rename(leaving)
    if leaving.exists():
        previous = final.with_name(PREVIOUS)
        shutil.rmtree(previous, ignore_errors=True)
        leaving.rename(previous)
    coming.rename(final)


def _shipped() -> Path:
    """Return the catalogue: package data of a wheel, else the repository's models/."""
    here = Path(__file__).resolve().parent
    packaged = here / "_models"
    return packaged if packaged.is_dir() else here.parent / "models"


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
        source, arrays, files = (values[key] for key in ("source", "arrays", "files"))
        settings = values.get("settings", _shipped_settings(folder.parent))
        origin = Origin(source, dict(settings), values.get("note", ""))
        return Installed(folder, origin, arrays, dict(files), values.get("when", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsCorrupt(
            f"{path} is damaged ({error}). Run: facecam models install "
            f"{folder.parent.name}"
        ) from error


def _shipped_settings(model: Path) -> Mapping[str, Any]:
    """Return a model's settings by the catalogue: version 1 installed without them."""
    path = _shipped() / model.parent.name / model.name / MANIFEST
    return _read_manifest(path).settings if path.is_file() else {}


def _read_manifest(path: Path) -> Manifest:
    values = json.loads(path.read_text("utf-8"))
    values["files"] = tuple(values["files"])
    return Manifest(
        kind=path.parts[-3], name=path.parts[-2], folder=path.parent, **values
    )
