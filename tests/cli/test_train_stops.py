"""`facecam train` as a process of its own: asked to stop, killed, started twice."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from facecam.training.runs import State, is_running, read_run
from tests.fakes import wait

ROOT = Path(__file__).parents[2]
PROGRAM = """
import signal, sys, time
from dataclasses import dataclass
from facecam import cli, installation
from facecam.training.detector import recipe
from facecam.training.step import Progress, Step

@dataclass(frozen=True)
class Nothing:
    pass

def wait_for_file(config, inputs, out, report):
    waited = 0
    while not (out.parent.parent / "enough").exists():
        waited += 1
        report(Progress("wait", waited, 9999, {}))
        time.sleep(0.02)
    return {}

# Both are ignored where the tests outlive their terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
installation.ensure_detector = lambda config, report: None
recipe.detector_recipe = lambda *_: [Step("01-wait", wait_for_file, Nothing())]
sys.exit(cli.main(sys.argv[1:]))
"""
"""The real command with a recipe that waits until a file appears."""


@pytest.fixture
def begin(tmp_path):
    """Begin a run in a process; return it when its step goes on."""
    begun = []

    def start():
        words = ["train", "detector", "--data", str(tmp_path), "--json"]
        running = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words, "--run", str(tmp_path / "x")],
            env={**os.environ, "FACECAM_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(running)
        return running, running.stdout.readline()

    yield start
    for running in begun:
        running.kill()
        running.communicate()


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these to a process.")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_asked_to_stop_says_how_to_go_on(name, begin, tmp_path):
    running, _ = begin()
    running.send_signal(getattr(signal, name))
    out, err = running.communicate(timeout=120)

    assert running.returncode == 130
    assert json.loads(out.splitlines()[-1])["state"] == "stopped"
    again = f"facecam train detector --run {tmp_path / 'x'}"
    assert err == f"Stopped. What is done is kept. Go on with: {again}\n"
    assert read_run(tmp_path / "x").state is State.STOPPED


def test_only_one_process_works_on_a_run_until_it_is_killed(begin, tmp_path):
    first, line = begin()
    assert json.loads(line)["state"] == "running"

    second, line = begin()
    assert line == ""
    assert "is being worked on by another facecam" in second.communicate()[1]
    assert second.returncode == 1
    assert is_running(tmp_path / "x")

    first.kill()
    first.communicate()
    wait(lambda: not is_running(tmp_path / "x"))
    assert read_run(tmp_path / "x").state is State.STOPPED

    (tmp_path / "enough").touch()
    third, _ = begin()
    _, err = third.communicate(timeout=120)
    assert (third.returncode, err) == (0, "")
    assert read_run(tmp_path / "x").state is State.DONE
