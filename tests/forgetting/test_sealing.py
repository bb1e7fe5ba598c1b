"""Tests of facecam.forgetting.sealing: every file turned, come what may."""

import os
import signal
import sys
import warnings

import numpy as np
import pytest

from facecam import forgetting, vault
from facecam.errors import GalleryError, VaultLocked
from facecam.forgetting import sealing
from facecam.forgetting.collecting import collect
from facecam.forgetting.places import Kind, owned
from facecam.inbox import Inbox, Sight
from facecam.vault import MAGIC, header
from tests.forgetting.conftest import BOX, WORDS, Home, face, shots

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir")
HELD = (Kind.PERSON, Kind.BACKUP, Kind.INBOX)


def filled(home):
    """Enrol two people, drop a picture in, keep a stranger; -> the first one's id."""
    ada = home.enrol("Ada 王", 1)
    grace = home.enrol("Grace", 2)
    gallery = home.gallery()
    gallery.add_negative(grace, shots(1, 9)[8], of=ada)
    portrait = gallery.image(gallery.find(ada), gallery.find(ada).portraits[0])
    from facecam.media import write_image

    write_image(home.path / "people" / grace / "by hand.png", portrait)
    points = np.zeros((5, 2), np.float32)
    vector = np.eye(51, dtype=np.float32)[0]
    sight = Sight(face(8), BOX, points, vector, 0.9, 1e9, "colours")
    Inbox(home.path, home.config.inbox, gallery.vault).add(sight)
    home.fit()
    return ada


def sealed_files(home):
    return [
        place.path
        for place in owned(home.path)
        if place.kind in HELD
        and not place.path.name.startswith(".")
        and place.path.read_bytes().startswith(MAGIC)
    ]


def plain_files(home):
    sealed = sealed_files(home)
    return [
        place.path
        for place in owned(home.path)
        if place.kind in HELD
        and not place.path.name.startswith(".")
        and place.path not in sealed
    ]


def state(home):
    """Return what a user sees of a home."""
    gallery = home.gallery()
    people = gallery.people()
    pictures = [
        gallery.image(person, portrait).tobytes()
        for person in people
        for portrait in (*person.portraits, *person.negatives)
    ]
    groups = Inbox(home.path, home.config.inbox, gallery.vault).groups()
    strangers = [len(group.views) for group in groups]
    vectors = {i.id: v.tobytes() for i, v in gallery.embeddings().items()}
    return [p.identity for p in people], pictures, strangers, vectors


def turn_on(home):
    opened = vault.create(home.path, WORDS)
    sealing.convert(home.config, opened, True)
    return Home(home.path, WORDS)


def test_everything_is_sealed_and_reads_as_before(home):
    ada = filled(home)
    traces = collect(home.gallery(), ada)
    before = state(home)

    protected = turn_on(home)

    assert plain_files(home) == []
    assert vault.protection(home.path) == "on"
    assert state(protected) == before
    left = [
        path
        for path, data in home.files().items()
        if traces.needles.kinds_in(data) - {"id"}
    ]
    assert left == []


def test_turning_it_off_brings_back_the_same_files(home):
    filled(home)
    before, seen = home.files(), state(home)

    protected = turn_on(home)
    opened = vault.open_vault(home.path, WORDS)
    sealing.convert(home.config, opened, False)

    after = home.files()
    mine = [k for k in before if k.startswith(("people/ada", "people/grace", "inbox"))]
    assert {k: before[k] for k in mine} == {k: after[k] for k in mine}
    assert vault.protection(home.path) == "off"
    assert not (home.path / "keys").exists()
    assert not (home.path / "vault.json").exists()
    assert state(home) == seen == state(protected)


def test_no_embedding_is_computed_again(home):
    filled(home)
    home.gallery().embeddings()
    protected = turn_on(home)

    gallery = protected.gallery()
    gallery.embeddings()

    assert gallery._cutter._embedder.embedded == 0


def test_without_the_passphrase_nobody_is_seen(home):
    filled(home)
    turn_on(home)

    with pytest.raises(VaultLocked):
        home.gallery().people()


def test_a_backup_of_an_older_version_is_sealed_too(home):
    ada = filled(home)
    old = home.path / "people-before-2" / ada / "1.jpg"
    old.parent.mkdir(parents=True)
    portrait = next((home.path / "people" / ada / "portraits").iterdir())
    old.hardlink_to(portrait)

    turn_on(home)

    assert old.read_bytes().startswith(MAGIC)


def test_progress_is_told_and_can_stop_it(home):
    filled(home)
    opened, told = vault.create(home.path, WORDS), []

    def report(text, share):
        told.append(share)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sealing.convert(home.config, opened, True, report)

    assert vault.protection(home.path) == "turning on"
    assert plain_files(home) != []
    sealing.convert(home.config, opened, True)
    assert vault.protection(home.path) == "on"
    assert plain_files(home) == []
    assert told == sorted(told)


def test_a_damaged_file_keeps_the_keys(home):
    ada = filled(home)
    turn_on(home)
    portrait = next((home.path / "people" / ada / "portraits").iterdir())
    whole = portrait.read_bytes()
    portrait.write_bytes(whole[:-3])
    opened = vault.open_vault(home.path, WORDS)

    with pytest.raises(GalleryError, match=portrait.name):
        sealing.convert(home.config, opened, False)

    assert vault.protection(home.path) == "turning off"
    portrait.write_bytes(whole)
    sealing.convert(home.config, vault.open_vault(home.path, WORDS), False)
    assert sealed_files(home) == []
    assert len(home.gallery().find(ada).portraits) == 3


def test_what_is_enrolled_meanwhile_is_of_the_wanted_kind(home):
    filled(home)
    opened = vault.create(home.path, WORDS)
    protected = Home(home.path, WORDS)

    sealing.convert(
        home.config, opened, True, lambda *_: protected.enrol("New", 5, count=1)
    )

    assert plain_files(home) == []
    new = [p for p in protected.gallery().people() if p.identity.name == "New"]
    assert new
    assert all("new" not in person.identity.id for person in new)


def test_a_forgetting_under_way_comes_first(home, monkeypatch):
    ada = filled(home)

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting.deed, "_forget_elsewhere", crash)
        with pytest.raises(KeyboardInterrupt):
            forgetting.forget(home.config, home.gallery(), ada)
    opened = vault.create(home.path, WORDS)

    with pytest.raises(GalleryError, match="Finish it first"):
        sealing.convert(home.config, opened, True)


def test_an_unprotected_home_cannot_be_converted(home):
    with pytest.raises(GalleryError, match="not protected"):
        sealing.convert(home.config, vault.PLAIN, True)


def test_somebody_is_forgotten_in_a_half_converted_home(home):
    ada = filled(home)
    opened = vault.create(home.path, WORDS)

    def stop(text, share):
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sealing.convert(home.config, opened, True, stop)
    half = Home(home.path, WORDS)
    assert sealed_files(half)
    assert plain_files(half)

    outcome = forgetting.forget(half.config, half.gallery(), ada)

    assert outcome.left == ()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("on", [True, False])
def test_a_kill_at_any_change_of_the_disk_can_be_resumed(home, on):
    filled(home)
    seen = state(home)
    words = Home(home.path, WORDS)
    vault.create(home.path, WORDS)
    sealing.convert(home.config, vault.open_vault(home.path, WORDS), not on)
    if on:
        vault.create(home.path, WORDS)

    kills, moment = 0, 1
    while _killed(home, on, moment):
        kills += 1
        moment += 7
        if vault.protection(home.path) != "off":
            assert state(words) == seen

    assert kills >= 4
    assert (plain_files if on else sealed_files)(home) == []
    assert vault.protection(home.path) == ("on" if on else "off")
    assert state(words if on else home) == seen


def _killed(home, on, moment):
    """Convert in a fork that dies at a change of the disk; False if it got through."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    changes = [0]

    def watch(event, args):
        if event in CHANGES:
            changes[0] += 1
            if changes[0] == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        header.COST = 2**4
        opened = vault.open_vault(home.path, WORDS)
        sys.addaudithook(watch)
        sealing.convert(home.config, opened, on)
    finally:
        os._exit(0)


@pytest.mark.parametrize("folder", ["people", "people-before-2"])
def test_what_a_kill_left_half_unsealed_does_not_stay_in_plain(home, folder):
    ada = filled(home)
    portrait = next((home.path / "people" / ada / "portraits").iterdir())
    left = home.path / folder / ada / f".{portrait.stem}.77.partial.jpg"
    left.parent.mkdir(exist_ok=True, parents=True)
    left.write_bytes(portrait.read_bytes())

    turn_on(home)

    assert not left.exists()
