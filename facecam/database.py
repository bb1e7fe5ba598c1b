"""SQLite files that survive power cuts and other processes, and keep nothing deleted.

Every database of facecam is opened here, in write-ahead mode, so that one process may
write while others read, and brought to the newest schema. What is deleted is
overwritten at once (`secure_delete`); `scrub` also empties the free pages and the
write-ahead file, for data that must not be found again.

Beside the file itself lie `-wal` (changes on their way into it) and `-shm` (an index
of the former, no data); `paths` names all of them.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from facecam.errors import DatabaseDamaged, GalleryError

WAIT = 5.0
"""Seconds to wait for another process that is writing: a change takes milliseconds, a
scrub of 100 MB a second or two."""
STEP = 0.02
"""Seconds between two attempts where SQLite itself does not wait."""
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite adds to the file's name for the files beside it."""


def connect(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    """Open a database, making it or bringing it to the newest schema as needed.

    The connection may be used from several threads, one at a time. `with connection:`
    commits, or rolls back on an exception; close it when done.

    Args:
        path: the file; its folder must exist.
        migrations: SQL scripts, oldest first. Script k makes schema version k of
            version k - 1, whole or not at all. Never change one that was released.

    Raises:
        DatabaseDamaged: the file is no database, or a broken one. It is unchanged.
        GalleryError: it is of a newer facecam, cannot be written, or is held by another
            program.
    """
    with telling(path):
        _make_private(path)
        connection = sqlite3.connect(
            path, timeout=WAIT, isolation_level="IMMEDIATE", check_same_thread=False
        )
        try:
            _patiently(lambda: _configure(connection))
            _migrate(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
        return connection


def scrub(connection: sqlite3.Connection) -> None:
    """Leave nothing of what was deleted: neither in free pages nor in files beside.

    The file is written anew without its free pages, in memory first, never in a
    temporary file; then the write-ahead file is emptied into it.

    Raises:
        GalleryError: another program kept reading or writing for too long, so that a
            trace may be left. Scrub again.
    """
    connection.commit()
    with telling(_file(connection)):
        _patiently(lambda: connection.execute("VACUUM"))
        _patiently(lambda: _empty_wal(connection))


def paths(path: Path) -> list[Path]:
    """Return the files of a database that exist, itself first."""
    files = [path.with_name(path.name + ending) for ending in BESIDE]
    return [file for file in files if file.exists()]


def delete(path: Path) -> None:
    """Delete a database and the files beside it; no connection may be open.

    The write-ahead file goes first: alone it is nothing, while an old one beside a new
    database would be a riddle.
    """
    for file in reversed(paths(path)):
        file.unlink(missing_ok=True)


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file `path` into ones a user can act on.

    A mistake in a statement is a bug and stays what it is.
    """
    try:
        yield
    except OSError as error:
        raise GalleryError(_unwritable(path)) from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in DAMAGED:
            raise DatabaseDamaged(
                f"{path} is damaged. Move it away; facecam begins a new one."
            ) from error
        if code in BUSY:
            raise GalleryError(
                f"Another facecam program is busy with {path}. Try again in a moment."
            ) from error
        if code == sqlite3.SQLITE_FULL:
            raise GalleryError(
                f"The disk with {path} is full. Make room and try again."
            ) from error
        unwritable = sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN
        if code in (*unwritable, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
            raise GalleryError(_unwritable(path)) from error
        raise


def _unwritable(path: Path) -> str:
    return f"Cannot read or write {path}. Check that the folder exists and its rights."


def _make_private(path: Path) -> None:
    """Make the file for its owner only; SQLite gives those beside it equal rights."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _migrate(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[str]
) -> None:
    """Apply the scripts still missing; another process may do the same right now."""
    version = _version(connection)
    while version < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            version = _version(connection)
            if version < len(migrations):
                for statement in _statements(migrations[version]):
                    connection.execute(statement)
                version += 1
                connection.execute(f"PRAGMA user_version = {version}")
    if version > len(migrations):
        raise GalleryError(
            f"{path} was written by a newer facecam. Update this one, or move the file "
            "away."
        )


def _version(connection: sqlite3.Connection) -> int:
    """Return the schema's version; reads the schema too, which a damaged file lacks."""
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Split a script: `executescript` would commit the transaction it runs in."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""


def _empty_wal(connection: sqlite3.Connection) -> None:
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise _busy()


def _busy() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("A reader holds the write-ahead file.")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def _patiently(act: Callable[[], object]) -> None:
    """Repeat what SQLite refuses at once, whatever its busy timeout, while others work.

    Two processes that switch a new file to write-ahead mode are such a case.
    """
    end = time.monotonic() + WAIT
    while True:
        try:
            act()
            return
        except sqlite3.OperationalError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code not in BUSY or time.monotonic() > end:
                raise
        time.sleep(STEP)


def _file(connection: sqlite3.Connection) -> Path:
    return Path(connection.execute("PRAGMA database_list").fetchone()[2])
