"""A recipe killed at random moments goes on and ends as if nothing had happened."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from facecam.training.step import completed_fingerprint, read_manifest, run_recipe
from tests.training.dying import RECIPE, TOTAL

ROOT = Path(__file__).parents[2]
KILLS = 20


@pytest.mark.slow
def test_killed_at_twenty_random_moments_a_recipe_ends_with_the_same_metrics(tmp_path):
    moments = random.Random(3)
    during = 0
    while during < KILLS:
        with begun(tmp_path) as running:
            time.sleep(moments.uniform(0.0, 0.2))
            running.kill()
        during += any(tmp_path.glob("*.partial"))
        if completed_fingerprint(tmp_path / RECIPE[-1].name):
            assert finished(tmp_path) == TOTAL
            damage_one(tmp_path, moments)

    run_recipe(RECIPE, tmp_path, lambda progress: None)

    assert finished(tmp_path) == TOTAL
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        step.name for step in RECIPE
    ]


def begun(root):
    """Start the recipe in a process; return when it is about to run."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.training.dying", str(root)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    running.stdout.readline()
    return running


def finished(root):
    return read_manifest(root / RECIPE[-1].name)["metrics"]["total"]


def damage_one(root, moments):
    """Damage a manifest, so that kills also hit steps that replace an older output."""
    step = moments.choice(RECIPE)
    (root / step.name / "manifest.json").write_text("{}")
