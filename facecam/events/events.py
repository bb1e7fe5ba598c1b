"""Who was seen when: visits in a database that holds ids, never names.

    <home>/events.sqlite   one row per visit; a stranger's has no person

Rows older than the retention are deleted; what is deleted is overwritten, and after a
person was forgotten the file is scrubbed. When people are merged their visits are not
touched: a table says who is now part of whom, so that undoing needs nothing here.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeAlias

from facecam import database
from facecam.config.keeping import EventsConfig
from facecam.errors import DatabaseDamaged, GalleryError
from facecam.events.visits import Visit, Wanted

FILE = "events.sqlite"
DAY = 86_400.0
MIGRATIONS = (
    """
    CREATE TABLE visits (
        number INTEGER PRIMARY KEY,
        person TEXT NOT NULL,      -- an id; empty for a stranger
        began REAL NOT NULL,       -- seconds since 1970
        ended REAL NOT NULL,
        source TEXT NOT NULL,
        strangers REAL NOT NULL    -- one wrong name in so many, at its surest
    );
    CREATE INDEX visits_by_time ON visits (began);
    CREATE INDEX visits_by_person ON visits (person, ended);
    CREATE TABLE parts (
        person TEXT PRIMARY KEY,   -- who was merged
        whole TEXT NOT NULL        -- into whom
    );
    """,
)


class Events:
    """Reads and changes the visits of a home. The file is opened anew for each call.

    Args:
        home: the folder facecam keeps its state in.
        config: how long visits are kept.
        days: the same, as chosen by the user; None takes the configuration's.
    """

    def __init__(
        self, home: Path, config: EventsConfig | None = None, days: float | None = None
    ) -> None:
        self._path = home / FILE
        self._config = config or EventsConfig()
        self.days = self._config.days if days is None else days

    def write(self, visits: Sequence[Visit]) -> list[Visit]:
        """Add visits, or bring rows written earlier up to date; return them numbered.

        A row that was deleted meanwhile, as by forgetting, stays deleted.
        """
        if not visits:
            return []
        with self._open() as opened, opened:
            return [_write(opened, visit) for visit in visits]

    def remove(self, numbers: Sequence[int]) -> None:
        """Delete single visits."""
        if numbers and self._path.exists():
            with self._open() as opened, opened:
                opened.executemany(
                    "DELETE FROM visits WHERE number = ?", [(n,) for n in numbers]
                )

    def visits(
        self,
        wanted: Wanted | None = None,
        present: Collection[str] = (),
        limit: int | None = None,
    ) -> list[Visit]:
        """Return visits, the newest first.

        Args:
            wanted: which.
            present: ids of everybody enrolled: merged people who are among them, as
                after undoing, keep their own visits.
            limit: at most so many.
        """
        if not self._path.exists():
            return []
        wanted = wanted or Wanted()
        with self._open() as opened:
            wholes = _wholes(opened, present)
            rows = opened.execute(*_query(wanted, wholes, limit)).fetchall()
        return [_visit(row, wholes) for row in rows]

    def last_seen(self, present: Collection[str] = ()) -> dict[str, float]:
        """Return when each person was seen last, seconds since 1970, by id."""
        if not self._path.exists():
            return {}
        with self._open() as opened:
            wholes = _wholes(opened, present)
            rows = opened.execute(
                "SELECT person, max(ended) FROM visits WHERE person != '' "
                "GROUP BY person"
            ).fetchall()
        latest: dict[str, float] = {}
        for person, ended in rows:
            whole = wholes.get(person, person)
            latest[whole] = max(ended, latest.get(whole, 0.0))
        return latest

    def sources(self) -> list[str]:
        """Return where anybody was seen."""
        if not self._path.exists():
            return []
        with self._open() as opened:
            rows = opened.execute("SELECT DISTINCT source FROM visits ORDER BY source")
            return [source for (source,) in rows]

    def count(self) -> int:
        """Return how many visits are kept."""
        if not self._path.exists():
            return 0
        with self._open() as opened:
            return int(opened.execute("SELECT count(*) FROM visits").fetchone()[0])

    def unname(self, number: int) -> Visit | None:
        """Make a visit a stranger's ("Not this person"); return it as it was."""
        with self._open() as opened, opened:
            row = opened.execute(
                f"SELECT {COLUMNS} FROM visits WHERE number = ?", (number,)
            ).fetchone()
            opened.execute("UPDATE visits SET person = '' WHERE number = ?", (number,))
        return _visit(row, {}) if row else None

    def rename(self, visit: Visit) -> None:
        """Give a visit its person back: undoes `unname`."""
        with self._open() as opened, opened:
            opened.execute(
                "UPDATE visits SET person = ? WHERE number = ?",
                (visit.person, visit.number),
            )

    def merge(self, person: str, into: str) -> None:
        """Take note that somebody is part of somebody else from now on."""
        if not self._path.exists():
            return
        with self._open() as opened, opened:
            opened.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (person, into))

    def forget(self, person: str, present: Collection[str] = ()) -> int:
        """Delete every visit of somebody, and of whoever became part of them.

        Returns:
            How many visits were deleted. Nothing of them is left in the files.
        """
        if not self._path.exists():
            return 0
        with self._open() as opened:
            wholes = _wholes(opened, present)
            ids = [person, *(part for part, whole in wholes.items() if whole == person)]
            marks = ", ".join("?" * len(ids))
            with opened:
                cursor = opened.execute(
                    f"DELETE FROM visits WHERE person IN ({marks})", ids
                )
                opened.execute(f"DELETE FROM parts WHERE person IN ({marks})", ids)
                opened.execute(f"DELETE FROM parts WHERE whole IN ({marks})", ids)
            database.scrub(opened)
            return cursor.rowcount

    def expire(self, now: float | None = None) -> int:
        """Delete what is older than the retention; return how many visits went."""
        if not self._path.exists():
            return 0
        oldest = (time.time() if now is None else now) - self.days * DAY
        with self._open() as opened:
            with opened:
                cursor = opened.execute("DELETE FROM visits WHERE ended < ?", (oldest,))
            if cursor.rowcount:
                database.scrub(opened)
            return cursor.rowcount

    def clear(self) -> int:
        """Delete every visit; return how many there were."""
        if not self._path.exists():
            return 0
        try:
            with self._open() as opened:
                with opened:
                    cursor = opened.execute("DELETE FROM visits")
                    opened.execute("DELETE FROM parts")
                database.scrub(opened)
                return cursor.rowcount
        except DatabaseDamaged:
            database.delete(self._path)
            return 0

    def paths(self) -> list[Path]:
        """Return every file of the events."""
        return database.paths(self._path)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with database.telling(self._path):
            opened = database.connect(self._path, MIGRATIONS)
            with contextlib.closing(opened):
                yield opened


def note_merger(home: Path, people: Sequence[str], into: str) -> None:
    """Take note of people merged into one; visits that cannot be read stay as they are.

    Do so before: as long as somebody is there, their visits are their own, so a crash
    in between does no harm.

    Args:
        home: the folder facecam keeps its state in.
        people: ids; `into` may be among them.
        into: whose they are now.
    """
    events = Events(home)
    with contextlib.suppress(GalleryError):
        for person in people:
            if person != into:
                events.merge(person, into)


COLUMNS = "person, began, ended, source, strangers, number"


def _write(opened: sqlite3.Connection, visit: Visit) -> Visit:
    values = asdict(visit)
    if visit.number:
        opened.execute(
            "UPDATE visits SET person = :person, began = :began, ended = :ended, "
            "strangers = :strangers WHERE number = :number",
            values,
        )
        return visit
    cursor = opened.execute(
        "INSERT INTO visits (person, began, ended, source, strangers) "
        "VALUES (:person, :began, :ended, :source, :strangers)",
        values,
    )
    return replace(visit, number=cursor.lastrowid or 0)


def _query(
    wanted: Wanted, wholes: Mapping[str, str], limit: int | None
) -> tuple[str, list[object]]:
    """Return the statement that finds visits, and its values."""
    conditions, values = ["ended >= ?"], [wanted.since]
    if wanted.until != float("inf"):
        conditions.append("began < ?")
        values.append(wanted.until)
    text: list[object] = list(values)
    if wanted.people is not None:
        parts = [part for part, whole in wholes.items() if whole in wanted.people]
        ids = [*(p for p in wanted.people if p not in wholes), *parts]
        conditions.append(f"person IN ({', '.join('?' * len(ids))})")
        text += ids
    if wanted.source:
        conditions.append("source = ?")
        text.append(wanted.source)
    where = " AND ".join(conditions)
    statement = (
        f"SELECT {COLUMNS} FROM visits WHERE {where} "
        "ORDER BY began DESC, number DESC LIMIT ?"
    )
    return statement, [*text, -1 if limit is None else limit]


def _wholes(opened: sqlite3.Connection, present: Collection[str]) -> dict[str, str]:
    """Return who is part of whom, by id, of those who are not enrolled themselves."""
    parts = dict(opened.execute("SELECT person, whole FROM parts").fetchall())
    wholes: dict[str, str] = {}
    for person in parts:
        whole, seen = person, {person}
        while whole in parts and whole not in present and parts[whole] not in seen:
            whole = parts[whole]
            seen.add(whole)
        if whole != person:
            wholes[person] = whole
    return wholes


Row: TypeAlias = tuple[str, float, float, str, float, int]


def _visit(row: Row, wholes: Mapping[str, str]) -> Visit:
    return Visit(wholes.get(row[0], row[0]), *row[1:])
