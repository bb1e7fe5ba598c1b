"""A real training run, killed again and again: it goes on and ends the same."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from facecam.training.runs import read_run
from tests.fakes import wait
from tests.training import made_up
from tests.training.processes import ended

ROOT = Path(__file__).parents[2]
KILLS = {
    "00-check": 1,
    "01-index": 1,
    "02-pnet-samples": 2,
    "03-pnet-fit": 3,
    "04-pnet-check": 1,
    "05-rnet-samples": 2,
    "06-rnet-fit": 3,
    "07-rnet-check": 1,
    "08-onet-samples": 2,
    "09-onet-fit": 2,
    "10-onet-check": 1,
    "11-evaluate": 1,
}
"""How often each step is killed; twenty times in all."""
ONCE = ("03-pnet-fit", "05-rnet-samples", "09-onet-fit")
"""Steps that are killed, once, unless it is to be often: of each kind one."""
OFTEN = bool(os.environ.get("FACECAM_KILL_OFTEN"))
"""Kill twenty times. Without it the suite takes a quarter of the time here."""
WITHIN = {"fit": 12.0, "samples": 3.0}
"""Seconds after its beginning within which a kind of step is killed; others: 1."""
TIMED = ("expected_seconds", "time_ratio", "better", "same", "worse", "passes")
"""Metrics that depend on how busy the computer is: speed is among what is compared."""


@pytest.fixture
def train(mtcnn_config):
    """Begin `facecam train detector` in a process of its own."""

    def begin(*words):
        return subprocess.Popen(
            [sys.executable, "-m", "facecam", "train", "detector", "--json", *words],
            env={**os.environ, "FACECAM_HOME": str(mtcnn_config.home)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_at_random_moments_a_run_ends_with_the_same_metrics(train, tmp_path):
    boxed, marked, scenes = made_up.write(tmp_path / "set")
    asked = [
        *("--data", str(boxed), str(marked), "--negatives", str(scenes)),
        *("--set", *made_up.SETTINGS),
    ]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    finish(train(*asked, "--run", str(whole)))

    moments = random.Random(11)
    for step in planned():
        running = train(*([] if killed.exists() else asked), "--run", str(killed))
        wait_for(running, step)
        kind = step.split("-")[-1]
        time.sleep(moments.uniform(0, WITHIN.get(kind, 1.0)))
        kill(running)
    finish(train("--run", str(killed)))

    assert read_run(whole).steps[-1].metrics["recall_all"] > 0.5
    assert_same(read_run(whole), read_run(killed))
    assert not list(killed.rglob("*.partial*"))


def planned():
    """Return the steps in which to kill, in their order."""
    if OFTEN:
        return [step for step, times in KILLS.items() for _ in range(times)]
    return list(ONCE)


def wait_for(running, step):
    """Read what a run tells until it works on a step, or on a later one."""
    for line in running.stdout:
        if json.loads(line).get("name", "") >= step:
            return


def kill(running):
    """Kill a run as nothing can be caught, and see that its processes end, too."""
    try:
        children = psutil.Process(running.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    running.kill()
    running.communicate()
    wait(lambda: all(ended(child.pid) for child in children), 30)


def finish(running):
    out, err = running.communicate(timeout=1200)
    assert running.returncode == 0, f"{out}\n{err}"


def assert_same(one, other):
    """Check that two runs have measured the same, but for the order of sums."""
    assert one.state == other.state == "done"
    for step, twin in zip(one.steps, other.steps, strict=True):
        for name, value in step.metrics.items():
            if name not in TIMED:
                assert twin.metrics[name] == pytest.approx(value, rel=0.02, abs=0.02), (
                    f"{step.name}: {name}"
                )
    for fit in one.path.glob("*-fit"):
        arrays = np.load(fit / "weights.npz")
        twins = np.load(other.path / fit.name / "weights.npz")
        for name in arrays.files:
            np.testing.assert_allclose(arrays[name], twins[name], atol=0.01)
