"""Residues planted in every kind of place: seen, removed where facecam owns them."""

import io
import shutil
import sqlite3

import numpy as np
import pytest

from facecam import database, forgetting
from facecam.forgetting.collecting import collect
from facecam.forgetting.scanning import clean, scan
from tests.forgetting.conftest import WORDS, face


@pytest.fixture
def told(home):
    """Forget Ada after something was planted; -> what `plant` gets, and the outcome."""
    ada, grace = home.enrol("Ada 王", 1), home.enrol("Grace", 2)
    home.fit()
    traces = collect(home.gallery(), ada)
    folder = home.path / "people"
    portrait = next((folder / ada / "portraits").iterdir()).read_bytes()
    vector = home.embeddings(ada)[0]

    def plant_and_forget(plant):
        plant(home.path, portrait, vector, grace)
        before = scan(home.path, traces.needles, home.gallery().vault)
        outcome = forgetting.forget(home.config, home.gallery(), ada)
        return before, outcome

    return plant_and_forget


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def identifier(portrait, vector):
    buffer = io.BytesIO()
    names = np.array(["Ada 王", "Grace"])
    np.savez(buffer, ids=np.array(["x", "y"]), names=names, weights=np.stack([vector]))
    return buffer.getvalue()


HOLES = {
    "a copied portrait in what undo needs": (
        "people/.history/77/old-0",
        lambda portrait, vector: portrait,
    ),
    "a portrait that was being staged": (
        "people/.staged-1/3",
        lambda portrait, vector: portrait,
    ),
    "a folder on its way out": (
        "people/.gone-x/a.jpg",
        lambda portrait, vector: portrait,
    ),
    "the copy of an older version": (
        "people-before-2/grace-1/a.jpg",
        lambda portrait, vector: portrait,
    ),
    "a stale classifier": ("people/.identifier/old.npz", identifier),
    "a stray picture in a managed folder of somebody else": (
        "people/{grace}/aligned/00112233445566aa.jpg",
        lambda portrait, vector: portrait,
    ),
    "the whole picture of somebody else who was on it, too": (
        "people/{grace}/originals/00112233445566aa.jpg",
        lambda portrait, vector: portrait,
    ),
    "a piece of 64 bytes in a log": (
        "logs/facecam.log",
        lambda portrait, vector: b"x" * 13 + portrait[3001:3065] + b"y" * 100,
    ),
    "a name in a log": (
        "logs/facecam.log.1",
        lambda portrait, vector: "12:00 Ada 王 was seen\n12:01 Grace\n".encode(),
    ),
    "a name in the settings of the window": (
        "window.ini",
        lambda portrait, vector: b"[people]\nlast=Ada \\x738b\nother=1\n",
    ),
    "a vector in an earlier receipt": (
        "receipts/2020.json",
        lambda portrait, vector: b"{" + vector.tobytes() + b"}",
    ),
    "a picture in the inbox": (
        "inbox/stranger-1/a.jpg",
        lambda portrait, vector: portrait,
    ),
    "half a file in home": (
        ".window.123.partial.ini",
        lambda portrait, vector: "Ada 王".encode(),
    ),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_residue_of_facecams_own_is_seen_and_removed(home, told, hole):
    where, content = HOLES[hole]
    paths = []

    def plant(path, portrait, vector, grace):
        paths.append(where.format(grace=grace))
        put(path / paths[0], content(portrait, vector))

    before, outcome = told(plant)

    assert paths[0] in {residue.path for residue in before.residues}
    assert outcome.clean, outcome.left
    if (home.path / paths[0]).exists():
        left = (home.path / paths[0]).read_bytes()
        assert "Ada 王".encode() not in left
        assert b"738b" not in left


def test_what_was_written_beside_a_name_in_a_log_stays(home, told):
    text = "12:00 Ada 王 was seen\n12:01 Grace\n"

    told(lambda path, *_: put(path / "logs" / "facecam.log", text.encode()))

    left = (home.path / "logs" / "facecam.log").read_text()
    assert left == "12:00 ******* was seen\n12:01 Grace\n"


@pytest.mark.parametrize("file", ["people/.index.sqlite", "events.sqlite"])
@pytest.mark.parametrize("where", ["free page", "write-ahead file", "live row"])
def test_a_vector_in_a_database_is_seen_and_removed(home, told, file, where):
    kept = []

    def plant(path, portrait, vector, grace):
        opened = sqlite3.connect(path / file)
        kept.append(opened)
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("PRAGMA secure_delete = OFF")
        opened.execute("CREATE TABLE extra (data BLOB)")
        blob = vector.tobytes() * 40
        with opened:
            opened.execute("INSERT INTO extra VALUES (?)", (blob,))
        if where != "write-ahead file":
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if where == "free page":
            with opened:
                opened.execute("DELETE FROM extra")
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        elif where == "write-ahead file":
            with opened:
                opened.execute("DROP TABLE extra")

    before, outcome = told(plant)

    seen = {residue.path for residue in before.residues}
    assert file in seen or f"{file}-wal" in seen
    if where == "live row" and file == "events.sqlite":
        assert [residue.path for residue in outcome.left] == [file]
    else:
        assert outcome.clean, outcome.left
    kept[0].close()


OTHERS = [
    "snapshots/party.jpg",
    "people/{grace}/party.jpg",
    "people/{grace}/portraits/00112233445566aa.jpg",
]


@pytest.mark.parametrize("where", OTHERS)
def test_what_belongs_to_others_is_told_and_left(home, told, where):
    paths = []

    def plant(path, portrait, vector, grace):
        paths.append(where.format(grace=grace))
        put(path / paths[0], portrait)

    _, outcome = told(plant)

    assert [residue.path for residue in outcome.left] == paths
    assert not outcome.clean
    assert (home.path / paths[0]).exists()
    assert any(paths[0] in line.text for line in forgetting.sentences(outcome))


def test_a_picture_enrolled_under_two_names_stays_with_the_other(home):
    ada, twin = home.enrol("Ada", 1), home.enrol("Ada Lovelace", 1)

    outcome = forgetting.forget(home.config, home.gallery(), ada)

    (person,) = home.gallery().people()
    assert person.identity.id == twin
    assert len(person.portraits) == 3
    assert {residue.kind.name for residue in outcome.left} == {"PERSON"}
    assert all(twin in residue.path for residue in outcome.left)
    assert not list((person.folder / "originals").glob("*"))


def test_a_group_picture_that_others_were_cut_from_goes(home):
    from facecam.gallery import Shot

    both = np.concatenate([face(1), face(2)], axis=1)
    left, right = np.array((60, 40, 140, 120)), np.array((300, 40, 380, 120))
    gallery = home.gallery()
    ada = gallery.enrol("Ada", [Shot(both, left.astype("f4"))]).person.identity.id
    gallery.enrol("Grace", [Shot(both, right.astype("f4"))])

    outcome = forgetting.forget(home.config, gallery, ada)

    (grace,) = home.gallery().people()
    assert outcome.clean, outcome.left
    assert len(grace.portraits) == 1
    assert home.gallery().original(grace, grace.portraits[0]) is None


def test_a_file_nobody_can_read_is_told(sealed_home):
    ada, grace = sealed_home.enrol("Ada", 1), sealed_home.enrol("Grace", 2)
    portrait = next((sealed_home.path / "people" / grace / "portraits").iterdir())
    portrait.write_bytes(portrait.read_bytes()[:-1])

    outcome = forgetting.forget(sealed_home.config, sealed_home.gallery(), ada)

    assert outcome.unreadable == (portrait.relative_to(sealed_home.path).as_posix(),)
    assert not outcome.clean


def test_a_sealed_copy_and_a_plain_one_are_both_found(sealed_home):
    ada, grace = sealed_home.enrol("Ada", 1), sealed_home.enrol("Grace", 2)
    folder = sealed_home.path / "people" / ada / "portraits"
    sealed = next(folder.iterdir()).read_bytes()
    opened = sealed_home.gallery().vault
    plain = opened.unseal(sealed, ada)
    put(sealed_home.path / "people-before-2" / ada / "a.jpg", sealed)
    put(sealed_home.path / "people-before-2" / grace / "b.jpg", plain)
    put(sealed_home.path / "people" / ".identifier" / "c.npz", sealed)
    smuggled = (
        sealed_home.path / "people" / grace / "originals" / "0011223344556677.jpg"
    )
    put(smuggled, opened.seal(grace, plain))

    outcome = forgetting.forget(sealed_home.config, sealed_home.gallery(), ada)

    assert outcome.left == ()
    assert {residue.kind.name for residue in outcome.cleaned} == {
        *("BACKUP", "PERSON"),
    }
    assert not smuggled.exists()


def test_the_key_is_gone_whatever_copies_there_are(sealed_home):
    from facecam import vault
    from facecam.errors import GalleryError

    ada = sealed_home.enrol("Ada", 1)
    portrait = next(
        (sealed_home.path / "people" / ada / "portraits").iterdir()
    ).read_bytes()

    forgetting.forget(sealed_home.config, sealed_home.gallery(), ada)

    with pytest.raises(GalleryError, match="gone"):
        vault.open_vault(sealed_home.path, WORDS).unseal(portrait, ada)


def test_cleaning_says_nothing_about_files_that_went_away(home):
    ada = home.enrol("Ada", 1)
    traces = collect(home.gallery(), ada)
    found = scan(home.path, traces.needles, home.gallery().vault).residues
    shutil.rmtree(home.path / "people")

    clean(home.path, found, traces.needles, frozenset())

    assert scan(home.path, traces.needles, home.gallery().vault).files == 0


def test_an_index_that_is_no_database_is_deleted(home):
    ada = home.enrol("Ada", 1)
    home.enrol("Grace", 2)
    traces = collect(home.gallery(), ada)
    index = home.path / "people" / ".index.sqlite"
    database.delete(index)
    index.write_bytes(b"no database, but" + traces.embeddings.tobytes())

    found = scan(home.path, traces.needles, home.gallery().vault).residues
    clean(home.path, found, traces.needles, frozenset())

    with pytest.raises(FileNotFoundError):
        index.stat()
