"""Tests of `facecam train`, with a recipe that only counts."""

import io
import json
import re
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from facecam.cli import train_progress
from facecam.errors import TrainingError
from facecam.training import runs
from facecam.training.runs import State, StepState
from facecam.training.step import Progress, Step


@dataclass(frozen=True)
class Counted:
    """What a step of the stand-in depends on."""

    data: tuple[Path, ...]
    steps: int


def count(config, inputs, out, report):
    """Count to the number of steps, then leave a report."""
    for done in range(1, config.steps + 1):
        report(Progress("count", done, config.steps, {"loss": float("nan")}))
    (out / "report.html").write_text("<p>good</p>")
    return {"recall": 0.97}


class Interrupted:
    """A step that is interrupted the first time."""

    def __init__(self):
        self.times = 0

    def __call__(self, config, inputs, out, report):
        self.times += 1
        if self.times == 1:
            raise KeyboardInterrupt
        return count(config, inputs, out, report)


@pytest.fixture
def asked_for():
    """The requests the recipe was made for."""
    return []


@pytest.fixture
def recipe(monkeypatch, asked_for):
    """Let the recipe be two steps that count; returns how to change what they do."""

    def of(run):
        def detector_recipe(request, config):
            asked_for.append(request)
            first = Counted(request.data, config.pnet.fit.steps)
            second = Counted((), config.rnet.fit.steps)
            return [
                Step("01-index", run, first),
                Step("02-fit", run, second, needs=("01-index",)),
            ]

        place = "facecam.training.detector.recipe.detector_recipe"
        monkeypatch.setattr(place, detector_recipe)

    of(count)
    return of


@pytest.fixture
def train(facecam, recipe, tmp_path):
    """Run `facecam train detector` with few steps in a directory."""

    def run(*words, root=tmp_path / "x"):
        few = ("pnet.fit.steps=3", "rnet.fit.steps=4")
        return facecam("train", "detector", "--run", root, *words, "--set", *few)

    return run


def test_a_run_says_each_step_and_what_to_do_next(train, tmp_path):
    code, out, err = train("--data", tmp_path)

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"Run: {tmp_path / 'x'}",
        " 1/2  01-index  done in 0:00  recall 0.97",
        " 2/2  02-fit  done in 0:00  recall 0.97",
        f"Report: {tmp_path / 'x' / '02-fit' / 'report.html'}",
        f"Use the new detector: facecam deploy {tmp_path / 'x'}",
    ]


def test_json_is_one_object_a_line(train, tmp_path):
    code, out, err = train("--data", tmp_path, "--json")
    lines = [json.loads(line) for line in out.splitlines()]

    assert (code, err) == (0, "")
    assert [line.get("name", "run") for line in lines] == [
        "01-index", "01-index", "02-fit", "02-fit", "run",
    ]  # fmt: skip
    assert lines[0] == {"name": "01-index", "number": 1, "count": 2, "state": "running"}
    assert lines[3]["metrics"] == {"recall": 0.97}
    assert lines[4]["state"] == "done"
    assert lines[4]["run"] == str(tmp_path / "x")


def test_progress_as_json_is_what_any_program_can_read(train, monkeypatch, tmp_path):
    monkeypatch.setattr(train_progress, "JSON_EVERY", 0.0)

    _, out, _ = train("--data", tmp_path, "--json")

    lines = [json.loads(line) for line in out.splitlines()]
    assert [line.get("done") for line in lines[:5]] == [None, 1, 2, 3, None]
    assert lines[3]["total"] == 3
    assert lines[3]["metrics"] == {"loss": None}  # JSON knows no NaN


def test_an_interrupted_run_goes_on_by_its_name_alone(train, recipe, tmp_path, facecam):
    recipe(Interrupted())

    code, out, err = train("--data", tmp_path)
    assert code == 130
    again = f"facecam train detector --run {tmp_path / 'x'}"
    assert err == f"Stopped. What is done is kept. Go on with: {again}\n"

    code, out, err = facecam(*again.split()[1:])
    assert (code, err) == (0, "")
    assert out.startswith(f"Going on with the run: {tmp_path / 'x'}\n 1/2  01-index")
    assert runs.read_run(tmp_path / "x").config["rnet"]["fit"]["steps"] == 4


def test_going_on_with_other_numbers_says_what_changes(train, tmp_path, facecam):
    train("--data", tmp_path)

    code, out, _ = facecam(
        "train", "detector", "--run", tmp_path / "x", "--set", "rnet.fit.steps=5"
    )

    assert code == 0
    assert "Changed: rnet.fit.steps 4 → 5\nDone again: 02-fit\n" in out
    assert "01-index  done" not in out


def test_what_is_given_on_going_on_is_added_to_what_is_remembered(
    train, recipe, asked_for, facecam, tmp_path
):
    train("--data", tmp_path)

    hard = ("--hard", tmp_path / "hard")
    code, _, _ = facecam("train", "detector", "--run", tmp_path / "x", *hard)

    assert code == 0
    assert asked_for[-1].data == (tmp_path,)
    assert asked_for[-1].hard == (tmp_path / "hard",)


def test_data_and_start_reach_the_recipe(train, asked_for, tmp_path):
    folders = {name: tmp_path / name for name in ("a", "b", "old", "none", "hard")}

    train(
        "--data", folders["a"], folders["b"], "--replay", folders["old"],
        "--negatives", folders["none"], "--hard", folders["hard"],
    )  # fmt: skip

    (request,) = asked_for
    assert request.data == (folders["a"], folders["b"])
    assert request.replay == (folders["old"],)
    assert request.negatives == (folders["none"],)
    assert request.hard == (folders["hard"],)
    assert request.start is None


def test_an_option_given_twice_adds_folders(train, asked_for, tmp_path):
    train("--data", tmp_path / "a", "--data", tmp_path / "b")

    assert asked_for[0].data == (tmp_path / "a", tmp_path / "b")


def test_without_a_directory_a_run_is_named_by_the_day(recipe, facecam, home, tmp_path):
    few = ("--set", "pnet.fit.steps=1", "rnet.fit.steps=1")
    facecam("train", "detector", "--data", tmp_path, *few)
    facecam("train", "detector", "--data", tmp_path, *few)

    first, second = sorted(path.name for path in (home / "runs").iterdir())
    assert second == f"{first}-2"

    code, out, _ = facecam("train", "detector", "--run", second)
    assert code == 0
    assert f"Going on with the run: {home / 'runs' / second}" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "There is no data to learn from."),
        (("--run", "nowhere"), "There is no training run in"),
        (("--data", ".", "--from", "nowhere"), "There is no training run nowhere."),
        (("--data", ".", "--set", "pnet"), "'pnet' is no setting."),
        (("--data", ".", "--set", "pnet.fit.step=1"), "Unknown setting pnet.fit.step."),
        (("--data", ".", "--set", "seed=x"), "seed must be like 0, not 'x'."),
    ],
)
def test_what_cannot_be_done_says_why(words, told, recipe, facecam):
    code, out, err = facecam("train", "detector", *words)

    assert (code, out) == (1, "")
    assert told in err


def test_a_failure_is_told_and_kept(recipe, train, facecam, tmp_path):
    def fails(config, inputs, out, report):
        report(Progress("fails", 1, 2, {}))
        raise TrainingError("P-Net finds 3 % of the faces. Look at the labels.")

    recipe(fails)

    code, _, err = train("--data", tmp_path)
    assert (code, err) == (
        1, "facecam: P-Net finds 3 % of the faces. Look at the labels.\n",
    )  # fmt: skip

    code, out, _ = facecam("train", "status", tmp_path / "x")
    assert code == 0
    assert out.splitlines()[0].startswith(f"{tmp_path / 'x'}: failed, begun 20")
    assert out.splitlines()[1].split() == ["1", "01-index", "failed", "1/2"]
    assert out.splitlines()[-1] == (
        "01-index: P-Net finds 3 % of the faces. Look at the labels."
    )


def test_the_state_of_a_finished_run(train, facecam, asked, tmp_path):
    train("--data", tmp_path)

    code, out, _ = facecam("train", "status", tmp_path / "x")
    assert code == 0
    assert out.splitlines()[1:] == [
        "1  01-index  done  0:00  recall 0.97",
        "2  02-fit    done  0:00  recall 0.97",
    ]

    told = asked("train", "status", tmp_path / "x")
    assert told["state"] == "done"
    assert told["path"] == str(tmp_path / "x")
    assert told["steps"][1]["metrics"] == {"recall": 0.97}
    assert told["config"]["pnet"]["fit"]["steps"] == 3


def test_the_state_of_a_run_in_the_middle():
    from facecam.cli.train_runs import _row

    step = StepState(
        "03-pnet-fit", 3, 8, State.RUNNING, 50, 200, "warming up", 75.0,
        {"loss": 0.5}, stale=True,
    )  # fmt: skip

    assert _row(step) == (
        "3", "03-pnet-fit", "running", "50/200",
        "warming up, 1:15 left, to be done again, loss 0.5",
    )  # fmt: skip


def test_runs_are_listed(train, facecam, asked, home, tmp_path):
    assert facecam("train", "list")[1] == f"There is no training run in {home}/runs.\n"

    train("--data", tmp_path, root=home / "runs" / "mine")

    head, row = facecam("train", "list")[1].splitlines()
    assert head.split() == ["run", "of", "a", "begun", "state", "steps", "done"]
    assert row.split()[:2] == ["mine", "detector"]
    assert row.endswith("done   2 of 2")
    (told,) = asked("train", "list")
    assert told["kind"] == "detector"


def test_the_readme_names_every_word_of_it():
    from facecam.cli.parser import build_parser

    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| `train ")]
    words = re.findall(r"^    (\w+) ", help_of(build_parser("train")), re.MULTILINE)

    named = " ".join(rows).replace("`train ", "`")
    assert len(words) > 10
    assert [word for word in words if f"`{word}" not in named] == []


def help_of(parser):
    with pytest.raises(SystemExit), redirect_stdout(io.StringIO()) as told:
        parser.parse_args(["train", "--help"])
    return told.getvalue()


def test_a_terminal_sees_a_bar(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(train_progress, "DRAW_EVERY", 0.0)
    bar = train_progress.Bar()

    bar(StepState("01-fit", 1, 2, State.RUNNING, 50, 100, "", 61.0, {"loss": 0.5}))
    bar(StepState("01-fit", 1, 2, State.DONE, seconds=61.0))
    bar(StepState("02-fit", 2, 2, State.RUNNING))
    bar.close()

    out, err = capsys.readouterr()
    assert "50/100  1:01 left" in err
    assert err.endswith("\r")
    assert out == " 1/2  01-fit  done in 1:01\n"


def test_nobody_reading_any_more_does_not_end_a_run(monkeypatch):
    class ClosedPipe(io.StringIO):
        """An output whose reader has gone."""

        written = 0

        def write(self, text):
            self.written += 1
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", pipe := ClosedPipe())
    monkeypatch.setattr(train_progress, "JSON_EVERY", 0.0)
    lines = train_progress.Lines()

    lines(StepState("01-fit", 1, 2, State.RUNNING))
    lines(StepState("01-fit", 1, 2, State.DONE))

    assert pipe.written == 1
