"""Somebody trains an embedder on a few people; the process is killed meanwhile."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from facecam.runtime import litert
from facecam.training import runs
from facecam.training.board import read_curves
from facecam.training.embedder.evaluating import EVALUATION
from facecam.training.runs import State
from tests.training.embedder import made_up

ROOT = Path(__file__).parents[2]
NUMBERS = (
    *("fit.people=3", "fit.pictures=2", "fit.epochs=4", "fit.every=2"),
    *("fit.precision=float32", "people.grown=1.25", "people.pairs_shown=3"),
)


def begun(home, *words):
    """Start the command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "facecam", "train", "embedder", *map(str, words)],
        env={**os.environ, "FACECAM_HOME": str(home), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_killed_run_goes_on_and_leaves_an_embedder_that_runs(tmp_path):
    data = made_up.write_people(tmp_path / "data", people=6, each=4, side=112)
    root, home = tmp_path / "run", tmp_path / "home"
    words = ("--data", data, "--loss", "softmax+center", "--run", root)
    begin = time.monotonic()
    first = begun(home, *words, "--set", *NUMBERS)
    while not list(root.glob("03-fit.partial/checkpoint-*")):
        assert first.poll() is None, first.stderr.read()
        assert time.monotonic() - begin < 120
        time.sleep(0.1)
    first.kill()
    first.communicate()
    assert runs.read_run(root).state is not State.DONE

    second = begun(home, "--run", root)
    _, said = second.communicate(timeout=200)

    assert second.returncode == 0, said
    assert runs.read_run(root).state is State.DONE
    steps = [point.step for point in read_curves(root / "03-fit")]
    assert steps == sorted(set(steps))
    told = json.loads((root / "04-evaluate" / EVALUATION).read_text("utf-8"))
    assert told["int8"].keys() == {"auc", "eer"}
    net = litert.load(root / "03-fit" / "int8.tflite", 1, (1, 2))
    (found,) = net(np.zeros((2, 112, 112, 3), np.uint8))
    assert found.shape == (2, 512)
