"""Models as files: what there is, what is installed, and that it is what it should be.

    models/<kind>/<name>/manifest.json  CARD.md   the catalogue, shipped with facecam
    <home>/models/<kind>/<name>/installed/        the same model, ready to run

An installed folder holds `weights.npz` (the canonical arrays), compiled nets and its
own manifest.json with the sha256 of each file. It is written beside and renamed, so it
is complete or absent; the previous one stays as `installed.previous` for roll-back.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import facecam
from facecam.errors import ModelError, WeightsCorrupt, WeightsMissing

KINDS = ("detector", "embedder")
FINAL = "installed"
PREVIOUS = "installed.previous"
MANIFEST = "manifest.json"
WEIGHTS = "weights.npz"


@dataclass(frozen=True)
class Manifest:
    """What a model is and where its weights come from."""

    kind: str
    name: str
    purpose: str
    url: str
    """Where the weights are published; empty if a Python package carries them."""
    sha256: str
    """Of the file behind `url`."""
    size: int
    """Bytes of the download, rounded; the checksum decides."""
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
    """The Python package that carries the files, if none is downloaded."""
    version: str = ""
    """Of that package."""
    subfolder: str = ""
    """Of the files in that package."""
    folder: Path = Path()
    """Where the manifest lies; a card and a cohort lie beside it."""


@dataclass(frozen=True)
class Installed:
    """A model that is ready to run."""

    folder: Path
    source: str
    """Name of the file the weights were read from."""
    arrays: str
    """sha256 of the arrays themselves, the same from whichever layout they came."""
    files: Mapping[str, str]
    """sha256 by file name."""

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
    paths = [p for kind in KINDS for p in _shipped().glob(f"{kind}/*/{MANIFEST}")]
    return [_read_manifest(path) for path in paths]


def find(name: str, kind: str | None = None) -> Manifest:
    """Return the model of that name, or the first one of the kind `name` says.

    Raises:
        ModelError: there is none.
    """
    known = [m for m in catalogue() if kind in (None, m.kind)]
    for manifest in known:
        if name in (manifest.name, manifest.kind):
            return manifest
    raise ModelError(
        f"There is no model {name}. Known: {', '.join(m.name for m in known)}."
    )


def installed(models: Path, kind: str, name: str) -> Installed | None:
    """Return what is installed of a model, or None.

    Raises:
        WeightsCorrupt: there is an installation, but its manifest is damaged.
    """
    folder = models / kind / name / FINAL
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        values = json.loads(path.read_text("utf-8"))
        return Installed(
            folder, values["source"], values["arrays"], dict(values["files"])
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsCorrupt(
            f"{path} is damaged ({error}). Run: facecam models install {name}"
        ) from error


def verify(model: Installed) -> None:
    """Check every file of an installation against its checksum.

    Raises:
        WeightsMissing, WeightsCorrupt: as `Installed.file`.
    """
    for name in model.files:
        model.file(name)


def write_installed(folder: Path, source: str, arrays: str) -> None:
    """Write the manifest of a folder that is about to be published."""
    files = {p.name: sha256(p) for p in sorted(folder.iterdir()) if p.name != MANIFEST}
    values = {
        "source": source,
        "converter": f"facecam {facecam.__version__}",
        "arrays": arrays,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(values, indent=2) + "\n", "utf-8")


def publish(partial: Path, final: Path) -> None:
    """Put a finished folder in the place of `final`; keep the one before beside it."""
    previous = final.with_name(PREVIOUS)
    try:
        if final.exists():
            shutil.rmtree(previous, ignore_errors=True)
            final.rename(previous)
        partial.rename(final)
    except OSError as error:
        if previous.exists() and not final.exists():
            previous.rename(final)
        raise ModelError(
            f"{final} cannot be written: {error}. Close other copies of facecam."
        ) from error


def roll_back(final: Path) -> None:
    """Exchange an installed folder with the one before it.

    Raises:
        ModelError: there is none before it.
    """
    previous = final.with_name(PREVIOUS)
    if not previous.is_dir():
        raise ModelError(f"There is no earlier version of {final} to go back to.")
    aside = final.with_name(f"{FINAL}.exchanged")
    shutil.rmtree(aside, ignore_errors=True)
    if final.exists():
        final.rename(aside)
    previous.rename(final)
    if aside.exists():
        aside.rename(previous)


def sha256(path: Path) -> str:
    """Return the sha256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _shipped() -> Path:
    """Return the catalogue: package data of a wheel, else the repository's models/."""
    here = Path(__file__).resolve().parent
    packaged = here / "_models"
    return packaged if packaged.is_dir() else here.parent / "models"


def _read_manifest(path: Path) -> Manifest:
    values = json.loads(path.read_text("utf-8"))
    values["files"] = tuple(values["files"])
    return Manifest(
        kind=path.parts[-3], name=path.parts[-2], folder=path.parent, **values
    )
