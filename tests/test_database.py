"""Tests of facecam.database."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from facecam import database
from facecam.errors import DatabaseDamaged, GalleryError

FIRST = """
CREATE TABLE seen (id INTEGER PRIMARY KEY, who TEXT NOT NULL);
CREATE TABLE log (text TEXT);
CREATE TRIGGER noted AFTER INSERT ON seen BEGIN
    INSERT INTO log VALUES (new.who); INSERT INTO log VALUES ('x;y');
END;
"""
SECOND = "ALTER TABLE seen ADD COLUMN source TEXT NOT NULL DEFAULT '';"
SECRET = "a-person-to-be-forgotten"


def test_a_new_database_is_made_with_the_newest_schema_and_safe_settings(tmp_path):
    with closing(database.connect(tmp_path / "a.sqlite", [FIRST, SECOND])) as opened:
        with opened:
            opened.execute("INSERT INTO seen (who) VALUES ('ada')")

        assert opened.execute("SELECT who, source FROM seen").fetchall() == [
            ("ada", "")
        ]
        assert opened.execute("SELECT count(*) FROM log").fetchone() == (2,)
        settings = [
            opened.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "secure_delete", "foreign_keys")
        ]
        assert settings == ["wal", 1, 1]


def test_an_older_schema_is_brought_to_the_newest_and_keeps_its_rows(tmp_path):
    with closing(database.connect(tmp_path / "a.sqlite", [FIRST])) as old, old:
        old.execute("INSERT INTO seen (who) VALUES ('ada')")

    with closing(database.connect(tmp_path / "a.sqlite", [FIRST, SECOND])) as opened:
        assert opened.execute("SELECT who, source FROM seen").fetchall() == [
            ("ada", "")
        ]
        assert opened.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_migration_that_fails_half_way_leaves_the_old_schema(tmp_path):
    database.connect(tmp_path / "a.sqlite", [FIRST]).close()

    broken = "ALTER TABLE seen ADD COLUMN source TEXT; CREATE TABLE log (again TEXT);"
    with pytest.raises(sqlite3.OperationalError):
        database.connect(tmp_path / "a.sqlite", [FIRST, broken])

    with closing(database.connect(tmp_path / "a.sqlite", [FIRST])) as opened:
        assert "source" not in str(opened.execute("SELECT sql FROM sqlite_master"))
        assert opened.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_newer_schema_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "a.sqlite"
    database.connect(path, [FIRST, SECOND]).close()
    before = path.read_bytes()

    with pytest.raises(GalleryError, match="newer facecam"):
        database.connect(path, [FIRST])

    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_reported_and_left_alone(tmp_path):
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"not a database at all" * 100)

    with pytest.raises(DatabaseDamaged, match="is damaged"):
        database.connect(path, [FIRST])

    assert path.read_bytes() == b"not a database at all" * 100


def test_a_database_with_a_broken_page_is_reported(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(database.connect(path, [FIRST])) as opened, opened:
        opened.executemany("INSERT INTO seen (who) VALUES (?)", [("x" * 900,)] * 100)
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)

    with (
        closing(database.connect(path, [FIRST])) as opened,
        pytest.raises(DatabaseDamaged),
        database.telling(path),
    ):
        opened.execute("SELECT who FROM seen").fetchall()


def test_an_empty_file_left_by_a_crash_becomes_a_database(tmp_path):
    (tmp_path / "a.sqlite").touch()
    with closing(database.connect(tmp_path / "a.sqlite", [FIRST])) as opened:
        assert opened.execute("SELECT count(*) FROM seen").fetchone() == (0,)


def test_a_folder_that_is_gone_is_told_and_not_made(tmp_path):
    with pytest.raises(GalleryError, match="Check that the folder exists"):
        database.connect(tmp_path / "gone" / "a.sqlite", [FIRST])
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_readable_by_its_owner_only(tmp_path):
    with closing(database.connect(tmp_path / "a.sqlite", [FIRST])):
        modes = [
            file.stat().st_mode & 0o777
            for file in database.paths(tmp_path / "a.sqlite")
        ]
    assert modes == [0o600] * 3


def test_after_scrubbing_nothing_deleted_is_left_in_any_file(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(database.connect(path, [FIRST])) as opened:
        with opened:
            rows = [(SECRET + str(k),) for k in range(1000)]
            opened.executemany("INSERT INTO seen (who) VALUES (?)", rows)
        assert _holds(path, SECRET)
        with opened:
            opened.execute("DELETE FROM seen")
            opened.execute("DELETE FROM log")
        assert _holds(path, SECRET)

        database.scrub(opened)

        assert not _holds(path, SECRET)
    assert not _holds(path, SECRET)


def test_scrubbing_waits_for_a_reader_and_says_when_it_waited_in_vain(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(database, "WAIT", 0.2)
    path = tmp_path / "a.sqlite"
    with (
        closing(database.connect(path, [FIRST])) as writer,
        closing(database.connect(path, [FIRST])) as reader,
    ):
        with writer:
            writer.execute("INSERT INTO seen (who) VALUES (?)", (SECRET,))
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM seen").fetchall()
        with writer:
            writer.execute("DELETE FROM seen")
            writer.execute("DELETE FROM log")

        with pytest.raises(GalleryError, match="Another facecam program"):
            database.scrub(writer)
        reader.rollback()
        database.scrub(writer)

        assert not _holds(path, SECRET)


def test_scrubbing_with_an_idle_connection_of_another_process_works(tmp_path):
    path = tmp_path / "a.sqlite"
    with (
        closing(database.connect(path, [FIRST])) as writer,
        closing(database.connect(path, [FIRST])) as other,
    ):
        with other:
            other.execute("INSERT INTO seen (who) VALUES (?)", (SECRET,))
        with writer:
            writer.execute("DELETE FROM seen")
            writer.execute("DELETE FROM log")
        database.scrub(writer)
        assert not _holds(path, SECRET)
        assert other.execute("SELECT count(*) FROM seen").fetchone() == (0,)


def test_deleting_takes_the_files_beside_along(tmp_path):
    path = tmp_path / "a.sqlite"
    opened = database.connect(path, [FIRST])
    assert len(database.paths(path)) == 3
    opened.close()
    (tmp_path / "a.sqlite-wal").write_bytes(b"left by a crash")
    database.delete(path)
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_in_a_statement_stays_a_bug(tmp_path):
    with (
        closing(sqlite3.connect(":memory:")) as opened,
        pytest.raises(sqlite3.OperationalError),
        database.telling(tmp_path),
    ):
        opened.execute("SELECT * FROM nothing")


def test_several_processes_may_make_and_fill_one_database_at_once(tmp_path):
    path = tmp_path / "a.sqlite"
    program = (
        "import sys; from pathlib import Path; from facecam import database\n"
        f"opened = database.connect(Path({str(path)!r}), [{FIRST!r}, {SECOND!r}])\n"
        "for k in range(50):\n"
        "    with opened:\n"
        "        opened.execute('INSERT INTO seen (who) VALUES (?)', (str(k),))\n"
        "opened.close()\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]

    with closing(database.connect(path, [FIRST, SECOND])) as opened:
        assert opened.execute("SELECT count(*) FROM seen").fetchone() == (150,)


def _holds(path, text):
    return any(text.encode() in file.read_bytes() for file in database.paths(path))
