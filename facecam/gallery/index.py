"""Embeddings in SQLite: a cache that may be deleted at any time.

A row holds what one embedder says of one picture of one person. The vectors are sealed
as their owner's. Whatever is wrong with the file, the gallery works without it, slowly.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np

from facecam import database
from facecam.errors import DatabaseDamaged, GalleryError
from facecam.faces import Floats
from facecam.vault import Vault

MIGRATIONS = (
    """
    CREATE TABLE views (
        fingerprint TEXT NOT NULL,
        owner TEXT NOT NULL,
        digest TEXT NOT NULL,
        vector BLOB NOT NULL,
        quality REAL,
        PRIMARY KEY (owner, digest, fingerprint)
    ) WITHOUT ROWID;
    CREATE INDEX ratings ON views (digest, quality);
    CREATE TABLE dropped (
        owner TEXT NOT NULL,
        file TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (owner, file)
    ) WITHOUT ROWID;
    """,
)

Key: TypeAlias = tuple[str, str]
"""Owner and digest of a picture."""
Row: TypeAlias = tuple[str, str, bytes, float | None]
T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """What an embedder says of a picture."""

    embedding: Floats  # (d,)
    quality: float | None = None
    """None where it still has to be looked at."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A picture put there by hand, and how it looked from outside when it was read."""

    owner: str
    file: str
    size: int
    modified: int
    """Time stamp in nanoseconds."""
    digest: str


class Index:
    """Opens the file for each use, so that nothing is held between.

    Args:
        path: of the database.
        vault: seals and unseals the vectors.
    """

    def __init__(self, path: Path, vault: Vault) -> None:
        self._path = path
        self._vault = vault

    def load(self, fingerprint: str) -> dict[Key, Known]:
        """Return everything known of one embedder's."""

        def read(connection: sqlite3.Connection) -> dict[Key, Known]:
            rows = connection.execute(
                "SELECT owner, digest, vector, quality FROM views"
                " WHERE fingerprint = ?",
                (fingerprint,),
            )
            return dict(self._readable(rows))

        return self._using(read, {})

    def qualities(self) -> dict[str, float]:
        """Return how good views are, whichever embedder's crop said so.

        By digest; for pictures put there by hand by "owner/file", too.
        """

        def read(connection: sqlite3.Connection) -> dict[str, float]:
            rows = connection.execute(
                "SELECT digest, quality FROM views WHERE quality IS NOT NULL UNION ALL "
                "SELECT owner || '/' || file, quality FROM dropped "
                "JOIN views USING (owner, digest) WHERE quality IS NOT NULL"
            )
            return dict(rows)

        return self._using(read, {})

    def dropped(self) -> dict[Key, Dropped]:
        """Return what is known of pictures put there by hand, by owner and file."""

        def read(connection: sqlite3.Connection) -> dict[Key, Dropped]:
            rows = connection.execute("SELECT * FROM dropped")
            return {(row[0], row[1]): Dropped(*row) for row in rows}

        return self._using(read, {})

    def update(
        self,
        fingerprint: str,
        known: Mapping[Key, Known],
        dropped: Iterable[Dropped] = (),
        gone: Collection[Key] = (),
    ) -> None:
        """Add what was computed; remove pictures that have gone, of every embedder."""
        views = [
            (fingerprint, owner, digest, self._bytes(owner, it.embedding), it.quality)
            for (owner, digest), it in known.items()
        ]
        files = [(d.owner, d.file, d.size, d.modified, d.digest) for d in dropped]

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(
                    "DELETE FROM views WHERE owner = ? AND digest = ?", gone
                )
                connection.executemany(
                    "DELETE FROM dropped WHERE owner = ? AND digest = ?", gone
                )
                connection.executemany(
                    "INSERT OR REPLACE INTO views VALUES (?, ?, ?, ?, ?)", views
                )
                connection.executemany(
                    "INSERT OR REPLACE INTO dropped VALUES (?, ?, ?, ?, ?)", files
                )

        self._using(write, None)

    def forget(self, owner: str) -> None:
        """Leave nothing of somebody, in free pages and beside the file neither.

        Raises:
            GalleryError: another program is using the file.
        """
        if not self._path.exists():
            return
        try:
            with contextlib.closing(self._connect()) as connection:
                with connection, database.telling(self._path):
                    connection.execute("DELETE FROM views WHERE owner = ?", (owner,))
                    connection.execute("DELETE FROM dropped WHERE owner = ?", (owner,))
                database.scrub(connection)
        except DatabaseDamaged:
            database.delete(self._path)

    def _using(self, act: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do something with the database; a damaged one is begun anew."""
        if not self._path.parent.is_dir():
            return otherwise
        for _ in range(2):
            try:
                with (
                    contextlib.closing(self._connect()) as connection,
                    database.telling(self._path),
                ):
                    return act(connection)
            except DatabaseDamaged as error:
                log.info("%s", error)
                with contextlib.suppress(OSError):
                    database.delete(self._path)
            except GalleryError as error:
                log.info("The people are read without their index: %s", error)
                return otherwise
        return otherwise

    def _connect(self) -> sqlite3.Connection:
        return database.connect(self._path, MIGRATIONS)

    def _bytes(self, owner: str, embedding: Floats) -> bytes:
        return self._vault.seal(owner, embedding.astype("<f4").tobytes())

    def _readable(self, rows: Iterable[Row]) -> Iterator[tuple[Key, Known]]:
        """Unseal vectors; what cannot be unsealed is computed again."""
        for owner, digest, blob, quality in rows:
            with contextlib.suppress(GalleryError):
                data = self._vault.unseal(blob, owner)
                vector = np.frombuffer(data, "<f4")
                yield (owner, digest), Known(vector, quality)
