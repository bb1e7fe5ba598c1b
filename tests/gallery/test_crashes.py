import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from facecam.errors import GalleryError
from facecam.gallery import Gallery, Shot, journal
from tests.fakes import BlobDetector
from tests.gallery.pictures import ONE, OTHER, THIRD, enrol, files_of, state

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_at_fifty_random_moments_a_gallery_is_always_whole(tmp_path):
    asked = [
        sys.executable,
        "-m",
        "tests.gallery.crashing",
        tmp_path / "home",
        "50",
        "7",
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}

    told = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True)

    assert told.returncode == 0, told.stderr
    report = json.loads(told.stdout)
    assert report["during"] >= 10  # kills that hit a change under way
    assert report["generation"] > 50


CHANGES = {
    "enrol": lambda g, ada, grace: g.enrol("Eve", [Shot(THIRD), Shot(ONE)]),
    "add": lambda g, ada, grace: g.enrol(grace.identity, [Shot(THIRD), Shot(ONE)]),
    "move": lambda g, ada, grace: g.move(
        ada.identity.id, [ada.portraits[0].file], grace.identity
    ),
    "merge": lambda g, ada, grace: g.merge([ada.identity.id], grace.identity.id),
    "undo": lambda g, ada, grace: g.undo(),
    "forget": lambda g, ada, grace: g.forget(ada.identity.id),
}


@pytest.fixture
def ada(gallery):
    return enrol(gallery, "Ada", ONE, OTHER)


@pytest.fixture
def grace(gallery, ada):
    grace = enrol(gallery, "Grace", THIRD)
    return gallery.add_negative(grace.identity.id, Shot(ONE), of=ada.identity.id)


@pytest.mark.parametrize("name", CHANGES)
def test_a_disk_that_is_full_leaves_the_old_state_at_any_write(
    gallery, ada, grace, tmp_path, monkeypatch, name
):
    before, files, history = state(tmp_path), files_of(tmp_path), gallery.history()
    moment = 1
    while failed_at(moment, monkeypatch, lambda: CHANGES[name](gallery, ada, grace)):
        assert state(tmp_path) == before
        assert files_of(tmp_path) == files
        assert gallery.history() == history
        assert gallery.people()
        moment += 1

    assert moment > 3
    assert state(tmp_path) != before


@pytest.mark.parametrize("name", ["move", "merge", "undo", "forget"])
def test_a_change_interrupted_after_its_moment_is_finished_by_whoever_comes_next(
    gallery, ada, grace, tmp_path, monkeypatch, name
):
    shutil.copytree(tmp_path / "people", tmp_path / "wanted")
    wanted = Gallery(tmp_path / "wanted", BlobDetector())
    CHANGES[name](wanted, wanted.find("Ada"), wanted.find("Grace"))
    steps, left = journal._do, [2]

    def interrupted(*args):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.EIO, "Input/output error")
        steps(*args)

    monkeypatch.setattr(journal, "_do", interrupted)
    with pytest.raises(GalleryError, match="Input/output error"):
        CHANGES[name](gallery, ada, grace)
    monkeypatch.undo()

    next_one = Gallery(tmp_path / "people", BlobDetector())

    assert state(tmp_path / "people") == state(tmp_path / "wanted")
    assert len(next_one.history()) == len(wanted.history())
    assert files_of(tmp_path / "people") == files_of(tmp_path / "wanted")


def test_a_folder_that_cannot_be_deleted_at_once_is_out_of_sight(
    gallery, ada, grace, monkeypatch, tmp_path
):
    real = shutil.rmtree

    def refuse(path, *args, **kwargs):
        if Path(path).name.startswith(journal.GONE):
            raise PermissionError(errno.EACCES, "The file is in use", str(path))
        real(path, *args, **kwargs)

    monkeypatch.setattr(journal.shutil, "rmtree", refuse)
    with pytest.raises(GalleryError, match="in use"):
        gallery.forget(ada.identity.id)
    monkeypatch.undo()

    assert not ada.folder.exists()
    assert [p.identity for p in gallery.people()] == [grace.identity]
    assert not list((tmp_path / "people").glob(f"{journal.GONE}*"))


def test_a_journal_that_is_damaged_is_said(gallery, ada, tmp_path):
    (tmp_path / "people" / ".journal.json").write_text("{")

    with pytest.raises(GalleryError, match=r"\.journal\.json is damaged"):
        gallery.people()


def failed_at(moment, monkeypatch, change):
    """Make a change whose n-th write finds the disk full; tell whether there is one."""
    real, count = journal.write_file, [0]

    def write_file(path, data):
        count[0] += 1
        if count[0] == moment:
            path.write_bytes(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(journal, "write_file", write_file)
        try:
            change()
        except GalleryError:
            return True
    return False
