"""Tests of plan and naming: what becomes of folders, presets and names as words."""

from dataclasses import replace
from pathlib import Path

import pytest

from facecam.app.training.setup.naming import problem_of
from facecam.app.training.setup.plan import (
    Folder,
    Found,
    Plan,
    Role,
    read_found,
    roles,
    setting,
    suggested,
    usual_role,
)
from facecam.config import RetrainingConfig
from facecam.training.detector import asking

LABELLED = Found("WIDER FACE", 300, 1200, suggested="fine-tune", why="Enough to go on.")
BARE = Found("pictures without labels", 40)
DATA = Folder(Path("/a"), Role.LEARN, LABELLED)


def test_nothing_chosen_is_no_plan_yet():
    assert Plan().problem == "Choose pictures first."
    assert suggested(()) == ("", "")


@pytest.mark.parametrize(
    ("folders", "problem"),
    [
        ((Folder(Path("/a"), Role.LEARN),), "Looking at the folders…"),
        (
            (DATA, Folder(Path("/b"), Role.LEARN, Found(error="Gone."))),
            "cannot be read",
        ),
        ((Folder(Path("/b"), Role.WITHOUT_FACES, BARE),), "labelled pictures"),
    ],
)
def test_a_plan_says_why_it_cannot_begin(folders, problem):
    assert problem in Plan(folders, "trial").problem


def test_the_words_name_every_folder_by_its_role():
    plan = Plan(
        (
            DATA,
            Folder(Path("/no faces"), Role.WITHOUT_FACES, BARE),
            Folder(Path("/old"), Role.REMEMBER, BARE),
            Folder(Path("/hard"), Role.HARD, Found("hard examples", 7)),
            Folder(Path("/c"), Role.LEARN, LABELLED),
        ),
        "fine-tune",
    )

    assert plan.problem == ""
    assert plan.check_words(Path("/out")) == (
        *("train", "check", "--data", "/a", "/c", "--negatives", "/no faces"),
        *("--replay", "/old", "--hard", "/hard"),
        *("--preset", "fine-tune", "--from", "deployed", "--out", "/out"),
    )


def test_from_scratch_there_is_nothing_to_remember():
    old = Folder(Path("/old"), Role.REMEMBER, BARE)
    plan = Plan((DATA, old), "full")

    assert "--replay" not in plan.start_words(Path("/runs"))
    assert plan.start == "scratch"
    assert not plan.used(old)
    assert replace(plan, preset="fine-tune").used(old)


def test_numbers_changed_are_understood_by_the_command_line():
    values = {"pnet.fit.steps": 2000, "gate.recall": (0.5, 0.4, 0.3),
              "onet.fit.optimiser": "sgd", "index.conform": False}  # fmt: skip

    numbers = asking.numbers(
        RetrainingConfig(), "trial", [setting(*each) for each in values.items()]
    )

    assert numbers.pnet.fit.steps == 2000
    assert numbers.gate.recall == (0.5, 0.4, 0.3)
    assert numbers.onet.fit.optimiser == "sgd"
    assert numbers.index.conform is False


def test_the_whole_command_is_one_the_command_line_takes(tmp_path):
    from facecam.cli.parser import build_parser

    hard = Folder(Path("/hard"), Role.HARD, BARE)
    plan = Plan((DATA, hard), "trial", {"seed": 3}, "my run")

    words = plan.start_words(tmp_path)
    args = build_parser("train").parse_args(words)

    assert args.data == [Path("/a")]
    assert args.hard == [Path("/hard")]
    assert args.settings == ["seed=3"]
    assert args.run == tmp_path / "my run"
    assert args.later


@pytest.mark.parametrize(
    ("name", "found", "role"),
    [
        ("wider", LABELLED, Role.LEARN),
        ("holiday", BARE, Role.REMEMBER),  # faces taught as background ruin a detector
        ("negative_scenes", BARE, Role.WITHOUT_FACES),
        ("Background", BARE, Role.WITHOUT_FACES),
        ("x", Found("pictures without faces", 4), Role.WITHOUT_FACES),
        ("negatives", Found("hard examples", 4), Role.HARD),
        ("pool", Found("hard examples", 4, 2), Role.HARD),
    ],
)
def test_the_usual_role_follows_from_what_was_found(name, found, role):
    assert usual_role(Path("/pictures") / name, found) is role


def test_what_has_labels_can_be_no_picture_without_faces():
    assert Role.WITHOUT_FACES not in roles(LABELLED)


def test_the_preset_suits_the_largest_set_and_pools_are_for_fine_tuning():
    big = Folder(Path("/b"), Role.LEARN, replace(LABELLED, suggested="full"))
    hard = Folder(Path("/h"), Role.HARD, Found("hard examples", 7))

    assert suggested((DATA,)) == ("fine-tune", "Enough to go on.")
    assert suggested((DATA, big))[0] == "full"
    assert suggested((DATA, big, hard))[0] == "fine-tune"


def test_an_answer_of_another_form_is_told_apart():
    with pytest.raises(ValueError, match="sets"):
        read_found({"something": 1})
    with pytest.raises(ValueError, match="subscriptable"):
        read_found(None)


def test_a_folder_that_cannot_be_read_brings_its_error():
    answer = {"sets": [{"folder": "/a", "error": "It is empty. Unpack it."}]}

    assert read_found(answer) == Found(error="It is empty. Unpack it.")


@pytest.mark.parametrize("name", ["", "my run", "2026-11-22", "Größe_3", "a.b"])
def test_names_that_every_disk_can_hold_are_fine(name):
    assert problem_of(name, ["other"]) == ""


@pytest.mark.parametrize(
    "name", ["a/b", "..", ".hidden", "-x", "a:b", "what?", "end.", "CON", "x" * 61]
)
def test_names_that_some_disk_cannot_hold_are_refused(name):
    assert problem_of(name, [])


def test_a_name_is_given_once_whatever_its_case():
    assert "already" in problem_of("Fine", ["fine"])
    assert "already" in problem_of("check", [])  # the folder of the look at the data
