"""The catalogue: every model facecam knows, and where its weights come from.

Those that ship, and embedders of the user's own: trained here, kept in the home.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from facecam.config import Config
from facecam.errors import ModelError

KINDS = ("detector", "embedder")
OWN = ("embedder",)
"""Kinds a home may hold models of its own of."""
MANIFEST = "manifest.json"

log = logging.getLogger(__name__)


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
    """Numbers of the configuration that belong to these weights, such as thresholds. Of
    an embedder by section; see config.belonging."""
    title: str = ""
    """What to call it in the window; empty is its name."""
    network: str = ""
    """Of an embedder: its layers, a name of nets.embedders."""
    command: str = ""
    """What was typed to train these weights, if that was done with facecam."""
    folder: Path = Path()
    """Where the manifest lies; a card, a cohort or weights lie beside it."""

    @property
    def called(self) -> str:
        """What to call it."""
        return self.title or self.name

    @property
    def own(self) -> bool:
        """Whether it was trained here and is kept in the home."""
        return folder() not in self.folder.parents


def catalogue(config: Config | None = None) -> list[Manifest]:
    """Return every model facecam knows, detectors first, own ones after those shipped.

    Args:
        config: says where own ones live; None for those shipped alone.
    """
    found = [sorted(folder().glob(f"{kind}/*/{MANIFEST}")) for kind in KINDS]
    shipped = [read_manifest(path) for path in chain.from_iterable(found)]
    if config is None:
        return shipped
    taken = {manifest.name for manifest in shipped}
    own = [manifest for _, manifest in _own(config) if manifest is not None]
    return [*shipped, *(manifest for manifest in own if manifest.name not in taken)]


def find(name: str, kind: str | None = None, config: Config | None = None) -> Manifest:
    """Return the model of that name, of whichever kind if none is given.

    Args:
        name: of the model.
        kind: one of KINDS.
        config: as `catalogue`.

    Raises:
        ModelError: there is none.
    """
    known = [m for m in catalogue(config) if kind in (None, m.kind)]
    for manifest in known:
        if name == manifest.name:
            return manifest
    cure = (
        " Use one of them in Training › Embedder, or with: facecam models use NAME"
        if kind == "embedder"
        else ""
    )
    raise ModelError(
        f"There is no model {name}. Known: {', '.join(m.name for m in known)}.{cure}"
    )


def settings(kind: str, name: str, config: Config | None = None) -> Mapping[str, Any]:
    """Return the settings of a model, none of one that is not in the catalogue."""
    for manifest in catalogue(config):
        if (manifest.kind, manifest.name) == (kind, name):
            return manifest.settings
    return {}


def folder() -> Path:
    """Return the catalogue's folder: of a wheel, else the repository's models/."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_models"
    return packaged if packaged.is_dir() else package.parent / "models"


def damaged(config: Config) -> list[Path]:
    """Return the manifests of own models that cannot be read."""
    return [path for path, manifest in _own(config) if manifest is None]


def _own(config: Config) -> Iterator[tuple[Path, Manifest | None]]:
    """Yield the manifests of the home's models, None in the place of a damaged one."""
    for kind in OWN:
        for path in sorted(config.models.glob(f"{kind}/[!.]*/{MANIFEST}")):
            try:
                yield path, read_manifest(path)
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning("%s is passed over: %r", path, error)
                yield path, None


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of one model."""
    values = json.loads(path.read_text("utf-8"))
    values["files"] = tuple(values["files"])
    return Manifest(
        kind=path.parts[-3], name=path.parts[-2], folder=path.parent, **values
    )


def sha256(path: Path) -> str:
    """Return the sha256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
