"""Tests of facecam.forgetting.outcome: words for the user, a receipt about nobody."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from facecam.errors import GalleryError
from facecam.forgetting import outcome as outcomes
from facecam.forgetting.outcome import Outcome, receipt, sentences, write_receipt
from facecam.forgetting.places import Kind
from facecam.forgetting.scanning import Residue

CLEAN = Outcome(
    name="Ada 王",
    deleted={"portraits": 3, "originals": 1, "records": 1, "events": 1200},
    files=31_054,
    size=1_305_775_873,
    cleaned=(),
    left=(),
    unreadable=(),
    asked=3,
    alike={},
    sealed=False,
    seconds=1.234,
)
SNAPSHOT = Residue("snapshots/Ada.jpg", Kind.USER, frozenset({"data", "name"}))
TWIN = Residue("people/x-1/portraits/1.jpg", Kind.PERSON, frozenset({"data", "copy"}))


def texts(outcome):
    return [line.text for line in sentences(outcome)]


def test_a_clean_outcome_in_words():
    assert texts(CLEAN) == [
        "Ada 王 is forgotten.",
        "Deleted: 3 portraits, 1 original and 1,200 events.",
        "Looked through 31,054 files (1.3 GB): nothing of them is left.",
        "The new classifiers take all 3 pictures of them for a stranger's.",
    ]
    assert CLEAN.clean
    assert all(line.good for line in sentences(CLEAN))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"deleted": {}}, "Deleted: an empty folder."),
        ({"deleted": {"crops": 1}}, "Deleted: 1 crop."),
        ({"size": 12}, "Looked through 31,054 files (12 bytes): nothing of them is"),
        ({"asked": 1}, "The new classifiers take the picture of them for a stranger's"),
        ({"sealed": True}, "Their key is destroyed: no copy elsewhere can be read"),
        ({"cleaned": (TWIN,)}, "Found beside, and removed, too: the pictures of some"),
        ({"alike": {"Eve": 2, "Bo": 1}}, "The new classifiers take 3 of 3 pictures of"),
        ({"asked": 1, "alike": {"Eve": 1}}, "The new classifiers take the picture of"),
        ({"unreadable": ("a", "b")}, "2 of them could not be looked at: a, b"),
        ({"left": (SNAPSHOT,)}, "Looked through 31,054 files (1.3 GB): 1 place holds"),
        (
            {"left": (SNAPSHOT,)},
            "snapshots/Ada.jpg: data of theirs, in your own file",
        ),
        ({"left": (TWIN,)}, "people/x-1/portraits/1.jpg: data of theirs, in the pict"),
        ({"left": (TWIN,) * 10}, "and 2 more"),
    ],
)
def test_what_else_there_is_to_say(changes, expected):
    said = texts(replace(CLEAN, **changes))

    assert any(line.startswith(expected) for line in said), said


def test_nobody_was_asked_without_an_embedder():
    assert len(texts(replace(CLEAN, asked=0))) == 3


@pytest.mark.parametrize("changes", [{"left": (TWIN,)}, {"unreadable": ("x",)}])
def test_it_is_only_clean_if_every_file_could_be_looked_at(changes):
    unclean = replace(CLEAN, **changes)

    assert not unclean.clean
    assert not all(line.good for line in sentences(unclean))


def test_the_receipt_holds_numbers_but_no_name_no_id_and_no_path():
    full = replace(
        CLEAN,
        left=(SNAPSHOT, TWIN),
        cleaned=(TWIN,),
        alike={"Eve": 2},
        unreadable=("z",),
    )

    stored = receipt(full, datetime(2026, 1, 31, 12, tzinfo=UTC))

    assert stored["finished"] == "2026-01-31T12:00:00+00:00"
    assert stored["scan"]["residues"] == {
        "your own file": 1,
        "the pictures of somebody else": 1,
    }
    assert stored["new classifiers"] == {
        "embeddings asked": 3,
        "answered stranger": 1,
    }
    text = json.dumps(stored, ensure_ascii=False)
    for word in ("Ada", "Eve", "x-1", "snapshots/", "portraits/1"):
        assert word not in text


def test_two_receipts_of_one_second_do_not_replace_each_other(tmp_path):
    paths = {write_receipt(tmp_path, CLEAN) for _ in range(3)}

    assert len(paths) == 3
    assert all(json.loads(path.read_text()) for path in paths)


def test_a_receipt_that_cannot_be_written_says_how_to_go_on(tmp_path, monkeypatch):
    def refuse(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outcomes.files, "write", refuse)

    with pytest.raises(GalleryError, match="forget --finish"):
        write_receipt(tmp_path, CLEAN)
