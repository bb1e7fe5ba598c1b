"""Runs looked at, noted on, compared, deleted by the command line."""

import json

import pytest

from facecam.training import runs
from facecam.training.running import Recipe, carry_out
from tests.training.test_running import quiet, recipe


@pytest.fixture
def two(home):
    """Two finished runs -> their folder."""
    for name, amounts in (("one", (3, 2)), ("two", (3, 4))):
        carry_out(recipe(*amounts), home / "runs" / name, quiet)
    return home / "runs"


def test_a_note_is_written_read_and_taken_back(two, facecam, asked):
    assert facecam("train", "note", "one")[1] == "Nothing is written about one.\n"
    assert facecam("train", "note", "one", "Masks, second try")[0] == 0

    assert asked("train", "note", "one")["note"] == "Masks, second try"
    assert "Note: Masks, second try" in facecam("train", "status", "one")[1]
    assert asked("train", "status", "one")["note"] == "Masks, second try"

    facecam("train", "note", "one", "")
    assert runs.read_run(two / "one").note == ""


def test_two_runs_differ_in_numbers_and_in_what_they_were_asked_for(
    two, facecam, asked
):
    assert asked("train", "differ", "one", "two") == {
        "numbers": {"amounts": [[3, 2], [3, 4]]},
        "asked": {},
    }
    rows = facecam("train", "differ", "one", "two")[1].splitlines()
    assert rows[0].split() == ["one", "two"]
    assert rows[1].startswith("amounts  [3, 2]")
    assert "asked for the same" in facecam("train", "differ", "one", "one")[1]


def test_other_data_is_a_difference(two, asked):
    other = Recipe("counter", recipe(3).steps, {"data": ["faces", "masks"]})
    carry_out(other, two / "three", quiet)

    told = asked("train", "differ", "one", "three")

    assert told["asked"] == {"data": [["faces"], ["faces", "masks"]]}


def test_a_run_is_deleted_with_what_it_has_made(two, facecam):
    code, out, _ = facecam("train", "delete", "one")

    assert (code, out) == (0, f"Deleted: {two / 'one'}\n")
    assert [path.name for path in two.iterdir() if path.is_dir()] == ["two"]


def test_what_kept_a_run_from_beginning_is_in_its_state(two, facecam, asked):
    record = json.loads((two / "one" / runs.RECORD).read_text())
    record["steps"][0]["fingerprint"] = "another"
    (two / "one" / runs.RECORD).write_text(json.dumps(record))
    with (two / "one" / runs.JOURNAL).open("a") as journal:
        journal.write('{"time": 1.0, "failed": "There is no folder faces."}\n')

    assert asked("train", "status", "one")["error"] == "There is no folder faces."
    told = facecam("train", "status", "one")[1].splitlines()
    assert told[-1] == "There is no folder faces."
    assert asked("train", "list")[1]["state"] == "failed"


@pytest.mark.parametrize("word", ["note", "delete", "stop", "resume"])
def test_a_run_that_is_none_is_said(word, facecam, home):
    code, _, err = facecam("train", word, "nowhere")

    assert code == 1
    assert "There is no training run nowhere." in err
