"""Reading files as they are and, where they are sealed, as they were before."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path, PurePosixPath

from facecam.errors import GalleryError
from facecam.forgetting.places import SHARED, Kind, Place
from facecam.gallery.history import CHANGE
from facecam.vault import MAGIC, Vault

DAMAGE = (GalleryError, OSError, ValueError, LookupError, TypeError)
"""What reading a file raises that is damaged, somebody else's, or gone."""


class Reader:
    """Reads files as they are and, where they are sealed, as they were before.

    Args:
        vault: unseals.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.unreadable: list[Path] = []

    def contents(self, place: Place) -> list[bytes]:
        """Return the bytes of a file and, if it was sealed, those inside.

        A file that goes away meanwhile holds nothing; one that cannot be read or
        unsealed is noted in `unreadable`.
        """
        try:
            raw = place.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError:
            self.unreadable.append(place.path)
            return []
        if not raw.startswith(MAGIC):
            return [raw]
        try:
            plain = self._vault.unseal(raw, self._owner(place))
        except DAMAGE:
            self.unreadable.append(place.path)
            return [raw]
        return [raw, plain]

    def stashed(self, place: Place) -> PurePosixPath | None:
        """Return which file of the people one of the history was, if that is known.

        Args:
            place: a file of the history.
        """
        if place.path.name == CHANGE:
            return None
        with contextlib.suppress(*DAMAGE):
            data = (place.path.parent / CHANGE).read_bytes()
            files = json.loads(self._vault.unseal(data, SHARED))["files"]
            return PurePosixPath(files[int(place.path.name.partition("-")[2])][0])
        return None

    def _owner(self, place: Place) -> str:
        """Return who sealed a file; what undo needs remains that of its owner."""
        stashed = self.stashed(place) if place.kind is Kind.HISTORY else None
        return stashed.parts[0] if stashed else place.owner
