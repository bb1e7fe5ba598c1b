"""Runs that wait: let wait, worked off by another process, stopped, gone on with."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from facecam.training.queue import Queue, read_queue
from facecam.training.runs import State, is_running, read_run
from facecam.training.step import Step
from tests import fakes

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys, time
from dataclasses import dataclass
from facecam import cli, installation
from facecam.errors import DatasetError
from facecam.training import working
from facecam.training.detector import recipe
from facecam.training.step import Progress, Step

@dataclass(frozen=True)
class Nothing:
    pass

def wait_for_file(config, inputs, out, report):
    waited = 0
    while not (out.parent / "enough").exists():
        waited += 1
        report(Progress("wait", waited, 9999, {}))
        time.sleep(0.02)
    return {}

def detector_recipe(request, config):
    if not request.data[0].is_dir():
        raise DatasetError(f"There is no folder {request.data[0]}. Check the name.")
    return [Step("01-wait", wait_for_file, Nothing())]

installation.ensure_detector = lambda config, report: None
recipe.detector_recipe = detector_recipe
working.PROGRAM = (sys.executable, __file__)
working.POLL = 0.1
sys.exit(cli.main(sys.argv[1:]))
"""
"""The real commands with a recipe that waits until a file appears in the run."""


PATIENCE = 120
"""Seconds other processes are waited for: the computer may be busy."""


def wait(condition):
    """Wait until a condition holds."""
    fakes.wait(condition, PATIENCE)


@dataclass(frozen=True)
class Nothing:
    """The numbers of its only step."""


@pytest.fixture
def data(tmp_path):
    """A folder that counts as a data set."""
    (tmp_path / "faces").mkdir()
    return tmp_path / "faces"


@pytest.fixture
def runs(home, monkeypatch):
    """The folder of the runs; here a run can only be made ready."""
    place = "facecam.training.detector.recipe.detector_recipe"
    monkeypatch.setattr(place, lambda *_: [Step("01-wait", print, Nothing())])
    return home / "runs"


@pytest.fixture
def later(asked, runs, data):
    """Let runs wait."""

    def let_wait(*names):
        for name in names:
            told = asked("train", "detector", "--data", data, "--run", name, "--later")
            assert told == {"run": str(runs / name), "name": name}

    return let_wait


@pytest.fixture
def work(tmp_path, home):
    """Begin to work the queue off in another process."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    begun = []

    def begin():
        worker = subprocess.Popen(
            [sys.executable, str(program), "train", "work"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(worker)
        return worker

    yield begin
    for child in psutil.process_iter(["cmdline"]):
        if str(program) in (child.info["cmdline"] or ()):
            child.kill()
    for worker in begun:
        worker.communicate()


def works_on(root):
    """Tell whether the step of a run is at work."""
    state = read_run(root)
    return state.running and state.steps[0].done > 0


def test_of_two_runs_the_first_is_stopped_and_the_second_ends(
    later, work, facecam, asked, runs
):
    later("a", "b")
    assert asked("train", "queue") == {
        "running": [], "held": "", "waiting": ["a", "b"],
    }  # fmt: skip
    assert read_run(runs / "a").state is State.WAITING
    worker = work()
    wait(lambda: works_on(runs / "a"))
    wait(lambda: read_queue(runs) == Queue(("b",)))
    assert facecam("train", "queue")[1] == "a  at work\nb  waits\n"

    assert asked("train", "stop", "a")["stopped"]

    wait(lambda: works_on(runs / "b"))
    assert read_run(runs / "a").state is State.STOPPED
    (runs / "b" / "enough").touch()
    out, err = worker.communicate(timeout=PATIENCE)
    assert (worker.returncode, err) == (0, "")
    assert out.splitlines() == ["a: running", "a: stopped", "b: running", "b: done"]
    assert read_run(runs / "b").state is State.DONE
    assert read_queue(runs) == Queue()


def test_a_run_that_is_paused_goes_on_before_the_others(
    later, work, facecam, asked, runs
):
    later("a", "b")
    worker = work()
    wait(lambda: works_on(runs / "a"))

    facecam("train", "stop", "a", "--pause")

    worker.communicate(timeout=PATIENCE)
    assert facecam("train", "queue")[1] == "a  paused\nb  waits\n"
    assert asked("train", "resume", "a")["waiting"] == ["a", "b"]
    for name in ("a", "b"):
        (runs / name / "enough").touch()
    assert work().communicate(timeout=PATIENCE)[0].splitlines()[1::2] == [
        "a: done",
        "b: done",
    ]


def test_a_worker_that_is_killed_leaves_a_run_that_goes_on(later, work, runs):
    later("a", "b")
    first = work()
    wait(lambda: works_on(runs / "a"))
    wait(lambda: read_queue(runs) == Queue(("b",)))

    first.kill()
    first.communicate()

    assert works_on(runs / "a")
    second = work()
    (runs / "a" / "enough").touch()
    (runs / "b" / "enough").touch()
    out, _ = second.communicate(timeout=PATIENCE)
    assert out.splitlines() == ["b: running", "b: done"]
    assert read_run(runs / "a").state is State.DONE


def test_a_run_that_is_killed_is_stopped_and_the_next_one_begins(later, work, runs):
    later("a", "b")
    worker = work()
    wait(lambda: works_on(runs / "a"))

    for child in psutil.Process(worker.pid).children():
        child.kill()

    wait(lambda: works_on(runs / "b"))
    assert read_run(runs / "a").state is State.STOPPED
    (runs / "b" / "enough").touch()
    worker.communicate(timeout=PATIENCE)
    assert read_run(runs / "b").state is State.DONE


def test_data_renamed_while_a_run_waits_is_said_and_the_run_goes_on_later(
    later, work, facecam, runs, data
):
    later("a")
    data.rename(data.with_name("moved"))
    (runs / "a" / "enough").touch()

    work().communicate(timeout=PATIENCE)

    run = read_run(runs / "a")
    assert run.state is State.FAILED
    assert f"is not there any more: {data}. It was moved, renamed" in run.error
    assert run.error in facecam("train", "status", "a")[1]

    data.with_name("moved").rename(data)
    facecam("train", "resume", "a")
    work().communicate(timeout=PATIENCE)
    assert read_run(runs / "a").state is State.DONE
    assert read_run(runs / "a").error == ""


def test_a_run_outside_the_folder_cannot_wait(facecam, runs, data, tmp_path):
    code, _, err = facecam(
        "train", "detector", "--data", data, "--run", tmp_path / "x", "--later"
    )

    assert code == 1
    assert "Give a name: --run x" in err
    assert not (tmp_path / "x").exists()


def test_a_run_that_waits_is_named_by_the_day_if_nobody_names_it(asked, runs, data):
    first = asked("train", "detector", "--data", data, "--later")["name"]
    second = asked("train", "detector", "--data", data, "--later")["name"]

    assert second == f"{first}-2"
    assert read_queue(runs).waiting == (first, second)


def test_stopping_what_nobody_works_on_says_so(later, asked, facecam, runs):
    later("a")
    assert asked("train", "stop", "a")["stopped"]
    assert read_queue(runs) == Queue()

    assert not asked("train", "stop", "a")["stopped"]
    assert facecam("train", "stop", "a")[1] == "Nobody works on a.\n"


def test_a_run_that_is_deleted_waits_no_more(later, asked, runs):
    later("a", "b")

    asked("train", "delete", "a")

    assert not (runs / "a").exists()
    assert read_queue(runs).waiting == ("b",)


def test_an_empty_queue_is_worked_off_at_once(facecam, runs):
    assert facecam("train", "work") == (0, "", "")
    assert facecam("train", "queue")[1] == "No run waits.\n"


def test_going_on_with_a_copy_elsewhere_says_how(later, facecam, runs, tmp_path):
    later("a")
    shutil.copytree(runs / "a", tmp_path / "copy")

    code, _, err = facecam("train", "resume", tmp_path / "copy")

    assert code == 1
    assert f"facecam train detector --run {tmp_path / 'copy'}" in err
    assert not is_running(tmp_path / "copy")
