"""Tests of `facecam train check`."""

import json
import re

import pytest

from facecam.training.detector.checking import preflight
from facecam.training.detector.checking.one_batch import Learned
from facecam.training.detector.crops.samples import SIZES
from tests.training.detector import small_sets

QUICK = ("--set", "preflight.steps=0", "preflight.pictures=4")


@pytest.fixture
def boxes(tmp_path):
    return small_sets.wider(tmp_path / "boxes", train=12, val=5)


@pytest.fixture
def points(tmp_path):
    return small_sets.points(tmp_path / "points", 14)


def test_data_that_can_work_is_described(facecam, boxes, points, tmp_path):
    out = tmp_path / "out"

    code, said, _ = facecam(
        "train", "check", "--data", boxes, points, *QUICK, "--out", out
    )

    assert code == 0
    rows = {line.split()[0]: line.split() for line in said.splitlines() if line}
    assert rows["boxes"] == ["boxes", "WIDER", "FACE", "12", "12", "12", "0", "5", "5"]
    assert "! There are few faces to learn from" in said
    assert "Training on this data can start." in said
    assert said.endswith(f"Look at the 7 contact sheets in {out / 'sheets'}.\n")
    assert len(list((out / "sheets").iterdir())) == 7


def test_data_that_cannot_work_ends_with_code_1_and_says_why(facecam, boxes, home):
    code, said, _ = facecam("train", "check", "--data", boxes, *QUICK)

    assert code == 1
    assert "✗ Of 12 faces, none has five points" in said
    assert "Training on this data cannot work." in said
    assert (home / "runs" / "check" / "preflight.json").is_file()


def test_the_same_data_may_do_for_going_on_from_a_detector(facecam, boxes):
    code, said, _ = facecam(
        "train", "check", "--data", boxes, "--from", "deployed", *QUICK
    )

    assert code == 0
    assert "few faces to learn from" not in said


def test_negatives_and_hard_examples_are_looked_at_too(
    facecam, boxes, points, tmp_path
):
    empty = tmp_path / "empty"
    for n in range(3):
        small_sets.scene(empty / f"{n}.png", [], seed=n)
    pool = tmp_path / "pool"
    small_sets.scene(pool / "a.png", [(10, 10, 50, 60)])
    wrong = {"picture": "a.png", "box": [10, 10, 60, 70], "is": "false alarm"}
    (pool / "hard.jsonl").write_text(json.dumps(wrong) + "\n")

    code, said, _ = facecam(
        "train", "check", "--data", boxes, points, "--negatives", empty,
        "--hard", pool, *QUICK, "--json",
    )  # fmt: skip

    told = json.loads(said)
    assert code == 0
    names = [one["name"] for one in told["sets"]]
    assert names == ["boxes", "points", "empty", "pool"]
    assert sum(one["training"]["places"] for one in told["sets"]) == 1
    assert told["folder"].endswith("check")


def test_the_costs_of_a_run_are_told(facecam, boxes, points, monkeypatch):
    learned = [
        Learned(net, 2.0, 0.9, separation=0.9, steps=30, seconds=0.09) for net in SIZES
    ]
    monkeypatch.setattr(preflight, "run_apart", lambda *_: (learned, 1e9))

    code, said, _ = facecam(
        "train", "check", "--data", boxes, points, "--set", "preflight.pictures=4",
        "onet.fit.steps=1000",
    )  # fmt: skip

    rows = {line[:12].rstrip(): line.split() for line in said.splitlines()}
    assert code == 0
    assert rows["O-Net fit"] == ["O-Net", "fit", "1:30", "22", "MB"]
    assert rows["all"][0] == "all"
    assert re.search(r"memory: [\d.]+\sGB", said)


def test_without_data_it_says_what_to_give(facecam):
    code, _, errors = facecam("train", "check")

    assert code == 1
    assert "facecam train check --data DIR" in errors


def test_an_empty_folder_is_named(facecam, tmp_path):
    (tmp_path / "nothing").mkdir()

    code, _, errors = facecam("train", "check", "--data", tmp_path / "nothing")

    assert code == 1
    assert f"{tmp_path / 'nothing'} is empty" in errors


def test_a_window_follows_the_check_and_reads_the_answer_last(
    facecam, boxes, points, tmp_path
):
    code, said, _ = facecam(
        "train", "check", "--data", boxes, points, *QUICK, "--out", tmp_path / "out",
        "--json", "--progress",
    )  # fmt: skip

    *told, answer = [json.loads(line) for line in said.splitlines()]
    shares = [one["progress"] for one in told]
    assert code == 0
    assert shares == sorted(shares)
    assert told[0] == {"progress": 0.0, "text": "Looking at the data"}
    assert {one["text"] for one in told[1:]} == {
        "Looking at pictures", "Cutting samples",
    }  # fmt: skip
    assert answer["folder"] == str(tmp_path / "out")


def test_without_json_progress_is_not_told_on_the_output(facecam, boxes, points):
    asked = ("train", "check", "--data", boxes, points, *QUICK)

    assert '"progress"' not in facecam(*asked, "--progress")[1]
