"""Tests that the commands say what the guided start reads, and take what it writes."""

import json

import pytest

from facecam.app.training.commands import Command
from facecam.app.training.setup.asking import Looking
from facecam.app.training.setup.numbers import read_numbers
from facecam.app.training.setup.plan import (
    FINE_TUNE,
    Folder,
    Found,
    Plan,
    Role,
    read_found,
    usual_role,
)
from facecam.app.training.setup.results import read_checked
from facecam.cli.parser import main
from tests.training.detector import small_sets


@pytest.fixture
def ask(capsys, monkeypatch, tmp_path):
    """Run a command in this process; -> its exit code and its answer."""
    monkeypatch.setenv("FACECAM_HOME", str(tmp_path / "home"))

    def ask(words):
        code = main([*words, "--json", "--progress"])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    return ask


@pytest.fixture
def boxes(tmp_path):
    return small_sets.wider(tmp_path / "boxes", train=12, val=5)


def test_a_set_and_bare_pictures_are_recognised(ask, boxes, tmp_path):
    bare = tmp_path / "bare"
    for number in range(3):
        small_sets.scene(bare / f"{number}.png", [], seed=number)

    _, labelled = ask(("train", "look", str(boxes)))
    _, without = ask(("train", "look", str(bare)))

    found = read_found(labelled)
    assert (found.layout, found.pictures) == ("WIDER FACE", 17)
    assert found.splits == {"train": 12, "val": 5}
    assert found.suggested == "trial"
    assert found.why
    assert usual_role(boxes, found) is Role.LEARN
    assert read_found(without).pictures == 3
    assert usual_role(bare, read_found(without)) is Role.REMEMBER


def test_a_pool_is_recognised(ask, tmp_path):
    pool = tmp_path / "pool"
    small_sets.scene(pool / "a.png", [(10, 10, 50, 60)])
    wrong = {"picture": "a.png", "box": [10, 10, 60, 70], "is": "false alarm"}
    (pool / "hard.jsonl").write_text(json.dumps(wrong) + "\n")

    _, answer = ask(("train", "look", str(pool)))

    assert usual_role(pool, read_found(answer)) is Role.HARD


def test_a_folder_that_is_not_there_has_an_error(ask, tmp_path):
    _, answer = ask(("train", "look", str(tmp_path / "nowhere")))

    assert "There is no folder" in read_found(answer).error


def test_all_data_are_looked_at(ask, boxes, tmp_path):
    out = tmp_path / "out"
    settings = {"preflight.steps": 0, "preflight.pictures": 4}
    folder = Folder(boxes, Role.LEARN, Found("WIDER FACE", 17, 17))
    plan = Plan((folder,), FINE_TUNE, settings)

    code, answer = ask(plan.check_words(out))

    checked = read_checked(answer)
    assert code == 0
    assert checked.training.faces == 12
    assert checked.findings
    assert all(sheet.path.is_file() for sheet in checked.sheets)
    assert [sheet.title for sheet in checked.sheets][:2] == [
        "Pictures: boxes",
        "Faces close up: boxes",
    ]


@pytest.mark.parametrize("preset", ["trial", "fine-tune", "full"])
def test_all_numbers_are_told(ask, preset):
    _, answer = ask(("train", "numbers", "--preset", preset))

    assert len(read_numbers(answer)) > 100


def test_a_folder_is_recognised_by_a_process_of_its_own(qtbot, qapp, config, boxes):
    looking = Looking(config, Command, qapp)

    with qtbot.waitSignal(looking.found, timeout=30_000) as answered:
        looking.look(boxes)

    path, found = answered.args
    assert path == boxes
    assert found.pictures == 17
