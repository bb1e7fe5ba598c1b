"""Tests of `facecam vault`, and of commands on protected people."""

import getpass
import io
import sys

import numpy as np
import pytest

from facecam.media import write_image
from facecam.training.detector import hard_examples
from facecam.training.detector.hard_examples import Kind
from facecam.vault import MAGIC, header
from tests.fakes import picture

WORDS = "correct horse battery"


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Derive keys at once; nothing is known of a passphrase."""
    monkeypatch.setattr(header, "COST", 2**4)
    monkeypatch.delenv("FACECAM_PASSPHRASE", raising=False)
    monkeypatch.delenv("FACECAM_NEW_PASSPHRASE", raising=False)


@pytest.fixture
def ada(tmp_path, asked):
    write_image(tmp_path / "ada.png", picture((100, 80, 60)))
    return asked("enrol", "Ada", tmp_path / "ada.png")["id"]


@pytest.fixture
def words(monkeypatch):
    """Give passphrases from outside."""

    def give(passphrase=None, new=None):
        for name, value in (
            ("FACECAM_PASSPHRASE", passphrase),
            ("FACECAM_NEW_PASSPHRASE", new),
        ):
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)

    return give


@pytest.fixture
def typed(monkeypatch):
    """Sit at a terminal and type passphrases, one after the other."""

    def type_(*answers):
        left = list(answers)
        monkeypatch.setattr(sys, "stdin", Terminal())
        monkeypatch.setattr(getpass, "getpass", lambda _: left.pop(0))
        return left

    return type_


def sealed(home):
    files = (home / "people").glob("*/portraits/*.jpg")
    return {path.read_bytes().startswith(MAGIC) for path in files}


def test_on_and_off_and_on_again(facecam, asked, home, ada, words):
    assert asked("vault", "status") == {"protection": "off"}
    words(WORDS)

    code, out, err = facecam("vault", "on")
    assert (code, err) == (0, "")
    assert "nobody can read" in out
    assert "still called much like them" in out  # ada-1f0c…
    assert sealed(home) == {True}
    assert asked("vault", "status") == {"protection": "on"}
    (person,) = asked("people", "list")["people"]
    assert person["name"] == "Ada"

    assert facecam("vault", "off")[0] == 0
    assert sealed(home) == {False}
    words()
    assert [p["name"] for p in asked("people", "list")["people"]] == ["Ada"]


def test_a_picture_put_by_hand_beside_protected_people_is_told_and_sealed(
    facecam, home, ada, words
):
    words(WORDS)
    facecam("vault", "on")
    by_hand = next((home / "people").glob("ada-*")) / "by hand.jpg"
    by_hand.write_bytes(b"\xff\xd8 not sealed")

    assert (
        "put there by hand, 1. Run: facecam vault on" in facecam("vault", "status")[1]
    )
    assert "put there by hand" not in facecam("vault", "on")[1]
    assert by_hand.read_bytes().startswith(MAGIC)


def test_without_the_passphrase_commands_say_how_to_give_it(facecam, home, ada, words):
    words(WORDS)
    facecam("vault", "on")
    words()

    code, out, err = facecam("people", "list")

    assert (code, out) == (1, "")
    assert "FACECAM_PASSPHRASE" in err
    assert facecam("vault", "status")[0] == 0


def test_a_wrong_passphrase_from_outside_is_one_readable_line(facecam, ada, words):
    words(WORDS)
    facecam("vault", "on")
    words("something else")

    code, out, err = facecam("people", "list")

    assert (code, out) == (1, "")
    assert err == "facecam: That is not the passphrase. Try again.\n"


def test_on_a_terminal_it_is_asked_for_three_times(facecam, ada, words, typed):
    words(WORDS)
    facecam("vault", "on")
    words()

    typed("wrong", "wrong again", WORDS)
    assert "Ada" in facecam("people", "list")[1]
    left = typed("wrong", "wrong again", "and again", WORDS)
    assert facecam("people", "list")[0] == 1
    assert left == [WORDS]


def test_a_new_passphrase_is_typed_twice(facecam, asked, home, ada, typed):
    typed(WORDS, "a slip of the pen")
    code, _, err = facecam("vault", "on")
    assert code == 1
    assert "differ" in err
    assert not (home / "vault.json").exists()

    typed(WORDS, WORDS)
    assert facecam("vault", "on")[0] == 0
    assert asked("vault", "status") == {"protection": "on"}


def test_the_passphrase_can_be_changed(facecam, home, ada, words):
    words(WORDS)
    facecam("vault", "on")
    words(WORDS, "quite another one")

    code, out, _ = facecam("vault", "passphrase")

    assert code == 0
    assert out.startswith("The passphrase is changed.")
    assert facecam("people", "list")[0] == 1
    words("quite another one")
    assert facecam("people", "list")[0] == 0


def test_a_short_passphrase_changes_nothing(facecam, home, ada, words):
    words("short")

    code, _, err = facecam("vault", "on")

    assert code == 1
    assert "at least 8" in err
    assert sealed(home) == {False}


def test_changing_needs_a_protection(facecam, words):
    words(WORDS)
    code, _, err = facecam("vault", "passphrase")
    assert code == 1
    assert "facecam vault on" in err


def test_pictures_are_looked_at_without_names_where_nobody_gives_the_passphrase(
    facecam, home, ada, words, tmp_path
):
    words(WORDS)
    facecam("vault", "on")
    words()

    code, _, err = facecam("detect", "--input", tmp_path / "ada.png")

    assert code == 0
    assert "Nobody is named" in err


def test_protected_people_are_enrolled_named_and_forgotten(
    facecam, asked, home, ada, words, tmp_path
):
    words(WORDS)
    facecam("vault", "on")
    write_image(tmp_path / "grace.png", picture((20, 20, 150)))

    grace = asked("enrol", "Grace", tmp_path / "grace.png")["id"]

    assert "grace" not in grace
    assert sealed(home) == {True}
    code, out, _ = facecam("forget", "Grace", "--yes")
    assert code == 0
    assert "Their key is destroyed" in out


def test_a_damaged_vault_is_explained(facecam, home, ada, words):
    words(WORDS)
    facecam("vault", "on")
    (home / "vault.json").write_text("{")
    (home / "keys" / "vault.json").write_text("{")

    code, _, err = facecam("vault", "status")

    assert code == 1
    assert "damaged" in err


def test_pictures_to_learn_from_that_stay_open_are_told(facecam, home, ada, words):
    box, alarm = np.float32((100, 80, 160, 140)), Kind.FALSE_ALARM
    hard_examples.add(home / "hard", picture((100, 80, 60)), box, alarm)
    words(WORDS)

    _, said, _ = facecam("vault", "on")

    assert "pictures the detector learns from, 1" in said
    (home / "hard" / "hard.jsonl").write_bytes(b"\xff\xfe\x00")
    assert "learns from" not in facecam("vault", "status")[1]
