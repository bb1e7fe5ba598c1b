import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from facecam.errors import GalleryError
from facecam.gallery import Gallery, store, vectors
from tests.fakes import BlobDetector
from tests.gallery.crashing import verify, verify_first
from tests.gallery.pictures import ONE, OTHER, THIRD, enrol

ROOT = Path(__file__).parents[2]


def program(home, act, seconds, seed):
    command = [sys.executable, "-m", "tests.gallery.working", home, act, seconds, seed]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, env=env, stdout=pipe, stderr=pipe
    )


@pytest.mark.slow
def test_programs_that_change_and_read_at_once_do_not_disturb_each_other(tmp_path):
    verify_first(tmp_path)
    acts = ["write", "write", "read"]

    programs = [program(tmp_path, act, 6, seed) for seed, act in enumerate(acts)]
    told = [one.communicate(timeout=120) for one in programs]

    assert [one.returncode for one in programs] == [0, 0, 0], told
    done = [json.loads(out)["done"] for out, _ in told]
    assert all(done), done
    verify(tmp_path)


def test_several_threads_may_use_one_gallery(gallery):
    ada = enrol(gallery, "Ada", ONE, OTHER)
    failures = []

    def use(number):
        try:
            for k in range(5):
                gallery.rename(ada.identity.id, f"Ada {number} {k}")
                [rows] = gallery.embeddings().values()
                assert len(rows) == 2
        except Exception as error:  # noqa: BLE001  (whatever it is, the test fails)
            failures.append(error)

    threads = [threading.Thread(target=use, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert gallery.generation == 16


def test_who_waits_too_long_for_another_program_is_told(gallery, tmp_path, monkeypatch):
    ada = enrol(gallery, "Ada")
    other = Gallery(tmp_path / "people", BlobDetector())
    monkeypatch.setattr(store, "PATIENCE", 0.1)

    with (
        gallery._store.locked(writing=True),
        pytest.raises(GalleryError, match="Another facecam program"),
    ):
        other.rename(ada.identity.id, "Countess")

    assert other.rename(ada.identity.id, "Countess").identity.name == "Countess"


def test_embeddings_are_computed_while_others_may_change(gallery, tmp_path, embedder):
    ada, grace = enrol(gallery, "Ada"), enrol(gallery, "Grace", THIRD)
    other = Gallery(tmp_path / "people", BlobDetector())
    real = embedder.embed

    def forget_meanwhile(crops):
        if grace.identity.id in other.ids():
            other.forget(grace.identity.id)
        return real(crops)

    embedder.embed = forget_meanwhile
    found = gallery.embeddings()

    assert ada.identity in found
    index = (tmp_path / "people" / ".index.sqlite").read_bytes()
    assert grace.identity.id.encode() not in index
    assert list(gallery.embeddings()) == [ada.identity]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may do anything")
def test_a_read_only_folder_is_read_without_a_lock(gallery, tmp_path):
    enrol(gallery, "Ada")
    (tmp_path / "people" / ".lock").unlink(missing_ok=True)
    (tmp_path / "people").chmod(0o500)

    try:
        assert len(Gallery(tmp_path / "people").people()) == 1
        with pytest.raises(GalleryError, match="Check its rights"):
            gallery.rename(gallery.ids()[0], "Countess")
    finally:
        (tmp_path / "people").chmod(0o700)


def test_where_no_lock_can_be_had_people_are_still_read(gallery, tmp_path, monkeypatch):
    import filelock

    ada = enrol(gallery, "Ada")

    def refuse(self):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)

    assert Gallery(tmp_path / "people").people() == [ada]
    with pytest.raises(GalleryError, match="Read-only"):
        gallery.rename(ada.identity.id, "Countess")


def test_many_embeddings_are_written_down_as_they_are_computed(
    gallery, tmp_path, embedder, monkeypatch
):
    monkeypatch.setattr(vectors, "KEPT_AT_ONCE", 1)
    enrol(gallery, "Ada", ONE)
    enrol(gallery, "Grace", OTHER)
    real, left = embedder.embed, [1]

    def stop_early(crops):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(crops)

    embedder.embed = stop_early
    with pytest.raises(KeyboardInterrupt):
        gallery.embeddings()
    embedder.embed = real

    assert len(Gallery(tmp_path / "people", None, embedder).embeddings()) == 2
    assert embedder.embedded == 2
