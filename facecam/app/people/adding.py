"""Pictures dropped onto somebody: read, and added one by one, each its own sitting."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from facecam.app import words
from facecam.app.people.changing import Changes
from facecam.errors import FacecamError
from facecam.faces import Identity

if TYPE_CHECKING:
    from facecam.gallery import Gallery

SHOWN = 2
"""So many reasons why files were left out are told."""


@dataclass(frozen=True)
class Added:
    """What became of files."""

    kept: int
    known: int
    refused: tuple[str, ...]
    """Sentences that say why a file was left out."""


def add_files(changes: Changes, identity: Identity, paths: Sequence[Path]) -> None:
    """Give somebody the pictures of files and folders, in the background."""
    changes.do(
        lambda added: told(added, identity.name),
        lambda gallery: add(gallery, identity, paths),
        steps=lambda added: added.kept,
    )


def add(gallery: Gallery, identity: Identity, paths: Sequence[Path]) -> Added:
    """Enrol the pictures of files and folders; what shows no one face is left out."""
    from facecam.gallery import Shot
    from facecam.media import decode_image, find_images

    kept, known = 0, 0
    refused: list[str] = []
    for path in [f for p in paths for f in (find_images(p) if p.is_dir() else [p])]:
        try:
            data = path.read_bytes()
            shot = Shot(decode_image(data, path.name))
            capture = hashlib.sha256(data).hexdigest()[:16]
            enrolled = gallery.enrol(identity, [shot], capture=capture)
        except OSError as error:
            refused.append(f"{path.name}: {error.strerror or error}.")
        except FacecamError as error:
            refused.append(f"{path.name}: {error}")
        else:
            kept, known = kept + len(enrolled.kept), known + enrolled.known
    return Added(kept, known, tuple(refused))


def told(added: Added, name: str) -> str:
    """Say what became of the files."""
    parts = [f"Added {words.pictures(added.kept)} to {name}."]
    if added.known:
        parts.append(f"{words.pictures(added.known)} had been there already.")
    if added.refused:
        parts.append(f"{words.pictures(len(added.refused))} left out:")
        parts += added.refused[:SHOWN]
    return " ".join(parts)
