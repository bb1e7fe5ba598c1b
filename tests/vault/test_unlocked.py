"""Tests of facecam.vault.unlocked and .protocol: one contract, two vaults."""

import threading

import pytest

from facecam import vault
from facecam.errors import GalleryError, VaultLocked
from facecam.vault import MAGIC, PLAIN, unlocked
from tests.vault.conftest import WORDS


@pytest.mark.parametrize("data", [b"", b"a", bytes(range(256)) * 300])
def test_what_is_sealed_comes_back_and_shows_nothing_of_itself(opened, data):
    sealed = opened.seal("ada-1", data)

    assert opened.unseal(sealed, "ada-1") == data
    assert sealed.startswith(MAGIC)
    assert len(data) < 8 or data[:8] not in sealed


@pytest.mark.parametrize("kind", ["plain", "unlocked"])
def test_what_was_never_sealed_is_returned_as_it_is(opened, kind):
    chosen = PLAIN if kind == "plain" else opened

    assert chosen.unseal(b"\xff\xd8 a picture", "ada-1") == b"\xff\xd8 a picture"


def test_without_the_passphrase_sealed_data_says_so(opened):
    sealed = opened.seal("ada-1", b"secret")

    with pytest.raises(VaultLocked, match="passphrase"):
        PLAIN.unseal(sealed, "ada-1")


def test_the_same_data_is_never_sealed_twice_alike(opened):
    assert opened.seal("ada-1", b"secret") != opened.seal("ada-1", b"secret")


@pytest.mark.parametrize("damage", ["flip", "cut", "short", "longer"])
def test_damaged_data_is_refused_not_guessed(opened, damage):
    sealed = opened.seal("ada-1", b"a portrait of some length")
    damaged = {
        "flip": sealed[:-9] + bytes([sealed[-9] ^ 1]) + sealed[-8:],
        "cut": sealed[:-1],
        "short": sealed[:9],
        "longer": sealed + b"\0",
    }[damage]

    with pytest.raises(GalleryError, match="Put back a copy"):
        opened.unseal(damaged, "ada-1")


def test_a_file_moved_to_somebody_else_is_refused_until_it_is_sealed_anew(opened):
    sealed = opened.seal("ada-1", b"portrait")
    opened.seal("grace-2", b"")

    with pytest.raises(GalleryError, match="somebody else"):
        opened.unseal(sealed, "grace-2")
    assert opened.unseal(opened.reseal(sealed, "ada-1", "grace-2"), "grace-2") == (
        b"portrait"
    )


def test_reseal_takes_plain_data_too(opened):
    assert opened.unseal(opened.reseal(b"plain", "a", "b"), "b") == b"plain"
    assert PLAIN.reseal(b"plain", "a", "b") == b"plain"


def test_a_destroyed_key_makes_every_copy_unreadable_for_good(tmp_path, opened):
    sealed, other = opened.seal("ada-1", b"secret"), opened.seal("grace-2", b"kept")

    opened.destroy("ada-1")
    opened.destroy("ada-1")

    for chosen in (opened, vault.open_vault(tmp_path, WORDS)):
        with pytest.raises(GalleryError, match="forgotten"):
            chosen.unseal(sealed, "ada-1")
        assert chosen.unseal(other, "grace-2") == b"kept"
    opened.seal("ada-1", b"a new key does not open the old data")
    with pytest.raises(GalleryError):
        opened.unseal(sealed, "ada-1")


def test_a_key_destroyed_by_another_program_is_not_used_any_longer(tmp_path, opened):
    another = vault.open_vault(tmp_path, WORDS)
    sealed = another.seal("ada-1", b"secret")
    assert opened.unseal(sealed, "ada-1") == b"secret"

    another.destroy("ada-1")

    with pytest.raises(GalleryError, match="forgotten"):
        opened.unseal(sealed, "ada-1")


def test_a_key_is_overwritten_before_its_file_goes(tmp_path, opened, monkeypatch):
    opened.seal("ada-1", b"secret")
    path = unlocked.key_path(tmp_path, "ada-1")
    before, twin = path.read_bytes(), tmp_path / "twin.key"
    twin.hardlink_to(path)

    opened.destroy("ada-1")

    assert not path.exists()
    assert twin.read_bytes() != before
    assert len(twin.read_bytes()) == len(before)


@pytest.mark.parametrize("content", [b"", b"FCK1", b"FCK1" + bytes(60), b"\0" * 64])
def test_a_damaged_key_says_so_and_can_still_be_destroyed(tmp_path, opened, content):
    sealed = opened.seal("ada-1", b"secret")
    unlocked.key_path(tmp_path, "ada-1").write_bytes(content)

    with pytest.raises(GalleryError, match="damaged"):
        opened.unseal(sealed, "ada-1")
    with pytest.raises(GalleryError, match="damaged"):
        opened.seal("ada-1", b"more")
    opened.destroy("ada-1")
    assert opened.unseal(opened.seal("ada-1", b"new"), "ada-1") == b"new"


def test_a_key_of_somebody_else_in_the_wrong_place_is_refused(tmp_path, opened):
    opened.seal("ada-1", b"")
    sealed = opened.seal("grace-2", b"kept")
    key = unlocked.key_path(tmp_path, "ada-1").read_bytes()
    unlocked.key_path(tmp_path, "grace-2").write_bytes(key)

    with pytest.raises(GalleryError, match="damaged"):
        opened.unseal(sealed, "grace-2")


def test_any_owner_has_a_key_file_whose_name_does_not_tell_who(tmp_path, opened):
    owners = ["inbox/7", "王小明 🙂", "x" * 400, "../../etc", "CON", "a/b\\c"]

    for owner in owners:
        assert opened.unseal(opened.seal(owner, b"data"), owner) == b"data"

    names = [path.stem for path in (tmp_path / "keys").glob("*.key")]
    assert len(names) == len(owners)
    assert all(len(name) == 32 and name.isalnum() for name in names)


def test_two_programs_that_need_a_new_key_at_once_agree_on_one(tmp_path, opened):
    vaults = [vault.open_vault(tmp_path, WORDS) for _ in range(8)]
    sealed: list[bytes] = []
    threads = [
        threading.Thread(target=lambda v=v: sealed.append(v.seal("ada-1", b"secret")))
        for v in vaults
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {opened.unseal(data, "ada-1") for data in sealed} == {b"secret"}
    assert len(sealed) == 8


def test_a_program_that_began_unprotected_does_not_go_on_writing_plainly(tmp_path):
    early = vault.open_vault(tmp_path, None)
    assert early.seal("ada-1", b"portrait") == b"portrait"

    vault.create(tmp_path, WORDS)

    with pytest.raises(VaultLocked):
        early.seal("ada-1", b"portrait")
    with pytest.raises(VaultLocked):
        early.reseal(b"portrait", "ada-1", "grace-2")


def test_a_program_notices_that_another_turns_the_protection_off(tmp_path, opened):
    another = vault.open_vault(tmp_path, WORDS)
    sealed = another.seal("ada-1", b"portrait")

    vault.settle(tmp_path, "turning off")

    assert not another.sealed
    assert another.seal("ada-1", b"portrait") == b"portrait"
    assert another.unseal(sealed, "ada-1") == b"portrait"
    vault.remove(tmp_path)
    assert another.seal("ada-1", b"portrait") == b"portrait"
    assert not another.sealed
    with pytest.raises(GalleryError):
        another.unseal(sealed, "ada-1")


def test_a_program_that_knows_an_older_vault_asks_again(tmp_path, opened):
    opened.seal("ada-1", b"")
    vault.settle(tmp_path, "turning off")
    vault.remove(tmp_path)
    vault.create(tmp_path, "another passphrase")

    with pytest.raises(VaultLocked, match="anew"):
        opened.seal("ada-1", b"portrait")


def test_a_disk_that_refuses_keys_is_explained(tmp_path, opened, monkeypatch):
    def refuse(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unlocked.files, "write", refuse)

    with pytest.raises(GalleryError, match="No space left"):
        opened.seal("ada-1", b"portrait")


def test_keys_of_a_later_vault_are_not_called_damaged(tmp_path, opened):
    sealed = opened.seal("ada-1", b"portrait")
    vault.settle(tmp_path, "turning off")
    vault.remove(tmp_path)
    vault.create(tmp_path, "another passphrase").seal("ada-1", b"portrait")

    with pytest.raises(VaultLocked, match="anew"):
        opened.unseal(sealed, "ada-1")
