"""Tests of facecam.training.detector.asking."""

import json
from pathlib import Path

import pytest

from facecam import artifacts
from facecam.artifacts import Origin
from facecam.cli.parser import build_parser
from facecam.config import Config, RetrainingConfig
from facecam.config.presets import PRESETS
from facecam.errors import ConfigError, TrainingError
from facecam.training import runs
from facecam.training.detector import asking
from facecam.training.detector.asking import Asked, numbers, remembered
from facecam.training.running import carry_out

FEW = RetrainingConfig()


@pytest.fixture
def config(tmp_path):
    """A home in which a detector is installed."""
    config = Config(home=tmp_path / "home")
    folder = config.models / "detector" / config.detector.model / "installed"
    folder.mkdir(parents=True)
    (folder / artifacts.WEIGHTS).write_bytes(b"weights")
    artifacts.write_installed(folder, Origin("here"), "0" * 64)
    return config


@pytest.fixture
def starts(monkeypatch):
    """Let the recipe have no steps; returns the requests it was made for."""
    made = []
    place = "facecam.training.detector.recipe.detector_recipe"
    monkeypatch.setattr(place, lambda request, numbers: made.append(request) or [])
    return made


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["seed=7"], 7),
        (["seed = 7"], 7),
        (["seed=5", "seed=7"], 7),
    ],
)
def test_the_last_setting_counts(settings, expected):
    assert numbers(RetrainingConfig(), "", settings).seed == expected


def test_settings_are_read_as_toml_and_go_over_the_preset():
    told = [
        "pnet.fit.rate=0.5",
        "pnet.fit.optimiser=sgd",
        "gate.recall=[0.1, 0.2, 0.3]",
    ]

    seen = numbers(RetrainingConfig(), "fine-tune", told)

    assert seen.pnet.fit.rate == 0.5
    assert seen.pnet.fit.optimiser == "sgd"
    assert seen.gate.recall == (0.1, 0.2, 0.3)
    assert seen.rnet.fit.rate < RetrainingConfig().rnet.fit.rate


@pytest.mark.parametrize(
    ("start", "preset"),
    [("scratch", "full"), ("deployed", "fine-tune"), ("runs/x", "fine-tune")],
)
def test_who_starts_from_a_detector_usually_fine_tunes_it(start, preset):
    assert asking.usual_preset(start) == preset
    assert preset in PRESETS


@pytest.mark.parametrize("setting", ["seed", "seed=x", "sed=1", "pnet=3", "=1", ".=1"])
def test_a_setting_that_is_none_says_what_is_meant(setting):
    with pytest.raises(ConfigError):
        numbers(RetrainingConfig(), "", [setting])


def test_a_run_remembers_what_it_was_asked_for(config, starts, tmp_path):
    asked = Asked((tmp_path / "faces",), replay=(Path("old"),), start="deployed")
    wanted = numbers(RetrainingConfig(), "trial", ["seed=3"])
    root = tmp_path / "x"

    carry_out(asking.recipe(asked, wanted, root, config), root, print)

    assert remembered(root) == (asked, wanted)
    assert asked.replay == (Path.cwd() / "old",)


def test_one_command_asks_for_the_same_again(config, starts, tmp_path):
    told = ["pnet.fit.optimiser=sgd", "gate.recall=[0.1, 0.2, 0.3]"]
    wanted = numbers(RetrainingConfig(), "fine-tune", told)
    asked = Asked((tmp_path / "a", tmp_path / "b"), (tmp_path / "c",), start="deployed")
    root = tmp_path / "x"
    carry_out(asking.recipe(asked, wanted, root, config), root, print)

    typed = runs.read_run(root).command

    args = build_parser("train").parse_args(typed[1:])
    again = Asked(tuple(args.data), tuple(args.replay), start=args.start)
    assert again == asked
    assert numbers(RetrainingConfig(), args.preset, args.settings) == wanted


def test_a_copy_of_the_deployed_detector_is_started_from(config, starts, tmp_path):
    root = tmp_path / "x"
    asked = Asked((tmp_path,), start="deployed")
    carry_out(asking.recipe(asked, FEW, root, config), root, print)
    installed = starts[0].deployed
    (installed / artifacts.WEIGHTS).write_bytes(b"deployed in between")

    asking.recipe(asked, FEW, root, config)

    assert starts[1].start == root / runs.START
    assert (starts[1].start / artifacts.WEIGHTS).read_bytes() == b"weights"
    assert starts[1].deployed == installed
    assert not list(root.glob("*.partial"))


def test_a_copy_that_was_interrupted_is_made_anew(config, starts, tmp_path):
    root = tmp_path / "x"
    (root / f"{runs.START}.partial").mkdir(parents=True)
    asked = Asked((tmp_path,), start="deployed")

    carry_out(asking.recipe(asked, FEW, root, config), root, print)

    assert (root / runs.START / artifacts.WEIGHTS).read_bytes() == b"weights"


def test_there_may_be_nothing_deployed(starts, tmp_path):
    empty = Config(home=tmp_path / "home")

    asking.recipe(Asked((tmp_path,)), FEW, tmp_path / "x", empty)
    assert (starts[0].start, starts[0].deployed) == (None, None)

    with pytest.raises(TrainingError, match=r"no detector in use.*--from scratch"):
        asking.recipe(Asked((tmp_path,), start="deployed"), FEW, tmp_path / "y", empty)


def test_a_run_is_started_from_by_its_path_or_its_name(config, starts, tmp_path):
    root = config.runs / "mine"
    carry_out(asking.recipe(Asked((tmp_path,)), FEW, root, config), root, print)

    for start in ("mine", str(root)):
        asking.recipe(Asked((tmp_path,), start=start), FEW, tmp_path / "y", config)
        assert starts[-1].start == root


def test_the_run_started_from_is_remembered_wherever_one_stands(
    config, starts, tmp_path, monkeypatch
):
    first, second = tmp_path / "first", tmp_path / "second"
    carry_out(asking.recipe(Asked((tmp_path,)), FEW, first, config), first, print)
    monkeypatch.chdir(tmp_path)
    asked = Asked((tmp_path,), start="first")

    carry_out(asking.recipe(asked, FEW, second, config), second, print)

    assert remembered(second)[0].start == str(first)


def test_a_run_does_not_start_from_itself(config, starts, tmp_path):
    root = tmp_path / "x"
    carry_out(asking.recipe(Asked((tmp_path,)), FEW, root, config), root, print)

    with pytest.raises(TrainingError, match=r"cannot start from itself.*--run"):
        asking.recipe(Asked((tmp_path,), start=str(root)), FEW, root, config)


def test_nothing_is_put_into_a_folder_that_is_no_run(config, starts, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "me.jpg").touch()

    with pytest.raises(TrainingError, match="is no training run"):
        asking.recipe(
            Asked((tmp_path,), start="deployed"), FEW, tmp_path / "photos", config
        )

    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["me.jpg"]


@pytest.mark.parametrize("damage", [{}, {"request": 7}, {"request": {"data": []}}])
def test_a_record_without_what_was_asked_for_is_damaged(damage, tmp_path):
    (tmp_path / runs.RECORD).write_text(json.dumps(damage))

    with pytest.raises(TrainingError, match="is damaged"):
        remembered(tmp_path)
