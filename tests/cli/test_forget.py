"""Tests of `facecam forget`."""

import io
import json
import sys
from pathlib import Path

import pytest

from facecam import forgetting
from facecam.media import write_image
from tests.fakes import picture

ONE = picture((100, 80, 60))


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def ada(tmp_path, asked):
    write_image(tmp_path / "ada.png", ONE)
    return asked("enrol", "Ada", tmp_path / "ada.png")["id"]


def test_forgetting_tells_what_was_deleted_and_what_was_looked_through(
    facecam, home, ada
):
    code, out, err = facecam("forget", "ada", "--yes")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Ada is forgotten."
    assert "1 portrait" in lines[1]
    assert any("nothing of them is left" in line for line in lines)
    assert (home / "receipts").is_dir()
    assert str(home / "receipts") in lines[-1]


def test_the_answer_can_be_json(asked, home, ada):
    told = asked("forget", ada, "--yes")

    assert told["deleted"]["portraits"] == 1
    assert (told["left"], told["unreadable"]) == ([], [])
    assert "Ada" not in Path(told["receipt"]).read_text()


@pytest.mark.parametrize("words", [["forget", "Ada"], ["people", "forget", "Ada"]])
def test_without_a_terminal_nobody_is_forgotten_by_accident(facecam, home, ada, words):
    code, out, err = facecam(*words)

    assert (code, out) == (2, "")
    assert "--yes" in err
    assert (home / "people" / ada).is_dir()


@pytest.mark.parametrize(
    ("answer", "code"), [("yes\n", 0), ("Y\n", 0), ("no\n", 1), ("\n", 1)]
)
def test_on_a_terminal_it_asks(facecam, home, ada, monkeypatch, answer, code):
    monkeypatch.setattr(sys, "stdin", Terminal(answer))

    assert facecam("forget", "Ada")[0] == code
    assert (home / "people" / ada).exists() == (code == 1)


def test_people_forget_is_the_same(facecam, home, ada):
    code, out, _ = facecam("people", "forget", "Ada", "--yes")

    assert code == 0
    assert out.startswith("Ada is forgotten")
    assert not (home / "people" / ada).exists()


def test_somebody_unknown_is_one_readable_line(facecam, ada):
    code, out, err = facecam("forget", "Bob", "--yes")

    assert (code, out) == (1, "")
    assert "There is no Bob" in err


@pytest.mark.parametrize("words", [[], ["Ada", "--finish"]])
def test_whom_or_finish_but_not_both(facecam, ada, words):
    assert facecam("forget", *words)[0] == 2


def test_a_picture_the_user_saved_is_told_and_left(facecam, home, ada):
    portrait = next((home / "people" / ada / "portraits").iterdir())
    (home / "snapshots").mkdir()
    (home / "snapshots" / "mine.jpg").write_bytes(portrait.read_bytes())

    code, out, _ = facecam("forget", "Ada", "--yes")

    assert code == 3
    assert "snapshots/mine.jpg" in out
    assert (home / "snapshots" / "mine.jpg").exists()


def test_what_was_interrupted_is_finished(facecam, asked, home, ada, monkeypatch):
    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting.deed, "_forget_elsewhere", crash)
        assert facecam("forget", "Ada", "--yes")[0] == 130
    assert "forget --finish" in facecam("people", "list")[2]

    told = asked("forget", "--finish")

    assert [f["name"] for f in told["forgotten"]] == ["Ada"]
    assert facecam("people", "list")[2] == ""
    assert facecam("forget", "--finish")[1] == "Nothing was interrupted.\n"


def test_the_same_command_again_finishes_what_was_interrupted(
    facecam, home, ada, monkeypatch
):
    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting.deed, "_forget_elsewhere", crash)
        facecam("forget", "Ada", "--yes")

    code, out, err = facecam("forget", "Ada", "--yes")

    assert (code, err) == (0, "")
    assert out.startswith("Ada is forgotten.")
    assert facecam("people", "list")[2] == ""
    assert "no Ada" in facecam("forget", "Ada", "--yes")[2]


def test_a_torn_record_can_be_forgotten(facecam, home, ada):
    (home / "people" / ada / "person.json").write_text("{")

    assert facecam("forget", ada, "--yes")[0] == 0
    assert not (home / "people" / ada).exists()


def test_json_stays_json_when_something_is_left(facecam, home, ada):
    portrait = next((home / "people" / ada / "portraits").iterdir())
    (home / "snapshots").mkdir()
    (home / "snapshots" / "mine.jpg").write_bytes(portrait.read_bytes())

    code, out, _ = facecam("forget", "Ada", "--yes", "--json")

    assert code == 3
    assert json.loads(out)["left"][0]["path"] == "snapshots/mine.jpg"
