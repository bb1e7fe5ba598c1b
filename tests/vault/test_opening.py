"""Tests of facecam.vault.opening and .header."""

import json
import subprocess
import sys

import pytest

from facecam import vault
from facecam.errors import GalleryError, VaultLocked
from facecam.vault import header
from tests.vault.conftest import WORDS


def test_a_home_without_a_vault_needs_no_passphrase(tmp_path):
    chosen = vault.open_vault(tmp_path, None)

    assert vault.protection(tmp_path) == "off"
    assert not chosen.sealed
    assert chosen.seal("ada-1", b"portrait") == b"portrait"
    chosen.destroy("ada-1")
    assert list(tmp_path.iterdir()) == []


def test_the_passphrase_opens_what_was_sealed_before(tmp_path, opened):
    sealed = opened.seal("ada-1", b"secret")

    again = vault.open_vault(tmp_path, WORDS)

    assert again.unseal(sealed, "ada-1") == b"secret"
    assert again.sealed


@pytest.mark.parametrize("wrong", [None, "", WORDS.upper(), f"{WORDS} "])
def test_a_missing_or_wrong_passphrase_says_so(tmp_path, opened, wrong):
    with pytest.raises(VaultLocked, match="passphrase"):
        vault.open_vault(tmp_path, wrong)


def test_a_passphrase_typed_on_another_system_is_the_same(tmp_path):
    vault.create(tmp_path, "caf\N{LATIN SMALL LETTER E WITH ACUTE} noir")

    vault.open_vault(tmp_path, "cafe\N{COMBINING ACUTE ACCENT} noir")


def test_a_short_passphrase_is_refused_and_nothing_is_made(tmp_path):
    with pytest.raises(GalleryError, match="at least 8"):
        vault.create(tmp_path, "1234567")

    assert vault.protection(tmp_path) == "off"


def test_a_second_vault_never_replaces_the_first(tmp_path, opened):
    with pytest.raises(GalleryError, match="already"):
        vault.create(tmp_path, "something else")

    vault.open_vault(tmp_path, WORDS)


def test_another_passphrase_opens_the_same_files(tmp_path, opened):
    sealed = opened.seal("ada-1", b"secret")

    vault.change_passphrase(tmp_path, WORDS, "quite another one")

    with pytest.raises(VaultLocked):
        vault.open_vault(tmp_path, WORDS)
    again = vault.open_vault(tmp_path, "quite another one")
    assert again.unseal(sealed, "ada-1") == b"secret"
    assert opened.unseal(again.seal("ada-1", b"new"), "ada-1") == b"new"


@pytest.mark.parametrize(("old", "new"), [("wrong", "long enough"), (WORDS, "short")])
def test_a_refused_change_leaves_the_old_passphrase(tmp_path, opened, old, new):
    with pytest.raises(GalleryError):
        vault.change_passphrase(tmp_path, old, new)

    vault.open_vault(tmp_path, WORDS)


def test_the_old_passphrase_opens_no_file_that_is_left(tmp_path, opened):
    vault.change_passphrase(tmp_path, WORDS, "quite another one")

    (tmp_path / "vault.json").unlink()

    with pytest.raises(VaultLocked):
        vault.open_vault(tmp_path, WORDS)
    vault.open_vault(tmp_path, "quite another one")


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b"\xff", b'{"state": 1}'])
def test_a_damaged_or_deleted_vault_file_is_mended_from_its_copy(
    tmp_path, opened, content
):
    sealed = opened.seal("ada-1", b"secret")
    path = tmp_path / "vault.json"
    path.unlink() if content is None else path.write_bytes(content)

    again = vault.open_vault(tmp_path, WORDS)

    assert again.unseal(sealed, "ada-1") == b"secret"
    assert path.read_bytes() == (tmp_path / "keys" / "vault.json").read_bytes()


def test_damage_is_not_taken_for_a_wrong_passphrase(tmp_path, opened):
    for path in (tmp_path / "vault.json", tmp_path / "keys" / "vault.json"):
        stored = json.loads(path.read_text())
        stored["master"] = "00" + stored["master"][2:]
        path.write_text(json.dumps(stored))

    with pytest.raises(GalleryError, match="damaged") as caught:
        vault.open_vault(tmp_path, WORDS)
    assert not isinstance(caught.value, VaultLocked)


def test_the_parameters_are_stored_so_that_later_ones_may_differ(
    tmp_path, opened, monkeypatch
):
    sealed = opened.seal("ada-1", b"secret")
    monkeypatch.setattr(header, "COST", 2**5)

    assert vault.open_vault(tmp_path, WORDS).unseal(sealed, "ada-1") == b"secret"
    vault.change_passphrase(tmp_path, WORDS, WORDS)
    assert json.loads((tmp_path / "vault.json").read_text())["cost"] == 2**5
    assert vault.open_vault(tmp_path, WORDS).unseal(sealed, "ada-1") == b"secret"


def test_keys_are_never_removed_while_files_may_be_sealed(tmp_path, opened):
    with pytest.raises(GalleryError, match="still protected"):
        vault.remove(tmp_path)

    vault.settle(tmp_path, "turning off")
    vault.remove(tmp_path)
    vault.remove(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_neither_the_passphrase_nor_a_key_is_on_the_disk(tmp_path, opened):
    opened.seal("ada-1", b"secret")

    content = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())

    assert WORDS.encode() not in content
    assert b"ada-1" not in content


def test_an_unprotected_home_is_opened_without_the_library():
    code = (
        "import sys, pathlib; from facecam import vault; "
        "vault.open_vault(pathlib.Path('nowhere'), None).seal('a', b''); "
        "sys.exit('cryptography' in sys.modules or 'filelock' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
