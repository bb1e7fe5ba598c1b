"""Tests of facecam.training.detector.hard_pool."""

import json
import time

import numpy as np
import pytest

from facecam import vault
from facecam.errors import DatasetError
from facecam.media import write_image
from facecam.training.detector import hard_examples, hard_pool
from facecam.training.detector.hard_examples import LIST, Kind
from tests.fakes import picture

IMAGE = picture((10, 20, 60), (150, 20, 30))
OTHER = picture((30, 40, 60))
FACE, POSTER = np.float32([10, 20, 70, 80]), np.float32([150, 20, 180, 50])
POINTS = np.float32([[28, 44], [52, 44], [40, 56], [31, 68], [49, 68]])


@pytest.fixture
def pool(tmp_path):
    """Two examples of one picture, one of another."""
    folder = tmp_path / "hard"
    hard_examples.add(folder, IMAGE, FACE, Kind.MISSED_FACE, POINTS)
    hard_examples.add(folder, IMAGE, POSTER, Kind.FALSE_ALARM)
    hard_examples.add(folder, OTHER, FACE, Kind.FALSE_ALARM)
    return folder


def everything(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != ".lock"}


def kinds(folder):
    return [example.kind for example in hard_pool.listed(folder).examples]


def test_where_there_is_no_pool_nothing_is_listed_or_removed(tmp_path):
    nowhere = tmp_path / "hard"

    assert hard_pool.listed(nowhere) == hard_pool.Listing()
    assert hard_pool.remove(nowhere, []).lines == ()
    assert not nowhere.exists()


def test_a_pool_tells_what_was_added_when(pool):
    found = hard_pool.listed(pool)

    assert [e.kind for e in found.examples] == [
        Kind.MISSED_FACE,
        Kind.FALSE_ALARM,
        Kind.FALSE_ALARM,
    ]
    assert found.pictures == 2
    assert all(abs(e.added - time.time()) < 60 for e in found.examples)


@pytest.mark.parametrize("when", [None, "yesterday", 5, "9999999-01-01"])
def test_a_date_that_cannot_be_read_spoils_nothing(pool, when):
    entry = {"picture": "a.png", "box": [1, 2, 30, 40], "is": "false alarm"}
    (pool / LIST).write_text(json.dumps({**entry, "added": when}))

    assert [e.added for e in hard_pool.listed(pool).examples] == [0.0]


def test_damaged_lines_are_named_and_the_others_kept(pool):
    before = (pool / LIST).read_text()
    (pool / LIST).write_text(before + "nonsense\n\n[1, 2]\n" + before)

    found = hard_pool.listed(pool)

    assert len(found.examples) == 6
    assert "hard.jsonl, line 4: expected" in found.faults[0]
    assert found.damaged == (4, 6)


def test_damaged_lines_stay_until_they_are_taken_out(pool):
    (pool / LIST).write_text("nonsense\n" + (pool / LIST).read_text())
    hard_pool.remove(pool, hard_pool.listed(pool).examples[:1])
    assert len(hard_pool.listed(pool).faults) == 1

    removed = hard_pool.mend(pool)

    assert hard_pool.listed(pool).faults == ()
    assert removed.lines == ((0, "nonsense"),)
    assert len(hard_examples.read(pool)) == 2


def test_a_picture_goes_with_the_last_example_that_names_it(pool):
    first, second, third = hard_pool.listed(pool).examples

    hard_pool.remove(pool, [first])
    assert first.picture.exists()
    hard_pool.remove(pool, [second])
    assert not first.picture.exists()
    assert third.picture.exists()
    assert kinds(pool) == [Kind.FALSE_ALARM]


def test_pictures_put_there_by_hand_are_never_deleted(pool):
    write_image(pool / "mine.png", IMAGE)
    entry = {"picture": "mine.png", "box": [1, 2, 30, 40], "is": "false alarm"}
    (pool / LIST).write_text(f"{json.dumps(entry)}\n")

    removed = hard_pool.remove(pool, hard_pool.listed(pool).examples)

    assert removed.pictures == {}
    assert (pool / "mine.png").exists()


@pytest.mark.parametrize("which", [slice(0, 1), slice(1, 3), slice(None)])
def test_what_is_put_back_is_as_it_was(pool, which):
    before = everything(pool)

    removed = hard_pool.remove(pool, hard_pool.listed(pool).examples[which])
    assert everything(pool) != before
    hard_pool.restore(pool, removed)

    assert everything(pool) == before


def test_putting_back_keeps_what_was_added_meanwhile(pool):
    removed = hard_pool.remove(pool, hard_pool.listed(pool).examples)
    hard_examples.add(pool, OTHER, POSTER, Kind.MISSED_FACE)

    hard_pool.restore(pool, removed)

    assert len(hard_examples.read(pool)) == 4
    assert all(example.picture.exists() for example in hard_examples.read(pool))


def test_of_two_equal_examples_one_is_removed(pool):
    hard_examples.add(pool, IMAGE, FACE, Kind.MISSED_FACE, POINTS)

    hard_pool.remove(pool, hard_pool.listed(pool).examples[:1])

    assert kinds(pool).count(Kind.MISSED_FACE) == 1


def test_examples_of_another_pool_are_brought_with_their_pictures_once(pool, tmp_path):
    other = tmp_path / "elsewhere" / "pool"
    hard_examples.add(other, IMAGE, FACE, Kind.MISSED_FACE, POINTS)  # is here already
    hard_examples.add(other, picture((5, 5, 40)), POSTER, Kind.FALSE_ALARM)
    write_image(other / "by hand.png", OTHER)
    lost = {"picture": "lost.png", "box": [1, 2, 30, 40], "is": "false alarm"}
    hand = {**lost, "picture": "by hand.png"}
    text = f"{json.dumps(lost)}\nnonsense\n{json.dumps(hand)}\n"
    (other / LIST).write_text((other / LIST).read_text() + text)

    brought = hard_pool.bring(pool, other)

    assert [e.kind for e in brought] == [Kind.FALSE_ALARM] * 2
    assert len(hard_examples.read(pool)) == 5
    assert all(example.picture.is_file() for example in hard_examples.read(pool))
    assert hard_pool.bring(pool, other) == ()
    hard_pool.remove(pool, brought)
    assert len(kinds(pool)) == 3


def test_a_folder_that_is_no_pool_brings_nothing(pool, tmp_path):
    with pytest.raises(DatasetError, match=r"no hard\.jsonl in it\. Choose"):
        hard_pool.bring(pool, tmp_path)


def test_beside_protected_people_nothing_is_kept_but_all_can_be_removed(pool):
    vault.create(pool.parent, "correct horse battery")
    before = everything(pool)

    with pytest.raises(DatasetError, match="people are protected"):
        hard_examples.add(pool, OTHER, FACE, Kind.MISSED_FACE)
    assert everything(pool) == before
    removed = hard_pool.remove(pool, hard_pool.listed(pool).examples)
    assert everything(pool) == {LIST: b""}
    with pytest.raises(DatasetError, match="people are protected"):
        hard_pool.restore(pool, removed)
