"""Tests of `facecam train embedder`, with a recipe that only counts."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from facecam import artifacts
from facecam.training import queue, runs
from facecam.training.step import Progress, Step
from tests.training.embedder import made_up


@dataclass(frozen=True)
class Counted:
    """What a step of the stand-in depends on."""

    data: tuple[Path, ...]
    epochs: int
    rates: str


class Counting:
    """A step that counts; interrupted at the times given."""

    def __init__(self, interrupted=()):
        self._interrupted = list(interrupted)
        self.times = 0

    def __call__(self, config, inputs, out, report):
        self.times += 1
        if self.times in self._interrupted:
            raise KeyboardInterrupt
        report(Progress("count", 1, config.epochs, {"loss": 0.5}))
        return {"cosine": 0.9}


@pytest.fixture
def requests():
    """What the recipe was made for."""
    return []


@pytest.fixture
def counted(monkeypatch, requests):
    """Let the recipe be a step that counts; returns how to change what it does."""

    def of(run):
        def recipe(request, config):
            requests.append((request, config))
            numbers = Counted(request.data, config.fit.epochs, config.fit.rates)
            return [Step("03-fit", run, numbers)]

        monkeypatch.setattr("facecam.training.embedder.asking.embedder_recipe", recipe)

    of(Counting())
    return of


@pytest.fixture
def train(facecam, counted, tmp_path):
    """Run `facecam train embedder` in a directory."""

    def run(*words, root=tmp_path / "x"):
        return facecam("train", "embedder", "--run", root, *words)

    return run


def test_a_run_says_each_step_and_where_the_weights_are(train, tmp_path, requests):
    code, out, err = train("--data", tmp_path, "--loss", "triplet")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"Run: {tmp_path / 'x'}",
        " 1/1  03-fit  done in 0:00  cosine 0.9",
        f"The weights and compiled nets: {tmp_path / 'x' / '03-fit'}",
    ]
    [(request, _)] = requests
    assert (request.data, request.loss) == ((tmp_path,), "triplet")
    assert runs.read_run(tmp_path / "x").kind == "embedder"


def test_json_is_one_object_a_line(train, tmp_path):
    _, out, _ = train("--data", tmp_path, "--loss", "distil", "--json")

    lines = [json.loads(line) for line in out.splitlines()]
    assert [line.get("name", "run") for line in lines] == ["03-fit", "03-fit", "run"]
    assert lines[-1]["metrics"] == {"cosine": 0.9}


def test_an_interrupted_run_goes_on_by_its_name_alone(
    train, counted, facecam, tmp_path, requests
):
    counted(Counting(interrupted=[1]))
    words = ("--data", tmp_path, "--loss", "distil", "--set", "fit.epochs=3")

    code, _, err = train(*words)
    assert code == 130
    again = f"facecam train embedder --run {tmp_path / 'x'}"
    assert err == f"Stopped. What is done is kept. Go on with: {again}\n"

    code, out, err = facecam(*again.split()[1:])
    assert (code, err) == (0, "")
    assert out.startswith(f"Going on with the run: {tmp_path / 'x'}")
    assert requests[1][0].data == (tmp_path,)
    assert requests[1][1].fit.epochs == 3


def test_a_schedule_file_becomes_a_number_of_the_run(train, tmp_path, requests):
    file = tmp_path / "schedule.txt"
    file.write_text("# rates\n0: 0.05\n60: 0.005\n91: -1\n")

    train("--data", tmp_path, "--loss", "triplet", "--schedule", file)

    fit = requests[0][1].fit
    assert fit.rates == "0: 0.05, 60: 0.005, 91: -1"
    assert fit.epochs == 91  # where the schedule ends


def test_a_schedule_without_a_rate_is_refused(train, tmp_path):
    file = tmp_path / "schedule.txt"
    file.write_text("# rates\n")

    code, _, err = train("--data", tmp_path, "--loss", "triplet", "--schedule", file)

    assert code == 1
    assert "holds no rate" in err


def test_a_start_of_another_network_is_refused_at_once(train, home, tmp_path):
    words = ("--data", tmp_path, "--loss", "triplet")
    train(*words, "--set", "network=facenet", root=home / "runs" / "large")
    weights = home / "runs" / "large" / "03-fit" / artifacts.WEIGHTS
    weights.write_bytes(b"arrays")

    code, _, err = train(*words, "--from", "large")

    assert code == 1
    assert "facenet, not compact" in err
    assert "--set network=facenet" in err
    again = train(*words, "--from", "large", "--set", "network=facenet")
    assert again[0] == 0


def test_a_run_may_wait_for_its_turn(facecam, counted, home, tmp_path):
    words = ("--data", tmp_path, "--loss", "distil", "--run", "small", "--later")

    code, out, _ = facecam("train", "embedder", *words)

    assert code == 0
    assert "small waits for its turn" in out
    assert queue.read_queue(home / "runs").waiting == ("small",)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say what to learn from"),
        (("--data", "."), "--loss"),
        (
            ("--data", ".", "--loss", "distil", "--set", "fit.speed=1"),
            "Unknown setting",
        ),
        (("--data", ".", "--loss", "distil", "--set", "epochs"), "is no setting"),
        (("--data", ".", "--loss", "distil", "--schedule", "absent"), "cannot be read"),
        (("--data", ".", "--loss", "distil", "--from", "absent"), "no training run"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(train, words, said):
    code, _, err = train(*words)

    assert code == 1
    assert said in err


def test_without_a_teacher_nothing_can_be_distilled(facecam, home, tmp_path):
    data = made_up.write_crops(tmp_path / "data", 20)

    code, _, err = facecam(
        *("train", "embedder", "--data", data, "--loss", "distil"),
        *("--run", tmp_path / "x"),
    )

    assert code == 1
    assert "no teacher" in err
    assert "facecam models install" in err


def test_a_run_of_a_detector_is_no_run_of_an_embedder(train, tmp_path):
    train("--data", tmp_path, "--loss", "distil")
    record = tmp_path / "x" / runs.RECORD
    values = json.loads(record.read_text("utf-8"))
    record.write_text(json.dumps({**values, "kind": "detector"}))

    code, _, err = train()

    assert code == 1
    assert "of another kind" in err


def test_the_command_of_a_run_says_all_that_was_asked_for(train, tmp_path):
    train("--data", tmp_path, "--loss", "distil", "--set", "fit.epochs=3", "seed=2")

    command = json.loads((tmp_path / "x" / runs.RECORD).read_text("utf-8"))["command"]

    assert command[:3] == ["facecam", "train", "embedder"]
    assert command[command.index("--set") + 1 :] == ["seed=2", "fit.epochs=3"]


def test_the_data_may_be_looked_at_without_training(facecam, home, tmp_path):
    data = made_up.write_people(tmp_path / "people", side=112)
    words = ("train", "embedder", "--data", data, "--loss", "triplet", "--check")

    code, out, err = facecam(*words, "--json")
    answer = json.loads(out)

    assert (code, err) == (0, "")
    assert answer["training"]["people"] == 4
    assert answer["folder"] == str(home / "runs" / "check")
    code, out, _ = facecam(*words)
    assert (code, "Training on this data can start." in out) == (0, True)
    assert not list((home / "runs").glob("*/run.json"))


def test_a_preset_changes_numbers_and_a_single_one_wins(train, tmp_path, requests):
    words = ("--data", tmp_path, "--loss", "distil", "--preset", "trial")

    train(*words, "--set", "fit.epochs=5")

    numbers = requests[0][1]
    assert (numbers.fit.epochs, numbers.teacher.rounds) == (5, 1)


def test_an_installed_embedder_may_be_started_from(train, home, tmp_path, requests):
    folder = home / "models" / "embedder" / "small" / "partial"
    folder.mkdir(parents=True)
    (folder / artifacts.WEIGHTS).write_bytes(b"arrays")
    (folder / "int8.tflite").write_bytes(b"net")
    artifacts.write_installed(folder, artifacts.Origin("a test"), "small")
    artifacts.publish(folder, folder.with_name(artifacts.FINAL))

    train("--data", tmp_path, "--loss", "triplet", "--from", "small")

    start = requests[0][0].start
    assert start.read_bytes() == b"arrays"


def test_folders_and_numbers_are_told_for_an_embedder(facecam, tmp_path):
    data = made_up.write_people(tmp_path / "people")

    _, out, _ = facecam("train", "look", "--for", "embedder", data, "--json")
    answer = json.loads(out)
    assert answer["sets"][0]["people"] == 6
    assert answer["suggested"]["loss"] == "distil"
    _, out, _ = facecam("train", "look", "--for", "embedder", data)
    assert "folders of people" in out

    words = ("train", "numbers", "--for", "embedder", "--preset", "trial", "--json")
    _, out, _ = facecam(*words)
    numbers = json.loads(out)["numbers"]
    assert numbers["fit"]["numbers"]["epochs"]["value"] == 2
